"""The key under which a kiosk encrypts what it files, in memory only: neither it nor its thief reads its
past.
"""

from datetime import datetime
from typing import Final

from kiosk_app.store.event_log import EventLog
from kiosk_app.store.tables import SignedTables
from procuration.domain.events import BodyKey
from procuration.domain.identifiers import Rid
from procuration.ports import Clock, RandomBytes
from procuration.record.body_key import KEY_BYTES, LIFE_HOURS, encrypt_body, seal_body_key

_LIFE_MS: Final = LIFE_HOURS * 3_600_000


class BodyKeyInUse:
    """One key, and where its sealed copy stands in the log. Implements `event_log.BodyCipher`."""

    def __init__(self, key: bytes, seq: int, made_ms: int, random: RandomBytes) -> None:
        self._key = key
        self.seq = seq
        self.made_ms = made_ms
        self._random = random

    def encrypt(self, body: bytes, rid: Rid) -> bytes:
        """The form in which the body is kept and sent."""
        return encrypt_body(body, self._key, rid, self._random)


class BodyKeys:
    """Makes a key at start, and another one every twelve hours."""

    def __init__(self, log: EventLog, tables: SignedTables, clock: Clock, random: RandomBytes) -> None:
        self._log, self._tables, self._clock, self._random = log, tables, clock, random
        self._current: BodyKeyInUse | None = None

    def current(self) -> BodyKeyInUse:
        """The key in use, logged before its first body. Raises: RuleViolated ANNUAIRE_SANS_CLE."""
        now_ms = self._clock.monotonic_ms()
        if self._current is None or now_ms - self._current.made_ms >= _LIFE_MS:
            self._current = self._make(self._clock.now(), now_ms)
        return self._current

    def _make(self, now: datetime, now_ms: int) -> BodyKeyInUse:
        key = self._random(KEY_BYTES)
        sealed = seal_body_key(key, self._tables.centre_key(now), self._log.realm)
        appended = self._log.append(BodyKey(sealed_key=sealed))
        return BodyKeyInUse(key, appended.seq, now_ms, self._random)
