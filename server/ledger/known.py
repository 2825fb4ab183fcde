"""What the ledger knows of the devices and officers behind a set of events, fetched in a few queries and
then only read.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from procuration.domain.clock_evidence import LogEvidence
from procuration.domain.competence import Habilitation
from procuration.domain.identifiers import Kid, LogId
from procuration.record.cose_key import VerifyingKey
from procuration.record.directory import Role
from procuration.record.event import parse_event
from server.config.centre import Centre
from server.ledger.checked import Checked
from server.ledger.evidence import Evidence
from server.ledger.models import Device, Event, ForkEvidence, OfficerEnrolment, OfficerRevocation


@lru_cache(maxsize=20_000)
def verifying_key(cose_key: bytes) -> VerifyingKey:
    """A public key ready to check, made once per key and process."""
    return VerifyingKey(cose_key)


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """A device as far as judging its events goes."""

    id: int
    log_id: LogId
    role: Role
    key: VerifyingKey
    not_after: datetime
    revoked_at: datetime | None
    place: tuple[str, int] | None = None
    """Code and type of the place that a town hall decides for; None for other devices."""

    @property
    def ends_at(self) -> datetime | None:
        """When what it writes stops counting: at its revocation, or with its term. The centre's own log has
        no term: each of its events was written here."""
        if self.role is Role.SERVER:
            return self.revoked_at
        return self.not_after if self.revoked_at is None else min(self.revoked_at, self.not_after)


@dataclass(frozen=True, slots=True)
class LogPlace:
    """Where an event stands, as far as its time goes."""

    floor: datetime
    wall: datetime
    received_at: datetime


@dataclass(frozen=True, slots=True)
class KnownOfficer:
    """An officer's habilitation on one tablet, where its log says so, and the names it was given to.

    Attributes:
        supervisor: who signed it.
        place: of the event that brought it; only fetched when that supervisor was revoked since, or when an
            earlier one of the same key would have lasted longer.
    """

    seq: int
    key: VerifyingKey
    habilitation: Habilitation
    nom: str = field(repr=False)
    prenoms: str = field(repr=False)
    qualite: str
    designation: str
    supervisor: Kid
    place: LogPlace | None = None


def _shortened(rows: Iterable[OfficerEnrolment]) -> set[tuple[int, int]]:
    """Places of the habilitations that end before an earlier one of the same key: renewed for less, or ended
    at the tablet."""
    longest: dict[tuple[int, str], datetime] = {}
    found = set()
    for row in sorted(rows, key=lambda one: one.seq):
        before = longest.setdefault((row.device_id, row.kid), row.not_after)
        if row.not_after < before:
            found.add((row.device_id, row.seq))
        longest[row.device_id, row.kid] = max(before, row.not_after)
    return found


def known_device(centre: Centre, row: Device) -> KnownDevice:
    """A row, with what today's directory adds."""
    key = verifying_key(bytes(row.cose_key))
    entry = centre.tables.entries.get(key.kid)
    return KnownDevice(
        id=row.pk,
        log_id=LogId(bytes.fromhex(row.log_id)),
        role=Role(row.role),
        key=key,
        not_after=row.not_after,
        revoked_at=None if entry is None else entry.revoked_at,
        place=(row.place, row.place_type or 0) if row.role == Role.TOWN_HALL.value else None,
    )


