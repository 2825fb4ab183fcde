"""Stories that no rule decides, told in signed events: each leaves procurations that wait for a person."""

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.db import transaction

from procuration.adapters.keys import SoftwareKey
from procuration.domain.acts import ActDecision
from procuration.domain.events import SyncEvidence, SyncPoint
from procuration.domain.facts import Fact, FactCode, PortalAccount, Revocation, RevocationSubject
from procuration.domain.identifiers import EventHash, Rid
from procuration.domain.law import Law
from procuration.domain.people import Person
from procuration.domain.refusal import RefusalCode
from procuration.errors import ProcurationError
from procuration.record.act import sign_act
from procuration.record.directory import Role
from procuration.record.event import EventPair
from server.config.centre import install_centre
from server.dossiers.cases import Level
from server.dossiers.models import Procuration
from server.dossiers.queue import case_of
from server.dossiers.refolding import rebuild, refold
from server.dossiers.rulings import ROLE, Decision, rule_case
from server.ledger.known import Known
from server.ledger.own_log import Entry, append, lock_own_log
from tests import builders
from tests.builders import ANGELA, NOUMEA
from tests.server.centre import Tablet, World

ADMINISTRATOR = PortalAccount(pseudonym="a1b2c3d4e5f60718", role=ROLE, place=None)
POLL = date(2027, 4, 11)


