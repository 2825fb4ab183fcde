"""What a procuration is worth and why, in the words of the town hall: which rule, which rank, what the other
town hall answered."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from procuration.domain.candidates import Effect
from procuration.domain.rules import RULES
from procuration.domain.status import Doubt, Status
from server.dossiers.facts import answer_of
from server.dossiers.listing import ANSWER_AWAITED
from server.dossiers.models import Procuration
from server.mairie.sheet import reason_of
from server.pages.french import NO_BREAK, inside, long_date
from server.texts_fr import TEXTS, counted, text

_SETTLED_BY_RIVALS = frozenset(
    {
        Status.NULLE_L73,
        Status.RESILIEE,
        Status.ANNULEE_L77,
        Status.UTILISEE,
        Status.VOTE_PERSONNEL,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundWorth:
    """What it is worth for one round."""

    round: str
    worth: str
    why: str


def why(one: Procuration) -> list[str]:
    """Sentences that explain a status that the town hall did not decide; none when there is nothing to
    explain. No other elector is named: a rank is a number (I-8)."""
    sentences = list(_why(one))
    if sentences and one.rule:
        sentences.append(text("mairie.why.rule", rule=rule_words(one.rule)))
    return sentences


def rule_words(rule: str) -> str:
    """What a rule is about and its article of the Code électoral, if one says so. Its number comes last: it
    is ours, and looks like an article."""
    known = RULES.get(rule)
    if known is None:
        return ""
    first = re.match(r"[LR]\. [0-9-]+", known.article)
    article = first[0].replace(" ", NO_BREAK) if first else ""
    key = "mairie.why.rule.article" if article else "mairie.why.rule.alone"
    return text(key, title=known.title, rule=rule, article=article)


def _why(one: Procuration) -> Iterator[str]:
    status = Status(one.status)
    if status is Status.EN_ATTENTE_HUMAINE:
        yield text(f"doubt.{one.code}") if one.code in tuple(Doubt) else text("mairie.why.aside")
        yield text("mairie.why.human")
    elif status is Status.INVALIDEE and one.rule == "R-72":
        reason = reason_of(one.code)
        assert reason is not None, "no refusal without a code (I-10)"
        yield text("mairie.why.answer", reason=inside(reason[0]))
    elif status is Status.INVALIDEE and one.effects and _last(one)["effect"] in TOLD_BY_EFFECT:
        yield text(f"mairie.why.{_last(one)['effect']}")
    elif status in _SETTLED_BY_RIVALS:
        if one.rule == "R-44":
            yield text("mairie.why.displaced")
        yield _because(status.name, one.rule, _last(one) if one.effects else {})


TOLD_BY_EFFECT = frozenset({Effect.DEJA_EXISTANTE, Effect.ECARTEE})
"""Effects whose status, INVALIDEE, does not tell them apart from a decision."""


def _last(one: Procuration) -> dict[str, object]:
    effect: dict[str, object] = one.effects[-1]
    return effect


def _because(effect: str, rule: str, told: dict[str, object]) -> str:
    """Why a round is lost or used: by rank for the ceiling, otherwise by effect and rule."""
    if effect == Effect.NULLE_L73:
        before = told.get("because")
        return counted("mairie.why.rank", len(before) if isinstance(before, list) else 0)
    exact = f"mairie.why.{effect}.{rule}"
    return text(exact) if exact in TEXTS else text(f"mairie.why.{effect}")


def rounds(one: Procuration) -> list[RoundWorth]:
    """What it is worth for each round, when they are not all worth the same."""
    if len({effect["effect"] for effect in one.effects}) < 2:
        return []
    return [
        RoundWorth(
            round=text(
                "mairie.why.round",
                round=text(f"validity.rounds.{effect['round']}"),
                day=long_date(date.fromisoformat(effect["day"])),
            ),
            worth=text(f"effect.{effect['effect']}"),
            why=_why_round(effect),
        )
        for effect in one.effects
    ]


def _why_round(effect: dict[str, object]) -> str:
    match effect["effect"]:
        case Effect.STANDS:
            return ""
        case Effect.DOUBT:
            return text(f"doubt.{effect['doubt']}")
        case other:
            return _because(str(other), str(effect["rule"]), effect)


def answer_words(one: Procuration, place: str) -> list[str]:
    """What the mandataire's town hall owes or said (R-72); nothing where it is not asked."""
    if one.answer == ANSWER_AWAITED:
        accepted = [text("mairie.answer.accepted")] if one.decided_at is not None else []
        return [text("mairie.answer.awaited", place=place), *accepted]
    if one.answer != "DONNEE":
        return []
    code = answer_of(one)
    reason = None if code is None else reason_of(code)
    if reason is None:
        return [text("mairie.answer.yes", place=place)]
    return [text("mairie.answer.no", place=place, reason=inside(reason[0]))]
