"""A throw-away tablet to learn with: its own realm, keys and trust list, and invented people.

Nothing of it can count anywhere: its realm is drawn at each start, and every signature and seal of a real
centre names another. It lives in memory where the system allows (/dev/shm), and its folder is deleted at the
end; what a crash leaves, the next start deletes.
"""

import fcntl
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, TextIO

from kiosk_app import installation
from kiosk_app.station import Station
from kiosk_app.store.slots import Argon2Cost
from kiosk_app.store.tables import COMMUNES
from kiosk_app.use_cases.file_request import FileRequest, RequestDraft
from procuration.adapters.foreign_file import read_regular
from procuration.adapters.keys import SoftwareKey
from procuration.adapters.spool import AppSpool
from procuration.adapters.trust import realm_of
from procuration.domain.identifiers import LogId, Realm
from procuration.domain.people import PartialDate, Person, Place, PlaceType, Sex
from procuration.domain.places import departement_of
from procuration.domain.reference import ALPHABET, Reference
from procuration.domain.validity import Period
from procuration.errors import RecordRejected
from procuration.ports import Clock
from procuration.record.directory import (
    NO_LOG,
    Directory,
    Entry,
    Epoch,
    Role,
    ServerSealingKey,
    encode_directory,
)
from procuration.record.enrolment import (
    Configuration,
    Designation,
    Enrolment,
    EnrolmentRequest,
    OfflineRequestPolicy,
    Profile,
    read_request,
    sign_enrolment,
)
from procuration.record.inbox import Lease
from procuration.record.limits import TABLE_BYTES_MAX
from procuration.record.sealed import SealingPrivateKey, SuiteId
from procuration.record.shape import integer, sequence
from procuration.record.tables import read_table

