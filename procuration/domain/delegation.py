"""What a délégué collects, and who may confirm it (Code électoral, R. 72-1 V; R-15).

A délégué checks the person and writes an act « collected »; the procuration exists only once the OPJ who
chose them writes an act « established » that names it.
"""

import re

from procuration.domain.acts import Act, ActDecision
from procuration.domain.competence import Authority, AuthorityKind, authority_kind_of
from procuration.domain.people import fold_name
from procuration.errors import RuleViolated

_MAY_DELEGATE = frozenset({AuthorityKind.OPJ, AuthorityKind.MILITARY_OPJ})


def check_confirmation(confirming: Act, collected: Act, collector_designation: str) -> None:
    """The OPJ named by the délégué's designation confirms what this délégué collected (R-15).

    Args:
        collected: the act of the event whose hash is `confirming.confirms`.
        collector_designation: field 9 of the délégué's enrolment, e.g. « Déléguée de l'OPJ Maëva TAHUA,
            décision du 3 mars 2027 ».
    Raises: RuleViolated CONFIRMATION_IMPOSSIBLE when the two acts do not fit, CONFIRMATION_AUTRE_OPJ when
    somebody else confirms.
    """
    if (
        confirming.decision is not ActDecision.ESTABLISHED
        or collected.decision is not ActDecision.COLLECTED
        or authority_kind_of(collected.authority.qualite) is not AuthorityKind.DELEGUE
        or (confirming.rid, confirming.filed_hash) != (collected.rid, collected.filed_hash)
        or confirming.wall < collected.wall
    ):
        raise RuleViolated("CONFIRMATION_IMPOSSIBLE", rule="R-15")
    by = confirming.authority
    if authority_kind_of(by.qualite) not in _MAY_DELEGATE or not names(collector_designation, by):
        raise RuleViolated("CONFIRMATION_AUTRE_OPJ", rule="R-15")


def names(designation: str, authority: Authority) -> bool:
    """Whether a designation names this person: the whole nom, and the first of the prénoms, as whole words.

    The nom alone is not enough: two officers of one unit may bear it.
    """
    said = f" {_words(designation)} "
    first = re.split(r"[\s,]+", authority.prenoms.strip())[0]
    return all(f" {part} " in said for part in map(_words, (authority.nom, first)) if part)


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold_name(text)))
