"""Reads the whole ledger again and believes no column: chains, signatures, bodies, tree, checkpoints, the
tables around them, and every state against a fresh fold (`procuration-server verify`).

The work is cut into parts that do not need each other; with more than one process they are shared out, each
process with a connection of its own. The tree is one part. Removing the end of a log together with its leaves
and checkpoints leaves no trace in the database: only a checkpoint or receipt kept elsewhere shows it.
"""

import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures import wait as wait_for
from dataclasses import dataclass
from typing import Final

from django.db import connection

from procuration.errors import RecordRejected
from procuration.record.checkpoint import TreeHead
from server.config.centre import Centre
from server.dossiers.auditing import (
    Requests,
    audit_device,
    audit_requests,
    parts_of_requests,
    single_requests,
)
from server.ledger.audit_worker import begin, here, name_of
from server.ledger.auditing import (
    Audit,
    Part,
    Runs,
    audit_devices,
    audit_events,
    parts_of_logs,
)
from server.ledger.models import Device, Event
from server.ledger.purges import purged_runs
from server.ledger.side_audit import audit_side_tables
from server.ledger.tree_audit import audit_tree

CentreSource = Callable[[], Centre]
"""Gives a process its centre; a function of a module, so that its name can be sent to it."""


@dataclass(frozen=True, slots=True)
class DevicePart:
    """What belongs to one log in the dossiers."""

    device_id: int


Work = Part | Requests | DevicePart
STUMBLES: Final = (RecordRejected, ValueError, LookupError, TypeError, AssertionError)
"""What damaged rows make of code that trusts them."""
_WAITING_MAX: Final = 64
"""Parts handed out and not yet answered: the list of all of them would grow with the ledger."""


def verify_ledger(centre: Centre, progress: Callable[[int], None]) -> Audit:
    """Audit the ledger: everything but the dossiers, in this process."""
    audit, purged = Audit(), purged_runs(centre)
    for part in parts_of_logs():
        audit_events(centre, part, purged, audit)
        progress(audit.events)
    _audit_the_rest(centre, audit, {})
    return audit


def verify_everything(
    centre: Centre,
    progress: Callable[[int], None],
    *,
    kept: Mapping[int, TreeHead] | None = None,
    processes: int = 1,
    source: CentreSource | None = None,
) -> Audit:
    """Audit the ledger and the dossiers.

    Args:
        progress: is told how many events or dossiers were just done.
        kept: tree heads by size that somebody else holds.
        processes: beyond one, `source` gives each of them its centre.
    """
    audit, purged = Audit(), purged_runs(centre)
    results = (
        (_one_part(centre, purged, part) for part in _parts())
        if processes == 1 or source is None
        else _shared_out(processes, source, purged)
    )
    for found in results:
        audit.add(found)
        progress(found.events + found.dossiers)
    _audit_the_rest(centre, audit, kept or {})
    return audit


def work_to_do() -> int:
    """How many events and dossiers there are: for whoever shows progress."""
    requests = Event.objects.filter(rid__isnull=False).order_by().values("rid").distinct()
    return Event.objects.count() + requests.count()


def _audit_the_rest(centre: Centre, audit: Audit, kept: Mapping[int, TreeHead]) -> None:
    audit_devices(centre, audit)
    audit_tree(centre, audit, kept)
    audit_side_tables(centre, audit)


def _parts() -> Iterator[Work]:
    yield from parts_of_logs()
    for device_id in Device.objects.order_by("pk").values_list("pk", flat=True):
        yield DevicePart(device_id)
    yield from parts_of_requests()


def _one_part(centre: Centre, purged: Runs, part: Work) -> Audit:
    """What is so damaged that our own code stumbles over it is named too; of requests, each one alone."""
    audit = Audit()
    try:
        match part:
            case Part():
                audit_events(centre, part, purged, audit)
            case Requests():
                audit_requests(centre, part, audit)
            case DevicePart(device_id=device_id):
                audit_device(centre, device_id, audit)
    except STUMBLES:
        audit = Audit()
        if isinstance(part, Requests) and len(smaller := single_requests(part)) > 1:
            for one in smaller:
                audit.add(_one_part(centre, purged, one))
        else:
            audit.fault("LECTURE_IMPOSSIBLE", **where_of(part))
    return audit


def where_of(part: Work) -> dict[str, object]:
    """The rows that could not be read, as a fault names them."""
    if isinstance(part, Requests):
        return {"table": "dossiers_procuration", "rid": part.upto}
    log_id = Device.objects.filter(pk=part.device_id).values_list("log_id", flat=True).first()
    return {"table": "ledger_event", "log": log_id, "device": part.device_id}


# several processes


def _shared_out(processes: int, source: CentreSource, purged: Runs) -> Iterable[Audit]:
    context = multiprocessing.get_context("spawn")  # a fork would share this connection
    given = dict(connection.settings_dict), name_of(source), purged
    with ProcessPoolExecutor(processes, context, begin, given) as pool:
        waiting: set[Future[Audit]] = set()
        for part in _parts():
            waiting.add(pool.submit(_work, part))
            if len(waiting) >= _WAITING_MAX:
                done, waiting = wait_for(waiting, return_when="FIRST_COMPLETED")
                yield from (one.result() for one in done)
        yield from (one.result() for one in waiting)


def _work(part: Work) -> Audit:
    return _one_part(here["centre"], here["purged"], part)
