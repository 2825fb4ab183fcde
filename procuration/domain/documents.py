"""Which title proves the identity of the mandant, and until when (order of 16 November 2018; R. 73; R-18,
R-19).

The dates are read on the title by the officer and forgotten: no number and no date is kept.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from procuration.domain.acts import IdentityDocument
from procuration.domain.law import Law
from procuration.domain.people import Place
from procuration.domain.validity import add_years
from procuration.errors import RuleViolated

_ACCEPTED_EXPIRED: Final = frozenset({IdentityDocument.NATIONAL_IDENTITY_CARD, IdentityDocument.PASSPORT})


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRules:
    """The list of the order as the law table has it.

    Attributes:
        accepted: the listed titles.
        expired_years_max: how long ago an identity card or a passport may have expired.
        old_licence_before, old_licence_until: a licence issued before the first day is accepted up to the
            second, included, whatever it says.
    """

    accepted: frozenset[IdentityDocument]
    expired_years_max: int
    old_licence_before: date
    old_licence_until: date


@lru_cache(maxsize=256)
def document_rules(law: Law, place: Place, day: date) -> DocumentRules:
    """What holds in a place on a day. Raises: RuleViolated LOI_INCONNUE."""
    # Remembered for one table, place and day: each act of a day asks the same.
    listed = law.words("identity_documents", place, day)
    return DocumentRules(
        accepted=frozenset(title for title in IdentityDocument if str(title.value) in listed),
        expired_years_max=law.number("document_expired_years_max", place, day),
        old_licence_before=law.day("old_licence_issued_before", place, day),
        old_licence_until=law.day("old_licence_accepted_until", place, day),
    )


def check_document(
    title: IdentityDocument | None,
    expired_on: date | None,
    issued_on: date | None,
    on_day: date,
    rules: DocumentRules,
) -> None:
    """The title is listed and still proves who holds it (R-19).

    Args:
        expired_on: last day that the title says it is valid; None when it bears none.
        issued_on: day of issue, asked for a driving licence only.
    Raises: RuleViolated PIECE_MANQUANTE, PIECE_NON_LISTEE, PIECE_DATES, PIECE_PERIMEE (ids: rule).
    """
    if title is None:
        raise RuleViolated("PIECE_MANQUANTE", rule="R-18")
    if title not in rules.accepted:
        raise RuleViolated("PIECE_NON_LISTEE", rule="R-19")
    if issued_on is not None and (issued_on > on_day or (expired_on is not None and expired_on < issued_on)):
        raise RuleViolated("PIECE_DATES", rule="R-19")
    licence = title is IdentityDocument.DRIVING_LICENCE
    if licence and issued_on is not None and issued_on < rules.old_licence_before:
        expired_on = rules.old_licence_until
    if expired_on is None or on_day <= expired_on:
        return
    if title in _ACCEPTED_EXPIRED and on_day < add_years(expired_on, rules.expired_years_max):
        return
    raise RuleViolated("PIECE_PERIMEE", rule="R-19")
