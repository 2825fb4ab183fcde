"""From the verdicts on all events of one request to its row. Pure: the live row and the rebuilt one come
from here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from procuration.domain.events import ActRecorded, Decision, Filed, RecordedEvent, TakenIn
from procuration.domain.identifiers import EventHash
from procuration.domain.people import PartialDate, Person, fold_name
from procuration.domain.status import Standing, Status, legal_order, standing_of
from procuration.domain.validity import OneScrutin, Period
from procuration.errors import RuleViolated
from server.config.centre import Tables
from server.dossiers.judgement import Verdict
from server.dossiers.models import Procuration
from server.ledger.enums import FOR_A_PERSON, Aside
from server.ledger.opening import Opened

COLUMNS: Final = tuple(field.name for field in Procuration._meta.concrete_fields)
_ESTABLISHED: Final = frozenset(
    {Status.ETABLIE, Status.TRANSMISE, Status.RECUE, Status.VALIDEE, Status.INVALIDEE}
)

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Judged:
    """An event of the ledger beside what it is worth."""

    opened: Opened
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Dossier:
    """The row of one request, and what the fold wants told about it."""

    row: Row
    status: Status
    cause: str


def dossier_of(rid: str, judged: Sequence[Judged], tables: Tables) -> Dossier | None:
    """The dossier of one request; None while no genuine filed event is known: there is nobody to name."""
    events = {event.hash: event for one in judged for event in one.verdict.events}
    standing = standing_of(events.values())
    if standing.filed is None:
        return None
    ordered = sorted(events.values(), key=legal_order)
    asides = [one for one in judged if one.verdict.code is not None]
    row: Row = {"rid": rid, "reference": standing.reference, "aside": [_aside(one) for one in asides]}
    row |= _request_columns(standing.filed, tables)
    row |= _filed_columns(standing, events)
    row |= _act_columns(standing, events)
    row |= _decision_columns(standing, ordered)
    row["history"] = [_history(event) for event in ordered]
    status, code, regime = _status_columns(standing, asides, row, tables)
    row |= {"status": status.value, "code": code, "regime": regime}
    cause = (
        asides[-1].opened.hash.hex()
        if status is Status.EN_ATTENTE_HUMAINE and asides
        else ordered[-1].hash.hex()
    )
    return Dossier(row, status, cause)


def _status_columns(
    standing: Standing, asides: Sequence[Judged], row: Row, tables: Tables
) -> tuple[Status, str, str]:
    """Status, code and regime: the fold's, unless something needs a person."""
    assert standing.filed is not None, "the caller has looked"
    code = "" if standing.code is None else standing.code.value
    doubt = next((one.verdict.code for one in asides if one.verdict.code in FOR_A_PERSON), None)
    regime = ""
    if standing.established_at is not None:
        rounds = tables.rounds(standing.filed.validity, standing.filed.vote_place)
        day = (
            rounds[0].day
            if rounds and isinstance(standing.filed.validity, OneScrutin)
            else standing.established_at.date()
        )
        try:
            regime = tables.law.control_regime(standing.filed.vote_place, day).value
        except RuleViolated:
            doubt = doubt or Aside.LOI_INCONNUE
    if doubt is not None:
        return Status.EN_ATTENTE_HUMAINE, doubt.value, regime
    return standing.status, code, regime


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
    elif isinstance(event.content, Decision):
        entry["decision"] = 1 if event.content.accepted else 2
        entry["code"] = event.content.code.value if event.content.code else ""
    elif isinstance(event.content, TakenIn):
        entry["decision"] = event.content.by.value
    return entry


def _request_columns(filed: Filed, tables: Tables) -> Row:
    rounds = tables.rounds(filed.validity, filed.vote_place)
    one, period = filed.validity, filed.validity
    return {
        **_person_columns("mandant", filed.mandant),
        **_person_columns("mandataire", filed.mandataire),
        "mandant_folded": _folded(filed.mandant),
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
    return {
        "filed_at": standing.filed_at,
        "filed_log": events[standing.filed_hash].envelope.log_id.hex(),
        "filed_hash": standing.filed_hash.hex(),
    }


def _act_columns(standing: Standing, events: Mapping[EventHash, RecordedEvent]) -> Row:
    """Columns of the act that counts: the first that established it, else the last one that decided
    something.
    """
    acts = sorted(
        (event for event in events.values() if isinstance(event.content, ActRecorded)), key=legal_order
    )
    first = events[standing.act_hashes[0]] if standing.act_hashes else (acts[-1] if acts else None)
    if first is None or first.act is None:
        return dict(_NO_ACT)
    act = first.act
    return {
        "established_at": standing.established_at,
        "act_log": act.log_id.hex(),
        "act_hash": first.hash.hex(),
        "officer_nom": act.authority.nom,
        "officer_prenoms": act.authority.prenoms,
        "officer_qualite": act.authority.qualite,
        "officer_unit": act.authority.unit_name,
        "act_place_kind": act.place.kind.value,
        "act_place_code": act.place.insee_code,
        "identity_document": None if act.identity_document is None else act.identity_document.value,
        "declarations": act.declarations.value,
    }


_NO_ACT: Final[Row] = {
    "established_at": None,
    "act_log": "",
    "act_hash": "",
    "officer_nom": "",
    "officer_prenoms": "",
    "officer_qualite": "",
    "officer_unit": "",
    "act_place_kind": None,
    "act_place_code": "",
    "identity_document": None,
    "declarations": None,
}


def _decision_columns(standing: Standing, ordered: Sequence[RecordedEvent]) -> Row:
    account = ""
    decided_at: datetime | None = standing.decided_at
    if decided_at is not None:
        last = next(event.content for event in reversed(ordered) if isinstance(event.content, Decision))
        account = last.account.pseudonym if last.account is not None else ""
    return {"decided_at": decided_at, "decided_by": account}
