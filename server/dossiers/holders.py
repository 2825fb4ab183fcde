"""How many procurations a mandataire holds that stand or may still stand, wherever the mandants vote.

Written with the rows (decision 44): a town hall's list is narrowed by it, and forty thousand rows that each
look up a key would take longer than a page may. It informs; what is worth what is for `relations`.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

from procuration.domain.status import Status

MAY_STILL_STAND: Final = (
    Status.ETABLIE,
    Status.TRANSMISE,
    Status.RECUE,
    Status.VALIDEE,
    Status.EN_ATTENTE_HUMAINE,
)
COUNTED_MAX: Final = 3
"""More are written as three: an election agent's tenth procuration changes one row, not ten."""
NONE_HELD: Final[dict[str, Any]] = {"mandataire_held": 0}
"""Of a row without the key of a mandataire, and of one that is still to be counted."""


def note_held(rows: Iterable[dict[str, Any]]) -> None:
    """Write the number into every row; all rows of each mandataire are among them."""
    told = list(rows)
    held = Counter(row["mandataire_key"] for row in told if row["status"] in MAY_STILL_STAND)
    for row in told:
        row["mandataire_held"] = min(COUNTED_MAX, held[row["mandataire_key"]]) if row["mandataire_key"] else 0
