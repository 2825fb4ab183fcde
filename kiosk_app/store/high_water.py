"""How far this log had come when somebody last looked, kept outside the database under a key inside it.

SQLCipher cannot see that its file, its WAL or its folder was replaced by an older one (SECURITY-DESIGN 6).
This mark can, as long as it was not replaced with them: it stands beside the store and, again, in the spool,
which no backup of the store contains. It is written after the events that it speaks of are on the disk, so it
never runs ahead of a healthy store. A mark that is absent, damaged or of another log says nothing.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from procuration.adapters.durable_file import write_durably
from procuration.adapters.foreign_file import read_regular
from procuration.domain.identifiers import EventHash, LogId
from procuration.errors import RecordRejected
from procuration.record.canonical import decode, encode
from procuration.record.shape import fields, integer, octets, sequence

NAME: Final = "high-water.cbor"
KEY_BYTES: Final = 32
_BYTES_MAX: Final = 256
_OWNER_ONLY: Final = 0o600
_CONTEXT: Final = b"procu/high-water/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What a healthy store never has less of.

    Attributes:
        next_seq: number of events; hash: of the last one, as `Head`.
        leases_taken: how many references were given away: a smaller number would give one twice.
    """

    log_id: LogId
    next_seq: int
    hash: EventHash
    leases_taken: int


class HighWater:
    """The marks of one log in several folders."""

    def __init__(self, key: bytes, folders: Sequence[Path]) -> None:
        self._key, self._folders = key, folders
        self._written: Mark | None = None

    def write(self, mark: Mark) -> None:
        """Replaces the marks, when this one is new. Raises: OSError, on a full disk."""
        if mark == self._written:
            return
        value = encode({0: 1, 1: mark.log_id, 2: mark.next_seq, 3: mark.hash, 4: mark.leases_taken})
        data = encode([value, self._tag(value)])
        for folder in self._folders:
            write_durably(folder / NAME, data, _OWNER_ONLY)
        self._written = mark

    def read(self, log_id: LogId) -> list[Mark]:
        """The marks of this log that were written by whoever holds the key."""
        found = []
        for folder in self._folders:
            try:
                mark = self._read(read_regular(folder, NAME, _BYTES_MAX))
            except (FileNotFoundError, RecordRejected):
                continue  # it says nothing: see above
            if mark.log_id == log_id:
                found.append(mark)
        return found

    def _read(self, data: bytes) -> Mark:
        signed, tag = (octets(one) for one in sequence(decode(data, max_bytes=_BYTES_MAX), 2))
        if not hmac.compare_digest(tag, self._tag(signed)):
            raise RecordRejected("REPERE_MODIFIE")
        value = fields(decode(signed, max_bytes=_BYTES_MAX), 5)
        return Mark(
            log_id=LogId(octets(value[1], length=8)),
            next_seq=integer(value[2]),
            hash=EventHash(octets(value[3], length=32)),
            leases_taken=integer(value[4]),
        )

    def _tag(self, value: bytes) -> bytes:
        return hmac.new(self._key, _CONTEXT + value, sha256).digest()
