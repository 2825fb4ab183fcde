"""The centre, tablets and town halls of a ballot of the past: real calendar, real law of that day, invented
people.

Every tablet has a true clock; what it writes reaches the centre when the story says so.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from procuration.domain.events import SyncEvidence, SyncPoint
from procuration.domain.identifiers import Rid
from procuration.domain.people import PartialDate, Person, Place, PlaceType, Sex
from procuration.domain.refusal import RefusalCode
from procuration.domain.status import Status
from procuration.domain.validity import OneScrutin, Rounds
from procuration.record.directory import Directory, Role
from procuration.record.enrolment import Enrolment
from procuration.record.event import EventPair
from server.config.centre import install_centre
from server.dossiers.models import Procuration
from server.dossiers.services import Account, decide, list_taken_in_by_town_hall
from tests import builders
from tests.server.centre import HeldClock, Tablet, World, centre_of

OFFICER = builders.key("officer")


@dataclass
class DatedTablet(Tablet):
    """A tablet enrolled in the years of the replay."""

    @property
    def enrolment(self) -> Enrolment:
        told = super().enrolment
        return replace(
            told, not_before=self.wall - timedelta(days=10), not_after=self.wall + timedelta(days=400)
        )


def directory_of(at: datetime) -> Directory:
    """The trust list of the tests, in force at that time."""
    told = builders.directory()
    first, last = at - timedelta(days=30), at + timedelta(days=365)
    return replace(
        told,
        issued=at,
        expires=last,
        entries=tuple(replace(entry, not_before=first, not_after=last) for entry in told.entries),
        server_sealing_keys=tuple(replace(key, first=first, last=last) for key in told.server_sealing_keys),
        epochs=tuple(
            replace(epoch, first=at + timedelta(days=28 * number), last=at + timedelta(days=28 * number + 28))
            for number, epoch in enumerate(told.epochs)
        ),
    )


def commune(code: str, cog_year: int = 2024) -> Place:
    """A commune of the real list."""
    return Place(code=code, type=PlaceType.COMMUNE, cog_year=cog_year)


def citizen(name: str, votes_in: Place | None = None) -> Person:
    """An invented person; a mandataire says where they vote."""
    born = PartialDate(1940 + sum(map(ord, name)) % 60, 1 + len(name) % 12, 1 + len(name) % 28)
    return Person(
        birth_name=name, given_names="Dominique", sex=Sex.FEMALE, birth_date=born, enrolment=votes_in
    )


@dataclass
class Paper:
    """What an elector carries from the kiosk to the brigade."""

    rid: Rid
    pair: EventPair


class Replay(World):
    """A story told in true time: each step moves the clock of everybody."""

    def __init__(self, folder: Path, begins: datetime) -> None:
        super().__init__(centre_of(folder, directory_of(begins)))
        assert isinstance(self.centre.clock, HeldClock)
        self.centre.clock.at = begins
        install_centre(self.centre)
        self.tablets: dict[str, DatedTablet] = {}
        self.papers: dict[str, Paper] = {}
        self.begins = begins

    def at(self, moment: datetime) -> None:
        """The time is now this one, everywhere."""
        self.clock.at = moment

    def tablet(self, name: str, role: Role) -> DatedTablet:
        """The tablet of that name, enrolled the first time; a brigade has one officer."""
        if name not in self.tablets:
            tablet = DatedTablet(name, role=role, wall=self.begins, floor=self.begins - timedelta(hours=1))
            self.tablets[name] = tablet
            self.knows(tablet)
            if role is Role.BRIGADE:
                first, last = self.begins - timedelta(days=1), self.begins + timedelta(days=80)
                tablet.enrols(OFFICER, not_before=first, not_after=last)
                self.syncs(name)
        self.tablets[name].wall = self.clock.at
        return self.tablets[name]

    def files(
        self,
        who: str,
        mandant: Person,
        mandataire: Person,
        place: Place,
        scrutin: str,
        rounds: Rounds = Rounds.BOTH,
        kiosk: str = "kiosk",
    ) -> Paper:
        """An elector files at a kiosk; the paper has their name here only."""
        tablet = self.tablet(kiosk, Role.KIOSK)
        number = 1000 + len(self.papers)
        pair = tablet.files(
            number,
            reference=None,
            mandant=mandant,
            mandataire=mandataire,
            vote_place=place,
            validity=OneScrutin(scrutin_id=scrutin, rounds=rounds),
        )
        self.papers[who] = Paper(builders.rid(number), pair)
        return self.papers[who]

    def establishes(self, brigade: str, *who: str) -> None:
        """The officer checks these people, one a minute, and signs."""
        for name in who:
            self.clock.at += timedelta(minutes=1)
            tablet, paper = self.tablet(brigade, Role.BRIGADE), self.papers[name]
            drawn_up = builders.act(tablet, paper.pair, rid=paper.rid)
            place = replace(drawn_up.place, insee_code="02408")
            builders.records_act(tablet, paper.pair, replace(drawn_up, place=place), OFFICER)

    def syncs(self, *names: str) -> None:
        """These tablets meet the centre: what they kept arrives, their clock is proved."""
        for name in names:
            tablet = self.tablets[name]
            tablet.wall = self.clock.at
            tablet.records(SyncPoint(), sync=SyncEvidence(tree_size=1, root=bytes(32), offset_ms=0))
            self.hears(tablet)
            tablet.floor = max(tablet.floor, self.clock.at)

    def mairie(self, place: Place) -> "TownHall":
        """The town hall of a commune."""
        return TownHall(self, place)

    def dossier(self, who: str) -> Procuration:
        """The procuration of an elector at the centre."""
        return Procuration.objects.get(rid=self.papers[who].rid.hex())

    def status(self, *who: str) -> list[Status]:
        """Where these procurations stand."""
        return [Status(self.dossier(name).status) for name in who]


@dataclass
class TownHall:
    """An agent of a town hall."""

    replay: Replay
    place: Place
    account: Account = field(init=False)

    def __post_init__(self) -> None:
        self.account = Account(
            pseudonym=f"agent-{self.place.code}",
            role="mairie",
            place_code=self.place.code,
            place_type=self.place.type.value,
            place_cog_year=self.place.cog_year,
        )

    def opens_its_list(self, *who: str) -> None:
        """What is shown is received (R-54)."""
        list_taken_in_by_town_hall([self.replay.papers[name].rid.hex() for name in who], self.account)

    def decides(self, who: str, code: RefusalCode | None = None) -> None:
        """Accepts, or refuses with a code."""
        decide(self.replay.papers[who].rid.hex(), self.account, accepted=code is None, code=code)
