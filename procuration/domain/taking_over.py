"""A request that a brigade filed again from its receipt, and what then becomes of the first one
(SECURITY-DESIGN 9).

The first is closed once an officer has acted on the second, not before: to name a receipt is no power over it
(I-3). An act on the first keeps it open: two procurations of one mandant are then compared as any others
(R-49).
"""

from collections.abc import Mapping
from dataclasses import replace

from procuration.domain.identifiers import Rid
from procuration.domain.refusal import RULE, RefusalCode
from procuration.domain.status import Standing, Status

_NOT_ACTED_ON = frozenset({Status.INCONNUE, Status.DEMANDE, Status.PURGEE})


def takes_over(standing: Standing) -> Rid | None:
    """The request that this one closes: it names it, and an officer has acted on this one."""
    if standing.filed is None or standing.status in _NOT_ACTED_ON:
        return None
    return standing.filed.taken_over


def closed(standing: Standing) -> Standing:
    """The same request once another has taken it over; one on which an officer acted stays what it is."""
    if standing.status is not Status.DEMANDE:
        return standing
    code = RefusalCode.REPRISE_AU_POSTE
    return replace(standing, status=Status.REFUSEE, code=code, rule=RULE.get(code, "R-18"))


def with_taken_over(standings: Mapping[Rid, Standing]) -> dict[Rid, Standing]:
    """Every standing, those that were taken over closed; the order of the events changes nothing."""
    gone = {rid for standing in standings.values() if (rid := takes_over(standing)) is not None}
    return {rid: closed(one) if rid in gone else one for rid, one in standings.items()}