class Known:
    """Devices, officers and forks around a set of events; asks the database for what is missing, never
    twice.
    """

    def __init__(self, centre: Centre, checked: Checked | None = None) -> None:
        """With what the same call has checked of the same events already."""
        assert checked is None or checked.centre is centre, "other tables may give other answers"
        self.centre = centre
        self.checked = checked or Checked(centre)
        self._by_log: dict[LogId, KnownDevice] = {}
        self._by_id: dict[int, KnownDevice] = {}
        self._officers: dict[int, dict[Kid, list[KnownOfficer]]] = {}
        self._withdrawn: dict[tuple[str, str, datetime], datetime] = {}
        self._receptions: dict[tuple[int, int], tuple[bytes, datetime]] = {}
        self._forks: dict[int, frozenset[int]] = {}
        self._evidence = Evidence()

    def add(self, device: KnownDevice) -> None:
        """A device that the caller has fetched already."""
        self._by_log[device.log_id] = device
        self._by_id[device.id] = device

    def load_logs(self, log_ids: Iterable[LogId]) -> None:
        """Fetch these logs; a device that only the directory knows gets its row."""
        missing = {log_id for log_id in log_ids if log_id not in self._by_log}
        if not missing:
            return
        for row in Device.objects.filter(log_id__in=[log_id.hex() for log_id in missing]):
            self.add(known_device(self.centre, row))
        for log_id in missing - self._by_log.keys():
            if (entry := self.centre.tables.entries_by_log.get(log_id)) is not None:
                row, _ = Device.objects.get_or_create(
                    log_id=log_id.hex(),
                    defaults={
                        "kid": entry.kid.hex(),
                        "cose_key": entry.cose_key,
                        "role": entry.role.value,
                        "unit": entry.unit,
                        "not_before": entry.not_before,
                        "not_after": entry.not_after,
                        "enrolled_at": self.centre.clock.now(),
                    },
                )
                self.add(known_device(self.centre, row))

    def load_devices(self, ids: Iterable[int]) -> None:
        """Fetch these devices by their row numbers."""
        missing = {id_ for id_ in ids if id_ not in self._by_id}
        if missing:
            for row in Device.objects.filter(pk__in=missing):
                self.add(known_device(self.centre, row))

    def load_officers(self, ids: Iterable[int]) -> None:
        """Fetch the habilitations on these devices."""
        missing = {id_ for id_ in ids if id_ not in self._officers}
        if not missing:
            return
        self._officers.update({id_: {} for id_ in missing})
        self._load_withdrawn(missing)
        rows = list(OfficerEnrolment.objects.filter(device_id__in=missing))
        places = self._places_in_doubt(rows)
        for row in rows:
            self.add_officer(row, places.get((row.device_id, row.seq)))

    def _load_withdrawn(self, ids: Collection[int]) -> None:
        """Habilitations that a supervisor ended on these devices; the earliest end counts."""
        logs = Device.objects.filter(pk__in=ids).values("log_id")
        for row in OfficerRevocation.objects.filter(log_id__in=logs).order_by("-at"):
            self._withdrawn[row.log_id, row.kid, row.not_before] = row.at

    def _places_in_doubt(self, rows: Iterable[OfficerEnrolment]) -> dict[tuple[int, int], LogPlace]:
        """Where the habilitations stand whose supervisor was revoked since, and those that end another."""
        rows, revoked = list(rows), self.centre.tables.revoked_supervisors
        wanted = {(row.device_id, row.seq) for row in rows if row.supervisor in revoked} | _shortened(rows)
        if not wanted:
            return {}
        found = Event.objects.filter(
            device_id__in={device_id for device_id, _ in wanted}, seq__in={seq for _, seq in wanted}
        ).values_list("device_id", "seq", "sign1", "received_at")
        places = {}
        for device_id, seq, sign1, received_at in found:
            if (device_id, seq) in wanted:
                envelope = parse_event(bytes(sign1))[1]
                places[device_id, seq] = LogPlace(envelope.boot.floor, envelope.wall, received_at)
        return places

    def load_for(self, acts: Collection[tuple[int, int]]) -> None:
        """Fetch what judging these acts takes, each a device and a place in its log."""
        devices = {device_id for device_id, _ in acts}
        self._evidence.load(acts)
        self.load_officers(devices)
        self.load_forks(devices)
        doubtful = {place for place in acts if self._is_in_doubt(place[0])}
        enrolled = {
            (device_id, row.seq) for device_id in devices for row in self._signed_by_revoked(device_id)
        }
        self._evidence.load_points(doubtful | enrolled)

    def _is_in_doubt(self, device_id: int) -> bool:
        """Whether something was revoked around the acts of this device: then its sync points matter."""
        device = self._by_id.get(device_id)
        if device is None or (device.ends_at is not None and device.ends_at <= self.centre.clock.now()):
            return True
        ended = any(row.habilitation.revoked_at is not None for row in self.officers_of(device_id))
        return ended or bool(self._signed_by_revoked(device_id))

    def _signed_by_revoked(self, device_id: int) -> list[KnownOfficer]:
        revoked = self.centre.tables.revoked_supervisors
        if not revoked:
            return []
        return [row for row in self.officers_of(device_id) if row.supervisor.hex() in revoked]

    def officers_of(self, device_id: int) -> list[KnownOfficer]:
        """Every habilitation fetched for a device."""
        return [row for rows in self._officers.get(device_id, {}).values() for row in rows]

    def load_receptions(self, places: Collection[tuple[int, int]]) -> None:
        """Fetch when the centre had these places of logs whose device no longer counts."""
        ended = {place for place in places if self._is_in_doubt(place[0])} - self._receptions.keys()
        if not ended:
            return
        found = Event.objects.filter(
            device_id__in={device_id for device_id, _ in ended}, seq__in={seq for _, seq in ended}
        ).values_list("device_id", "seq", "hash", "received_at")
        for device_id, seq, event_hash, received_at in found:
            if (device_id, seq) in ended:
                self._receptions[device_id, seq] = (bytes(event_hash), received_at)

    def reception(self, device_id: int, seq: int, event_hash: bytes) -> datetime | None:
        """When its own log brought this very event, None when it did not."""
        found = self._receptions.get((device_id, seq))
        return found[1] if found is not None and found[0] == event_hash else None

    def note_evidence(self, device_id: int, sign1: bytes) -> None:
        """A sync point or a clock step that a bundle brings, before it is stored."""
        self._evidence.add(device_id, sign1)

    def evidence(self, device_id: int) -> LogEvidence:
        """What a log proves of the time of its acts."""
        return self._evidence.of(device_id)

    def no_forks(self, id_: int) -> None:
        """The caller has looked, under the lock of that log: it has one history."""
        self._forks[id_] = frozenset()

    def load_forks(self, ids: Iterable[int]) -> None:
        """Fetch where these devices have two histories."""
        missing = {id_ for id_ in ids if id_ not in self._forks}
        if not missing:
            return
        seqs: dict[int, set[int]] = {id_: set() for id_ in missing}
        for id_, seq in ForkEvidence.objects.filter(device_id__in=missing).values_list("device_id", "seq"):
            seqs[id_].add(seq)
        self._forks.update({id_: frozenset(found) for id_, found in seqs.items()})

    def add_officer(self, row: OfficerEnrolment, place: LogPlace | None = None) -> None:
        """An enrolment, stored or about to be."""
        key = verifying_key(bytes(row.cose_key))
        habilitation = Habilitation(
            kid=key.kid,
            log_id=LogId(bytes.fromhex(row.named_log)),
            not_before=row.not_before,
            not_after=row.not_after,
            revoked_at=self.withdrawn_at(row),
        )
        rows = self._officers.setdefault(row.device_id, {}).setdefault(key.kid, [])
        supervisor = Kid(bytes.fromhex(row.supervisor))
        names = (row.nom, row.prenoms, row.qualite, row.designation)
        rows.append(KnownOfficer(row.seq, key, habilitation, *names, supervisor, place))

    def withdrawn_at(self, row: OfficerEnrolment) -> datetime | None:
        """When a supervisor ended this habilitation early; the end that was signed first ends nothing."""
        at = self._withdrawn.get((row.named_log, row.kid, row.not_before))
        return at if at is not None and at < row.not_after else None

    def device(self, log_id: LogId) -> KnownDevice | None:
        """The device that writes a log."""
        return self._by_log.get(log_id)

    def device_by_id(self, id_: int) -> KnownDevice:
        """A device already fetched."""
        return self._by_id[id_]

    def officer(self, device_id: int, kid: Kid, before_seq: int) -> KnownOfficer | None:
        """The newest enrolment of an officer key that stands before a place in the tablet's log."""
        rows = [row for row in self._officers.get(device_id, {}).get(kid, []) if row.seq < before_seq]
        return max(rows, key=lambda row: row.seq) if rows else None

    def is_an_end(self, device_id: int, officer: KnownOfficer) -> bool:
        """Whether this enrolment ended, when it was logged, an earlier one of the same key: whatever stands
        behind it in that log comes after the end, whatever time it claims."""
        place, ends = officer.place, officer.habilitation.not_after
        if place is None or ends > max(place.wall, place.floor):
            return False
        rows = self._officers.get(device_id, {}).get(officer.key.kid, [])
        return any(row.seq < officer.seq and row.habilitation.not_after > ends for row in rows)

    def is_forked(self, device_id: int, seq: int) -> bool:
        """Whether two histories differ at this place."""
        return seq in self._forks.get(device_id, frozenset())

    def is_beyond_fork(self, device_id: int, seq: int) -> bool:
        """Whether this place belongs to one of two histories, not to what both have."""
        forks = self._forks.get(device_id)
        return bool(forks) and min(forks or (seq,)) <= seq
