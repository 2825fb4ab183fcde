"""Where the pass phrases of the holders come from: the keyboard of the ceremony, or files for a script.

A holder is named by their number ("1", "2", "3"); the supervisor by "superviseur".
"""

import getpass
import stat
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from procuration.errors import RuleViolated

SUPERVISOR = "superviseur"
FILE_BYTES_MAX = 1024

Ask = Callable[[str], str]


class NoTerminal(Exception):
    """There is nobody to ask: never out of this module."""


def ask_at_terminal(prompt: str) -> str:
    """What somebody types, not shown. Raises: NoTerminal, rather than read it where it would be shown."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            return getpass.getpass(prompt)
        except getpass.GetPassWarning as error:
            raise NoTerminal from error


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


def read_secret_line(path: Path) -> str:
    """The one line of a secret's file.

    Raises: RuleViolated SECRET_FILE_READABLE, when others than its owner may read it; SECRET_FILE, when it
    is not one line of text; OSError, when it can not be read.
    """
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise RuleViolated("SECRET_FILE_READABLE", path=str(path))
    with path.open("rb") as file:
        data = file.read(FILE_BYTES_MAX + 1)
    try:
        line = data.decode().rstrip("\n")
    except UnicodeDecodeError as error:
        raise RuleViolated("SECRET_FILE", path=str(path)) from error
    if len(data) > FILE_BYTES_MAX or not line or "\n" in line:
        raise RuleViolated("SECRET_FILE", path=str(path))
    return line
