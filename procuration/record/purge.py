"""Kind 9 as a CBOR value and back (docs/formats.md, 5)."""

from procuration.domain.identifiers import LogId
from procuration.domain.purge import (
    ARTICLE_LENGTH_MAX,
    PLACES_MAX,
    Purge,
    PurgedRun,
    PurgeReason,
    in_order,
)
from procuration.errors import RecordRejected
from procuration.record.shape import fields, integer, number_of, octets, sequence, text


def purge_value(purge: Purge) -> dict[int, object]:
    """`{0: 1, 1: reason, 2: article, 3: [[log id, first seq, last seq], ...]}`."""
    return {
        0: 1,
        1: purge.reason.value,
        2: purge.article,
        3: [[run.log_id, run.first_seq, run.last_seq] for run in purge.runs],
    }


def read_purge(value: object) -> Purge:
    """Raises: RecordRejected PURGE_RUNS for places out of order or none at all, or a code of `shape`."""
    read = fields(value, 4)
    runs = tuple(_read_run(one) for one in sequence(read[3], maximum=PLACES_MAX))
    if not runs or not in_order(runs):
        raise RecordRejected("PURGE_RUNS")
    return Purge(
        reason=number_of(PurgeReason, read[1]),
        article=text(read[2], maximum=ARTICLE_LENGTH_MAX),
        runs=runs,
    )


def _read_run(value: object) -> PurgedRun:
    log_id, first, last = sequence(value, 3)
    return PurgedRun(LogId(octets(log_id, length=8)), integer(first), integer(last))