@dataclass
class Doubts:
    """A centre with a kiosk and several brigades whose clocks nothing proves: what they drew up on one day
    has no certain order."""

    world: World
    kiosk: Tablet
    officer: SoftwareKey
    brigades: dict[str, Tablet] = field(default_factory=dict)
    acts: dict[int, EventPair] = field(default_factory=dict)
    requests: dict[int, EventPair] = field(default_factory=dict)

    def brigade(self, name: str) -> Tablet:
        """A brigade of that name, on which the officer is enrolled."""
        if name not in self.brigades:
            self.brigades[name] = self.world.brigade(name)
            self.brigades[name].enrols(self.officer)
        return self.brigades[name]

    def files(self, number: int, **people: object) -> EventPair:
        """A request that the centre has."""
        if number not in self.requests:
            self.requests[number] = self.kiosk.files(number, **people)
            self.world.hears(self.kiosk)
        return self.requests[number]

    def establishes(self, number: int, where: str, minutes: int = 0, **people: Person) -> str:
        """A procuration drawn up some minutes after the first ones. Returns: its rid in hexadecimal."""
        request, brigade = self.files(number, **people), self.brigade(where)
        brigade.wall = builders.NOW + timedelta(minutes=minutes)
        self.acts[number] = brigade.acts(request, self.officer, number)
        self.hears(brigade)
        return rid(number)

    def hears(self, tablet: Tablet) -> None:
        """The centre hears a tablet, its clock never behind what the tablet says."""
        self.world.clock.at = max(self.world.clock.at, tablet.wall)
        self.world.hears(tablet)

    def refuses(self, number: int, where: str) -> None:
        """An officer refuses the request."""
        self.brigade(where).refuses(self.requests[number], self.officer, RefusalCode.MANDANT_ABSENT, number)
        self.hears(self.brigade(where))

    def revokes(
        self, number: int | None, where: str, minutes: int = 0, mandant: Person = ANGELA
    ) -> EventPair:
        """A résiliation before an officer: of one request, or of everything the mandant gave."""
        brigade = self.brigade(where)
        brigade.wall = builders.NOW + timedelta(minutes=minutes)
        about = None if number is None else builders.rid(number)
        unknown = EventPair(b"", b"")
        drawn_up = builders.act(brigade, unknown, rid=about or Rid(b""), decision=ActDecision.REVOKED)
        signed = sign_act(replace(drawn_up, filed_hash=EventHash(b"")), self.officer, brigade.realm)
        subject = RevocationSubject(rid=about, mandant=mandant, vote_place=NOUMEA, validity=None)
        pair = brigade.records(Revocation(signed_act=signed, subject=subject), rid=about, wall=drawn_up.wall)
        self.hears(brigade)
        return pair

    def proves(self, where: str) -> None:
        """A sync point: the tablet and the centre agree on the time."""
        brigade = self.brigade(where)
        brigade.records(SyncPoint(), sync=SyncEvidence(tree_size=0, root=bytes(32), offset_ms=0))
        self.hears(brigade)

    def votes(self, number: int, *codes: FactCode) -> None:
        """The polling station reports who voted."""
        with transaction.atomic():
            log, at = lock_own_log(self.world.centre), self.world.clock.now()
            facts = [Entry(Fact(code=code, day=POLL, account=None), builders.rid(number)) for code in codes]
            events = append(self.world.centre, log, facts, at)
            refold(Known(self.world.centre), {rid(number): events}, at)

    # the cases

    def unsure_order(self) -> tuple[str, str]:
        """Two mandants, one mandataire, two brigades of the national territory (R-43)."""
        same = builders.people(1)["mandataire"]
        first = self.establishes(1, "brigade")
        return first, self.establishes(2, "other", 7, mandant=mandant(2), mandataire=same)

    def two_procurations(self) -> tuple[str, str]:
        """One mandant gives two (R-49)."""
        first = self.establishes(1, "brigade")
        return first, self.establishes(2, "other", 7, mandant=ANGELA, mandataire=mandataire(2))

    def freed_ceiling(self) -> tuple[str, str]:
        """The second was void for the ceiling, and the first was revoked since (DOMAIN 2.4, row 9)."""
        same = builders.people(1)["mandataire"]
        self.proves("brigade")
        first = self.establishes(1, "brigade")
        second = self.establishes(2, "brigade", 60, mandant=mandant(2), mandataire=same)
        self.revokes(1, "brigade", 120)
        self.proves("brigade")
        return second, first

    def unsure_withdrawal(self) -> str:
        """Revoked in one brigade about when it was drawn up in another (R-46)."""
        first = self.establishes(1, "brigade")
        self.revokes(None, "other", 3)
        return first

    def two_places_at_once(self) -> tuple[str, str]:
        """One officer, one second, two tablets (R-18)."""
        return self.establishes(1, "brigade"), self.establishes(2, "other")

    def two_votes(self) -> str:
        """Both are said to have voted (R-50)."""
        first = self.establishes(1, "brigade")
        self.votes(1, FactCode.MANDANT_VOTED, FactCode.MANDATAIRE_VOTED)
        return first

    def two_decisions(self) -> str:
        """One officer established what another refused (R-18)."""
        first = self.establishes(1, "brigade")
        self.refuses(1, "other")
        return first

    def doubtful_clock(self, number: int = 1, where: str = "brigade") -> str:
        """The act claims a time that has not come yet (R-43)."""
        request, brigade = self.files(number), self.brigade(where)
        brigade.wall = builders.NOW + timedelta(hours=5)
        self.acts[number] = brigade.acts(request, self.officer, number)
        self.world.hears(brigade)
        return rid(number)

    def silent_law(self) -> str:
        """The law table says nothing of the day of the act."""
        centre = self.world.centre
        self.world.centre = replace(centre, tables=replace(centre.tables, law=Law(())))
        install_centre(self.world.centre)
        return self.establishes(1, "brigade")

    def forked_brigade(self) -> str:
        """The log of the brigade shows two histories at the place of the act; the dossier is folded again."""
        first = self.establishes(1, "brigade")
        twin = Tablet("brigade", role=Role.BRIGADE)
        twin.enrols(self.officer)
        twin.acts(self.files(2), self.officer, 2)
        with suppress(ProcurationError):  # the bundle may be refused or answered: both keep the proof
            self.world.hears(twin)
        rebuild(self.world.centre, [first])
        return first


def rid(number: int) -> str:
    """A request id in hexadecimal."""
    return builders.rid(number).hex()


def mandant(number: int) -> Person:
    """Somebody else."""
    return builders.people(number)["mandant"]


def mandataire(number: int) -> Person:
    """Somebody else who may vote."""
    return builders.people(number)["mandataire"]


def row(rid_: str) -> Procuration:
    return Procuration.objects.get(rid=rid_)


def case(world: World, rid_: str, level: Level | None = None):
    """The case as the page opens it."""
    return case_of(world.centre, rid_, level, world.clock.now())


def rules(world: World, rid_: str, choice: str, **changes: object) -> list[Procuration]:
    """A person decides what they have before their eyes."""
    opened = case(world, rid_, changes.pop("level", None))
    decision = Decision(
        rid=rid_, level=opened.level, choice=choice, seen=opened.token, reason="Vu les deux registres."
    )
    by = changes.pop("by", ADMINISTRATOR)
    world.clock.at += timedelta(minutes=1)
    return rule_case(replace(decision, **changes), by)
