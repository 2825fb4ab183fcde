"""One tablet: its closed folder, its open store, and who is working on it now.

Decides when the store is open and what must hold before it may sign; the use cases ask it for their parts.
"""

import fcntl
import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Final, TextIO
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kiosk_app.identity import Identity
from kiosk_app.second_secrets import NO_KEEPERS, Keepers
from kiosk_app.store.acts_to_confirm import ActsToConfirm
from kiosk_app.store.alarms import Alarms
from kiosk_app.store.attempts import TRIES_MAX, Attempts
from kiosk_app.store.bodies import Bodies
from kiosk_app.store.body_keys import BodyKeys
from kiosk_app.store.connection import Connection, make_room, open_store
from kiosk_app.store.event_log import EventLog
from kiosk_app.store.full_disk import refused_when_full
from kiosk_app.store.high_water import HighWater
from kiosk_app.store.integrity import RESTORED, STOPPING, Integrity
from kiosk_app.store.later_entries import LaterEntries
from kiosk_app.store.leases import Leases
from kiosk_app.store.locked_copies import LockedCopies
from kiosk_app.store.officers import Officers
from kiosk_app.store.outbox import Outbox
from kiosk_app.store.proved_time import ProvedTime
from kiosk_app.store.requests import HeldRequest, Requests
from kiosk_app.store.served_polls import ServedPolls
from kiosk_app.store.settings import Setting, Settings
from kiosk_app.store.slot_record import drop_uncounted, slot_locked_out
from kiosk_app.store.slots import Argon2Cost, KeySlots, Opened, SecondSecret, no_second_secret
from kiosk_app.store.tables import SignedTables
from procuration.adapters.durable_file import write_durably
from procuration.adapters.foreign_file import read_regular
from procuration.adapters.keys import SoftwareKey
from procuration.domain.events import Kind, LockOut, Start, StartReason
from procuration.domain.identifiers import Kid, Rid
from procuration.domain.people import PartialDate
from procuration.domain.reference import Reference
from procuration.errors import RecordRejected, RuleViolated
from procuration.ports import Clock, RandomBytes
from procuration.record.enrolment import Configuration, Enrolment, Profile, read_enrolment, verify_enrolment
from procuration.record.limits import ENROLMENT_BYTES_MAX
from procuration.record.receipt import Level
from procuration.record.sealed import SealingPrivateKey, SuiteId
from procuration.record.signed import parse_signed

log = logging.getLogger(__name__)

SOFTWARE_VERSION: Final = "0.1.0"
_ENROLMENT: Final = "enrolment.cbor"
_ZONE: Final = "zone.txt"
_ZONE_BYTES_MAX: Final = 64
_OWNER_ONLY: Final = 0o600


@dataclass(frozen=True, slots=True)
class LookUpAsked:
    """What an officer asked of the centre: `seq` is the place of the look-up event in our log."""

    reference: Reference = field(repr=False)
    birth_date: PartialDate = field(repr=False)
    seq: int


@dataclass(slots=True)
class Session:
    """Somebody who gave their code.

    Attributes:
        slot_id: the slot their code opens; the same code signs.
        kid: their officer key, None for an agent d'accueil or a supervisor.
        enrolment: who they are and until when they may act, None without an officer key.
        opened: requests shown to them, forgotten with the session.
        asked: what they asked of the centre and still wait for, forgotten likewise.
    """

    slot_id: bytes
    kid: Kid | None
    enrolment: Enrolment | None = field(repr=False)
    opened: dict[Rid, HeldRequest] = field(default_factory=dict, repr=False)
    asked: LookUpAsked | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        """« Prénoms NOM », for the screen; empty without an officer key."""
        named = self.enrolment.designation if self.enrolment else None
        return f"{named.prenoms} {named.nom.upper()}" if named else ""


