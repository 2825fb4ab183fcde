"""How many wrong codes each slot has seen: on the disk before the try, so cutting the power gains nothing.

Five tries are free, then each costs a wait that doubles from 15 s; at ten the slot is blocked until a
supervisor makes a new one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from procuration.adapters.durable_file import write_durably
from procuration.adapters.foreign_file import read_regular
from procuration.errors import RecordRejected, RuleViolated
from procuration.ports import Clock
from procuration.record.canonical import Value, decode, encode

FREE_TRIES: Final = 5
TRIES_MAX: Final = 10
FIRST_WAIT_SECONDS: Final = 15
_NAME: Final = "attempts.cbor"
_BYTES_MAX: Final = 16 * 1024


@dataclass(frozen=True, slots=True)
class Count:
    """Wrong tries of one slot in a row, and when the last one was, on the clock that nobody can set."""

    failures: int
    boot_id: bytes
    monotonic_ms: int


@dataclass(frozen=True, slots=True)
class Try:
    """One code tried on some slots, and what the counts were before."""

    before: dict[bytes, Count]
    slot_ids: frozenset[bytes]


class Attempts:
    """File `attempts.cbor`: `[[slot id, failures, boot id, ms since boot]]`."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock

    def add(self, slot_id: bytes) -> None:
        counts = self._counts() if (self._folder / _NAME).exists() else {}
        self._write({**counts, slot_id: self._count(0)})

    def begin(self, slot_ids: Sequence[bytes]) -> Try:
        """Counts a try on each slot that is neither blocked nor waiting, and makes it last.

        Raises: RuleViolated ACCES_BLOQUE, ATTENDRE (ids: seconds); RecordRejected CODES_ENDOMMAGES, also when
            a slot has no counter: it would be tried for ever.
        """
        before = self._counts()
        if not before.keys() >= set(slot_ids):
            raise RecordRejected("CODES_ENDOMMAGES")
        open_ids = [slot_id for slot_id in slot_ids if before[slot_id].failures < TRIES_MAX]
        if not open_ids:
            raise RuleViolated("ACCES_BLOQUE")
        seconds = max(self._seconds_to_wait(before[slot_id]) for slot_id in open_ids)
        if seconds:
            raise RuleViolated("ATTENDRE", seconds=seconds)
        counted = {slot_id: self._count(before[slot_id].failures + 1) for slot_id in open_ids}
        self._write({**before, **counted})
        return Try(before, frozenset(open_ids))

    def failed(self, tried: Try, slot_ids: Sequence[bytes]) -> int:
        """The code was wrong for these slots; nothing could judge it for the others: theirs was no try.

        Returns: the tries left to the slot of these that has fewest, 0 for none.
        """
        unjudged = tried.slot_ids - set(slot_ids)
        if unjudged:
            self._write({**self._counts(), **{slot_id: tried.before[slot_id] for slot_id in unjudged}})
        return min((TRIES_MAX - 1 - tried.before[slot_id].failures for slot_id in slot_ids), default=0)

    def succeeded(self, tried: Try, slot_id: bytes) -> None:
        """The code was right for one slot: it starts again from zero, and the others were not attacked."""
        self._write({**tried.before, slot_id: self._count(0)})

    def forget(self, slot_id: bytes) -> None:
        """The slot is gone."""
        counts = self._counts()
        self._write({one: count for one, count in counts.items() if one != slot_id})

    def left(self) -> dict[bytes, int]:
        """Tries that each slot still has. Raises: RecordRejected CODES_ENDOMMAGES."""
        return {slot_id: max(0, TRIES_MAX - count.failures) for slot_id, count in self._counts().items()}

    def blocked(self) -> list[bytes]:
        """Slots that no code opens any more."""
        counts = self._counts()
        return [slot_id for slot_id, count in counts.items() if count.failures >= TRIES_MAX]

    def _seconds_to_wait(self, count: Count) -> int:
        if count.failures < FREE_TRIES:
            return 0
        wait = FIRST_WAIT_SECONDS << (count.failures - FREE_TRIES)
        if count.boot_id != self._clock.boot_id:
            return self._wait_again(count, wait)
        elapsed_ms = max(0, self._clock.monotonic_ms() - count.monotonic_ms)
        return max(0, wait - elapsed_ms // 1000)

    def _wait_again(self, count: Count, wait: int) -> int:
        """After a restart the time since the last try is unknown: since this boot is what is proved."""
        return max(0, wait - self._clock.monotonic_ms() // 1000)

    def _count(self, failures: int) -> Count:
        return Count(failures, self._clock.boot_id, self._clock.monotonic_ms())

    def _counts(self) -> dict[bytes, Count]:
        try:
            return read_counts(read_regular(self._folder, _NAME, _BYTES_MAX))
        except (RecordRejected, FileNotFoundError) as error:
            raise RecordRejected("CODES_ENDOMMAGES") from error

    def _write(self, counts: dict[bytes, Count]) -> None:
        rows: list[Value] = [
            [slot_id, count.failures, count.boot_id, count.monotonic_ms] for slot_id, count in counts.items()
        ]
        write_durably(self._folder / _NAME, encode(rows), 0o600)


def read_counts(data: bytes) -> dict[bytes, Count]:
    """The counters of a file. Raises: RecordRejected CODES_ENDOMMAGES, or a code of `canonical`."""
    rows = decode(data, max_bytes=_BYTES_MAX)
    if not isinstance(rows, list):
        raise RecordRejected("CODES_ENDOMMAGES")
    counts = dict(_from_row(row) for row in rows)
    if len(counts) != len(rows):  # two counters for one slot: the second would hide the first
        raise RecordRejected("CODES_ENDOMMAGES")
    return counts


def _from_row(row: Value) -> tuple[bytes, Count]:
    match row:
        case [bytes(slot_id), int(failures), bytes(boot_id), int(monotonic_ms)] if failures >= 0:
            if type(failures) is type(monotonic_ms) is int:  # a boolean would be a second encoding
                return slot_id, Count(failures, boot_id, monotonic_ms)
    raise RecordRejected("CODES_ENDOMMAGES")
