"""What a bundle says of everything that it leaves behind, so that the centre knows of a tablet that goes
silent with procurations on it (decision 0041).
"""

from datetime import UTC, datetime

from kiosk_app.station import OpenStore
from procuration.record.backlog import Backlog


def backlog_beside(store: OpenStore, first_seq: int, count: int) -> Backlog:
    """The length of the log, and its oldest event without a receipt outside a bundle.

    Args:
        first_seq, count: of the events in the bundle; count 0 for a poll.
    """
    after = first_seq + count
    waiting = store.log.events(store.delivered_seq + 1, 1)
    if waiting and first_seq <= waiting[0].seq < after:
        waiting = store.log.events(after, 1)
    oldest = datetime.fromtimestamp(waiting[0].at, UTC) if waiting else None
    return Backlog(length=store.log.head.next_seq, oldest=oldest)
