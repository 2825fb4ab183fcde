"""Deciding a case of the human queue: one signed event for each request that it concerns, in one transaction
(DESIGN, decision 5; R-43, R-49). Only another decision replaces one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final
from unicodedata import category

from django.db import transaction

from procuration.domain.facts import PortalAccount, Ruling, RulingOutcome
from procuration.domain.identifiers import Rid
from procuration.errors import RuleViolated
from procuration.record.facts import REASON_LENGTH_MAX
from server.config.centre import Centre, current_centre
from server.dossiers.cases import Case, Choice, Level, Part, narrowed
from server.dossiers.models import Procuration
from server.dossiers.queue import case_of
from server.dossiers.refolding import refold
from server.dossiers.services import take_in_established
from server.ledger.known import Known
from server.ledger.opening import Opened
from server.ledger.own_log import Entry, append, lock_own_log
from server.ledger.tree import append_due_leaves

ROLE: Final = "administrateur central"
"""Who may decide, as signed events name it: an account of no commune."""
_UNREADABLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Controls, direction marks and what has no glyph: a reason reads the same on paper as on the screen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a person decides.

    Attributes:
        choice: key of one of the case's choices.
        seen: the token of the case as its author saw it; naming its last ruling is asking to replace it.
    """

    rid: str
    level: Level
    choice: str
    seen: str
    reason: str = field(repr=False)


def rule_case(decision: Decision, by: PortalAccount) -> list[Procuration]:
    """Write what a person decided, and fold again what it concerns.

    Returns: the procurations of the case after it.

    Raises: RuleViolated PAS_ADMINISTRATEUR, MOTIF_VIDE, MOTIF_TROP_LONG, MOTIF_ILLISIBLE, CAS_INCONNU,
    CAS_SANS_DECISION, DEJA_TRANCHE, CAS_CHANGE, CHOIX_INCONNU, ORDRE_IMPOSSIBLE. Nothing is written then.
    """
    if by.role != ROLE or by.place is not None or not by.pseudonym:
        raise RuleViolated("PAS_ADMINISTRATEUR")
    reason = checked_reason(decision.reason)
    centre = current_centre()
    with transaction.atomic():
        log = lock_own_log(centre)  # whoever decides at the same time waits here
        case = _checked(centre, decision)
        choice = case.choice(decision.choice)
        if choice is None:
            raise RuleViolated("CHOIX_INCONNU")
        _check_order(case, choice)
        at = centre.clock.now()
        entries = [
            Entry(Ruling(decided_on=part.decided_on, outcome=part.outcome, reason=reason, account=by), rid)
            for part in _parts(case, choice)
            for rid in _requests(case, part)
        ]
        fresh: dict[str, list[Opened]] = {}
        for event in append(centre, log, entries, at):
            fresh.setdefault(str(event.rid), []).append(event)
        refold(Known(centre), fresh, at)
    take_in_established(centre)
    append_due_leaves(centre)
    rids = [one.rid for one in case.procurations]
    return list(Procuration.objects.filter(rid__in=rids).order_by("established_at", "rid"))


def checked_reason(written: str, maximum: int = REASON_LENGTH_MAX) -> str:
    """The reason, without the spaces around it.

    Raises: RuleViolated MOTIF_VIDE, MOTIF_TROP_LONG, MOTIF_ILLISIBLE.
    """
    reason = " ".join(written.split())
    if not reason:
        raise RuleViolated("MOTIF_VIDE")
    if len(reason) > maximum:
        raise RuleViolated("MOTIF_TROP_LONG", maximum=maximum)
    if any(category(sign) in _UNREADABLE for sign in reason):
        raise RuleViolated("MOTIF_ILLISIBLE")
    return reason


def _checked(centre: Centre, decision: Decision) -> Case:
    """The case as it is now, when it is the one that its author saw."""
    try:
        case = case_of(centre, decision.rid, decision.level, centre.clock.now())
    except Procuration.DoesNotExist as error:
        raise RuleViolated("CAS_INCONNU") from error
    if not case.can_be_ruled:
        raise RuleViolated("CAS_SANS_DECISION")
    sides, _, ruling = decision.seen.partition(".")
    if ruling != case.last_ruling:
        raise RuleViolated("DEJA_TRANCHE")
    if sides != case.token.partition(".")[0]:
        raise RuleViolated("CAS_CHANGE")
    return case


def _check_order(case: Case, choice: Choice) -> None:
    """Nobody decides against what is proved: the order of one log, and times that do not overlap (R-39)."""
    sides = {side.hash: side for side in case.sides}
    for part in choice.parts:
        if part.outcome is not RulingOutcome.IN_THIS_ORDER:
            continue
        for first, then in combinations([sides[one] for one in part.decided_on], 2):
            same_log = first.device.pk == then.device.pk and not (first.keyed_in or then.keyed_in)
            if (same_log and first.seq > then.seq) or (not same_log and then.proved.precedes(first.proved)):
                raise RuleViolated("ORDRE_IMPOSSIBLE")


def _parts(case: Case, choice: Choice) -> Iterable[Part]:
    """What is written: first the same decision said again of each smaller set of events that was ruled
    before, because only a ruling about the very same events replaces one; then the decision itself."""
    for part in choice.parts:
        names = frozenset(part.decided_on)
        before = {frozenset(given.decided_on): None for given in case.rulings}
        for smaller in before:
            if 1 < len(smaller) < len(names) and smaller < names:
                yield narrowed(part, smaller)
    yield from choice.parts


def _requests(case: Case, part: Part) -> list[Rid]:
    """The requests whose acts it names, each once; the one that asks is always among them."""
    named = {side.procuration.rid for side in case.sides if side.hash in part.decided_on}
    return [Rid(bytes.fromhex(rid)) for rid in sorted(named)]
