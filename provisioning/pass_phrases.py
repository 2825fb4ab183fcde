"""Where the pass phrases of the holders come from: the keyboard of the ceremony, or files for a script.

A holder is named by their number ("1", "2", "3"); the supervisor by "superviseur".
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from procuration.adapters.pass_phrase import NoTerminal
from procuration.adapters.pass_phrase import ask_at_terminal as ask_at_terminal
from procuration.adapters.pass_phrase import read_secret_line as read_secret_line
from procuration.errors import RuleViolated

SUPERVISOR = "superviseur"

Ask = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class PassPhrases:
    """The pass phrases at hand: files by holder, and a way to ask for the others."""

    files: Mapping[str, Path]
    ask: Ask

    def of(self, holder: str) -> str:
        """The pass phrase of one holder, of an existing key. Raises: RuleViolated NO_TERMINAL, or a code of
        the file."""
        if holder in self.files:
            return read_secret_line(self.files[holder])
        try:
            return self.ask(f"Phrase de passe, {_called(holder)} : ")
        except NoTerminal as error:
            raise RuleViolated("NO_TERMINAL", called=_called(holder), holder=holder) from error

    def new(self, holder: str) -> str:
        """A pass phrase being chosen: typed twice when it is typed.

        Raises: RuleViolated PASS_PHRASE_DIFFERS, when the two are not the same.
        """
        first = self.of(holder)
        if holder not in self.files and self.ask(f"La même encore une fois, {_called(holder)} : ") != first:
            raise RuleViolated("PASS_PHRASE_DIFFERS")
        return first

    def present(self, holders: list[str], needed: int) -> list[str]:
        """Which holders take part: those who gave a file, else the first ones of the list."""
        with_file = [holder for holder in holders if holder in self.files]
        return (with_file or holders)[:needed]


def _called(holder: str) -> str:
    return SUPERVISOR if holder == SUPERVISOR else f"détenteur {holder}"
