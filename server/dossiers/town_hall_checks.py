"""What a town hall without network may say: what it signs counts for its own commune only, and decides only
where the town hall controls (I-8; DOMAIN 1.1).

On line the portal asks these questions before it signs. A town hall that signs by itself is judged here,
after its bundle came.
"""

from collections.abc import Sequence
from datetime import datetime

from procuration.domain.events import Decision, Filed
from procuration.domain.facts import MandataireAnswer
from procuration.domain.law import ControlRegime
from procuration.domain.people import Place
from procuration.domain.validity import OneScrutin
from procuration.errors import RuleViolated
from procuration.record.directory import Role
from server.config.centre import Tables
from server.dossiers.judgement import Verdict
from server.ledger.enums import Aside
from server.ledger.opening import Opened


def regime_of(filed: Filed, established_at: datetime, tables: Tables) -> ControlRegime:
    """Who controls a procuration. Raises: RuleViolated, when the law table has no word for that day."""
    rounds = tables.rounds(filed.validity, filed.vote_place)
    one_scrutin = isinstance(filed.validity, OneScrutin)
    day = rounds[0].day if rounds and one_scrutin else established_at.date()
    return tables.law.control_regime(filed.vote_place, day)


def within_their_commune(
    verdicts: Sequence[tuple[Opened, Verdict]], tables: Tables
) -> list[tuple[Opened, Verdict]]:
    """The verdicts on the events of one request: what a town hall wrote of another commune is set aside, and
    so is its decision where the register decides. Whatever arrives first, the answer is the same."""
    if all(opened.device.role is not Role.TOWN_HALL for opened, _ in verdicts):
        return list(verdicts)
    events = [event for _, verdict in verdicts for event in verdict.events]
    filed = next((event.content for event in events if isinstance(event.content, Filed)), None)
    drawn_up = min((event.act.wall for event in events if event.act is not None), default=None)
    found = []
    for opened, verdict in verdicts:
        code = None if filed is None or verdict.code is not None else _fault(opened, filed, drawn_up, tables)
        found.append((opened, verdict if code is None else Verdict(code=code)))
    return found


def _fault(opened: Opened, filed: Filed, drawn_up: datetime | None, tables: Tables) -> Aside | None:
    if opened.device.role is not Role.TOWN_HALL:
        return None
    place = filed.vote_place
    if isinstance(opened.content, MandataireAnswer):  # it speaks of its own elector, the mandataire
        if filed.mandataire.enrolment is None:
            return Aside.OTHER_COMMUNE
        place = filed.mandataire.enrolment
    if opened.device.place != _key(place):
        return Aside.OTHER_COMMUNE
    if (
        isinstance(opened.content, Decision)
        and drawn_up is not None
        and _is_register_s(filed, drawn_up, tables)
    ):
        return Aside.REGISTER_DECIDES
    return None


def _is_register_s(filed: Filed, drawn_up: datetime, tables: Tables) -> bool:
    try:
        return regime_of(filed, drawn_up, tables) is ControlRegime.REU
    except RuleViolated:  # a day without law: the whole dossier waits for a person
        return False


def _key(place: Place) -> tuple[str, int]:
    return place.code, int(place.type)
