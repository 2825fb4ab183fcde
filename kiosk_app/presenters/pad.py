"""The five keys of a pad, as codes of the keyboard that it pretends to be (USB HID)."""

from enum import StrEnum
from typing import Final


class PadKey(StrEnum):
    """One of the five."""

    UP = "up"
    DOWN = "down"
    LEFT = "left"
    RIGHT = "right"
    SELECT = "select"


Pad = dict[int, PadKey]
ARROWS: Final = "arrows"
ARROW_KEYS: Final[Pad] = {
    273: PadKey.UP,
    274: PadKey.DOWN,
    276: PadKey.LEFT,
    275: PadKey.RIGHT,
    13: PadKey.SELECT,
    271: PadKey.SELECT,  # the Enter of a number block
}
CODE_MAX: Final = 2**31


class UnknownPad(ValueError):
    """No pad is described by this text."""


def read_pad(text: str) -> Pad:
    """`arrows`, or five different codes for up, down, left, right and select, as Kivy numbers keys: F1 is
    282, F2 283… Raises: UnknownPad."""
    if text == ARROWS:
        return dict(ARROW_KEYS)
    parts = text.split(",")
    if len(parts) != len(PadKey) or not all(part.isascii() and part.isdigit() for part in parts):
        raise UnknownPad(text)
    pad = {int(part[:12]): key for part, key in zip(parts, PadKey, strict=True)}
    if len(pad) != len(PadKey) or not all(0 < code < CODE_MAX for code in pad):
        raise UnknownPad(text)
    return pad
