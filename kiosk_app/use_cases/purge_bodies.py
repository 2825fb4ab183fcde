"""Deletes from this tablet what the centre holds for certain: by itself, a little at each step
(SECURITY-DESIGN 12).

Only what a `durable` receipt covers, once that receipt is old enough by proved time. One transaction logs the
deletion and does it; then the write-ahead log and the snapshot are made again without the old pages.
"""

import logging
from datetime import datetime, timedelta
from typing import Final

from kiosk_app.station import OpenStore, Station
from kiosk_app.store.settings import Setting
from procuration.domain.people import Place, PlaceType
from procuration.domain.purge import Purge, PurgeReason, runs_of
from procuration.domain.retention import Term, tablet_term
from procuration.errors import RuleViolated
from procuration.record.enrolment import Profile

log = logging.getLogger(__name__)

ROWS_PER_TRANSACTION_MAX: Final = 100
_LOOK_EVERY_MS: Final = 60_000
_SWEEP_EVERY_MS: Final = 3_600_000
"""Of locked copies: some end at any minute, and each time the snapshot is written again."""
_DUE: Final = b"\x01"


class PurgeBodies:
    """Called about once a second; looks once a minute, and works on while something is due."""

    def __init__(self, station: Station) -> None:
        self._station = station
        self._next_look_ms = 0
        self._next_sweep_ms = 0
        self._boot_id = b""

    def __call__(self) -> None:
        """One batch at most. Raises: RuleViolated POSTE_FERME."""
        clock, store = self._station.clock, self._station.store
        if clock.boot_id == self._boot_id and clock.monotonic_ms() < self._next_look_ms:
            return
        if self._station.session is None:
            forget_undecided(store)
        if not (self._purge(store) or self._sweep(store)):
            self._scrub(store)
            self._boot_id, self._next_look_ms = clock.boot_id, clock.monotonic_ms() + _LOOK_EVERY_MS

    def _purge(self, store: OpenStore) -> bool:
        """Whether something was deleted, and more may be due."""
        if store.log.stopped is not None:
            return False  # a restored copy: it deletes nothing, and is led to a new enrolment
        held = store.bodies.held(store.log.head.next_seq, 1)
        if held:
            store.proved_time.keep()
        now = store.proved_time.now()
        reason = _reason(store)
        term = _term(store, reason, now)
        self._forget_officers(store, now - term.length)
        seqs = store.bodies.held(store.outbox.durable_seq(now - term.length), ROWS_PER_TRANSACTION_MAX)
        if not seqs:
            return False
        runs = runs_of((store.log.log_id, seq) for seq in seqs)
        try:
            with store.log.transaction():
                store.log.append(Purge(reason=reason, article=term.article, runs=runs))
                store.bodies.delete(seqs)
                store.settings.put(Setting.SCRUB_DUE, _DUE)
        except RuleViolated as error:  # the disk is nearly full: it waits for room
            log.warning("purge_waits", extra={"code": error.code})
            return False
        log.info("purged", extra={"events": len(seqs)})
        return True

    def _sweep(self, store: OpenStore) -> bool:
        """Locked copies whose day has come, or that were withdrawn. The wall clock is believed here: set
        forward it takes from the officers what the paper and the centre still give, while proved time stands
        still in a tablet that is off at night and has no network. Returns: whether more may be due."""
        clock = self._station.clock
        if clock.boot_id == self._boot_id and clock.monotonic_ms() < self._next_sweep_ms:
            return False
        with store.log.transaction():
            gone = store.locked_copies.forget_over(self._station.proved_now(), ROWS_PER_TRANSACTION_MAX)
            if gone or store.locked_copies.take_gone():
                store.settings.put(Setting.SCRUB_DUE, _DUE)
        if gone < ROWS_PER_TRANSACTION_MAX:
            self._next_sweep_ms = clock.monotonic_ms() + _SWEEP_EVERY_MS
        return gone == ROWS_PER_TRANSACTION_MAX

    def _forget_officers(self, store: OpenStore, before: datetime) -> None:
        with store.log.transaction():
            if store.officers.forget_ended(before):
                store.settings.put(Setting.SCRUB_DUE, _DUE)

    def _scrub(self, store: OpenStore) -> None:
        """No copy of a deleted page stays: not in the write-ahead log, not in the snapshot. What a power cut
        interrupts is due again."""
        if store.settings.find(Setting.SCRUB_DUE) is None:
            return
        store.connection.scrub_wal()
        store.connection.snapshot()
        store.settings.forget(Setting.SCRUB_DUE)


def forget_undecided(store: OpenStore) -> None:
    """Requests that an officer saw and did not decide go with the session."""
    with store.log.transaction():
        if store.requests.forget_undecided():
            store.settings.put(Setting.SCRUB_DUE, _DUE)


def _reason(store: OpenStore) -> PurgeReason:
    kiosk = store.configuration.profile is Profile.ACCUEIL
    return PurgeReason.KIOSK_COPY if kiosk else PurgeReason.BRIGADE_COPY


def _term(store: OpenStore, reason: PurgeReason, now: datetime) -> Term:
    """How long a copy stays, by the signed table of the day."""
    place = Place(code=store.configuration.place, type=PlaceType.COMMUNE, cog_year=now.year)
    term = tablet_term(reason, place, now.date(), store.tables.law)
    return Term(max(term.length, timedelta(0)), term.article)