class OpenStore:
    """The parts of an open store, each built once.

    Attributes:
        heard_seq: up to this event the centre has answered, and everything it had for us then is applied; -1
            until it has since the program started.
    """

    def __init__(
        self, connection: Connection, clock: Clock, random: RandomBytes, marked: Sequence[Path] = ()
    ) -> None:
        """Args: marked: the folders with the marks of `high_water`."""
        self.heard_seq = -1
        self.connection = connection
        self._clock, self._random = clock, random
        self.settings = Settings(connection)
        self.alarms = Alarms(connection)
        self.leases = Leases(connection)
        self.acts_to_confirm = ActsToConfirm(connection)
        self.requests = Requests(connection)
        self.bodies = Bodies(connection)
        self.proved_time = ProvedTime(self.settings, clock)
        self.officers = Officers(connection)
        self.outbox = Outbox(connection)
        self.later_entries = LaterEntries(connection)
        self.locked_copies = LockedCopies(connection, self.settings)
        self.served_polls = ServedPolls(connection)
        self.tables = SignedTables(connection, self.settings, clock)
        self.signer = SoftwareKey(self.settings.get(Setting.SIGNING_KEY))
        self.log = EventLog(connection, self.settings, self.signer, clock, random)
        self.body_keys = BodyKeys(self.log, self.tables, clock, random)
        self.high_water = HighWater(self.settings.get(Setting.HIGH_WATER_KEY), marked)
        self.integrity = Integrity(
            self.log, self.outbox, self.settings, self.leases, self.tables, self.high_water, clock
        )

    @cached_property
    def sealing_key(self) -> SealingPrivateKey:
        """Opens what the centre seals to this tablet."""
        return SealingPrivateKey(SuiteId.MLKEM768_X25519, self.settings.get(Setting.SEALING_KEY))

    @cached_property
    def configuration(self) -> Configuration:
        """What the signed enrolment says this tablet is. Raises: RecordRejected POSTE_NON_INSTALLE."""
        signed = self.settings.get(Setting.ENROLMENT)
        configuration = verify_enrolment(signed, self.tables.directory, self.log.realm).configuration
        if configuration is None:
            raise RecordRejected("POSTE_NON_INSTALLE", missing="configuration")
        return configuration

    @cached_property
    def zone(self) -> ZoneInfo:
        """Local time of the place where the tablet stands: for screens and paper."""
        return self.tables.zone_of(self.configuration.departement)

    @property
    def delivered_seq(self) -> int:
        """The last event that the centre has: by receipt or, of a stopped log, by its answer."""
        kept = self.settings.number(Setting.KEPT_APART, -1)
        return max(self.outbox.receipted_seq(Level.RECEIVED), kept)

    @property
    def next_waiting(self) -> int | None:
        """The first event that the centre does not have, None when it has all; a stopped log may have lost
        some.
        """
        events = self.log.events(self.delivered_seq + 1, 1)
        return events[0].seq if events else None

    @property
    def waiting(self) -> int:
        """How many events the centre does not have yet."""
        return self.log.count_from(self.delivered_seq + 1)

    def stop(self, error: RecordRejected) -> None:
        """From now on nothing is signed with this log; what is in it can still be sent.

        Raises: the error, when it is no reason to give up a log.
        """
        if error.code not in STOPPING:
            raise error
        if self.log.stopped is None:
            seq = error.ids.get("seq")
            with self.connection.transaction():
                self.settings.put(Setting.STOPPED, error.code.encode())
                self.settings.put_number(Setting.STOPPED_SEQ, seq if isinstance(seq, int) else -1)
            self.log.stopped = error.code
            log.error("log_stopped", extra={"code": error.code})

    def check_log(self) -> None:
        """The log is ours and whole, and this is not a restored copy (SECURITY-DESIGN 6); else it stops."""
        if self.log.stopped is not None:
            return
        try:
            self.integrity.check()
        except RecordRejected as error:
            self.stop(error)

    def note_high_water(self) -> None:
        """Write down how far the log is. Raises: OSError, on a full disk."""
        if self.log.stopped is None:
            self.high_water.write(self.integrity.mark())


