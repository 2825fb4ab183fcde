"""The centre as its code sees it: its name, its keys, and the signed tables in force. Built here and
nowhere else.

Private keys are read once per process. The tables are read again when the served TUF repository changes,
through the same verification as a tablet's: a table altered on this machine is refused here too.
"""

import gc
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Final
from zoneinfo import ZoneInfo

from procuration.adapters.clock import SystemClock
from procuration.adapters.keys import read_key_file
from procuration.adapters.trust import realm_of, verified_targets
from procuration.domain.acts import ActPlace
from procuration.domain.establishment import zone_name_of
from procuration.domain.identifiers import Kid, LogId, Realm
from procuration.domain.law import Law
from procuration.domain.people import Place, PlaceType
from procuration.domain.scrutin import Round, Scrutin, scrutins_of
from procuration.domain.sites import PublicPlace
from procuration.domain.validity import Ballots, Validity, rounds_covered
from procuration.errors import CarrierUnavailable, RecordRejected
from procuration.ports import Clock, Signer
from procuration.record import canonical
from procuration.record.directory import Directory, Entry, Role, read_directory
from procuration.record.sealed import SealingPrivateKey, SuiteId
from procuration.record.shape import fields, octets
from procuration.record.tables import Table, read_calendar, read_law, read_sites, read_table
from server.config.communes import Commune, read_communes, read_departements
from server.config.options import read_options

_SERVED_TABLES: Final = ("directory.cbor", "calendar.cbor", "law.cbor")
_NAMES_TABLE: Final = "communes.cbor"
"""Without it the pages show codes instead of names: nothing else depends on it here."""
_SITES_TABLE: Final = "sites.cbor"
"""Without it no public place is listed: an act drawn up in one has no effect (R-16)."""
_PLACES_TABLE: Final = "places.cbor"
"""Without it the public page of places has nothing to list."""
TABLE_NAMES: Final = (*_SERVED_TABLES, _NAMES_TABLE, _SITES_TABLE, _PLACES_TABLE)
_SMALL_FILE_BYTES_MAX: Final = 4096
OWN_LOG_FILE: Final = "server-log.cbor"
_ROUNDS_KEPT: Final = 20_000


@dataclass(frozen=True)
class Tables:
    """The signed tables in force."""

    directory: Directory
    calendar: tuple[Scrutin, ...]
    law: Law
    sites: tuple[PublicPlace, ...] = ()
    communes: Mapping[tuple[str, int], Commune] = field(default_factory=dict, repr=False)
    departements: Mapping[str, str] = field(default_factory=dict, repr=False)
    places: Table | None = field(default=None, repr=False)
    communes_table: Table | None = field(default=None, repr=False)
    _held: dict[Place, tuple[Scrutin, ...]] = field(default_factory=dict, compare=False, repr=False)
    _rounds: dict[tuple[Validity, Place], tuple[Round, ...]] = field(
        default_factory=dict, compare=False, repr=False
    )
    _zones: dict[ActPlace, tzinfo] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def entries(self) -> Mapping[Kid, Entry]:
        """The directory by key id: a list of 50 000 keys is not walked for each event."""
        return {entry.kid: entry for entry in self.directory.entries}

    @cached_property
    def entries_by_log(self) -> Mapping[LogId, Entry]:
        """The directory by log id; keys without a log are left out."""
        return {entry.log_id: entry for entry in self.directory.entries if any(entry.log_id)}

    @cached_property
    def revoked_supervisors(self) -> frozenset[str]:
        """Key ids, in hexadecimal, of the supervisors who no longer count."""
        revoked = (entry for entry in self.directory.keys(Role.SUPERVISOR) if entry.revoked_at is not None)
        return frozenset(entry.kid.hex() for entry in revoked)

    @cached_property
    def ballots(self) -> Ballots:
        """The calendar as rivals are compared with it."""
        return Ballots(self.calendar)

    def held_at(self, place: Place) -> tuple[Scrutin, ...]:
        """The scrutins of a place, remembered: the calendar of one commune."""
        if place not in self._held:
            if len(self._held) > _ROUNDS_KEPT:
                self._held.clear()
            self._held[place] = scrutins_of(place, self.calendar)
        return self._held[place]

    def zone_of_act(self, place: ActPlace) -> tzinfo:
        """The time zone of the commune where an act was drawn up, from its ballots; UTC abroad."""
        if place not in self._zones:
            if len(self._zones) > _ROUNDS_KEPT:
                self._zones.clear()
            where = Place(code=place.insee_code, type=PlaceType.COMMUNE, cog_year=0)
            self._zones[place] = ZoneInfo(zone_name_of(place, self.held_at(where)) or "UTC")
        return self._zones[place]

    def rounds(self, validity: Validity, vote_place: Place) -> tuple[Round, ...]:
        """The rounds that a validity covers, remembered: an import asks the same few questions hundreds of
        times.
        """
        question = (validity, vote_place)
        if question not in self._rounds:
            if len(self._rounds) > _ROUNDS_KEPT:
                self._rounds.clear()
            self._rounds[question] = rounds_covered(validity, self.calendar, vote_place)
        return self._rounds[question]


