"""From the lines that a machine recognised to the zone of an identity document, if they are one.

Decides which recognised lines may be a zone, and what is put right before its check digits are asked: spaces,
the number of fillers, and letters where only digits stand or the reverse. What it puts right wrongly, the
check digits refuse; names have none, and are compared by the officer.

Everything stands in byte arrays that are emptied before they are let go: the number of a document must not
stay in memory.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from procuration.domain.mrz import MRZ_BYTES_MAX, IdentityZone, read_zone
from procuration.errors import RecordRejected

TEXT_BYTES_MAX: Final = 4_096
LINES_MAX: Final = 40
RECEIPT_PREFIX: Final = b"PRQ1:"
_ALPHABET: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<")
_FILLER: Final = ord("<")
_LINE_BYTES_MIN: Final = 24
_WRONG_LENGTH_MAX: Final = 18
"""Machines lose count of fillers, and of nothing else."""
_RUN_MIN: Final = 3
_LIKE_A_FILLER: Final = frozenset(b"<SKCXELR")
"""What `tesseract` makes of fillers now and then."""
_DIGIT_OF: Final = dict(zip(b"OQDILZSGB", b"000112568", strict=True))
_LETTER_OF: Final = dict(zip(b"01256 8", b"OIZSG B", strict=True))


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where only digits, and only letters, stand: (row, first place, place after the last)."""

    widths: tuple[int, ...]
    names_row: int | None
    digits: tuple[tuple[int, int, int], ...]
    letters: tuple[tuple[int, int, int], ...]


_DATES: Final = ((1, 13, 20), (1, 21, 28))
_TD3: Final = _Layout((44, 44), 0, ((1, 9, 10), *_DATES, (1, 42, 44)), ((0, 0, 44), (1, 10, 13), (1, 20, 21)))
_TD2: Final = _Layout((36, 36), 0, (*_DATES, (1, 35, 36)), ((0, 0, 36), (1, 10, 13), (1, 20, 21)))
_FRENCH: Final = _Layout(
    (36, 36), None, ((1, 0, 4), (1, 12, 13), (1, 27, 34), (1, 35, 36)), ((0, 0, 30), (1, 13, 27), (1, 34, 35))
)
_TD1: Final = _Layout(
    (30, 30, 30),
    2,
    ((1, 0, 7), (1, 8, 15), (1, 29, 30)),
    ((0, 0, 5), (1, 7, 8), (1, 15, 18), (2, 0, 30)),
)
_LAYOUTS: Final = (_TD3, _FRENCH, _TD2, _TD1)


def identity_in(text: bytearray, today: date) -> IdentityZone | None:
    """The document of a recognised text; None when no lines of it are a zone. The text is emptied."""
    lines = list(_lines(text))
    _empty(text)
    try:
        for start in range(len(lines)):
            for layout in _LAYOUTS:
                rows = lines[start : start + len(layout.widths)]
                found = _tried(rows, layout, today) if len(rows) == len(layout.widths) else None
                if found is not None:
                    return found
        return None
    finally:
        for line in lines:
            _empty(line)


class ScannedZone:
    """What a hand-held reader of documents types: two or three lines, or one run, then the end of a line."""

    def __init__(self, today: date) -> None:
        self._today, self._zone = today, bytearray()

    def after(self, data: memoryview) -> IdentityZone | None:
        """The document, once its last line has ended; None while it may still come.

        Raises: RecordRejected with a code of `mrz.read_zone`, MRZ_FORM for a receipt.
        """
        for byte in data:
            if byte not in b"\r\n":
                self._zone.append(byte)
            elif self._zone and self._zone[-1] != ord("\n"):
                self._zone.append(ord("\n"))
                found = self._ended()
                if found is not None:
                    return found
            if self._zone.startswith(RECEIPT_PREFIX):
                raise RecordRejected("MRZ_FORM")
            if len(self._zone) > MRZ_BYTES_MAX:
                raise RecordRejected("MRZ_SIZE")
        return None

    def empty(self) -> None:
        """Nothing stays of it."""
        _empty(self._zone)
        self._zone = bytearray()  # a refusal under way may still look at the old one

    def _ended(self) -> IdentityZone | None:
        """A zone that is still too short may go on; any other refusal is one."""
        try:
            return read_zone(self._zone, self._today)
        except RecordRejected as error:
            if error.code != "MRZ_SIZE":
                raise
            return None


def _lines(text: bytearray) -> Iterator[bytearray]:
    """Lines long enough to be of a zone, without what is no character of it."""
    count, line = 0, bytearray()
    for byte in text[:TEXT_BYTES_MAX] + b"\n":
        if byte != ord("\n"):
            if byte in _ALPHABET:
                line.append(byte)
        elif len(line) >= _LINE_BYTES_MIN and count < LINES_MAX:
            count += 1
            yield line
            line = bytearray()
        else:
            _empty(line)
            line.clear()


def _tried(rows: list[bytearray], layout: _Layout, today: date) -> IdentityZone | None:
    """The zone when its check digits agree."""
    fitted = [
        _fitted(row, width, names=number == layout.names_row)
        for number, (row, width) in enumerate(zip(rows, layout.widths, strict=True))
    ]
    zone = bytearray()
    try:
        for row in fitted:
            if row is None:
                return None
            zone += row + b"\n"
        _put_right(zone, layout)
        return read_zone(zone, today)
    except RecordRejected:
        return None
    finally:
        for used in (zone, *fitted):
            _empty(used)


def _fitted(row: bytearray, width: int, *, names: bool) -> bytearray | None:
    """The row at its width: fillers, of which machines lose count, are added or taken away."""
    if abs(len(row) - width) > _WRONG_LENGTH_MAX:
        return None
    fitted = bytearray(row)
    start, end = _end_of_names(fitted) if names else _longest_run(fitted)
    if end - start >= _RUN_MIN:
        fitted[start:end] = b"<" * max(0, end - start + width - len(fitted))
    if len(fitted) == width:
        return fitted
    _empty(fitted)
    return None


def _end_of_names(row: bytearray) -> tuple[int, int]:
    """No name goes on after three fillers, and none is a lone letter that looks like one before them."""
    first = row.find(b"<" * _RUN_MIN)
    if first < 0:
        return 0, 0
    while first >= 2 and row[first - 1] in _LIKE_A_FILLER and row[first - 2] == _FILLER:
        first -= 2
    return first, len(row)


def _longest_run(row: bytearray) -> tuple[int, int]:
    """The longest run of fillers, with the letters between them that look like one."""
    best, start = (0, 0), None
    for place, byte in enumerate([*row, 0]):
        if start is None:
            start = place if byte == _FILLER else None
        elif byte not in _LIKE_A_FILLER:
            end = place
            while row[end - 1] != _FILLER:
                end -= 1
            if end - start > best[1] - best[0]:
                best = (start, end)
            start = None
    return best


def _put_right(zone: bytearray, layout: _Layout) -> None:
    for places, mapping in ((layout.digits, _DIGIT_OF), (layout.letters, _LETTER_OF)):
        for row, first, end in places:
            begins = sum(layout.widths[:row]) + row
            for place in range(begins + first, begins + end):
                zone[place] = mapping.get(zone[place], zone[place])


def _empty(used: bytearray | None) -> None:
    if used is not None:
        used[:] = bytes(len(used))
