"""Asks the register about what waits for it, and writes its answers as events of the centre (R. 75-III,
R. 76)."""

from collections.abc import Mapping, Sequence
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from procuration.domain.events import Decision, DecisionOrigin, TakenBy, TakenIn
from procuration.domain.identifiers import EventHash, Rid
from procuration.domain.law import ControlRegime
from procuration.domain.people import PartialDate, Person, Place, PlaceType, Sex
from procuration.domain.refusal import RefusalCode
from procuration.domain.status import Status
from server.config.centre import Centre
from server.dossiers.models import Procuration
from server.dossiers.refolding import refold
from server.dossiers.selectors import place_of
from server.ledger.known import Known
from server.ledger.opening import Opened
from server.ledger.own_log import Entry, append, lock_own_log
from server.ledger.tree import append_due_leaves
from server.register.port import Question, Register

ASKED_AT_ONCE: Final = 500
"""Procurations of one question, and of one transaction."""


def ask_register(centre: Centre, register: Register) -> int:
    """Ask about every procuration that the register controls and that has not been answered; what its last
    poll has closed for is not asked about any more (R-54).

    The question is asked outside any transaction, and what changed meanwhile is left alone: an interrupted
    run loses nothing, two runs at once write once.

    Returns: how many answers were written.
    Raises: those of `Register.ask`, once what was answered before is written.
    """
    written, after = 0, ""
    while rows := list(_waiting(centre).filter(rid__gt=after)[:ASKED_AT_ONCE]):
        after = rows[-1].rid
        answers = register.ask([_question(row) for row in rows])
        written += _write(centre, {row.rid: row.act_hash for row in rows}, answers)
        append_due_leaves(centre)
    return written


def _waiting(centre: Centre) -> QuerySet[Procuration]:
    asked = Procuration.objects.filter(status=Status.TRANSMISE, regime=ControlRegime.REU)
    return asked.exclude(last_closing__lte=centre.clock.now()).order_by("rid")


def _write(centre: Centre, asked: Mapping[str, str], answers: Mapping[str, RefusalCode | None]) -> int:
    """Received by the register, then decided: two events for each answer, in one transaction."""
    with transaction.atomic():
        log = lock_own_log(centre)
        still = _waiting(centre).filter(rid__among=list(asked))
        acts = {rid: act for rid, act in still.values_list("rid", "act_hash") if act == asked[rid]}
        entries = [
            entry
            for rid, act in acts.items()
            if rid in answers
            for entry in _entries(rid, EventHash(bytes.fromhex(act)), answers[rid])
        ]
        if not entries:
            return 0
        at = centre.clock.now()
        fresh: dict[str, list[Opened]] = {}
        for event in append(centre, log, entries, at):
            fresh.setdefault(str(event.rid), []).append(event)
        refold(Known(centre), fresh, at)
    return len(fresh)


def _entries(rid: str, act: EventHash, code: RefusalCode | None) -> Sequence[Entry]:
    request = Rid(bytes.fromhex(rid))
    taken = TakenIn(by=TakenBy.TOWN_HALL_OR_REGISTER, act_hash=act, account=None)
    decision = Decision(
        act_hash=act, origin=DecisionOrigin.REGISTER, accepted=code is None, code=code, account=None
    )
    return Entry(taken, request), Entry(decision, request)


def _question(row: Procuration) -> Question:
    return Question(
        rid=row.rid,
        mandant=_person(row, "mandant", None),
        vote_place=place_of(row),
        mandataire=_person(row, "mandataire", _enrolment(row)),
    )


def _enrolment(row: Procuration) -> Place | None:
    if not row.mandataire_place_code or row.mandataire_place_type is None:
        return None
    kind = PlaceType(row.mandataire_place_type)
    return Place(code=row.mandataire_place_code, type=kind, cog_year=row.place_cog_year)


def _person(row: Procuration, who: str, enrolment: Place | None) -> Person:
    def of(part: str) -> str:
        return str(getattr(row, f"{who}_{part}"))

    sex = getattr(row, f"{who}_sex")
    return Person(
        birth_date=PartialDate(*(int(part) for part in of("birth_date").split("-"))),
        birth_name=of("birth_name") or None,
        given_names=of("given_names") or None,
        sex=None if sex is None else Sex(sex),
        elector_number=of("elector_number") or None,
        enrolment=enrolment,
    )
