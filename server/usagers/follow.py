"""« Suivre ma demande »: what became of the request whose reference AND birth date both match, or nothing.

Unknown reference, wrong birth date and purged request are one case, reached by the same statements: neither
the answer nor its time tells them apart. No name is shown.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from procuration.domain.people import PartialDate, check_birth_date
from procuration.domain.reference import Reference, grouped, parse_reference
from procuration.domain.refusal import RefusalCode
from procuration.domain.status import Status
from procuration.errors import RuleViolated
from server.config.centre import Tables
from server.dossiers.fold import date_text
from server.dossiers.models import Procuration
from server.dossiers.selectors import shown_status, zone_of
from server.notices.letters import deadline_of
from server.usagers.answers import Fault, Faults, WrongAnswers
from server.usagers.draft import Answers
from server.usagers.models import FollowTry
from server.usagers.typed_date import parse_birth_date
from server.usagers.wording import FRENCH, Wording
from server.words.mails_en import REASON_EN
from server.words.reasons import REASON

TRIES_MAX: Final = 20
"""Of one reference, in `WINDOW`: whoever waits for a decision looks less often."""
WINDOW: Final = timedelta(minutes=15)
FIELDS: Final = {"reference": 25, "day": 8, "month": 16, "year": 8, "partial": 1}
_STATE_UNSAID: Final = Status.EN_ATTENTE_HUMAINE


def read_question(answers: Answers, today: date) -> tuple[Reference, PartialDate]:
    """What is asked. Raises: WrongAnswers."""
    faults: Faults = {}
    reference, born = None, None
    try:
        reference = parse_reference(answers["reference"])
    except RuleViolated as refusal:
        faults["reference"] = Fault(refusal)
    try:
        typed = parse_birth_date(answers, partial=bool(answers["partial"]))
        born = check_birth_date(typed, today)
    except RuleViolated as refusal:
        faults["date"] = Fault(refusal, "mandant")
    if reference is None or born is None:
        raise WrongAnswers(faults)
    return reference, born


def look_up(reference: Reference, born: PartialDate, now: datetime) -> Procuration | None:
    """The request, when both match and its data are still here. Each look-up is counted, found or not.

    Raises: RuleViolated TROP_D_ESSAIS (ids: minutes).
    """
    digest = hashlib.sha256(reference.encode()).hexdigest()
    tries = FollowTry.objects.filter(reference_digest=digest, at__gt=now - WINDOW).count()
    if tries >= TRIES_MAX:
        raise RuleViolated("TROP_D_ESSAIS", minutes=int(WINDOW.total_seconds() // 60))
    FollowTry.objects.filter(at__lte=now - WINDOW).delete()
    FollowTry.objects.create(reference_digest=digest, at=now)
    matching = Procuration.objects.filter(reference=reference, mandant_birth_date=date_text(born))
    return matching.exclude(status=Status.PURGEE).order_by("-filed_at", "rid").first()


@dataclass(frozen=True, slots=True)
class StateShown:
    """Where one request stands, in plain words.

    Attributes:
        dates: label and day.
        reason: why it does not serve, "" when there is nothing to explain.
    """

    reference: str
    now: str
    next: str
    dates: tuple[tuple[str, str], ...]
    reason: str


def state_of(say: Wording, one: Procuration, tables: Tables, now: datetime) -> StateShown:
    """Of one request, at an instant."""
    status = shown_status(one, tables.law, now)
    key = f"state.{status:d}" if say.has(f"state.{status:d}") else f"state.{_STATE_UNSAID:d}"
    explained = one.code in RefusalCode.__members__ and status is not Status.EN_ATTENTE_HUMAINE
    return StateShown(
        reference=grouped(Reference(one.reference)) if one.reference else "",
        now=say(key),
        next=say(f"{key}.next"),
        dates=tuple(_dates(say, one, status, tables)),
        reason=_reason(say, RefusalCode(one.code)) if explained else "",
    )


def _reason(say: Wording, code: RefusalCode) -> str:
    return REASON[code][1] if say.language == FRENCH else REASON_EN[code]


def _dates(say: Wording, one: Procuration, status: Status, tables: Tables) -> Iterator[tuple[str, str]]:
    zone = zone_of(one, tables)
    yield say("follow.filed"), say.day(one.filed_at.astimezone(zone).date())
    if status is Status.DEMANDE:
        yield say("follow.until"), say.day(deadline_of(one, tables))
    if one.established_at:
        yield say("follow.established"), say.day(one.established_at.astimezone(zone).date())
    if one.decided_at:
        yield say("follow.decided"), say.day(one.decided_at.astimezone(zone).date())
    for day in one.polling_days:
        yield say("follow.poll"), say.full_day(date.fromisoformat(day))
