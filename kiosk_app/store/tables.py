"""The signed tables this tablet relies on: the last verified ones stay in use when newer metadata is missing.

Decides which version is in force here and answers what the screens and rules ask of it. Verifying the
signatures of the tables is `procuration.adapters.trust`.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kiosk_app.store.connection import Connection
from kiosk_app.store.settings import Settings
from procuration.domain.alerts import AlertPolicy
from procuration.domain.communes import CommuneIndex
from procuration.domain.competence import Form
from procuration.domain.law import Law
from procuration.domain.people import Place
from procuration.domain.scrutin import Scrutin, open_scrutins
from procuration.domain.sites import PublicPlace
from procuration.domain.teleprocedure import served_scrutins
from procuration.errors import RecordRejected, RuleViolated
from procuration.ports import Clock
from procuration.record.directory import FRESHNESS_LIMIT, Directory, Role, read_directory
from procuration.record.places import check_places
from procuration.record.sealed import SealingPublicKey
from procuration.record.shape import octets, sequence, text
from procuration.record.tables import (
    Table,
    read_alert_policy,
    read_calendar,
    read_directory_days_max,
    read_law,
    read_sites,
    read_table,
)

DIRECTORY: Final = "directory.cbor"
CALENDAR: Final = "calendar.cbor"
LAW: Final = "law.cbor"
COMMUNES: Final = "communes.cbor"
SITES: Final = "sites.cbor"
PLACES: Final = "places.cbor"
POLICY: Final = "policy.cbor"
Checked = TypeVar("Checked")
_REQUIRED: Final = (DIRECTORY, CALENDAR, LAW, COMMUNES)


class SignedTables:
    """Table `target`, read into typed values once each."""

    def __init__(self, connection: Connection, settings: Settings, clock: Clock) -> None:
        self._connection = connection
        self._settings = settings
        self._clock = clock
        self._communes: CommuneIndex | None = None
        self._directory: Directory | None = None
        self._calendar: tuple[Scrutin, ...] | None = None
        self._law: Law | None = None
        self._sites: tuple[PublicPlace, ...] | None = None
        self._days_max: int | None = None

    def put(self, verified: Mapping[str, bytes]) -> bool:
        """Brings verified targets into use, all or none; says whether anything changed.

        Raises: RecordRejected TABLE_ABSENTE, ANNUAIRE_PLUS_ANCIEN, or the code of a table that cannot be
        read.
        """
        directory = _checked(verified)
        if self._stored(DIRECTORY) is not None and directory.version < self.directory.version:
            raise RecordRejected("ANNUAIRE_PLUS_ANCIEN", version=directory.version)
        changed = {name: data for name, data in verified.items() if self._stored(name) != data}
        if not changed:
            return False
        with self._connection.transaction():
            for name, data in changed.items():
                self._connection.write("INSERT OR REPLACE INTO target VALUES (?, ?)", (name, data))
            self._settings.raise_floor(directory.issued)
        self._directory = self._communes = self._calendar = self._law = self._sites = None
        self._days_max = None
        return True

    @property
    def directory(self) -> Directory:
        """The trust list in force. Raises: RecordRejected POSTE_NON_INSTALLE."""
        if self._directory is None:
            self._directory = read_directory(self._required(DIRECTORY))
        return self._directory

    @property
    def calendar(self) -> tuple[Scrutin, ...]:
        if self._calendar is None:
            self._calendar = read_calendar(read_table(self._required(CALENDAR)))
        return self._calendar

    @property
    def law(self) -> Law:
        if self._law is None:
            self._law = Law(read_law(read_table(self._required(LAW))))
        return self._law

    @property
    def communes(self) -> CommuneIndex:
        if self._communes is None:
            self._communes = CommuneIndex.from_table(read_table(self._required(COMMUNES)).rows)
        return self._communes

    @property
    def sites(self) -> tuple[PublicPlace, ...]:
        """The préfet's list of public places (R-16); empty when the authority publishes none."""
        if self._sites is None:
            data = self._stored(SITES)
            self._sites = () if data is None else read_sites(read_table(data))
        return self._sites

    @property
    def places(self) -> Table | None:
        """The places that receive people, read from the disk at each call and kept by nobody: they are some
        megabytes, asked once for each elector. None when the authority publishes none."""
        data = self._stored(PLACES)
        return None if data is None else read_table(data)

    def zone_of(self, departement: str) -> ZoneInfo:
        """Time zone of a département, for screens and paper. Raises: RecordRejected DEPARTEMENT_INCONNU."""
        for row in read_table(self._required(COMMUNES)).rows:
            code, _, _, zone, *_ = sequence(row)
            if code == departement:
                try:
                    return ZoneInfo(text(zone))
                except ZoneInfoNotFoundError as error:
                    raise RecordRejected("DEPARTEMENT_INCONNU") from error
        raise RecordRejected("DEPARTEMENT_INCONNU")

    def open_scrutins(self, place: Place, form: Form = Form.TELEPROCEDURE) -> tuple[Scrutin, ...]:
        """What an elector of this place may still choose, by date (R-36); on paper also what the
        télé-procédure does not serve (R-79)."""
        found = open_scrutins(place, self.calendar, self._proved(self._clock.now()))
        return found if form is Form.PAPER else served_scrutins(found, place, self.law)

    def period_years_max(self, place: Place) -> int:
        """The longest period the law allows them today (R-29, R-30)."""
        return self.law.period_years_max(place, self._proved(self._clock.now()).date())

    def centre_key(self, now: datetime) -> SealingPublicKey:
        """The server's sealing key; with an old directory or a wrong clock the newest one, so that
        filing goes on.

        Raises: RuleViolated ANNUAIRE_SANS_CLE.
        """
        try:
            return self.directory.centre(now)
        except RuleViolated:
            keys = self.directory.server_sealing_keys
            if not keys:
                raise
            return max(keys, key=lambda one: one.first).key

    def by_checkpoint_key(self, check: Callable[[bytes], Checked]) -> Checked:
        """What a checkpoint or a receipt states, by whichever checkpoint key of the directory signed it: the
        centre changes it once a year. A revoked key proves nothing; their dates are not asked, since a
        checkpoint carries none and our clock may be wrong.

        Args:
            check: with the COSE_Key of one candidate; raises RecordRejected when it is another.
        Raises: RecordRejected KEY_UNKNOWN, KEY_REVOKED, or what `check` raised last.
        """
        refused = RecordRejected("KEY_UNKNOWN")
        for entry in self.directory.keys(Role.CHECKPOINT):
            if entry.revoked_at is not None:
                refused = RecordRejected("KEY_REVOKED", kid=entry.kid.hex())
                continue
            try:
                return check(entry.cose_key)
            except RecordRejected as error:
                refused = error
        raise refused

    @property
    def directory_days_max(self) -> int:
        """Age in days from which the directory allows no new act, by the policy in force."""
        if self._days_max is None:
            data = self._stored(POLICY)
            table = None if data is None else read_table(data)
            self._days_max = FRESHNESS_LIMIT.days if table is None else read_directory_days_max(table)
        return self._days_max

    @property
    def alert_policy(self) -> AlertPolicy:
        """From how many acts on an officer is told that something is unusual (DOMAIN 9.8)."""
        data = self._stored(POLICY)
        return AlertPolicy() if data is None else read_alert_policy(read_table(data))

    def is_too_old(self, now: datetime) -> bool:
        """Whether the directory is older than an officer's act allows (SECURITY-DESIGN 4)."""
        return self._age(now) > timedelta(days=self.directory_days_max)

    def age_days(self, now: datetime) -> int:
        """Age of the directory against the later of wall clock and floor (SECURITY-DESIGN 4)."""
        return max(0, self._age(now).days)

    def _age(self, now: datetime) -> timedelta:
        return self._proved(now) - self.directory.issued

    def _proved(self, now: datetime) -> datetime:
        """A wall clock behind the floor is certainly wrong."""
        return max(now, self._settings.floor)

    def all(self) -> dict[str, bytes]:
        """Every verified table, by name."""
        rows = self._connection.rows("SELECT name, value FROM target")
        return {text(name): octets(value) for name, value in rows}

    def _stored(self, name: str) -> bytes | None:
        row = self._connection.row("SELECT value FROM target WHERE name = ?", (name,))
        return octets(row[0]) if row else None

    def _required(self, name: str) -> bytes:
        data = self._stored(name)
        if data is None:
            raise RecordRejected("POSTE_NON_INSTALLE", missing=name)
        return data


def _checked(verified: Mapping[str, bytes]) -> Directory:
    """Every table can be read before any is used."""
    for name in _REQUIRED:
        if name not in verified:
            raise RecordRejected("TABLE_ABSENTE", table=name)
    read_calendar(read_table(verified[CALENDAR]))
    read_law(read_table(verified[LAW]))
    sequence(read_table(verified[COMMUNES]).rows)
    if POLICY in verified:
        read_directory_days_max(read_table(verified[POLICY]))
    if SITES in verified:
        read_sites(read_table(verified[SITES]))
    if PLACES in verified:
        check_places(read_table(verified[PLACES]).rows)
    return read_directory(verified[DIRECTORY])
