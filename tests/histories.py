"""Histories of procurations as verified events, without a signature: what the fold reads. Each tablet keeps
its own log and clock; the centre's clock is the true one."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from procuration.domain.acts import Act, ActDecision
from procuration.domain.events import (
    ActRecorded,
    BootTime,
    ClockStep,
    Content,
    Decision,
    DecisionOrigin,
    Envelope,
    RecordedEvent,
    SyncEvidence,
    SyncPoint,
    TakenBy,
    TakenIn,
)
from procuration.domain.facts import (
    Fact,
    FactCode,
    FactWithdrawn,
    MandataireAnswer,
    PortalAccount,
    Revocation,
    RevocationSubject,
    Ruling,
    RulingOutcome,
)
from procuration.domain.identifiers import EventHash
from procuration.domain.law import Law
from procuration.domain.people import PartialDate, Person, Place, Sex
from procuration.domain.refusal import RefusalCode
from procuration.record.contents import kind_of
from procuration.record.tables import read_calendar, read_law, read_table
from tests import builders

REFERENCE_DATA = Path(__file__).resolve().parents[1] / "provisioning" / "reference_data"
LAW = Law(read_law(read_table((REFERENCE_DATA / "law.cbor").read_bytes())))
CALENDAR = read_calendar(read_table((REFERENCE_DATA / "calendar-demo.cbor").read_bytes()))
SOMEONE = PortalAccount(pseudonym="admin-1", role="central", place=None)
NOT_READ = b"not read by the fold"


def person(name: str, enrolment: Place | None = None, sex: Sex = Sex.FEMALE) -> Person:
    """Somebody of that name, always born on the same day."""
    born = PartialDate(1950 + len(name) % 40, 1 + len(name) % 12, 1)
    return Person(birth_name=name, given_names="Camille", sex=sex, birth_date=born, enrolment=enrolment)


@dataclass
class Log:
    """One tablet's log, or the centre's."""

    name: str
    floor: datetime
    offset: timedelta = timedelta(0)
    events: list[RecordedEvent] = field(default_factory=list)

    def writes(
        self, content: Content, at: datetime, rid=None, act: Act | None = None, sync=None
    ) -> RecordedEvent:
        """The next event, at a true time; the wall clock of the log may be off by its offset."""
        seq = len(self.events)
        wall = at + self.offset
        envelope = Envelope(
            log_id=builders.log_id(self.name),
            seq=seq,
            prev=EventHash(bytes(32)),
            kind=kind_of(content),
            body_hash=bytes(32),
            wall=wall,
            boot=BootTime(boot_id=bytes(8), monotonic_ms=seq, floor=self.floor),
            directory_version=1,
            sync=sync,
            rid=rid,
        )
        hash_ = EventHash(sha256(f"{self.name} {seq}".encode()).digest())
        event = RecordedEvent(hash=hash_, envelope=envelope, content=content, act=act)
        self.events.append(event)
        return event

    def meets_the_centre(self, at: datetime) -> None:
        """A sync point: the offset of the clock is measured."""
        offset_ms = -self.offset // timedelta(milliseconds=1)
        self.writes(SyncPoint(), at, sync=SyncEvidence(tree_size=1, root=bytes(32), offset_ms=offset_ms))
        self.floor = max(self.floor, at)

    def steps(self, at: datetime, by: timedelta) -> None:
        """The clock jumps."""
        self.offset += by
        self.writes(ClockStep(step_ms=by // timedelta(milliseconds=1)), at)


class History:
    """What several tablets and the centre wrote, and where it came from."""

    def __init__(self, begins: datetime) -> None:
        self.begins = begins
        self.logs: dict[str, Log] = {}
        self.centre = self.log("centre")

    def log(self, name: str) -> Log:
        """The log of that name."""
        return self.logs.setdefault(name, Log(name, floor=self.begins))

    @property
    def events(self) -> list[RecordedEvent]:
        """Everything, log after log."""
        return [event for log in self.logs.values() for event in log.events]

    def files(self, number: int, at: datetime, **changes) -> RecordedEvent:
        """A request at the kiosk."""
        return self.log("kiosk").writes(builders.filed(**changes), at, rid=builders.rid(number))

    def establishes(
        self, number: int, at: datetime, tablet: str = "brigade", abroad: bool = False, **changes
    ):
        """A request and the act that establishes it, at one minute's distance."""
        act_changes = {
            name: changes.pop(name) for name in ("decision", "refusal_code", "authority") if name in changes
        }
        request = self.files(number, at - timedelta(minutes=1), **changes)
        return self.acts(request, at, tablet, abroad, **act_changes)

    def acts(
        self, request: RecordedEvent, at: datetime, tablet: str = "brigade", abroad: bool = False, **changes
    ):
        """An officer decides about a request."""
        log = self.log(tablet)
        device = builders.Device(tablet)
        drawn_up = builders.act(device, request, rid=request.envelope.rid, wall=at + log.offset)
        place = replace(drawn_up.place, insee_code="99109" if abroad else "98805")
        drawn_up = replace(drawn_up, seq=len(log.events), place=place, **changes)
        content = ActRecorded(signed_act=NOT_READ, filed_sign1=NOT_READ, filed_body=NOT_READ)
        return log.writes(content, at, rid=request.envelope.rid, act=drawn_up)

    def proves(self, tablet: str, *instants: datetime) -> None:
        """Sync points of a tablet."""
        for at in instants:
            self.log(tablet).meets_the_centre(at)

    def receives(self, act: RecordedEvent, at: datetime, by: TakenBy = TakenBy.CENTRE) -> RecordedEvent:
        """The centre, or the town hall, has it."""
        content = TakenIn(by=by, act_hash=act.hash, account=None)
        return self.centre.writes(content, at, rid=act.envelope.rid)

    def decides(self, act: RecordedEvent, at: datetime, code: RefusalCode | None = None) -> RecordedEvent:
        """The town hall accepts, or refuses with a code."""
        content = Decision(
            act_hash=act.hash,
            origin=DecisionOrigin.TOWN_HALL,
            accepted=code is None,
            code=code,
            account=SOMEONE,
        )
        return self.centre.writes(content, at, rid=act.envelope.rid)

    def answers(self, act: RecordedEvent, at: datetime, code: RefusalCode | None = None) -> RecordedEvent:
        """The mandataire's town hall answers."""
        return self.centre.writes(
            MandataireAnswer(act_hash=act.hash, code=code, account=SOMEONE), at, rid=act.envelope.rid
        )

    def revokes(
        self,
        at: datetime,
        tablet: str = "brigade",
        rid=None,
        mandant=builders.ANGELA,
        place=builders.NOUMEA,
        validity=None,
    ) -> RecordedEvent:
        """A résiliation before an officer."""
        log = self.log(tablet)
        request = RecordedEvent(hash=EventHash(b""), envelope=None, content=None)
        drawn_up = builders.act(builders.Device(tablet), request, rid=rid or b"", wall=at + log.offset)
        drawn_up = replace(drawn_up, decision=ActDecision.REVOKED, seq=len(log.events))
        subject = RevocationSubject(rid=rid, mandant=mandant, vote_place=place, validity=validity)
        return log.writes(Revocation(signed_act=NOT_READ, subject=subject), at, rid=rid, act=drawn_up)

    def learns(self, number: int, code: FactCode, at: datetime, day=None) -> RecordedEvent:
        """A town hall records a fact."""
        return self.centre.writes(
            Fact(code=code, day=day or at.date(), account=SOMEONE), at, rid=builders.rid(number)
        )

    def withdraws(self, fact: RecordedEvent, at: datetime, number=None, log: str = "centre") -> RecordedEvent:
        """A town hall says that a fact was recorded by mistake; of another request when a number says so."""
        content = FactWithdrawn(fact_hash=fact.hash, reason="Homonyme.", account=SOMEONE)
        rid = fact.envelope.rid if number is None else builders.rid(number)
        return self.log(log).writes(content, at, rid=rid)

    def rules(self, outcome: RulingOutcome, at: datetime, *acts: RecordedEvent) -> None:
        """A person decides; one event for each request concerned, as the centre writes them."""
        content = Ruling(
            decided_on=tuple(act.hash for act in acts),
            outcome=outcome,
            reason="Vu les pièces.",
            account=SOMEONE,
        )
        for rid in dict.fromkeys(act.envelope.rid for act in acts):
            self.centre.writes(content, at, rid=rid)


def utc(*parts: int) -> datetime:
    """An aware UTC instant."""
    return datetime(*parts, tzinfo=UTC)