@dataclass(frozen=True, kw_only=True)
class Centre:
    """Everything the ledger and the dossiers need from outside the database.

    Attributes:
        home: the server's folder; `tuf` in it is served to agents.
        log_id: the log that this server writes.
        sealing_keys: suite 2, by key id: those in force and those still read.
        epoch_keys: suite 1, by epoch number.
        archive_dir: the folder of the sealed archive, on another disk; None when there is none.
        checkpoint_signer: None in the store of a town hall, which keeps no tree of its own.
        may_sign: asked with the time, by that store only.
        floor: the largest time proved to that store; None at the centre, whose clock is the measure.
    """

    home: Path
    clock: Clock
    realm: Realm
    log_id: LogId
    signer: Signer = field(repr=False)
    checkpoint_signer: Signer | None = field(repr=False)
    sealing_keys: Mapping[Kid, SealingPrivateKey] = field(repr=False)
    epoch_keys: Mapping[int, SealingPrivateKey] = field(repr=False)
    tables: Tables = field(repr=False)
    archive_dir: Path | None = None
    floor: Callable[[], datetime] | None = None
    may_sign: Callable[[datetime], bool] | None = None

    @property
    def signs(self) -> bool:
        """Whether anything may be signed now; a town hall's computer that is stopped, or late, does not."""
        return self.may_sign is None or self.may_sign(self.clock.now())


def read_tables(home: Path) -> Tables:
    """The tables of the repository this home serves, verified from its first root.

    Raises: RecordRejected, CarrierUnavailable CENTRE_INCOMPLET.
    """
    first_root = _small_file(home / "tuf" / "root.json", 512_000)
    return tables_of(verified_targets(first_root, home / "tuf", home / "trust-cache", TABLE_NAMES))


def tables_of(found: Mapping[str, bytes]) -> Tables:
    """The same, from targets that were verified. Raises: as `read_tables`."""
    for name in _SERVED_TABLES:
        if name not in found:
            raise CarrierUnavailable("CENTRE_INCOMPLET", file=name)
    names = read_table(found[_NAMES_TABLE]) if _NAMES_TABLE in found else None
    return Tables(
        directory=read_directory(found["directory.cbor"]),
        calendar=read_calendar(read_table(found["calendar.cbor"])),
        law=Law(read_law(read_table(found["law.cbor"]))),
        sites=read_sites(read_table(found[_SITES_TABLE])) if _SITES_TABLE in found else (),
        communes=read_communes(names) if names else {},
        departements=read_departements(names) if names else {},
        places=read_table(found[_PLACES_TABLE]) if _PLACES_TABLE in found else None,
        communes_table=names,
    )


def read_centre(home: Path) -> Centre:
    """The centre of a home folder made by `procuration-provision authority init`.

    Raises: CarrierUnavailable CENTRE_INCOMPLET (ids: file), RecordRejected.
    """
    keys = home / "keys"
    sealing = [_sealing_key(path, SuiteId.MLKEM768_X25519) for path in sorted(keys.glob("sealing-*.key"))]
    epochs = {
        int(path.stem.removeprefix("epoch-")): _sealing_key(path, SuiteId.X25519)
        for path in keys.glob("epoch-*.key")
        if path.stem.removeprefix("epoch-").isdigit()
    }
    archive_dir = read_options(home).archive_dir
    return Centre(
        home=home,
        clock=SystemClock(),
        realm=realm_of(_small_file(home / "tuf" / "root.json", 512_000)),
        log_id=_own_log_id(home),
        signer=read_key_file(keys / "signing.pem"),
        checkpoint_signer=read_key_file(keys / "checkpoint.pem"),
        sealing_keys={key.kid: key for key in sealing},
        epoch_keys=epochs,
        tables=read_tables(home),
        archive_dir=Path(archive_dir) if archive_dir else None,
    )


def _small_file(path: Path, bytes_max: int = _SMALL_FILE_BYTES_MAX) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(bytes_max + 1)
    except OSError as error:
        raise CarrierUnavailable("CENTRE_INCOMPLET", file=path.name) from error
    if len(data) > bytes_max:
        raise RecordRejected("CENTRE_INCOMPLET", file=path.name)
    return data


def _sealing_key(path: Path, suite: SuiteId) -> SealingPrivateKey:
    return SealingPrivateKey(suite, _small_file(path))


def _own_log_id(home: Path) -> LogId:
    value = fields(canonical.decode(_small_file(home / OWN_LOG_FILE), max_bytes=_SMALL_FILE_BYTES_MAX), 2)
    return LogId(octets(value[1], length=8))


class _Kept:
    """The centre of this process, and what the files looked like when it was read."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.centre: Centre | None = None
        self.seen: tuple[int, ...] = ()


_kept = _Kept()


def _look_of(home: Path) -> tuple[int, ...]:
    """Changes whenever somebody publishes tables or adds a key."""
    watched = (home / "tuf" / "metadata" / "timestamp.json", home / "keys", home / OWN_LOG_FILE)
    return tuple(path.stat().st_mtime_ns if path.exists() else 0 for path in watched)


def current_centre() -> Centre:
    """The centre of this process's home, its tables as last published.

    Raises: CarrierUnavailable CENTRE_INCOMPLET, RecordRejected: the tables on disk are not those the
    authority signed.
    """
    from server.config.settings import HOME  # settings are read late: commands may set the home first

    with _kept.lock:
        look = _look_of(HOME)
        if _kept.centre is None or (_kept.seen and look != _kept.seen):
            _kept.centre, _kept.seen = read_centre(HOME), look
            leave_alone_what_stays()
        return _kept.centre


def leave_alone_what_stays() -> None:
    """Take programs and tables out of the collector's walks: they live as long as the process, and each walk
    over them costs an import as much as its own objects do."""
    gc.collect()
    gc.freeze()


def install_centre(centre: Centre | None) -> None:
    """Give this process a centre built elsewhere, which no file replaces; None: read the home again."""
    with _kept.lock:
        _kept.centre, _kept.seen = centre, ()
