"""The tablet's side of the spool, one step at a time: tables, refusals, answers, then what waits is sealed.

Works while the officer is locked out of the screen, because the store is open; waits while it is closed.
"""

import hashlib
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from kiosk_app.station import OpenStore, Station
from kiosk_app.store.connection import make_room
from kiosk_app.store.full_disk import refused_when_full
from kiosk_app.store.settings import Setting
from kiosk_app.use_cases.apply_answers import ApplyAnswers
from kiosk_app.use_cases.finish_old_logs import FinishOldLogs
from kiosk_app.use_cases.hand_over_proofs import hand_over
from kiosk_app.use_cases.purge_bodies import PurgeBodies
from kiosk_app.use_cases.seal_bundles import SealBundles
from kiosk_app.use_cases.watch_deadlines import SHOWN_AFTER_CLOSING, recount_closings
from procuration.adapters.addresses import Addresses, has_addresses, write_addresses
from procuration.adapters.foreign_file import read_regular
from procuration.adapters.spool import AppSpool, AppStatus
from procuration.adapters.trust import verified_targets
from procuration.domain.events import Kind
from procuration.domain.identifiers import Rid
from procuration.domain.reference import Reference
from procuration.domain.status import Status
from procuration.errors import RecordRejected, RuleViolated
from procuration.record.enrolment import Profile
from procuration.record.receipt import Level
from procuration.record.sealed import Purpose, seal

log = logging.getLogger(__name__)

FIRST_WAIT_MS: Final = 2_000
LONGEST_WAIT_MS: Final = 60_000
ENROL_AGAIN_MS: Final = 60_000
UNKNOWN_DEVICE: Final = "APPAREIL_INCONNU"
SNAPSHOT_EVERY: Final = timedelta(minutes=10)
_TIMESTAMP: Final = "timestamp.json"
_METADATA_BYTES_MAX: Final = 1 << 20
DECIDED: Final = (Status.VALIDEE, Status.INVALIDEE, Status.REFUSEE, Status.NULLE_L73, Status.RESILIEE)


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferStatus:
    """How far what was recorded here has gone, by proof.

    Attributes:
        kept, received, decided: requests filed (kiosk) or decided (brigade) here.
        directory_days_max: age of the directory from which nobody may act.
        set_aside: references of the requests whose act made here does not count, None for one without: its
            author might not act any more.
        refusal: the code the centre last refused a bundle with, None once one passed.
        restored_at: when this tablet last saw that the centre came back from a backup.
    """

    kept: int
    received: int
    decided: int
    last_contact: datetime | None
    oldest_waiting: datetime | None
    refs_left: int
    directory_age_days: int
    directory_days_max: int
    set_aside: tuple[Reference | None, ...]
    refusal: str | None
    restored_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestState:
    """What is proved of one request or act of this tablet: kept always; received with its time; decided."""

    received_at: datetime | None
    decided: bool


