"""What a log proves of the time of its acts: the sync points and clock steps nearest to each (SECURITY-DESIGN
7)."""

from collections.abc import Collection, Iterable
from typing import Final

from django.db import connection

from procuration.domain.clock_evidence import LogEvidence
from procuration.domain.events import ClockStep, Kind, RecordedEvent, SyncPoint
from procuration.record.chain import hash_of
from procuration.record.event import parse_event

KINDS: Final = (Kind.CLOCK_STEP, Kind.SYNC_POINT)
_NEAREST: Final = """
    WITH wanted (device_id, seq) AS (VALUES {marks})
    SELECT DISTINCT e.device_id, e.seq, e.sign1 FROM wanted w JOIN ledger_event e
    ON e.device_id = w.device_id AND e.kind IN (6, 10) AND e.seq IN (
        (SELECT max(b.seq) FROM ledger_event b WHERE b.device_id = w.device_id AND b.kind IN (6, 10) AND b.seq
        < w.seq), (SELECT min(a.seq) FROM ledger_event a WHERE a.device_id = w.device_id AND a.kind IN (6, 10)
        AND a.seq > w.seq)
    )
"""
_POINTS: Final = """
    WITH wanted (device_id, seq) AS (VALUES {marks})
    SELECT DISTINCT e.device_id, e.seq, e.sign1 FROM wanted w JOIN ledger_event e
    ON e.device_id = w.device_id AND e.kind IN (6, 10) AND e.seq IN (
        (SELECT max(b.seq) FROM ledger_event b WHERE b.device_id = w.device_id AND b.kind IN (6, 10)
        AND b.kind = 10 AND b.seq < w.seq), (SELECT min(a.seq) FROM ledger_event a
        WHERE a.device_id = w.device_id AND a.kind IN (6, 10) AND a.kind = 10 AND a.seq > w.seq)
    )
"""
"""The sync points alone, beyond any clock step: `kind IN (6, 10)` is what names the index."""
_LAST: Final = "SELECT max(seq) FROM ledger_event WHERE device_id = %s AND kind IN (6, 10)"


class Evidence:
    """The evidence fetched so far, log by log; what a bundle brings is known before it is stored."""

    def __init__(self) -> None:
        self._events: dict[int, dict[int, RecordedEvent]] = {}
        self._built: dict[int, LogEvidence] = {}
        self._asked: set[tuple[int, int]] = set()
        self._asked_points: set[tuple[int, int]] = set()

    def add(self, device_id: int, sign1: bytes) -> None:
        """A sync point or a clock step."""
        envelope = parse_event(sign1)[1]
        content = SyncPoint() if envelope.kind is Kind.SYNC_POINT else ClockStep(step_ms=0)
        event = RecordedEvent(hash=hash_of(sign1), envelope=envelope, content=content)
        self._events.setdefault(device_id, {})[envelope.seq] = event
        self._built.pop(device_id, None)

    def load(self, acts: Iterable[tuple[int, int]]) -> None:
        """Fetch what stands around these acts, each a device and a place in its log."""
        places = set(acts) - self._asked
        self._asked |= places
        self._fetch(_NEAREST, places)

    def load_points(self, places: Iterable[tuple[int, int]]) -> None:
        """Fetch the sync points around these places, for whoever asks on which side of a revocation they
        lie."""
        missing = set(places) - self._asked_points
        self._asked_points |= missing
        self._fetch(_POINTS, missing)

    def _fetch(self, question: str, places: Collection[tuple[int, int]]) -> None:
        if not places:
            return
        marks = ", ".join(["(%s, %s)"] * len(places))
        with connection.cursor() as cursor:
            cursor.execute(question.format(marks=marks), [value for place in places for value in place])
            for device_id, _, sign1 in cursor.fetchall():
                self.add(device_id, bytes(sign1))

    def of(self, device_id: int) -> LogEvidence:
        """What is known of a log around the acts that `load` was asked for."""
        if device_id not in self._built:
            self._built[device_id] = LogEvidence(self._events.get(device_id, {}).values())
        return self._built[device_id]


def last_evidence_seq(device_id: int) -> int:
    """Where the last sync point or clock step of a stored log stands, -1 when there is none: what comes
    behind it has no proved time yet."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST, [device_id])
        (found,) = cursor.fetchone()
    return -1 if found is None else int(found)
