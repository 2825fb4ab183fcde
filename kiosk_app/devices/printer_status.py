"""What a thermal printer says of itself, in the bytes of ESC/POS, and the code for a person. Pure.

Real-time status: `DLE EOT n`, answered at once even when the printer is off line; every answer has bits 1
and 4 set and bits 0 and 7 clear. `GS r 1` is answered in its turn, when all that was sent before has come
out.
Source: Epson, ESC/POS command reference.
"""

from collections.abc import Iterable
from typing import Final

OFFLINE_CAUSE, ERROR_CAUSE, PAPER = b"\x10\x04\x02", b"\x10\x04\x03", b"\x10\x04\x04"
ASKED: Final = (PAPER, OFFLINE_CAUSE, ERROR_CAUSE)
INITIALISE: Final = b"\x1b@"
COME_OUT: Final = b"\x1dr\x01"
FORGET: Final = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
"""`DLE DC4 8`: what is left in the printer's memory is dropped, or it would come out before somebody else."""

_FRAME, _FRAMED = 0x93, 0x12
_IN_TURN: Final = 0x90
_PAPER_END, _NEAR_END = 0x60, 0x0C
_COVER, _STOPPED_BY_PAPER = 0x04, 0x20
_CUTTER, _BROKEN, _TOO_HOT = 0x08, 0x20, 0x40


def is_status(byte: int) -> bool:
    """Whether this is an answer to `DLE EOT`, and no noise of the line."""
    return byte & _FRAME == _FRAMED


def is_in_turn(byte: int) -> bool:
    """Whether this is the answer to `GS r`."""
    return byte & _IN_TURN == 0


def first_status(data: Iterable[int]) -> int | None:
    """The first answer among what was heard."""
    return next((byte for byte in data if is_status(byte)), None)


def trouble_in(asked: bytes, answer: int) -> str | None:
    """The code of what stands in the way, None when nothing does."""
    if asked == PAPER:
        return "PAPIER_FINI" if answer & _PAPER_END else None
    if asked == OFFLINE_CAUSE:
        if answer & _COVER:
            return "CAPOT_OUVERT"
        return "PAPIER_FINI" if answer & _STOPPED_BY_PAPER else None
    return "IMPRIMANTE_EN_PANNE" if answer & (_CUTTER | _BROKEN | _TOO_HOT) else None


def is_near_end(answer: int) -> bool:
    """Of the answer about the paper: enough for a few receipts only."""
    return bool(answer & _NEAR_END)
