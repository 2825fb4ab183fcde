"""From the verdicts on all events of one request to its row. Pure: the live row and the rebuilt one come
from here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from procuration.domain.candidates import RoundOutcome
from procuration.domain.clock_evidence import interval_of
from procuration.domain.events import (
    Decision,
    DecisionOrigin,
    Filed,
    PaperForm,
    RecordedEvent,
    TakenBy,
    TakenIn,
)
from procuration.domain.facts import Fact, FactWithdrawn, MandataireAnswer, Ruling, RulingOutcome
from procuration.domain.identifiers import EventHash, Rid
from procuration.domain.outcome import Settled, needs_answer, rival_of, settled_of
from procuration.domain.people import PartialDate, Person, fold_name
from procuration.domain.scrutin import ServedRound
from procuration.domain.status import (
    Standing,
    Status,
    last_rulings,
    legal_order,
    ruled,
    standing_of,
    with_answer,
)
from procuration.domain.taking_over import closed
from procuration.domain.validity import OneScrutin, Period
from procuration.errors import RuleViolated
from server.config.centre import Tables
from server.dossiers.act_columns import NO_ACT, act_columns
from server.dossiers.emptied import emptied_row
from server.dossiers.holders import NONE_HELD
from server.dossiers.judgement import Verdict
from server.dossiers.listing import ANSWER_AWAITED, lists_of, order_of
from server.dossiers.models import Procuration
from server.dossiers.own import Own, keys_of, without_names, written
from server.dossiers.town_hall_checks import regime_of
from server.ledger.enums import FOR_A_PERSON, Aside
from server.ledger.opening import Opened

COLUMNS: Final = tuple(field.name for field in Procuration._meta.concrete_fields)
Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Judged:
    """An event of the ledger beside what it is worth."""

    opened: Opened
    verdict: Verdict


@dataclass(slots=True)
class Dossier:
    """The row of one request, what the fold wants told about it, and what its rivals will ask."""

    row: Row
    status: Status
    cause: str
    own: Own


def dossier_of(
    rid: str, judged: Sequence[Judged], tables: Tables, *, taken_over: bool = False
) -> Dossier | None:
    """The dossier of one request by its own events, and whether another one took it over; None while no
    genuine filed event is known: there is nobody to name. `relations` then compares it with its rivals.
    """
    decided = _ruled_asides(judged)
    events = {event.hash: event for event in _counting(judged, decided)}
    standing = _without_rulings_on_clocks(standing_of(events.values()), judged)
    if standing.status is Status.PURGEE:
        return _emptied(rid, standing, events)
    if standing.filed is None:
        return None
    if taken_over:
        standing = closed(standing)
    if standing.status is Status.DEMANDE and all(one.verdict.code is None for one in judged):
        return _only_asked_for(rid, standing, events, tables)
    filed = standing.filed
    assert filed is not None, "closing keeps it"
    needed = needs_answer(standing, tables.law, tables.ballots)
    standing = with_answer(standing, needed=needed)
    ordered = sorted(events.values(), key=legal_order)
    asides = sorted((one for one in judged if one.verdict.code is not None), key=_by_its_own_words)
    row: Row = {"rid": rid, "reference": standing.reference, "aside": [_aside(one) for one in asides]}
    row |= _request_columns(filed, tables)
    row |= _filed_columns(standing, events)
    row |= act_columns(standing, events)
    row |= _decision_columns(standing)
    row["history"] = [_history(event) for event in ordered]
    row["to_take_in"] = standing.established is not None and standing.transmitted_at is None
    row["answer"] = "" if not needed else ANSWER_AWAITED if standing.answer is None else "DONNEE"
    row["regime"], unknown = _regime(standing, tables)
    doubted = [one for one in asides if one.verdict.code in FOR_A_PERSON and one.opened.hash not in decided]
    aside = unknown or (doubted[0].verdict.code if doubted else None)
    rival = rival_of(Rid(bytes.fromhex(rid)), standing, tables.law, tables.ballots)
    own = Own(standing, None if rival is None else without_names(rival), "" if aside is None else aside.value)
    row |= keys_of(own.rival) | NONE_HELD
    row["own"] = written(own)
    cause = (doubted[-1].opened if doubted else ordered[-1]).hash.hex()
    dossier = Dossier(row, standing.status, cause, own)
    settle_row(dossier, settled_of(standing, None, {}, {}))
    return dossier


def _emptied(rid: str, standing: Standing, events: Mapping[EventHash, RecordedEvent]) -> Dossier:
    """A procuration whose data the law had deleted."""
    row = emptied_row(rid, standing, list(events.values()), _NOTHING_YET, _history)
    return Dossier(row, standing.status, "", Own(standing, None, ""))


def _only_asked_for(
    rid: str, standing: Standing, events: Mapping[EventHash, RecordedEvent], tables: Tables
) -> Dossier:
    """A request that no officer has seen: what nearly every import is made of, and none of it has rivals."""
    assert standing.filed is not None, "the caller has looked"
    ordered = sorted(events.values(), key=legal_order)
    row: Row = {
        **_NOTHING_YET,
        "rid": rid,
        "reference": standing.reference,
        "status": standing.status.value,
        "rule": standing.rule,
        "history": [_history(event) for event in ordered],
        **_request_columns(standing.filed, tables),
        **_filed_columns(standing, events),
    }
    return Dossier(row, standing.status, ordered[-1].hash.hex(), Own(standing, None, ""))


def events_that_count(judged: Sequence[Judged]) -> Iterable[RecordedEvent]:
    """The verified events of one request that the fold reads, with what is proved of their time."""
    return _counting(judged, _ruled_asides(judged))


def _counting(
    judged: Sequence[Judged], decided: Mapping[EventHash, RulingOutcome]
) -> Iterable[RecordedEvent]:
    counting = {event.hash: event for one in judged for event in _counting_of(one, decided)}
    return timed(counting.values(), judged)


def settle_row(dossier: Dossier, settled: Settled) -> None:
    """Write what a procuration is worth into its row: the fold's word, unless something needs a person
    first."""
    status, code, rule = settled.status, "", settled.rule
    if settled.doubt is not None:
        code = settled.doubt.value
    elif settled.code is not None:
        code = settled.code.value
    if dossier.own.aside:
        status, code, rule = Status.EN_ATTENTE_HUMAINE, dossier.own.aside, "R-43"
    dossier.status = status
    effects = [_effect(served, outcome) for served, outcome in settled.rounds]
    dossier.row |= {"status": status.value, "code": code, "rule": rule, "effects": effects}
    dossier.row["register_lists"] = lists_of(dossier.row)


def _effect(served: ServedRound, outcome: RoundOutcome) -> dict[str, object]:
    return {
        "ballot": served.key[0],
        "round": served.key[1],
        "day": served.day.isoformat(),
        "closes_at": served.closes_at.isoformat(),
        "effect": outcome.effect.value,
        "rule": outcome.rule,
        "doubt": outcome.doubt.value if outcome.doubt else "",
        "because": [rid.hex() for rid in outcome.because],
    }


def _ruled_asides(judged: Sequence[Judged]) -> dict[EventHash, RulingOutcome]:
    """What persons decided about single events of this request that were set aside for them."""
    told = [
        ruled(event, event.content)
        for one in judged
        for event in one.verdict.events
        if isinstance(event.content, Ruling)
    ]
    if not told:
        return {}
    rulings = last_rulings(told).values()
    return {ruling.decided_on[0]: ruling.outcome for ruling in rulings if len(ruling.decided_on) == 1}


def _without_rulings_on_clocks(standing: Standing, judged: Iterable[Judged]) -> Standing:
    """Whether an act counts in spite of a clock is one question, which procuration stands is another: rivals
    do not read the first."""
    if not standing.rulings:
        return standing
    withheld = {(one.verdict.withheld.hash,) for one in judged if one.verdict.withheld is not None}
    kept = tuple(one for one in standing.rulings if one.ruling.decided_on not in withheld)
    return replace(standing, rulings=kept)


def _counting_of(one: Judged, ruled_asides: Mapping[EventHash, RulingOutcome]) -> tuple[RecordedEvent, ...]:
    """The events that the fold reads: those of the verdict, and what a person let count in spite of a
    doubt."""
    withheld = one.verdict.withheld
    if withheld is not None and ruled_asides.get(withheld.hash) is RulingOutcome.FIRST_STANDS:
        return (*one.verdict.events, withheld)
    return one.verdict.events


def timed(events: Iterable[RecordedEvent], judged: Iterable[Judged]) -> Iterable[RecordedEvent]:
    """Acts with what is proved of their time: by their log, and by what the centre said of their reception;
    while it has not said so, by the reception itself."""
    acts = {one.opened.hash: one for one in judged if one.verdict.evidence is not None}
    return _with_intervals(list(events), acts) if acts else events


def _with_intervals(
    told: Sequence[RecordedEvent], acts: Mapping[EventHash, Judged]
) -> Iterator[RecordedEvent]:
    received: dict[EventHash, datetime] = {}
    for event in told:
        match event.content:
            case TakenIn(by=TakenBy.CENTRE, act_hash=act_hash):
                received[act_hash] = min(received.get(act_hash, event.envelope.wall), event.envelope.wall)
            case _:
                continue
    for event in told:
        one = acts.get(event.hash)
        if one is None or one.verdict.evidence is None:
            yield event
        else:
            received_at = received.get(event.hash, one.opened.received_at)
            yield replace(event, when=interval_of(event, one.verdict.evidence, received_at))


def _regime(standing: Standing, tables: Tables) -> tuple[str, Aside | None]:
    """Who controls, once established; a day for which the law table says nothing goes to a person."""
    if standing.established_at is None or standing.filed is None:
        return "", None
    try:
        return regime_of(standing.filed, standing.established_at, tables).value, None
    except RuleViolated:
        return "", Aside.LOI_INCONNUE


def _by_its_own_words(one: Judged) -> tuple[datetime, EventHash]:
    """An order that the arrival of the events does not change (I-2)."""
    return one.opened.envelope.wall, one.opened.hash


def _aside(one: Judged) -> list[str]:
    assert one.verdict.code is not None
    return [one.verdict.code.value, one.opened.hash.hex()]


def _history(event: RecordedEvent) -> dict[str, object]:
    at = event.act.wall if event.act is not None else event.envelope.wall
    entry: dict[str, object] = {
        "at": at.isoformat(),
        "kind": event.envelope.kind.value,
        "by": event.envelope.log_id.hex(),
        "hash": event.hash.hex(),
    }
    if event.act is not None:
        entry["decision"] = event.act.decision.value
        entry["code"] = event.act.refusal_code.value if event.act.refusal_code else ""
        if isinstance(event.content, PaperForm):
            entry["hour"] = event.content.latest - event.content.earliest < timedelta(minutes=1)
    elif isinstance(event.content, Decision):
        entry["decision"] = 1 if event.content.accepted else 2
        entry["code"] = event.content.code.value if event.content.code else ""
        entry["register"] = event.content.origin is DecisionOrigin.REGISTER
    elif isinstance(event.content, TakenIn):
        entry["decision"] = event.content.by.value
        entry["register"] = event.content.by is not TakenBy.CENTRE and event.content.account is None
    elif isinstance(event.content, Fact):
        entry["decision"] = event.content.code.value
        entry["day"] = event.content.day.isoformat()
    elif isinstance(event.content, FactWithdrawn):
        entry["fact"] = event.content.fact_hash.hex()
        entry["reason"] = event.content.reason
    elif isinstance(event.content, Ruling):
        entry["decision"] = event.content.outcome.value
    elif isinstance(event.content, MandataireAnswer):
        entry["decision"] = 1 if event.content.code is None else 2
        entry["code"] = event.content.code.value if event.content.code else ""
    return entry


def _request_columns(filed: Filed, tables: Tables) -> Row:
    rounds = tables.rounds(filed.validity, filed.vote_place)
    one, period = filed.validity, filed.validity
    return {
        **_person_columns("mandant", filed.mandant),
        **_person_columns("mandataire", filed.mandataire),
        "mandant_folded": _folded(filed.mandant),
        "register_order": order_of(filed.mandant.birth_name or "", filed.mandant.given_names or ""),
        "email": filed.email or "",
        "authentication": filed.authentication.value,
        "channel": filed.channel.value,
        "place_code": filed.vote_place.code,
        "place_type": filed.vote_place.type.value,
        "place_cog_year": filed.vote_place.cog_year,
        "scrutin_id": one.scrutin_id if isinstance(one, OneScrutin) else "",
        "rounds": one.rounds.value if isinstance(one, OneScrutin) else None,
        "period_first": period.first_day if isinstance(period, Period) else None,
        "period_last": period.last_day if isinstance(period, Period) else None,
        "polling_days": [round_.day.isoformat() for round_ in rounds],
        "first_closing": rounds[0].closes_at if rounds else None,
        "last_closing": rounds[-1].closes_at if rounds else None,
    }


def _folded(person: Person) -> str:
    return " ".join(
        fold_name(name) for name in (person.birth_name, person.used_name, person.given_names) if name
    )


def date_text(date: PartialDate) -> str:
    """A birth date as the row keeps it: "1962-08-24", unknown parts "00"."""
    return f"{date.year:04}-{date.month:02}-{date.day:02}"


def _person_columns(who: str, person: Person) -> Row:
    columns: Row = {
        f"{who}_birth_name": person.birth_name or "",
        f"{who}_given_names": person.given_names or "",
        f"{who}_used_name": person.used_name or "",
        f"{who}_sex": None if person.sex is None else person.sex.value,
        f"{who}_birth_date": date_text(person.birth_date),
        f"{who}_elector_number": person.elector_number or "",
    }
    if who == "mandataire":
        columns["mandataire_place_code"] = person.enrolment.code if person.enrolment else ""
        columns["mandataire_place_type"] = person.enrolment.type.value if person.enrolment else None
    return columns


def _filed_columns(standing: Standing, events: Mapping[EventHash, RecordedEvent]) -> Row:
    assert standing.filed_hash is not None
    assert standing.filed is not None
    taken = standing.filed.taken_over
    return {
        "filed_at": standing.filed_at,
        "filed_log": events[standing.filed_hash].envelope.log_id.hex(),
        "filed_hash": standing.filed_hash.hex(),
        "taken_over": None if taken is None else taken.hex(),
    }


_NOTHING_YET: Final[Row] = {
    **NO_ACT,
    **keys_of(None),
    **NONE_HELD,
    "decided_at": None,
    "decided_by": "",
    "to_take_in": False,
    "answer": "",
    "regime": "",
    "code": "",
    "own": None,
    "effects": [],
    "aside": [],
    "register_lists": "",
}
"""The columns of a request before any act."""


def _decision_columns(standing: Standing) -> Row:
    account = None if standing.decision is None else standing.decision.account
    return {"decided_at": standing.decided_at, "decided_by": account.pseudonym if account else ""}
