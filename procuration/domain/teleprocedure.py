"""What the télé-procédure may serve: which elections, and which pairs of places (R. 72, R. 213-1; R-22,
R-73, R-78, R-79). What it may not serve goes on paper, and the person is told so.
"""

from collections.abc import Iterable
from datetime import date

from procuration.domain.competence import Form
from procuration.domain.events import Authentication, Channel
from procuration.domain.law import Law
from procuration.domain.people import Person, Place
from procuration.domain.scrutin import Scrutin
from procuration.errors import RuleViolated


def form_of(channel: Channel) -> Form:
    """On what a request was made; a paper form keyed in stays paper."""
    return Form.PAPER if channel is Channel.PAPER else Form.TELEPROCEDURE


def check_mandataire_reachable(vote_place: Place, mandataire: Person, law: Law, day: date) -> None:
    """A mandant enrolled outside Nouvelle-Calédonie, or on a consular list, may not name a mandataire
    enrolled there by the télé-procédure (R. 213-1 1°; R-73).

    Args:
        day: of filing, or of the act.
    Raises: RuleViolated TELEPROCEDURE_NON_APPLICABLE, LOI_INCONNUE.
    """
    votes_at = mandataire.enrolment
    if votes_at is None or votes_at.departement == vote_place.departement:
        return
    if not law.number("mandataire_from_outside_accepted", votes_at, day):
        raise RuleViolated("TELEPROCEDURE_NON_APPLICABLE", rule="R-73")


def check_elections(scrutin: Scrutin, vote_place: Place, law: Law) -> None:
    """Each election of the scrutin is one that the télé-procédure serves (R. 72; R-79); senatorial electors
    use another procedure, on paper (R-78).

    Raises: RuleViolated SCRUTIN_HORS_TELEPROCEDURE, LOI_INCONNUE.
    """
    served = law.words("teleprocedure_elections", vote_place, scrutin.rounds[0].day)
    if not served.issuperset(scrutin.elections):
        raise RuleViolated("SCRUTIN_HORS_TELEPROCEDURE", rule="R-79")


def served_scrutins(scrutins: Iterable[Scrutin], vote_place: Place, law: Law) -> tuple[Scrutin, ...]:
    """Those that may be offered to a person who asks on line or at a kiosk (R-78, R-79). Raises: RuleViolated
    LOI_INCONNUE."""
    return tuple(
        scrutin
        for scrutin in scrutins
        if law.words("teleprocedure_elections", vote_place, scrutin.rounds[0].day).issuperset(
            scrutin.elections
        )
    )


def appearance_required(authentication: Authentication, vote_place: Place, law: Law, day: date) -> bool:
    """Whether the mandant must come before an authority: not after a certified digital identity check, once
    the law accepts it (R. 72; R-22).

    Raises: RuleViolated LOI_INCONNUE.
    """
    certified = authentication is Authentication.CERTIFIED_IDENTITY
    return not (certified and law.number("certified_identity_accepted", vote_place, day))
