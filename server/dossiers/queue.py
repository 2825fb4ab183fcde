"""What waits for a person: the list, each case with its sides; and what waits for something else to arrive
(DESIGN, decision 5). Reads only.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from django.db import models
from django.db.models import Case as SqlCase
from django.db.models import Exists, F, OuterRef, Q, QuerySet, When

from procuration.domain.candidates import Effect
from procuration.domain.events import Kind
from procuration.domain.facts import RulingOutcome
from procuration.domain.identifiers import EventHash
from procuration.domain.status import Doubt, Status
from server.config.centre import Centre
from server.dossiers.cases import LETTERS, SIDES_MAX, ActSide, Case, Given, Level, level_of, level_of_names
from server.dossiers.models import Procuration, Withdrawal
from server.dossiers.sides import Told, read_events, read_withdrawals
from server.ledger.enums import Aside
from server.ledger.models import Event

WAITS: Final = Status.EN_ATTENTE_HUMAINE
RIVALS_MAX: Final = 200
"""How many procurations that share a person are looked at for one case."""
WAITING_KINDS: Final = (
    Kind.ACT, Kind.DECISION, Kind.TAKEN_IN, Kind.REFERENCE_GIVEN, Kind.FACT, Kind.RULING,
    Kind.MANDATAIRE_TOWN_HALL, Kind.PAPER_FORM, Kind.FACT_WITHDRAWN,
)  # fmt: skip
"""Kinds of events about a request that somebody else must have filed."""
_KEY: Final = {
    Doubt.ORDRE_INCERTAIN: "mandataire_key",
    Doubt.PLAFOND_LIBERE: "mandataire_key",
    Doubt.DEUX_PROCURATIONS: "mandant_key",
    Doubt.ACTES_SIMULTANES: "moment_key",
}
"""Through which key the procurations of a doubt find each other; the other doubts are about one only."""


@dataclass(slots=True)
class Listed:
    """One case of the list.

    Attributes:
        row: the procuration by which it is opened.
        count: how many procurations wait with it.
    """

    row: Procuration = field(repr=False)
    closing: datetime | None
    count: int = 1


def waiting(now: datetime) -> QuerySet[Procuration]:
    """Procurations that wait for a person: the nearest closing first, those whose polls are all closed
    last."""
    rows = Procuration.objects.filter(status=WAITS.value)
    closing = SqlCase(
        When(first_closing__gt=now, then=F("first_closing")),
        When(last_closing__gt=now, then=F("last_closing")),
        default=None,
        output_field=models.DateTimeField(null=True),
    )
    return rows.annotate(closing=closing).order_by(F("closing").asc(nulls_last=True), "established_at", "rid")


def cases_among(rows: Iterable[Procuration], now: datetime) -> list[Listed]:
    """The cases behind rows that wait, in their order; rivals of one doubt are one case."""
    cases: list[Listed] = []
    for row in rows:
        for one in cases:
            if is_one_case(one.row, row):
                one.count += 1
                break
        else:
            cases.append(Listed(row, next_closing(row, now)))
    return cases


def is_one_case(one: Procuration, other: Procuration) -> bool:
    """Whether two procurations wait for one decision: for one reason, through one person. What may revive
    is decided each by itself."""
    waits = Status.EN_ATTENTE_HUMAINE
    if (
        not one.status == other.status == waits
        or one.code != other.code
        or one.code not in _KEY
        or one.code == Doubt.PLAFOND_LIBERE
    ):
        return False
    key = _KEY[Doubt(one.code)]
    return getattr(one, key) is not None and getattr(one, key) == getattr(other, key)


def next_closing(row: Procuration, now: datetime) -> datetime | None:
    """The nearest closing to come of the rounds that a procuration serves."""
    closings = [datetime.fromisoformat(effect["closes_at"]) for effect in row.effects]
    closings += [one for one in (row.first_closing, row.last_closing) if one is not None]
    return min((one for one in closings if one > now), default=None)


def ruled_requests() -> QuerySet[Event]:
    """Rulings, the newest first: one row for each request that one concerns."""
    rows = Event.objects.filter(kind=Kind.RULING, rid__isnull=False)
    return rows.order_by("-id").defer("sign1", "body")


def unknown_requests() -> QuerySet[Event]:
    """Events about a request that nobody has filed here yet: they wait for it and are never dropped, the
    newest first."""
    filed = Procuration.objects.filter(rid=OuterRef("rid"))
    rows = Event.objects.filter(~Exists(filed), kind__in=WAITING_KINDS, rid__isnull=False)
    return rows.select_related("device").defer("sign1", "body").order_by("-id")


def withdrawals_without_object() -> QuerySet[Withdrawal]:
    """Résiliations of a mandant of whom no procuration is known yet, the newest first (R-46)."""
    known = Procuration.objects.filter(Q(mandant_key=OuterRef("mandant_key"), mandant_key__isnull=False))
    named = Procuration.objects.filter(rid=OuterRef("rid"), mandant_key__isnull=False)
    rows = Withdrawal.objects.filter(~Exists(named), Q(rid__isnull=False) | ~Exists(known))
    return rows.select_related("device").order_by("-at", "-id")


def question_of(row: Procuration) -> Level | None:
    """What a procuration that waits asks a person; None when it does not wait."""
    return level_of(row.code) if row.status == WAITS else None


def case_of(centre: Centre, rid: str, level: Level | None, now: datetime) -> Case:
    """One case with everything that is known of it.

    Args:
        level: which question; None for the one that waits, else the one that was ruled last.

    Raises: Procuration.DoesNotExist when this request has no such question, open or ruled.
    """
    row = Procuration.objects.get(rid=rid)
    rivals = _concerned(row, _sharing_a_key(row))
    told = read_events(centre, [row, *rivals])
    asked = question_of(row)
    given = told.rulings.get(rid, ())
    level = level or asked or (_level_of_ruling(given[-1], rid, told) if given else None)
    rulings = tuple(one for one in given if _level_of_ruling(one, rid, told) is level)
    if level is None or (level is not asked and not rulings):
        raise Procuration.DoesNotExist
    code = row.code if level is asked else _code_of_ruled(level, rulings[-1], [row, *rivals], told)
    case = Case(
        rid=rid,
        level=level,
        code=code,
        waits=level is asked,
        closing=next_closing(row, now),
        sides=(),
        rulings=rulings,
    )
    match level:
        case Level.ASIDE:
            return _about_events_set_aside(case, row, told)
        case Level.ACTS:
            return replace(case, sides=_lettered(side for side in told.acts[rid].values() if side.may_count))
        case Level.RIVALS:
            return _about_rivals(case, row, rivals, told)


def _sharing_a_key(row: Procuration) -> list[Procuration]:
    """Other procurations of one of the two persons, or of the officer at that second."""
    keys = {name: key for name in set(_KEY.values()) if (key := getattr(row, name)) is not None}
    if not keys:
        return []
    related = Q(*keys.items(), _connector=Q.OR)
    found = Procuration.objects.filter(related).exclude(rid=row.rid).order_by("established_at", "rid")
    return list(found[:RIVALS_MAX])


def _concerned(row: Procuration, rivals: Sequence[Procuration]) -> list[Procuration]:
    """Those that the doubt of a row is about, directly or through others that wait for the same reason; then
    those that earlier rulings named with it: a ruling names few, and must reach those that still wait."""
    ruled = {name for ruling in (row.own or {}).get("rulings", ()) for name in ruling[4]}
    names = _named_by(row)
    found = {one.rid: one for one in rivals if one.rid in names}
    found |= {one.rid: one for one in rivals if is_one_case(row, one)}
    found |= {one.rid: one for one in rivals if _first_act(one) in ruled}
    return list(found.values())


def _named_by(row: Procuration) -> set[str]:
    effects = (effect for effect in row.effects if effect["effect"] == Effect.DOUBT)
    return {rid for effect in effects for rid in effect["because"]}


def _first_act(row: Procuration) -> str:
    """The act by which a procuration is named in a ruling, in hexadecimal; empty for one without rivals."""
    return str(row.own["acts"][0]) if row.own else ""


def _level_of_ruling(given: Given, rid: str, told: Told) -> Level:
    own_acts = frozenset(told.acts.get(rid, {}))
    return level_of_names(given.decided_on, told.withheld.get(rid, ()), own_acts)


def _code_of_ruled(level: Level, given: Given, rows: Sequence[Procuration], told: Told) -> str:
    """What a case that no longer waits was about. A ruling does not say; the events that it names do."""
    if level is not Level.RIVALS:
        about = given.decided_on[0].hex()
        aside = next((code for code, hash_ in rows[0].aside if hash_ == about), Aside.CLOCK.value)
        return aside if level is Level.ASIDE else Doubt.DEUX_DECISIONS.value
    names = {name.hex() for name in given.decided_on}
    named = [row for row in rows if _first_act(row) in names]
    holders = [
        row for row in named if any(one.decided_on == given.decided_on for one in told.rulings[row.rid])
    ]
    if len(names) == 1:
        return Doubt.ACTES_SIMULTANES.value
    if len(named) < 2:
        voted = {side.hash.hex() for side in told.votes.get(rows[0].rid, ())}
        return (Doubt.VOTES_CONTRAIRES if names & voted else Doubt.RESILIATION_INCERTAINE).value
    if len(holders) == 1:
        return Doubt.PLAFOND_LIBERE.value
    if given.outcome is not RulingOutcome.IN_THIS_ORDER:
        for doubt in (Doubt.DEUX_PROCURATIONS, Doubt.ACTES_SIMULTANES):
            if len({getattr(row, _KEY[doubt]) for row in named}) == 1:
                return doubt.value
    return Doubt.ORDRE_INCERTAIN.value


def _lettered(sides: Iterable[ActSide]) -> tuple[ActSide, ...]:
    """The sides in the order of the times they claim, each with its letter; as many as a ruling may name."""
    ordered = sorted(sides, key=lambda side: (side.claimed_at, side.hash))
    return tuple(replace(side, letter=letter) for side, letter in zip(ordered, LETTERS, strict=False))


def _about_events_set_aside(case: Case, row: Procuration, told: Told) -> Case:
    """The events of this request that wait under its code; a law that says nothing has none to choose
    between."""
    acts = told.acts.get(row.rid, {})
    aside = {bytes.fromhex(hash_) for code, hash_ in row.aside if code == case.code}
    sides = _lettered(side for hash_, side in acts.items() if hash_ in aside)
    others = tuple(side for hash_, side in acts.items() if hash_ not in aside)
    return replace(case, sides=sides, beside=others)


def _about_rivals(case: Case, row: Procuration, rivals: Sequence[Procuration], told: Told) -> Case:
    def side(one: Procuration) -> list[ActSide]:
        act = told.acts.get(one.rid, {}).get(EventHash(bytes.fromhex(_first_act(one) or "00")))
        return [] if act is None else [act]

    if case.code == Doubt.RESILIATION_INCERTAINE:
        known = Withdrawal.objects.filter(
            Q(rid=row.rid) | Q(rid__isnull=True, mandant_key=row.mandant_key, mandant_key__isnull=False)
        )
        found = list(known.select_related("device").order_by("at", "id")[: SIDES_MAX - 1])
        return replace(case, sides=_lettered(side(row)), withdrawals=read_withdrawals(found))
    if case.code == Doubt.VOTES_CONTRAIRES:
        return replace(case, sides=_lettered(side(row)), votes=told.votes.get(row.rid, ()))
    others = [act for one in rivals for act in side(one)]
    if case.code == Doubt.PLAFOND_LIBERE:
        return replace(case, sides=_lettered(side(row)), beside=tuple(others))
    kept = others[: SIDES_MAX - 1]
    sides = _lettered([*side(row), *kept])
    return replace(case, sides=sides, left_out=len(others) - len(kept), rulings=_of_all(case, sides, told))


def _of_all(case: Case, sides: Iterable[ActSide], told: Told) -> tuple[Given, ...]:
    """The rulings that name any of these procurations beside others, each once: the same words stand in one
    event for each request."""
    acts = {side.hash for side in sides}
    found: dict[tuple[object, ...], Given] = {}
    for rid in {side.procuration.rid for side in sides}:
        for given in told.rulings.get(rid, ()):
            if acts & set(given.decided_on) and _level_of_ruling(given, rid, told) is case.level:
                found.setdefault((given.at, given.outcome, given.decided_on, given.reason), given)
    return tuple(sorted(found.values(), key=lambda given: (given.at, given.hash)))
