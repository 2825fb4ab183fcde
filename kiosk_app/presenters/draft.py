"""What the elector has answered so far: in memory only, gone with the wipe."""

from dataclasses import dataclass, field

from kiosk_app.presenters.ports import CompleteRequest, PlaceFound
from kiosk_app.presenters.typed_date import NOTHING, TypedDate
from procuration.domain.people import PartialDate, Person, Sex
from procuration.domain.scrutin import Scrutin
from procuration.domain.validity import OneScrutin, Period, Rounds, Validity

DECLARATION_VERSION = 1
"""Which wording of K1 and K6 was shown: a change of « data.* » or « review.sentence » makes it 2."""


@dataclass(slots=True)
class PersonDraft:
    """One person, as typed and, once checked, as meant."""

    birth_name: str = field(default="", repr=False)
    given_names: str = field(default="", repr=False)
    no_given_names: bool = False
    sex: Sex | None = field(default=None, repr=False)
    typed_date: TypedDate = field(default=NOTHING, repr=False)
    partial_date: bool = False
    birth_date: PartialDate | None = field(default=None, repr=False)
    typed_place: str = field(default="", repr=False)
    place: PlaceFound | None = field(default=None, repr=False)
    number: str = field(default="", repr=False)
    number_confirmed: bool = False


@dataclass(slots=True)
class Draft:
    """The whole request. `answered` holds the keys of the questions whose answer was accepted; `on_paper`: a
    form is keyed in, which has no e-mail address (R. 75-I)."""

    mandant: PersonDraft = field(default_factory=PersonDraft)
    mandataire: PersonDraft = field(default_factory=PersonDraft)
    email: str = field(default="", repr=False)
    no_email: bool = False
    email_kept: str = field(default="", repr=False)
    by_number: bool | None = None
    by_period: bool | None = None
    scrutin: Scrutin | None = None
    rounds: Rounds | None = None
    typed_first: TypedDate = NOTHING
    typed_last: TypedDate = NOTHING
    period: Period | None = None
    answered: set[str] = field(default_factory=set)
    on_paper: bool = False

    @property
    def in_nouvelle_caledonie(self) -> bool:
        """Whether the rules of regime C apply: no elector numbers (R-74)."""
        return self.mandant.place is not None and self.mandant.place.place.in_nouvelle_caledonie

    def forget_ballot(self) -> None:
        """Another commune has other ballots and other persons may be named: ask again."""
        self.scrutin = self.rounds = self.period = self.by_period = None
        self.answered -= {"election.kind", "election.which", "election.rounds", "election.dates"}
        if self.in_nouvelle_caledonie:
            self.by_number = None
            self.answered.discard("mandataire.method")

    def validity(self) -> Validity | None:
        """What was chosen at the fourth step, when it is complete."""
        if self.by_period:
            return self.period
        if self.scrutin is None or self.rounds is None:
            return None
        return OneScrutin(scrutin_id=self.scrutin.id, rounds=self.rounds)

    def complete(self) -> CompleteRequest:
        """The request to file; every question has been answered before."""
        validity, place = self.validity(), self.mandant.place
        assert validity is not None
        assert place is not None
        return CompleteRequest(
            mandant=mandant_of(self),
            mandataire=mandataire_of(self),
            vote_place=place.place,
            validity=validity,
            email=None if self.no_email or self.on_paper else self.email,
            declaration_version=DECLARATION_VERSION,
        )


def mandant_of(draft: Draft) -> Person:
    """The elector, by civil status."""
    return _by_civil_status(draft.mandant, with_place=False)


def mandataire_of(draft: Draft) -> Person:
    """The person who will vote, in exactly one of the two ways of R-26."""
    if draft.by_number:
        assert draft.mandataire.birth_date is not None
        return Person(birth_date=draft.mandataire.birth_date, elector_number=draft.mandataire.number)
    return _by_civil_status(draft.mandataire, with_place=True)


def _by_civil_status(person: PersonDraft, *, with_place: bool) -> Person:
    assert person.birth_date is not None
    return Person(
        birth_date=person.birth_date,
        birth_name=person.birth_name or None,
        given_names=None if person.no_given_names else person.given_names,
        sex=person.sex,
        enrolment=person.place.place if with_place and person.place else None,
    )