class Exchange:
    """Called about once a second; each step is short."""

    def __init__(
        self, station: Station, spool: AppSpool, pause: Callable[[float], None] = time.sleep
    ) -> None:
        self._station = station
        self._old_logs = FinishOldLogs(station, spool, pause)
        self._spool = self._old_logs.share_of_today()
        self._apply = ApplyAnswers(station, self._spool, pause)
        self._seal = SealBundles(station, self._spool)
        self._purge = PurgeBodies(station)
        self._mirror_seen = b""
        self._asked = False
        self._wait_ms = 0
        self._wait_until_ms = 0
        self._enrol_again_ms = 0
        self._facts_told: tuple[int, ...] = ()
        self._addresses_told: Addresses | None = None
        self._snapshot_at: datetime | None = None

    def step(self) -> None:
        """Applies what came and seals what waits; does nothing while the store is closed.

        Raises: RuleViolated ESPACE_INSUFFISANT, after it gave the ballast back: the next step may have room.
        """
        if not self._station.is_open:
            return
        try:
            with refused_when_full(self._station.folder):
                self._step(self._station.store)
        except RuleViolated as error:
            if error.code == "ESPACE_INSUFFISANT":
                make_room(self._station.folder)
            raise

    def _step(self, store: OpenStore) -> None:
        self._refill(store)
        self._old_logs.step()
        self._tell_addresses(store)
        proved = store.outbox.receipted_seq(Level.RECEIVED)
        news = self._update_tables(store)
        self._take_refusals(store)
        news = self._apply() or news or self._asked
        self._asked = False
        if self._station.clock.monotonic_ms() >= self._wait_until_ms:
            self._seal(fresh_poll=news)
        hand_over(store, self._spool)
        self._write_status(store)
        self._note_high_water(store)
        if store.outbox.receipted_seq(Level.RECEIVED) > proved:
            self._wait_ms = 0
            if store.log.stopped is None:  # an older snapshot may hold what this store has lost
                self._snapshot(store)
        self._purge()

    def _refill(self, store: OpenStore) -> None:
        """What a lost spool held beside bundles: the root of the tables and, until the centre has proved that
        it knows this tablet, its enrolment. Without it every bundle would be refused for ever.
        """
        self._spool.make_folders()
        if not self._spool.has_root():
            self._spool.put_root(store.settings.get(Setting.FIRST_ROOT))
        if not self._spool.has_status():
            self._facts_told = ()
        now_ms = self._station.clock.monotonic_ms()
        if now_ms < self._enrol_again_ms or store.outbox.receipted_seq(Level.RECEIVED) >= 0:
            return
        if self._enrol_again_ms and not self._spool.has_enrolment():
            self._introduce(store)
        self._enrol_again_ms = now_ms + ENROL_AGAIN_MS

    def _tell_addresses(self, store: OpenStore) -> None:
        """Which files of a USB key are for this tablet and which for the centre; again after a lost spool."""
        ours = frozenset({store.sealing_key.kid, *self._old_logs.sealing_kids()})
        centre = frozenset(one.key.kid for one in store.tables.directory.server_sealing_keys)
        addresses = Addresses(ours, centre)
        if addresses == self._addresses_told and has_addresses(self._spool.folder):
            return
        try:
            write_addresses(self._spool.folder, addresses)
        except OSError:  # only what a key brings for this tablet is told apart later
            log.warning("addresses_not_written", extra={"code": "DISK"})
            return
        self._addresses_told = addresses

    def ask_again(self) -> None:
        """« Transmettre maintenant » : the next step seals a fresh poll, which the agent sends at once."""
        self._asked = True

    def status(self) -> TransferStatus:
        """Raises: RuleViolated POSTE_FERME."""
        store = self._station.store
        progress = store.outbox.progress(_counted_kinds(store), DECIDED)
        refusal, restored = store.settings.find(Setting.CENTRE_REFUSAL), store.alarms.restored
        return TransferStatus(
            kept=progress.kept,
            received=progress.received,
            decided=progress.decided,
            last_contact=store.settings.instant(Setting.LAST_CONTACT),
            oldest_waiting=progress.oldest_waiting,
            refs_left=store.leases.left,
            directory_age_days=store.tables.age_days(self._station.clock.now()),
            directory_days_max=store.tables.directory_days_max,
            set_aside=store.requests.set_aside(),
            refusal=refusal.decode() if refusal else None,
            restored_at=restored.at if restored else None,
        )

    def request_state(self, rid: Rid) -> RequestState:
        """What is proved of the last event of this tablet about one request."""
        store = self._station.store
        events = store.log.of_request(rid)
        state = store.requests.state(rid)
        return RequestState(
            received_at=store.outbox.proved_at(events[-1].seq) if events else None,
            decided=state is not None and state.status in DECIDED,
        )

    def _update_tables(self, store: OpenStore) -> bool:
        """Takes newer signed tables from the mirror; with bad ones the last verified stay in use."""
        try:
            timestamp = read_regular(self._spool.mirror / "metadata", _TIMESTAMP, _METADATA_BYTES_MAX)
        except (FileNotFoundError, RecordRejected):
            return False
        seen = hashlib.sha256(timestamp).digest()
        if seen == self._mirror_seen:
            return False
        self._mirror_seen = seen
        calendar = store.tables.calendar
        try:
            root = store.settings.get(Setting.FIRST_ROOT)
            verified = verified_targets(root, self._spool.mirror, self._station.folder / "trust")
            changed = store.tables.put(verified)
        except RecordRejected as error:
            log.warning("tables_refused", extra={"code": error.code})
            store.connection.set_aside("tuf", error.code, int(self._station.clock.now().timestamp()))
            return False
        store.log.directory_version = store.tables.directory.version
        store.served_polls.forget(store.settings.floor - SHOWN_AFTER_CLOSING)
        if store.tables.calendar != calendar and store.configuration.profile is Profile.BRIGADE:
            recount_closings(store)
        return changed

    def _take_refusals(self, store: OpenStore) -> None:
        """A bundle the centre refused is sealed again, after a wait that doubles while it keeps refusing."""
        ours = {bundle.name for bundle in store.outbox.bundles()}
        for name, code in self._spool.refusals().items():
            if name not in ours:
                continue  # an enrolment: the agent tries it again
            log.warning("bundle_refused", extra={"code": code})
            if code == UNKNOWN_DEVICE:
                self._introduce(store)
            store.settings.put(Setting.CENTRE_REFUSAL, code.encode())
            self._spool.remove_bundle(name)
            self._spool.remove_refusal(name)
            self._wait_ms = min(max(FIRST_WAIT_MS, 2 * self._wait_ms), LONGEST_WAIT_MS)
            self._wait_until_ms = self._station.clock.monotonic_ms() + self._wait_ms

    def _introduce(self, store: OpenStore) -> None:
        """The centre is told of this tablet again: its spool was lost before the enrolment travelled, or the
        centre was restored from a backup older than this tablet.
        """
        centre = store.tables.centre_key(self._station.clock.now())
        signed = store.settings.get(Setting.ENROLMENT)
        self._spool.put_enrolment(seal(signed, centre, Purpose.ENROL, store.log.realm))

    def _write_status(self, store: OpenStore) -> None:
        """Counts for whoever asks the agent, when something they rest on has changed."""
        receipted = store.outbox.receipted_seq(Level.RECEIVED)
        tree_size = store.settings.number(Setting.TREE_SIZE)
        facts = (store.log.head.next_seq, receipted, tree_size, store.settings.number(Setting.INBOX_NUMBER))
        if facts == self._facts_told:
            return
        progress = store.outbox.progress(_counted_kinds(store), DECIDED)
        status = AppStatus(
            written_at=self._station.clock.now(),
            receipt_at=store.outbox.proved_at(receipted) if receipted >= 0 else None,
            tree_size=tree_size or None,
            kept=progress.kept,
            received=progress.received,
            decided=progress.decided,
        )
        self._spool.write_status(status)
        self._facts_told = facts

    def _note_high_water(self, store: OpenStore) -> None:
        try:
            store.note_high_water()
        except OSError:  # only a later comparison is lost
            log.warning("high_water_not_written", extra={"code": "DISK"})

    def _snapshot(self, store: OpenStore) -> None:
        """A copy of the store after a sync, at most every ten minutes: it is work for the disk."""
        now = self._station.clock.now()
        due = self._snapshot_at is None or abs(now - self._snapshot_at) >= SNAPSHOT_EVERY
        if due and store.connection.has_room_for_a_copy():
            store.connection.snapshot()
            self._snapshot_at = now


def _counted_kinds(store: OpenStore) -> tuple[Kind, ...]:
    """What people recorded here: requests at a kiosk; acts and résiliations at a brigade."""
    kiosk = store.configuration.profile is Profile.ACCUEIL
    return (Kind.FILED,) if kiosk else (Kind.ACT, Kind.REVOCATION)