FOLDER_PREFIX: Final = "procuration-formation-"
IN_MEMORY: Final = Path("/dev/shm")  # noqa: S108  # a folder of ours alone is made in it, mode 0700
AGENT_CODE: Final = "246810"
OFFICER_CODE: Final = "135790"
REFERENCE_PREFIX: Final = "FRM"
BIRTH: Final = PartialDate(1970, 1, 2)
TABLES: Final = ("calendar-demo", "law", "communes-2026", "places-demo")
_LOCK: Final = "en-cours"
_LEASED: Final = 40
_DAYS: Final = timedelta(days=60)
_COST: Final = Argon2Cost(memory_kib=64 * 1024)
_INVENTED: Final = (("EXEMPLE", "Annie Fictive", Sex.FEMALE), ("MODÈLE", "Bruno Fictif", Sex.MALE),
                    ("ESSAI", "Carine Fictive", Sex.FEMALE))  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A training tablet that is installed and closed.

    Attributes:
        code: opens it; shown on every page.
        references: of the invented requests that wait at a brigade.
        centre: the private key of the centre that does not exist: for tests alone, nothing here uses it.
    """

    folder: Path
    spool: AppSpool
    station: Station
    realm: Realm
    code: str
    references: tuple[Reference, ...]
    centre: SealingPrivateKey


def shipped_tables(folder: Path) -> dict[str, bytes]:
    """The tables of the demonstration. Raises: RecordRejected TABLE_ABSENTE."""
    found = {}
    for name in TABLES:
        try:
            data = read_regular(folder, f"{name}.cbor", TABLE_BYTES_MAX)
        except FileNotFoundError as error:
            raise RecordRejected("TABLE_ABSENTE", table=name) from error
        found[f"{name.partition('-')[0]}.cbor"] = data
    return found


@contextmanager
def throw_away_folder(base: Path | None = None) -> Iterator[Path]:
    """A folder of this process alone, in memory when there is room for it, deleted at the end; those that
    processes which ended left behind go first."""
    base = base or (IN_MEMORY if os.access(IN_MEMORY, os.W_OK) else Path(tempfile.gettempdir()))
    _sweep(base)
    folder = Path(tempfile.mkdtemp(prefix=FOLDER_PREFIX, dir=base))
    lock = _held(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=False)
        if lock is not None:
            lock.close()


def _sweep(base: Path) -> None:
    for left in base.glob(f"{FOLDER_PREFIX}*"):
        ours = not left.is_symlink() and left.is_dir() and left.stat().st_uid == os.getuid()
        lock = _held(left) if ours and (left / _LOCK).is_file() else None
        if lock is not None:
            shutil.rmtree(left)
            lock.close()


def _held(folder: Path) -> TextIO | None:
    """The lock of a folder; None while another process trains there."""
    lock = (folder / _LOCK).open("a", encoding="ascii")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return None
    return lock


class GroundBuilder:
    """Installs one training tablet with the steps of a real one."""

    def __init__(
        self, folder: Path, profile: Profile, place: str, tables: Mapping[str, bytes], clock: Clock
    ) -> None:
        self._folder, self._profile, self._place = folder, profile, place
        self._tables, self._clock = tables, clock
        self._root = b"FORMATION " + os.urandom(32)  # no metadata that anybody could follow
        self._realm = realm_of(self._root)
        self._supervisor = SoftwareKey.generate()
        self._centre = SealingPrivateKey.generate(SuiteId.MLKEM768_X25519, os.urandom)
        self._now = clock.now().replace(microsecond=0)

    def build(self) -> Ground:
        """Raises: RecordRejected COMMUNE_INCONNUE, or what is wrong with a table."""
        store, spool = self._folder / "poste", AppSpool(self._folder / "echange")
        stick = os.urandom(32)
        codes = installation.Codes(agent=AGENT_CODE, supervisor=secrets.token_urlsafe(24))
        request = read_request(installation.prepare(store, self._root, codes, stick, self._clock, _COST))
        station = Station(store, self._clock, second_secret=lambda: stick, cost=_COST, spool=spool.folder)
        try:
            verified = {**self._tables, "directory.cbor": encode_directory(self._directory(request))}
            signed = self._signed(request, configuration=self._configuration())
            installation.install(station, AGENT_CODE, signed, self._root, verified, spool)
            self._check_place(station)
            station.store.leases.add(Lease(1, _references(_LEASED)))
            waiting = self._officer(station) if self._profile is Profile.BRIGADE else ()
        finally:
            station.close()
        return Ground(
            folder=store,
            spool=spool,
            station=station,
            realm=self._realm,
            code=OFFICER_CODE if self._profile is Profile.BRIGADE else AGENT_CODE,
            references=waiting,
            centre=self._centre,
        )

    def _check_place(self, station: Station) -> None:
        if station.store.tables.communes.named(self._vote_place()) is None:
            raise RecordRejected("COMMUNE_INCONNUE")

    def _vote_place(self) -> Place:
        rows = read_table(self._tables[COMMUNES]).rows
        year = integer(sequence(rows[0])[2]) if rows else 0
        return Place(code=self._place, type=PlaceType.COMMUNE, cog_year=year)

    def _officer(self, station: Station) -> tuple[Reference, ...]:
        """An invented officer, and the invented requests that wait for them."""
        request = read_request(installation.prepare_officer(station, AGENT_CODE, OFFICER_CODE))
        designation = Designation(
            nom="FORMATION", prenoms="Agent", qualite="Agent en formation", designation="FORMATION"
        )
        signed = self._signed(request, role=Role.OFFICER, designation=designation)
        installation.install_officer(station, AGENT_CODE, signed)
        file = FileRequest(station)
        drafts = invented_requests(self._vote_place(), self._now)
        return tuple(one for draft in drafts if (one := file(draft).reference) is not None)

    def _configuration(self) -> Configuration:
        return Configuration(
            profile=self._profile,
            unit_name="FORMATION",
            place=self._place,
            departement=departement_of(self._place),
            policy=OfflineRequestPolicy.DEMATERIALISED,
        )

    def _signed(
        self,
        request: EnrolmentRequest,
        *,
        role: Role | None = None,
        configuration: Configuration | None = None,
        designation: Designation | None = None,
    ) -> bytes:
        enrolment = Enrolment(
            cose_key=request.cose_key,
            role=role or self._role(),
            unit="formation",
            not_before=self._now - timedelta(hours=1),
            not_after=self._now + _DAYS,
            log_id=request.log_id,
            sealing_key=request.sealing_key,
            configuration=configuration,
            designation=designation,
        )
        return sign_enrolment(enrolment, self._supervisor, self._realm)

    def _role(self) -> Role:
        return Role.BRIGADE if self._profile is Profile.BRIGADE else Role.KIOSK

    def _directory(self, request: EnrolmentRequest) -> Directory:
        first, last = self._now - timedelta(days=1), self._now + _DAYS
        epoch = SealingPrivateKey.generate(SuiteId.X25519, os.urandom).public
        return Directory(
            version=1,
            issued=self._now,
            expires=last,
            entries=(
                self._entry(SoftwareKey.generate().cose_key, Role.SERVER, LogId(os.urandom(8))),
                self._entry(SoftwareKey.generate().cose_key, Role.CHECKPOINT, NO_LOG),
                self._entry(self._supervisor.cose_key, Role.SUPERVISOR, NO_LOG),
                self._entry(request.cose_key, self._role(), request.log_id),
            ),
            min_suite=(("up", 2), ("down", 2), ("qr", 1), ("enrol", 2), ("body", 2)),
            server_sealing_keys=(ServerSealingKey(key=self._centre.public, first=first, last=last),),
            epochs=(Epoch(number=1, key=epoch, first=first, last=last),),
        )

    def _entry(self, cose_key: bytes, role: Role, log_id: LogId) -> Entry:
        return Entry(
            cose_key=cose_key,
            role=role,
            unit="formation",
            not_before=self._now - timedelta(days=1),
            not_after=self._now + _DAYS,
            revoked_at=None,
            log_id=log_id,
        )


def invented_requests(place: Place, now: datetime) -> tuple[RequestDraft, ...]:
    """What nobody ever asked: three mandants, each with the next one as mandataire, for a month."""
    people = [
        Person(birth_name=name, given_names=given, sex=sex, birth_date=BIRTH)
        for name, given, sex in _INVENTED
    ]
    first = now.date() + timedelta(days=2)
    return tuple(
        RequestDraft(
            mandant=mandant,
            mandataire=Person(
                birth_name=people[number - 1].birth_name,
                given_names=people[number - 1].given_names,
                sex=people[number - 1].sex,
                birth_date=BIRTH,
                enrolment=place,
            ),
            vote_place=place,
            validity=Period(first_day=first, last_day=first + timedelta(days=30)),
            email=None,
            declaration_version=1,
        )
        for number, mandant in enumerate(people)
    )


def _references(count: int) -> tuple[Reference, ...]:
    """« FRM XXX »: they look like what they are."""
    letters = len(ALPHABET)
    drawn = secrets.SystemRandom().sample(range(letters**3), count)
    return tuple(
        Reference(
            REFERENCE_PREFIX
            + ALPHABET[n // letters**2]
            + ALPHABET[n // letters % letters]
            + ALPHABET[n % letters]
        )
        for n in drawn
    )
