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
_ENDS: Final = b"\n\r"
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
        self._today = today
        self._zone, self._length = bytearray(MRZ_BYTES_MAX), 0

    def after(self, data: memoryview) -> IdentityZone | None:
        """The document, once its last line has ended; None while it may still come.

        Raises: RecordRejected with a code of `mrz.read_zone`, MRZ_FORM for a receipt.
        """
        for byte in data:
            if byte not in _ENDS:
                self._add(byte)
            elif self._length and self._zone[self._length - 1] != _ENDS[0]:
                self._add(_ENDS[0])
                found = self._ended()
                if found is not None:
                    return found
        return None

    def empty(self) -> None:
        """Nothing stays of it."""
        _empty(self._zone)
        self._length = 0

    def _add(self, byte: int) -> None:
        if self._length == len(self._zone):
            raise RecordRejected("MRZ_SIZE")
        self._zone[self._length] = byte
        self._length += 1
        if self._zone.startswith(RECEIPT_PREFIX):
            raise RecordRejected("MRZ_FORM")

    def _ended(self) -> IdentityZone | None:
        """A zone that is still too short may go on; any other refusal is one."""
        try:
            return read_zone(memoryview(self._zone)[: self._length], self._today)
        except RecordRejected as error:
            if error.code != "MRZ_SIZE":
                raise
            return None


def _lines(text: bytearray) -> Iterator[bytearray]:
    """Lines long enough to be of a zone, without what is no character of it. None of them ever grows: a byte
    array that grows leaves what it held where it was."""
    view, start, count = memoryview(text)[:TEXT_BYTES_MAX], 0, 0
    for end in range(len(view) + 1):
        if end < len(view) and view[end] != _ENDS[0]:
            continue
        kept = [place for place in range(start, end) if view[place] in _ALPHABET]
        start = end + 1
        if len(kept) >= _LINE_BYTES_MIN and count < LINES_MAX:
            count += 1
            line = bytearray(len(kept))
            for place, seen in enumerate(kept):
                line[place] = view[seen]
            yield line


def _tried(rows: list[bytearray], layout: _Layout, today: date) -> IdentityZone | None:
    """The zone when its check digits agree."""
    zone = bytearray(b"\n" * (sum(layout.widths) + len(layout.widths)))
    try:
        start = 0
        for number, (row, width) in enumerate(zip(rows, layout.widths, strict=True)):
            place = memoryview(zone)[start : start + width]
            if not _fit(row, place, names=number == layout.names_row):
                return None
            start += width + 1
        _put_right(zone, layout)
        return read_zone(zone, today)
    except RecordRejected:
        return None
    finally:
        _empty(zone)


def _fit(row: bytearray, place: memoryview, *, names: bool) -> bool:
    """Write the row at the width of its place: fillers, of which machines lose count, are added or taken
    away."""
    width, view = len(place), memoryview(row)
    if abs(len(row) - width) > _WRONG_LENGTH_MAX:
        return False
    start, end = _end_of_names(row) if names else _longest_run(row)
    if end - start < _RUN_MIN:
        start = end = len(row)
    after = len(row) - end
    if start + after > width or (start == end and start != width):
        return False
    place[:start] = view[:start]
    place[start : width - after] = b"<" * (width - after - start)
    place[width - after :] = view[end:]
    return True


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


def _empty(used: bytearray) -> None:
    used[:] = bytes(len(used))
