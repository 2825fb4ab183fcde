"""The life of one procuration, told step by step: each event, the state after it, the rule and the article
that decided; then what its rivals make of it, round by round (`procuration-server explain`)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from procuration.domain.establishment import CODES
from procuration.domain.events import Kind
from procuration.domain.outcome import needs_answer
from procuration.domain.rules import RULES
from procuration.domain.status import Standing, after, legal_order, told_in_order, with_answer
from server.config.centre import Centre
from server.dossiers.fold import Judged, events_that_count
from server.dossiers.models import Procuration, Withdrawal
from server.dossiers.refolding import judge_all, stored_events
from server.ledger.known import Known
from server.ledger.proofs import covering

RULE_OF_ASIDE: Final = {
    **CODES,
    "HORLOGE_DOUTEUSE": "R-43",
    "RETRAIT_INCERTAIN": "R-43",
    "LIEU_NON_AUTORISE": "R-16",
    "AUTORITE_AUTRE_NOM": "R-23",
    "DECLARATIONS_MANQUANTES": "R-18",
    "AGENT_INCONNU": "R-14",
    "HABILITATION_AUTRE_POSTE": "R-14",
    "HABILITATION_FUTURE": "R-14",
    "HABILITATION_TERMINEE": "R-14",
    "HABILITATION_RETIREE": "R-14",
    "CONFIRMATION_IMPOSSIBLE": "R-15",
    "CONFIRMATION_AUTRE_OPJ": "R-15",
    "AUTHENTIFICATION_IMPOSSIBLE": "R-27",
}
"""The rule behind a code of the centre; the other codes are of the record, not of the law."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One event and what it changed.

    Attributes:
        at: claimed time, ISO; between: the proved interval, for an act.
        kind: name of the kind of event.
        state: status after it; code: why it has none, or the reason of a refusal.
        rule: number, empty when nothing of the law decided.
        leaf, tree_size, root: the proof that covers it, None while there is none.
    """

    at: str
    between: tuple[str, str] | None
    kind: str
    log: str
    hash: str
    state: str
    code: str
    rule: str
    leaf: int | None
    tree_size: int | None
    root: str | None


def explain(centre: Centre, row: Procuration) -> list[Step]:
    """The events of one request in legal order, those without effect included."""
    known = Known(centre)
    judged = judge_all(stored_events([row.rid], known), known).get(row.rid, [])
    events = sorted(events_that_count(judged), key=legal_order)
    counting = {event.hash for event in told_in_order(events)}
    steps, standing = [], Standing()
    for event in events:
        before = standing
        if event.hash in counting:
            standing = after(standing, event)
        heard = with_answer(standing, needed=needs_answer(standing, centre.tables.law, centre.tables.ballots))
        changed = standing is not before
        when = event.interval
        steps.append(
            _step(
                event.claimed_at.isoformat(),
                event.envelope.kind,
                event.envelope.log_id.hex(),
                event.hash.hex(),
                state=heard.status.name,
                code=heard.doubt.value if heard.doubt else heard.code.value if heard.code else "",
                rule=heard.rule if changed else "",
                between=(when.earliest.isoformat(), when.latest.isoformat()) if event.act else None,
            )
        )
    return [*steps, *_aside(judged), *_withdrawals(row)]


def _aside(judged: Sequence[Judged]) -> Iterator[Step]:
    for one in judged:
        if one.verdict.code is not None:
            code = one.verdict.code.value
            yield _step(
                one.opened.envelope.wall.isoformat(),
                one.opened.envelope.kind,
                one.opened.envelope.log_id.hex(),
                one.opened.hash.hex(),
                state="SANS_EFFET",
                code=code,
                rule=RULE_OF_ASIDE.get(code, ""),
            )


def _withdrawals(row: Procuration) -> Iterator[Step]:
    """Résiliations of the same mandant, whether or not they end this one."""
    found = Withdrawal.objects.filter(rid=row.rid)
    if row.mandant_key is not None:
        found = found | Withdrawal.objects.filter(rid=None, mandant_key=row.mandant_key)
    for one in found.select_related("device").order_by("at", "hash"):
        yield _step(
            one.at.isoformat(),
            Kind.REVOCATION,
            one.device.log_id,
            one.hash,
            state="RESILIATION",
            code="",
            rule="R-46",
            between=(one.earliest.isoformat(), one.latest.isoformat()),
        )


def _step(
    at: str,
    kind: Kind,
    log: str,
    event: str,
    *,
    state: str,
    code: str,
    rule: str,
    between: tuple[str, str] | None = None,
) -> Step:
    proof = covering(log, event)
    return Step(
        at=at,
        between=between,
        kind=kind.name,
        log=log,
        hash=event,
        state=state,
        code=code,
        rule=rule,
        leaf=None if proof is None else proof.leaf,
        tree_size=None if proof is None else proof.tree_size,
        root=None if proof is None else proof.root.hex(),
    )


def article_of(rule: str) -> str:
    """Where the law says so, and what it is about, in French; empty for no rule."""
    found = RULES.get(rule)
    return "" if found is None else f"{found.title} ({found.article})"
