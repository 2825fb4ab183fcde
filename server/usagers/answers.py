"""What the answers of each step mean, by the rules of the domain, exactly as a tablet applies them; and
what is wrong with those that mean nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, TypeVar

from procuration.domain.communes import CommuneSuggestion
from procuration.domain.people import (
    PartialDate,
    Person,
    Sex,
    check_birth_date,
    check_elector_number,
    check_email,
    check_mandant,
    check_mandataire,
    check_name,
    is_certainly_minor,
)
from procuration.domain.scrutin import Scrutin, open_scrutins
from procuration.domain.teleprocedure import check_mandataire_reachable, served_scrutins
from procuration.domain.validity import (
    OneScrutin,
    Period,
    Rounds,
    Validity,
    check_period,
    check_scrutin,
    rounds_covered,
)
from procuration.errors import RuleViolated
from server.config.centre import Centre, Tables
from server.identity.elector import Elector
from server.pages.places import zone_of_place
from server.usagers.commune_search import CommuneSearch, search_of
from server.usagers.draft import Answers
from server.usagers.misspelt import better_address
from server.usagers.typed_date import parse_birth_date, parse_day

T = TypeVar("T")
PERIOD: Final = "periode"
_SEXES: Final = {"f": Sex.FEMALE, "m": Sex.MALE}
USUAL_NUMBER_DIGITS: Final = (8, 9)
WHOLE_PAGE: Final = ""
"""The field of a fault that no single answer can mend."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one answer: the refusal, and whom or what its sentence speaks of."""

    refusal: RuleViolated
    about: str = ""


Faults = dict[str, Fault]


class WrongAnswers(Exception):
    """At least one answer of a step is to be given again. Attributes: faults, by field."""

    def __init__(self, faults: Faults) -> None:
        super().__init__(", ".join(sorted(faults)))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Context:
    """Who asks, when, and the signed tables in force."""

    elector: Elector
    tables: Tables
    now: datetime

    @property
    def search(self) -> CommuneSearch:
        """The communes, ready to be searched."""
        return search_of(self.tables.communes_table)

    def today(self, place: CommuneSuggestion | None = None) -> date:
        """The day at the commune of vote, where dates are meant; in Paris before it is known."""
        code, kind = (place.place.code, place.place.type.value) if place else ("", 0)
        return self.now.astimezone(zone_of_place(self.tables, code, kind)).date()

    def scrutins(self, place: CommuneSuggestion) -> tuple[Scrutin, ...]:
        """What an elector of this place may still choose on line, by date (R-36, R-78, R-79)."""
        found = open_scrutins(place.place, self.tables.calendar, self.now)
        return served_scrutins(found, place.place, self.tables.law)

    def years_max(self, place: CommuneSuggestion) -> int:
        """The longest period the law allows (R-29, R-30)."""
        return self.tables.law.period_years_max(place.place, self.today(place))


def context_of(elector: Elector, centre: Centre) -> Context:
    """Now, with the tables in force."""
    return Context(elector, centre.tables, centre.clock.now())


@dataclass(slots=True)
class _Refusals:
    """Collects what is wrong, so that a page says everything at once."""

    about: str = ""
    faults: Faults = field(default_factory=dict)

    def trying(self, name: str, read: Callable[[], T], about: str | None = None) -> T | None:
        try:
            return read()
        except RuleViolated as refusal:
            self.faults[name] = Fault(refusal, self.about if about is None else about)
            return None

    def finish(self) -> None:
        if self.faults:
            raise WrongAnswers(self.faults)


def check_identity(context: Context) -> Person:
    """The elector as the provider names them; nobody corrects it here. Raises: RuleViolated, when it cannot
    name the mandant of a request (R. 75-II): the paper or a tablet remains."""
    elector = context.elector
    mandant = Person(
        birth_name=None if elector.birth_name is None else check_name(elector.birth_name),
        given_names=None if elector.given_names is None else check_name(elector.given_names, "PRENOMS"),
        sex=elector.sex,
        birth_date=elector.birth_date,
        used_name=None if elector.used_name is None else check_name(elector.used_name),
    )
    check_mandant(mandant, context.today())
    return mandant


