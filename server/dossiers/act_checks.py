"""What an act says of itself, checked before it counts: who may sign, under which name, with which
declarations, at what time. The way out of each question is `SetAsideFor`, with the code that is shown.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final

from procuration.domain.acts import (
    Act,
    ActDecision,
    ActPlaceKind,
    Declarations,
    missing_to_establish,
    missing_to_revoke,
)
from procuration.domain.clock_evidence import ClockDoubt, doubt_of
from procuration.domain.competence import Form
from procuration.domain.establishment import check_authority_of
from procuration.errors import RuleViolated
from server.ledger.enums import Aside
from server.ledger.known import KnownOfficer
from server.ledger.opening import Opened

CLOCK_TOLERANCE: Final = timedelta(minutes=5)
"""How far outside floor and reception a claimed time may lie before it is doubted."""
_MISSING: Final[Mapping[ActDecision, Callable[[Declarations, ActPlaceKind], Declarations]]] = {
    ActDecision.ESTABLISHED: missing_to_establish,
    ActDecision.REVOKED: missing_to_revoke,
}


class SetAsideFor(Exception):  # not an error: the way out of a chain of questions
    def __init__(self, code: Aside) -> None:
        super().__init__(code)
        self.code = code


def aside_of(error: RuleViolated) -> Aside:
    """The code of a refusal of the law; one datum of a person has a code for all of them."""
    return Aside(error.code) if error.code in tuple(Aside) else Aside.PERSON


def check_revoking_authority(act: Act) -> None:
    """A résiliation is received by those who may establish (R. 78; R-46)."""
    try:
        check_authority_of(act, Form.TELEPROCEDURE)
    except RuleViolated as error:
        raise SetAsideFor(aside_of(error)) from error


def check_time(opened: Opened, act: Act, *, unsure: bool) -> None:
    """Floor and reception bound the true time: what lies outside is a person's to judge (R-43), and so is
    what may lie before or after a revocation (SECURITY-DESIGN 4)."""
    if unsure:
        raise SetAsideFor(Aside.REVOCATION)
    floor = opened.envelope.boot.floor
    unread = not act.declarations & Declarations.DATE_CONFIRMED and act.decision is not ActDecision.REFUSED
    if unread and doubt_of(act.wall, floor) is ClockDoubt.FAR_AHEAD:
        raise SetAsideFor(Aside.CLOCK)  # a tablet asks the officer and notes the answer
    earliest, latest = floor - CLOCK_TOLERANCE, opened.received_at + CLOCK_TOLERANCE
    if not earliest <= act.wall <= latest:
        raise SetAsideFor(Aside.CLOCK)


def check_names(act: Act, officer: KnownOfficer) -> None:
    """The register names who signed: nobody draws up an act under another's name (R-23).

    Of the authority only the unit's name is not compared: a unit may be renamed, and the acts drawn up before
    are judged again.
    """
    named = act.authority
    if (named.nom, named.prenoms, named.qualite) != (officer.nom, officer.prenoms, officer.qualite):
        raise SetAsideFor(Aside.AUTHORITY)


def check_declarations(act: Act) -> None:
    """Nothing is established or revoked without what the officer must have checked (R-07, R-17, R-18,
    R-46)."""
    missing = _MISSING.get(act.decision)
    if missing is not None and missing(act.declarations, act.place.kind):
        raise SetAsideFor(Aside.DECLARATIONS)
