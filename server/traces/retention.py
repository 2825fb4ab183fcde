"""The end of a trace: the file of its day goes after the months that the setting says (CNIL 2021-122: six to
twelve).

Each deletion is written in the trail first, with the mark at which the deleted file ended: the checker tells
it from a file that somebody removed.
"""

import logging
from datetime import UTC, date, datetime, time

from procuration.adapters.durable_file import sync_folder
from procuration.domain.status import add_months
from server.config.centre import Centre
from server.config.settings import OPTIONS
from server.traces.entries import BEGINNING, Draft, Read
from server.traces.reads import trail_of
from server.traces.trail import day_of, last_mark

log = logging.getLogger(__name__)


def purge_traces(centre: Centre, *, dry_run: bool = False) -> int:
    """Delete the files whose time is over; the last file stays, whatever its day. Returns: how many.

    Raises: CarrierUnavailable TRACE_IMPOSSIBLE, OSError.
    """
    now, trail = centre.clock.now(), trail_of(centre)
    over = [path for path in trail.files()[:-1] if _ends(day_of(path)) <= now]
    for path in () if dry_run else over:
        ended = last_mark(path) or BEGINNING
        trail.append(
            Draft(account="commande:purge", role="exploitant", what=Read.RETENTION, subject=str(ended)), now
        )
        path.unlink()
        sync_folder(trail.folder)
    log.info("traces_purged", extra={"count": len(over)})
    return len(over)


def _ends(day: date) -> datetime:
    """When the file of a day may be kept no longer."""
    return add_months(datetime.combine(day, time.max, UTC), OPTIONS.traces_months)


def note_head(centre: Centre) -> None:
    """Write the mark of the last trace in the log, which is kept elsewhere: `traces verify --at` asks for
    it."""
    head = trail_of(centre).head()
    if head is not None:
        log.info("traces_head", extra={"mark": str(head)})