def email_of(answers: Answers) -> str | None:
    """The address for the messages, None when the elector has none. A known misspelling is only suggested.

    Raises: WrongAnswers.
    """
    if answers.get("no_email"):
        return None
    refusals = _Refusals()
    typed = answers.get("email", "")
    email = refusals.trying("email", lambda: check_email(typed))
    refusals.finish()
    assert email is not None, "no fault: an address"
    better = better_address(email)
    if better and answers.get("email_kept") != email:
        raise WrongAnswers({"email": Fault(RuleViolated("suggestion", x=better))})
    return email


def place_of(answers: Answers, context: Context, about: str = "") -> CommuneSuggestion:
    """A place of the list, and nothing else. Raises: WrongAnswers."""
    found = context.search.named(answers.get("place", ""))
    if found is None:
        raise WrongAnswers({"q": Fault(RuleViolated("LIEU_MANQUANT"), about)})
    return found


def places_offered(answers: Answers, context: Context) -> tuple[CommuneSuggestion, ...]:
    """What was searched, and what is chosen already, first."""
    return context.search.offered(answers.get("place", ""), answers.get("q", ""))


def by_number(answers: Answers, vote_place: CommuneSuggestion) -> bool | None:
    """How the other person is named; None as long as nobody has said. In Nouvelle-Calédonie by civil status
    only (R-74)."""
    if vote_place.place.in_nouvelle_caledonie:
        return False
    return {"name": False, "number": True}.get(answers.get("method", ""))


def mandataire_of(answers: Answers, vote_place: CommuneSuggestion, context: Context) -> Person:
    """The person who will vote, in exactly one of the two ways of R-26, and somebody else (R-08), whom the
    télé-procédure may serve (R-73).

    Raises: WrongAnswers.
    """
    numbered = by_number(answers, vote_place)
    if numbered is None:
        raise WrongAnswers({"method": Fault(RuleViolated("CHOIX_MANQUANT"), "mandataire.method")})
    refusals = _Refusals("mandataire")
    today = context.today(vote_place)
    person = (_numbered if numbered else _named)(answers, today, context, refusals)
    refusals.finish()
    assert person is not None, "no fault: a person"
    place = vote_place.place
    refusals.trying(
        WHOLE_PAGE, lambda: check_mandataire(person, check_identity(context), place, today), about=""
    )
    refusals.finish()
    refusals.trying(WHOLE_PAGE, lambda: check_mandataire_reachable(place, person, context.tables.law, today))
    refusals.finish()
    return person


def _numbered(answers: Answers, today: date, context: Context, refusals: _Refusals) -> Person | None:
    number = refusals.trying("number", lambda: check_elector_number(answers.get("number", "")))
    if number is not None and len(number) not in USUAL_NUMBER_DIGITS and answers.get("number_kept") != number:
        refusals.faults["number"] = Fault(RuleViolated("NUMERO_INHABITUEL", n=len(number)))
    born = _born(answers, today, refusals)
    return None if born is None else Person(birth_date=born, elector_number=number)


def _named(answers: Answers, today: date, context: Context, refusals: _Refusals) -> Person | None:
    birth_name = refusals.trying("birth_name", lambda: check_name(answers.get("birth_name", "")))
    given_names = None
    if not answers.get("no_given_names"):
        given_names = refusals.trying(
            "given_names", lambda: check_name(answers.get("given_names", ""), "PRENOMS")
        )
    sex = _SEXES.get(answers.get("sex", ""))
    if sex is None:
        refusals.faults["sex"] = Fault(RuleViolated("CHOIX_MANQUANT"), "mandataire.sex")
    born = _born(answers, today, refusals)
    place = context.search.named(answers.get("place", ""))
    if place is None:
        refusals.faults["q"] = Fault(RuleViolated("LIEU_MANQUANT"), "mandataire")
    if born is None or place is None:
        return None
    return Person(
        birth_name=birth_name, given_names=given_names, sex=sex, birth_date=born, enrolment=place.place
    )


def _born(answers: Answers, today: date, refusals: _Refusals) -> PartialDate | None:
    partial = bool(answers.get("partial"))
    return refusals.trying(
        "date", lambda: check_birth_date(parse_birth_date(answers, partial=partial), today)
    )


