"""Which requests were taken over by another on which an officer has acted, for the fold of the centre
(SECURITY-DESIGN 9; `domain.taking_over`)."""

from collections.abc import Mapping, Sequence

from procuration.domain.events import Filed, Kind
from procuration.domain.status import standing_of
from procuration.domain.taking_over import takes_over
from server.dossiers.fold import Judged, events_that_count
from server.dossiers.models import Procuration
from server.ledger.opening import Opened


def also_concerned(fresh: Mapping[str, Sequence[Opened]]) -> list[str]:
    """The requests that a change of these may close, or open again, beside them."""
    named = {
        one.content.taken_over.hex()
        for of_rid in fresh.values()
        for one in of_rid
        if isinstance(one.content, Filed) and one.content.taken_over is not None
    }
    acted = [
        rid
        for rid, of_rid in fresh.items()
        if not of_rid or any(one.envelope.kind is not Kind.FILED for one in of_rid)
    ]
    if acted:  # what is only asked for closes nothing, and is what nearly every import is made of
        rows = Procuration.objects.filter(rid__among=acted, taken_over__isnull=False)
        named.update(str(rid) for rid in rows.values_list("taken_over", flat=True))
    return sorted(named - fresh.keys())


def taken_over_among(judged: Mapping[str, Sequence[Judged]]) -> frozenset[str]:
    """Those of these requests that another one took over. Their own events speak in the place of their stored
    rows, which are about to be written again."""
    found = set()
    for of_rid in judged.values():
        if any(_names_a_receipt(one) for one in of_rid):
            taken = takes_over(standing_of(events_that_count(of_rid)))
            if taken is not None:
                found.add(taken.hex())
    stored = Procuration.objects.filter(taken_over__among=list(judged)).exclude(act_hash="")
    rows = stored.values_list("rid", "taken_over")
    found.update(str(taken) for rid, taken in rows if rid not in judged)
    return frozenset(found.intersection(judged))


def _names_a_receipt(one: Judged) -> bool:
    return any(
        isinstance(event.content, Filed) and event.content.taken_over is not None
        for event in one.verdict.events
    )
