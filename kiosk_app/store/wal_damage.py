"""A write-ahead log that changed on the disk: SQLite would forget, without a word, all from the bad frame on.

It must be so lenient, since a power cut tears the last transaction. Every transaction is flushed before the
next one is written, though: a bad frame that more than one transaction follows was good once, and what
people were told of stands behind it. A log that begins with zeros was wiped after all of it had gone into the
database (`Connection.scrub_wal`). Format: https://www.sqlite.org/fileformat2.html, section 4.1.
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from procuration.errors import RecordRejected

_HEADER: Final = struct.Struct(">6I8s")
_FRAME: Final = struct.Struct(">2I8s8s")
_MAGIC: Final = {0x377F0682: "<", 0x377F0683: ">"}
_CHECKED_OF_HEADER: Final = 24
_CHECKED_OF_FRAME: Final = 8
_PAGE_BYTES: Final = 4096
_WORD: Final = 0xFFFFFFFF

Sums = tuple[int, int]


def check_wal(path: Path) -> None:
    """Called before SQLite opens the database, which cuts the log at the first bad frame.

    Raises: RecordRejected MAGASIN_ENDOMMAGE.
    """
    wal = path.read_bytes() if path.exists() else b""
    if len(wal) > _HEADER.size and wal[0] and _is_damaged(wal):
        raise RecordRejected("MAGASIN_ENDOMMAGE")


def _is_damaged(wal: bytes) -> bool:
    magic, *_, sums = _HEADER.unpack_from(wal)
    salts = wal[16:_CHECKED_OF_HEADER]
    order = _MAGIC.get(magic)
    good = order is not None and _packed(_sums(wal[:_CHECKED_OF_HEADER], order, (0, 0))) == sums
    if order is None or not good:
        return any(found[:4] == salts[:4] or found[4:] == salts[4:] for _, found in _frames(wal, 0))
    end = _first_bad(wal, order, salts)
    commits = [is_commit for is_commit, found in _frames(wal, end) if found == salts]
    return any(commits[:-1])


def _first_bad(wal: bytes, order: str, salts: bytes) -> int:
    """How many frames SQLite would read."""
    sums: Sums = struct.unpack(">2I", wal[_CHECKED_OF_HEADER : _HEADER.size])
    number = -1
    for number, start in enumerate(_starts(wal, 0)):
        _, _, found, said = _FRAME.unpack_from(wal, start)
        sums = _sums(wal[start : start + _CHECKED_OF_FRAME], order, sums)
        sums = _sums(wal[start + _FRAME.size : start + _FRAME.size + _PAGE_BYTES], order, sums)
        if found != salts or said != _packed(sums):
            return number
    return number + 1


def _frames(wal: bytes, first: int) -> Iterator[tuple[bool, bytes]]:
    """Whether each frame ends a transaction, and its salts, which name the generation of the log."""
    for start in _starts(wal, first):
        _, pages_after, salts, _ = _FRAME.unpack_from(wal, start)
        yield pages_after > 0, salts


def _starts(wal: bytes, first: int) -> range:
    size = _FRAME.size + _PAGE_BYTES
    return range(_HEADER.size + first * size, len(wal) - size + 1, size)


def _sums(data: bytes, order: str, sums: Sums) -> Sums:
    one, two = sums
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for even, odd in zip(words[::2], words[1::2], strict=True):
        one = (one + even + two) & _WORD
        two = (two + odd + one) & _WORD
    return one, two


def _packed(sums: Sums) -> bytes:
    return struct.pack(">2I", *sums)