def choices_of(scrutin: Scrutin, now: datetime) -> tuple[Rounds, ...]:
    """The rounds that may still be chosen: each whose poll has not closed, and both."""
    alone = [Rounds(1 << n) for n, round_ in enumerate(scrutin.rounds) if round_.closes_at > now]
    return (Rounds.BOTH, *alone) if len(alone) == 2 else tuple(alone)


def validity_of(answers: Answers, vote_place: CommuneSuggestion, context: Context) -> Validity:
    """One scrutin with its rounds, or a period; an age that the law asks for on the last day served (R-09).

    Raises: WrongAnswers.
    """
    chosen = answers.get("choice", "")
    validity = (
        _period(answers, vote_place, context) if chosen == PERIOD else _scrutin(chosen, context, vote_place)
    )
    refusals = _Refusals()
    refusals.trying(WHOLE_PAGE, lambda: check_age(validity, vote_place, context))
    refusals.finish()
    return validity


def check_age(validity: Validity, vote_place: CommuneSuggestion, context: Context) -> None:
    """Eighteen on the last day served, not today (R-09). Raises: RuleViolated MANDANT_MINEUR."""
    match validity:
        case Period(last_day=last_day):
            day = last_day
        case OneScrutin():
            day = rounds_covered(validity, context.tables.calendar, vote_place.place)[-1].day
    if is_certainly_minor(context.elector.birth_date, day):
        raise RuleViolated("MANDANT_MINEUR")


def _scrutin(chosen: str, context: Context, vote_place: CommuneSuggestion) -> OneScrutin:
    scrutin_id, _, rounds = chosen.rpartition(" ")
    offered = {
        (scrutin.id, str(choice.value)): OneScrutin(scrutin_id=scrutin.id, rounds=choice)
        for scrutin in context.scrutins(vote_place)
        for choice in choices_of(scrutin, context.now)
    }
    validity = offered.get((scrutin_id, rounds))
    if validity is None:
        raise WrongAnswers({"choice": Fault(RuleViolated("ELECTION_MANQUANTE"))})
    refusals = _Refusals()
    calendar = context.tables.calendar
    refusals.trying("choice", lambda: check_scrutin(validity, calendar, vote_place.place, context.now))
    refusals.finish()
    return validity


def _period(answers: Answers, vote_place: CommuneSuggestion, context: Context) -> Period:
    refusals, today = _Refusals(), context.today(vote_place)
    first = refusals.trying("from", lambda: parse_day(answers, "from_"), "from")
    last = refusals.trying("to", lambda: parse_day(answers, "to_"), "to")
    if first is not None and first < today:
        refusals.faults["from"] = Fault(RuleViolated("PERIODE_COMMENCEE"))
    refusals.finish()
    assert first is not None, "no fault: a day"
    assert last is not None, "no fault: a day"
    period = Period(first_day=first, last_day=last)
    refusals.trying("to", lambda: check_period(period, context.years_max(vote_place), today))
    refusals.finish()
    return period


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Everything the elector answered, as values of the law."""

    mandant: Person
    email: str | None = field(repr=False)
    vote_place: CommuneSuggestion
    mandataire: Person
    validity: Validity


def read_all(answers: Mapping[str, Answers], context: Context) -> Asked:
    """The whole request. Raises: Incomplete, with the first step whose answers are wanting; RuleViolated, as
    `check_identity`."""
    mandant = check_identity(context)
    email = _step("identite", lambda: email_of(answers.get("identite", {})))
    place = _step("commune", lambda: place_of(answers.get("commune", {}), context))
    mandataire = _step("mandataire", lambda: mandataire_of(answers.get("mandataire", {}), place, context))
    validity = _step("elections", lambda: validity_of(answers.get("elections", {}), place, context))
    return Asked(mandant=mandant, email=email, vote_place=place, mandataire=mandataire, validity=validity)


class Incomplete(Exception):
    """A step is to be answered, or answered again. Attributes: step."""

    def __init__(self, step: str) -> None:
        super().__init__(step)
        self.step = step


def _step(name: str, read: Callable[[], T]) -> T:
    try:
        return read()
    except WrongAnswers as wrong:
        raise Incomplete(name) from wrong
