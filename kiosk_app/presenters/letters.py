"""Writing with left, right and select: letters stand in rings, and a ring of groups leads to each.

Two rings of about five keep the way short: a letter takes about five presses, and the same presses every
time, so that a hand learns them. At the left of the first group stand « Fini », « Effacer », « Relire ».
"""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kiosk_app.presenters.wording import Wording


class Does(StrEnum):
    """What choosing one item of a ring does."""

    TYPE = "type"
    GROUP = "group"
    BACK = "back"
    ERASE = "erase"
    READ = "read"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to choose: `text` is what it types; a group has `letters` and perhaps a name of its own."""

    does: Does
    text: str = ""
    letters: tuple[str, ...] = ()
    key: str = ""


_SIGNS: Final = {
    " ": "space", "-": "hyphen", "’": "apostrophe", "'": "apostrophe", ".": "dot", "@": "at",
    "_": "underscore", "+": "plus", "%": "percent", "ʻ": "okina", ".fr": "dot_fr", ".com": "dot_com",
}  # fmt: skip
_WHOLE: Final = "œæçßøđðłþı"
"""Letters that no name of a mark describes, or that have a name of their own."""


def _range(letters: str) -> Item:
    return Item(Does.GROUP, letters=tuple(letters))


def _named(key: str, *letters: str) -> Item:
    return Item(Does.GROUP, letters=letters, key=key)


_ALPHABET: Final = tuple(_range(letters) for letters in ("abcde", "fghij", "klmno", "pqrst", "uvwxyz"))
_DIGITS: Final = (_range("01234"), _range("56789"))
_ACCENTS: Final = _named("accents", *"éèêëàâäçîïôùûü")
_MORE: Final = _named("more", *"áãåāæćčðíīìłñńòóõöøōœšśșțþúūýÿžźżğıřďßđ")
_ENDS: Final = (Item(Does.READ), Item(Does.ERASE), Item(Does.DONE))

RINGS: Final[dict[str, tuple[Item, ...]]] = {
    "name": (*_ALPHABET, _ACCENTS, _named("signs", " ", "-", "’", ".", "ʻ"), _MORE, *_ENDS),
    "letters": (*_ALPHABET, _ACCENTS, _named("signs", " ", "-", "’"), *_DIGITS, *_ENDS),
    "email": (
        *_ALPHABET,
        _named("signs", "@", ".", ".fr", ".com", "-", "_", "+", "%", "'"),
        *_DIGITS,
        *_ENDS,
    ),
    "digits": (*(Item(Does.TYPE, digit) for digit in "0123456789"), *_ENDS),
    "reference": (
        *(_range(letters) for letters in ("ABCDE", "FGHJK", "MNPQR", "STUVW", "XYZ", "2345", "6789")),
        *_ENDS,
    ),
}
"""By layout of the box; a code (« secret ») has no ring: it is never said."""


class LetterChooser:
    """One hand on one box. Nothing is said of where it stands before the first turn."""

    def __init__(self, layout: str) -> None:
        self._home = RINGS[layout]
        self._ring, self._at, self._group = self._home, -1, 0

    @property
    def here(self) -> Item | None:
        """The item that is offered; None before the first turn."""
        return self._ring[self._at] if self._at >= 0 else None

    def turn(self, step: int) -> None:
        """To the next item (1) or the one before (-1); rings have no end."""
        begins = self._at < 0 and step > 0
        self._at = 0 if begins else (max(self._at, 0) + step) % len(self._ring)

    def choose(self) -> Item | None:
        """Take what is offered: enter a group, leave it, or give the item to whoever writes; None before the
        first turn, which it makes."""
        item = self.here
        if item is None:
            self.turn(1)
            return None
        if item.does is Does.GROUP:
            self._group = self._at
            self._ring = (*(Item(Does.TYPE, letter) for letter in item.letters), Item(Does.BACK))
            self._at = 0
        elif item.does is Does.BACK:
            self._ring, self._at = self._home, self._group
        elif item.does is Does.TYPE:
            self._ring, self._at = self._home, 0
        return item


def item_name(say: Wording, item: Item) -> str:
    """« A à E », « accents », « b », « Effacer »."""
    if item.does is Does.TYPE:
        return letter_name(say, item.text)
    if item.does is not Does.GROUP:
        return say(f"letters.{item.does}")
    if item.key:
        return say(f"letters.group.{item.key}")
    return say("letters.range", first=item.letters[0].upper(), last=item.letters[-1].upper())


def letter_name(say: Wording, letter: str) -> str:
    """« e accent aigu », « arobase », « b »: what no synthesiser says alike everywhere has its words."""
    letter = letter.lower()
    if letter in _SIGNS:
        return say(f"letters.sign.{_SIGNS[letter]}")
    if letter in _WHOLE:
        return say(f"letters.whole.{letter}")
    parts = unicodedata.normalize("NFD", letter)
    base, marks = parts[:1], parts[1:]
    named = [say(key) for mark in marks if say.has(key := f"letters.mark.{ord(mark):04x}")]
    return " ".join((base, *named))


def spelled_out(say: Wording, text: str) -> str:
    """« d, u, b, o, i, s »."""
    return ", ".join(letter_name(say, letter) for letter in text)