class Station:
    """A tablet from its switching on: closed first, then open, with or without somebody at work.

    Attributes:
        session: who is at work; None while locked.
    """

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        *,
        second_secret: SecondSecret = no_second_secret,
        cost: Argon2Cost | None = None,
        random: RandomBytes = os.urandom,
        spool: Path | None = None,
        keepers: Keepers = NO_KEEPERS,
    ) -> None:
        """Args: spool: a folder outside any copy of the store, for its second mark; keepers: TPM, token."""
        self.folder = folder
        self.clock, self.random = clock, random
        self._marked = (folder,) if spool is None else (folder, spool)
        self.identity = Identity.read(folder)
        self.attempts = Attempts(folder, clock)
        self.slots = KeySlots(
            folder, self.identity.realm, self.identity.log_id, self.attempts, second_secret, cost, keepers
        )
        self.session: Session | None = None
        self._store: OpenStore | None = None
        self._turn: TextIO | None = None
        self.closing: list[Callable[[], None]] = []

    @property
    def is_open(self) -> bool:
        return self._store is not None

    @property
    def store(self) -> OpenStore:
        """Raises: RuleViolated POSTE_FERME, until a code has opened it since the program started."""
        if self._store is None:
            raise RuleViolated("POSTE_FERME")
        return self._store

    @property
    def officer(self) -> Session:
        """Who may search and act. Raises: RuleViolated SESSION_FERMEE, AGENT_SANS_HABILITATION."""
        if self.session is None:
            raise RuleViolated("SESSION_FERMEE")
        if self.session.kid is None:
            raise RuleViolated("AGENT_SANS_HABILITATION")
        return self.session

    def proved_now(self) -> datetime:
        """What an elector's request is judged by: the wall clock, or the proved time when that is later. A
        clock that fell back by years must send nobody away; what was written keeps the raw wall clock."""
        now = self.clock.now()
        return max(now, self.store.settings.floor) if self.is_open else now

    def open(self, code: str, *, installed: bool = True) -> Opened:
        """Checks a code, and opens the store when it is still closed.

        A stopped log is opened all the same, since what is in it must still be sent, and refused at once.

        Raises: as `KeySlots.open` and `open_store`; RecordRejected POSTE_DEJA_OUVERT (by another process), or
            a code of `integrity.STOPPING`; RuleViolated ESPACE_INSUFFISANT: a try that cannot be counted is
            not made; CODE_NON_COMPTE, as `drop_uncounted`.
        """
        make_room(self.folder)
        with refused_when_full(self.folder):
            return self._open(code, installed=installed)

    def _open(self, code: str, *, installed: bool) -> Opened:
        opened = self.slots.open(code)
        if self._store is None:
            self._take_turn()
            try:
                self._store = self._opened(opened, installed=installed)
            except Exception:
                self._give_turn()
                raise
        if self._store.log.stopped is not None:
            seq = self._store.settings.number(Setting.STOPPED_SEQ)
            raise RecordRejected(self._store.log.stopped, seq=seq)
        return opened

    def _opened(self, opened: Opened, *, installed: bool) -> OpenStore:
        connection = open_store(self.folder, opened.store_key)
        try:
            store = OpenStore(connection, self.clock, self.random, self._marked)
            store.check_log()
            if installed and store.log.stopped is None:
                drop_uncounted(self.slots, store.log, opened.slot.slot_id)
                self._begin(store)
        except Exception:
            connection.close()
            raise
        return store

    def open_given_up(self, store_key: bytes) -> None:
        """Opens the store of a log that was given up; its key is kept in the store that came after it.

        Raises: as `open_store`; RecordRejected POSTE_DEJA_OUVERT.
        """
        self._take_turn()
        try:
            store = OpenStore(open_store(self.folder, store_key), self.clock, self.random)
            store.stop(RecordRejected(RESTORED))
        except Exception:
            self._give_turn()
            raise
        self._store = store

    def declared_profile(self) -> Profile | None:
        """What the copy of the enrolment beside the store says, before a code opens it; verified at
        opening.
        """
        try:
            signed = parse_signed(
                read_regular(self.folder, _ENROLMENT, ENROLMENT_BYTES_MAX), max_bytes=ENROLMENT_BYTES_MAX
            )
        except FileNotFoundError:
            return None
        configuration = read_enrolment(signed.payload).configuration
        return configuration.profile if configuration else None

    def declared_zone(self) -> ZoneInfo:
        """Local time of the place, for the screen while the store is closed. Raises: RecordRejected."""
        try:
            name = read_regular(self.folder, _ZONE, _ZONE_BYTES_MAX).decode("ascii")
            return ZoneInfo(name)
        except (FileNotFoundError, UnicodeDecodeError, ValueError, ZoneInfoNotFoundError) as error:
            raise RecordRejected("POSTE_NON_INSTALLE", missing="zone") from error

    def note_lock_outs(self) -> None:
        """Logs the slots blocked by wrong codes, also those blocked while the store was closed."""
        blocked = self.attempts.blocked()
        if not blocked:
            return
        noted = [slot_locked_out(event) for event in self.store.log.of_kind(Kind.LOCK_OUT)]
        for slot_id in blocked:
            if slot_id not in noted:
                self.store.log.append(LockOut(slot_id=slot_id, tries=TRIES_MAX))

    def close(self) -> None:
        """Ends the session and closes the store, and those that whoever works with it has opened."""
        self.session = None
        for close in self.closing:
            close()
        if self._store is not None:
            self._note_high_water(self._store)
            self._store.connection.close()
            self._store = None
            self._give_turn()

    def _begin(self, store: OpenStore) -> None:
        copy = read_regular(self.folder, _ENROLMENT, ENROLMENT_BYTES_MAX)
        if copy != store.settings.get(Setting.ENROLMENT):
            raise RecordRejected("ENROLEMENT_MODIFIE")
        store.log.directory_version = store.tables.directory.version
        start = Start(software_version=SOFTWARE_VERSION, reason=StartReason.PROGRAM, kid=None)
        store.log.append(start)
        if store.configuration.profile is Profile.ACCUEIL:
            store.body_keys.current()

    @staticmethod
    def _note_high_water(store: OpenStore) -> None:
        try:
            store.note_high_water()
        except OSError:  # only a later comparison is lost
            log.warning("high_water_not_written", extra={"code": "DISK"})

    def _take_turn(self) -> None:
        turn = (self.folder / "turn").open("w", encoding="ascii")
        try:
            fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            turn.close()
            raise RecordRejected("POSTE_DEJA_OUVERT") from error
        self._turn = turn

    def _give_turn(self) -> None:
        if self._turn is not None:
            self._turn.close()
            self._turn = None


def write_copies(folder: Path, signed_enrolment: bytes, zone: ZoneInfo) -> None:
    """Enrolment and time zone beside the store: what must be known before any code. Nothing secret."""
    write_durably(folder / _ENROLMENT, signed_enrolment, _OWNER_ONLY)
    write_durably(folder / _ZONE, zone.key.encode("ascii"), _OWNER_ONLY)
