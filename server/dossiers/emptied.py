"""The dossier of a procuration whose data were deleted: that it was, when it went, by which rule (R-62 to
R-64)."""

from collections.abc import Callable, Sequence
from typing import Final

from procuration.domain.events import RecordedEvent
from procuration.domain.purge import Purge
from procuration.domain.purged import purge_in_force
from procuration.domain.status import Standing, legal_order

_NOBODY: Final[dict[str, object]] = {
    f"{who}_{name}": value
    for who in ("mandant", "mandataire")
    for name, value in (
        ("birth_name", ""),
        ("given_names", ""),
        ("used_name", ""),
        ("sex", None),
        ("birth_date", ""),
        ("elector_number", ""),
    )
}
_EMPTY: Final[dict[str, object]] = {
    **_NOBODY,
    "mandant_folded": "",
    "register_order": None,
    "mandataire_place_code": "",
    "mandataire_place_type": None,
    "email": "",
    "reference": None,
    "authentication": 0,
    "channel": 0,
    "place_code": "",
    "place_type": 0,
    "place_cog_year": 0,
    "scrutin_id": "",
    "rounds": None,
    "period_first": None,
    "period_last": None,
    "polling_days": [],
    "first_closing": None,
    "last_closing": None,
    "filed_log": "",
    "filed_hash": "",
    "taken_over": None,
}


def emptied_row(
    rid: str,
    standing: Standing,
    events: Sequence[RecordedEvent],
    nothing_yet: dict[str, object],
    history: Callable[[RecordedEvent], dict[str, object]],
) -> dict[str, object]:
    """The row, from the purge events alone: whatever copies arrive later, it reads the same.

    Args:
        nothing_yet: the columns of a request before any act.
        history: one line of the dossier's history.
    """
    purges = sorted((event for event in events if isinstance(event.content, Purge)), key=legal_order)
    in_force = purge_in_force(purges)
    assert in_force is not None, "the standing says so"
    return {
        **nothing_yet,
        **_EMPTY,
        "rid": rid,
        "status": standing.status.value,
        "rule": standing.rule,
        "filed_at": in_force.envelope.wall,
        "history": [history(event) for event in purges],
    }
