"""What the register answered, as pages read it: counts for the console, and the refusals of one commune."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet

from procuration.domain.law import ControlRegime
from procuration.domain.refusal import RefusalCode
from procuration.domain.status import Status
from server.dossiers.models import Procuration

ROWS_PER_PAGE: Final = 50
REFUSALS: Final = (
    RefusalCode.MANDANT_NON_INSCRIT,
    RefusalCode.MANDATAIRE_INTROUVABLE,
    RefusalCode.MANDATAIRE_SANS_DROITS,
    RefusalCode.PLAFOND_DEPASSE,
)
"""What a register refuses for (R-02, R-26, R-03, R-38)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """How many procurations the register answered about, as they stand now.

    Attributes:
        refused: by reason, the reasons that never came included.
        others: accepted or refused first, and changed since by something else (a résiliation, a death).
    """

    accepted: int
    refused: dict[RefusalCode, int]
    others: int


def counted() -> list[tuple[int, str, int]]:
    """How many it answered about, by status and code: one query, over an index that holds what it counts.
    A few tenths of a second for a million."""
    decided = Procuration.objects.filter(regime=ControlRegime.REU, decided_at__isnull=False)
    return list(decided.order_by().values_list("status", "code").annotate(n=Count("*")))


def answers(rows: Iterable[tuple[int, str, int]]) -> Answers:
    """What these counts say."""
    accepted, others, refused = 0, 0, dict.fromkeys(REFUSALS, 0)
    for status, code, count in rows:
        if status == Status.VALIDEE:
            accepted += count
        elif status == Status.INVALIDEE and code in refused:
            refused[RefusalCode(code)] += count
        else:
            others += count
    return Answers(accepted=accepted, refused=refused, others=others)


def refused(place_code: str, place_type: int) -> QuerySet[Procuration]:
    """The procurations of one commune that the register refused, the newest answer first."""
    mine = Procuration.objects.filter(place_code=place_code, place_type=place_type)
    by_register = mine.filter(status=Status.INVALIDEE, regime=ControlRegime.REU, decided_at__isnull=False)
    return by_register.order_by("-decided_at", "rid")


def page_of(rows: QuerySet[Procuration], page: int) -> "Page[Procuration]":
    """One page of them."""
    return Paginator(rows, ROWS_PER_PAGE).get_page(page)


def counts_by_reason(rows: QuerySet[Procuration]) -> dict[str, int]:
    """How many of them for each reason."""
    return dict(rows.order_by().values_list("code").annotate(Count("pk")))
