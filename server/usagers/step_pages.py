"""What each of the four steps asks, from the answers so far (UX 1, K2 to K5)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from procuration.domain.communes import CommuneSuggestion
from procuration.domain.people import Person
from procuration.domain.scrutin import Scrutin
from procuration.domain.validity import OneScrutin, Period, Rounds, Validity
from procuration.errors import RuleViolated
from server.identity.providers import providers
from server.usagers.answers import (
    PERIOD,
    USUAL_NUMBER_DIGITS,
    Asked,
    Context,
    Fault,
    Faults,
    by_number,
    choices_of,
    places_offered,
)
from server.usagers.draft import NAME_TYPED_MAX, Draft
from server.usagers.fields import Field, Fields, sentence_of
from server.usagers.wording import Wording

_NAME_SHOWN_MAX = NAME_TYPED_MAX - 1


@dataclass(slots=True)
class StepPage:
    """One step, ready for its template."""

    lines: list[str] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)
    identity: list[tuple[str, str]] = field(default_factory=list, repr=False)
    identity_note: str = ""
    suggestion: str = ""
    hidden: list[tuple[str, str]] = field(default_factory=list, repr=False)
    another: bool = False


def provider_name(say: Wording, provider: str) -> str:
    """Its name as people know it: as it is configured, else as the catalogue has it."""
    configured = providers().get(provider)
    if configured is not None:
        return configured.label
    return say(f"provider.{provider}") if say.has(f"provider.{provider}") else provider


def civil_status(say: Wording, person: Person) -> list[tuple[str, str]]:
    """The elector as the provider names them, label and value."""
    none, unknown = say("review.none"), say("identity.unknown")
    rows = [
        (say("review.birth_name"), person.birth_name or none),
        (say("review.given_names"), person.given_names or none),
        (say("review.sex"), sex_in_words(say, person) or unknown),
        (say("review.birth_date"), say.birth_date(person.birth_date)),
    ]
    if person.used_name:
        rows.insert(1, (say("identity.used_name"), person.used_name))
    return rows


def sex_in_words(say: Wording, person: Person) -> str:
    """« Féminin », "" when it is not known."""
    return "" if person.sex is None else say("sex.f" if person.sex == 1 else "sex.m")


def identity_step(say: Wording, draft: Draft, context: Context, faults: Faults, mandant: Person) -> StepPage:
    """« Je suis »: civil status to read, an address for the messages to give."""
    answers = draft.of("identite") or {"email": context.elector.email or ""}
    suggested = faults.get("email")
    page = StepPage(
        identity=civil_status(say, mandant),
        identity_note=say("identity.wrong", provider=provider_name(say, context.elector.provider)),
    )
    if suggested is not None and suggested.refusal.code == "suggestion":
        page.suggestion = sentence_of(say, suggested)
        faults = {}
    fields = Fields(say, answers, faults)
    page.fields = [
        fields.text("email", "email.question", "hint.email", maximum=300, type="email", autocomplete="email"),
        fields.box("no_email", "email.none"),
    ]
    page.hidden = [("email_kept", answers.get("email_kept", ""))]
    return page


def commune_step(say: Wording, draft: Draft, context: Context, faults: Faults) -> StepPage:
    """« Je vote à »: only a place of the list is accepted."""
    answers = draft.of("commune")
    found = places_offered(answers, context)
    page = StepPage(lines=[say("place.consulate")])
    page.fields = [
        Fields(say, answers, _with_nothing_found(answers, found, faults)).place("place.question", found)
    ]
    return page


def mandataire_step(
    say: Wording, draft: Draft, context: Context, faults: Faults, vote_place: CommuneSuggestion
) -> StepPage:
    """« Je donne procuration à »: how the person is named first, then in that way (R-26, R-74)."""
    answers = draft.of("mandataire")
    numbered = by_number(answers, vote_place)
    page = StepPage(lines=[say("mandataire.tell")])
    if numbered is None:
        options = [(way, say(f"mandataire.by_{way}"), "") for way in ("name", "number")]
        page.fields = [Fields(say, answers, faults).choice("method", "mandataire.method", options)]
        return page
    in_caledonia = vote_place.place.in_nouvelle_caledonie
    page.another = not in_caledonia
    page.hidden = [] if in_caledonia else [("method", answers.get("method", ""))]
    found = places_offered(answers, context)
    fields = Fields(say, answers, faults if numbered else _with_nothing_found(answers, found, faults))
    page.fields = _by_number(fields, answers, faults) if numbered else _by_name(fields, say, found)
    return page


def _by_number(fields: Fields, answers: dict[str, str], faults: Faults) -> list[Field]:
    asked = [
        fields.text("number", "mandataire.number", "hint.number", maximum=20, digits=True),
        fields.date("date", "mandataire.birth_date", hint="hint.birth_date"),
        fields.box("partial", "mandataire.partial_date"),
    ]
    fault = faults.get("number")
    number = "".join(answers.get("number", "").split())
    doubted = fault is not None and fault.refusal.code == "NUMERO_INHABITUEL"
    insisted = answers.get("number_kept", "") == number != "" and len(number) not in USUAL_NUMBER_DIGITS
    if doubted or insisted:
        asked.insert(1, fields.box("number_exact", "number.keep", answers.get("number_kept", "")))
    return asked


def _by_name(fields: Fields, say: Wording, found: tuple[CommuneSuggestion, ...]) -> list[Field]:
    sexes = [(key, say(f"sex.{key}"), "") for key in ("f", "m")]
    return [
        fields.text("birth_name", "mandataire.birth_name", maximum=_NAME_SHOWN_MAX),
        fields.text(
            "given_names", "mandataire.given_names", "hint.given_names.other", maximum=_NAME_SHOWN_MAX
        ),
        fields.box("no_given_names", "mandataire.no_given_names"),
        fields.choice("sex", "mandataire.sex", sexes),
        fields.date("date", "mandataire.birth_date", hint="hint.birth_date"),
        fields.box("partial", "mandataire.partial_date"),
        fields.place("mandataire.place", found),
    ]


def _with_nothing_found(
    answers: dict[str, str], found: tuple[CommuneSuggestion, ...], faults: Faults
) -> Faults:
    """A search that finds nothing says so, whether or not the page was sent."""
    typed = answers.get("q", "").strip()
    if not typed or found:
        return faults
    return {**faults, "q": Fault(RuleViolated("LIEU_INCONNU", typed=typed))}


def elections_step(
    say: Wording, draft: Draft, context: Context, faults: Faults, vote_place: CommuneSuggestion
) -> StepPage:
    """« Je donne procuration pour »: the ballots of the commune with their rounds, or a period."""
    answers = draft.of("elections")
    scrutins = context.scrutins(vote_place)
    offered = [option for one in scrutins for option in _rounds_offered(say, one, context)]
    offered.append((PERIOD, say("election.period"), say("election.period.detail")))
    fields = Fields(say, answers, faults)
    years = say.counted("election.dates.hint", context.years_max(vote_place))
    page = StepPage(lines=[] if scrutins else [say("election.none")])
    page.fields = [
        fields.choice("choice", "election.kind", offered),
        fields.date("from", "election.from", "from_", said=f"{say('election.dates.when')} {years}"),
        fields.date("to", "election.to", "to_"),
    ]
    return page


def _rounds_offered(say: Wording, scrutin: Scrutin, context: Context) -> Iterator[tuple[str, str, str]]:
    name = scrutin_in_words(say, scrutin)
    single = len(scrutin.rounds) == 1
    for rounds in choices_of(scrutin, context.now):
        label = (
            name
            if single
            else say("election.named", name=name, rounds=say(f"election.round.{rounds:d}.name"))
        )
        yield f"{scrutin.id} {rounds:d}", label, say("election.days", days=_days(say, scrutin, rounds))


def _days(say: Wording, scrutin: Scrutin, rounds: Rounds) -> str:
    chosen = [one.day for n, one in enumerate(scrutin.rounds) if rounds & Rounds(1 << n)]
    return say.listed(say.full_day(day) for day in chosen)


def scrutin_in_words(say: Wording, scrutin: Scrutin) -> str:
    """« Élections départementales et régionales »; a code that the catalogue does not know is shown as it
    is."""
    names = say.listed(
        say(f"scrutin.{code}") if say.has(f"scrutin.{code}") else code for code in scrutin.elections
    )
    if scrutin.elections[0] not in ("referendum", "consultation"):
        alone = scrutin.elections == ("presidentielle",)
        names = say("scrutin.title.single" if alone else "scrutin.title", names=names)
    return f"{names[:1].upper()}{names[1:]}"


def validity_in_words(say: Wording, validity: Validity, calendar: Iterable[Scrutin]) -> str:
    """Written expressly (R-34): the elections, their rounds and days, or the period."""
    match validity:
        case Period(first_day=first, last_day=last):
            return say("review.period", first=say.day(first), last=say.day(last))
        case OneScrutin(scrutin_id=chosen, rounds=rounds):
            scrutin = next((one for one in calendar if one.id == chosen), None)
            if scrutin is None:
                return chosen
            name, days = scrutin_in_words(say, scrutin), _days(say, scrutin, rounds)
            if len(scrutin.rounds) > 1:
                name = say("election.named", name=name, rounds=say(f"election.round.{rounds:d}.name"))
            return f"{name}, {days}"


def full_name(person: Person) -> str:
    """« Jean-Claude Bernard DUPONT »."""
    parts = (person.given_names, (person.birth_name or "").upper())
    return " ".join(part for part in parts if part)


def review_rows(say: Wording, asked: Asked, context: Context) -> list[tuple[str, str, str]]:
    """Every answer: label, value, the step that changes it ("" for what the provider gave)."""
    rows = [(label, value, "") for label, value in civil_status(say, asked.mandant)]
    rows.append((say("review.email"), asked.email or say("review.no_email"), "identite"))
    rows.append((say("review.place"), asked.vote_place.label, "commune"))
    other = asked.mandataire
    if other.elector_number:
        rows.append((say("review.mandataire.number"), other.elector_number, "mandataire"))
    else:
        place = (
            None
            if other.enrolment is None
            else context.search.named(f"{other.enrolment.code}|{other.enrolment.type:d}")
        )
        rows += [
            (say("review.mandataire.birth_name"), other.birth_name or say("review.none"), "mandataire"),
            (say("review.mandataire.given_names"), other.given_names or say("review.none"), "mandataire"),
            (say("review.mandataire.sex"), sex_in_words(say, other), "mandataire"),
            (say("review.mandataire.place"), place.label if place else "", "mandataire"),
        ]
    rows.append((say("review.mandataire.birth_date"), say.birth_date(other.birth_date), "mandataire"))
    rows.append(
        (say("review.validity"), validity_in_words(say, asked.validity, context.tables.calendar), "elections")
    )
    return rows


def sentence(say: Wording, other: Person) -> str:
    """« Vous demandez que {Prénoms NOM} vote à votre place. »"""
    if not other.elector_number:
        return say("review.sentence", name=full_name(other))
    key = "review.sentence.number" if other.birth_date.day else "review.sentence.number.partial"
    return say(key, number=other.elector_number, date=say.birth_date(other.birth_date))
