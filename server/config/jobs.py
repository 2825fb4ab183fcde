"""The background work of the centre: messages to electors, what an interrupted import left to do, questions
to the register, the trust list's time stamp.

Every job looks at the database for what is due, so a job missed, or run twice by two centres, changes
nothing.
"""

import logging
import signal
import threading
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from django.contrib.sessions.models import Session
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from procuration.adapters.tuf_repository import refresh_timestamp
from procuration.errors import ProcurationError
from server.config.centre import current_centre
from server.console.following import follow_all
from server.dossiers.copying import keep_copies
from server.dossiers.purging import purge
from server.dossiers.revoking import apply_revocations
from server.dossiers.services import take_in_established
from server.health.job_runs import note_run
from server.ledger.durability import secure_late
from server.ledger.joining import tidy
from server.ledger.tree import append_due_leaves
from server.pages.limits import forget_counts
from server.register.asking import ask_register
from server.register.configured import configured_register
from server.traces.retention import note_head, purge_traces

log = logging.getLogger(__name__)


_PURGE_HOUR_UTC = 2
"""Night in Paris, noon or later overseas: a quiet hour for most. A missed run costs a day."""


def _send_notices() -> None:
    if find_spec("server.notices.services") is not None:
        import_module("server.notices.services").send_due(current_centre().clock.now())


def _finish_imports() -> None:
    """What a worker killed between its transactions left: acts without their reception, heads without their
    leaf, events that are not on the second disk.
    """
    centre = current_centre()
    take_in_established(centre)
    append_due_leaves(centre)
    if secure_late(centre):
        append_due_leaves(centre)  # of heads that became durable after their receipt


def _purge() -> None:
    """What the law lets nobody keep, the traces of reads with it."""
    purge(current_centre())
    purge_traces(current_centre())


def _tidy_sessions() -> None:
    """Sessions that are over, and counts of limits that nobody needs any more."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    forget_counts()


def guarded(name: str, work: Callable[[], None]) -> Callable[[], None]:
    """A job that logs the code of its failure and lives on: the next run starts again from the database."""

    def run() -> None:
        close_old_connections()
        code = ""
        try:
            work()
        except ProcurationError as error:
            code = error.code
            log.error("job_refused", extra={"code": f"{name}:{error.code}"})
        except (DatabaseError, OSError) as error:
            code = type(error).__name__
            log.exception("job_failed", extra={"code": name})
        finally:
            _note(name, code)
            close_old_connections()

    return run


def _note(name: str, code: str) -> None:
    try:
        note_run(name, timezone.now(), code)
    except DatabaseError:
        log.exception("job_not_noted", extra={"code": name})


def run_jobs(home: Path) -> None:
    """Run the jobs until SIGTERM or SIGINT."""
    scheduler = BackgroundScheduler(
        timezone="UTC",
        # One at a time: they share one connection. But a purge may last an hour, a year after a large ballot.
        # And each locked copy takes a fifth of a second of a core.
        executors={name: ThreadPoolExecutor(1) for name in ("default", "purge", "copies", "console")},
        job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
    )
    scheduler.add_job(guarded("notices", _send_notices), "interval", seconds=5)
    scheduler.add_job(guarded("finish_imports", _finish_imports), "interval", seconds=30)
    scheduler.add_job(
        guarded("revocations", lambda: void(apply_revocations(current_centre()))), "interval", seconds=30
    )
    register = configured_register()
    if register is not None:
        ask = guarded("register", lambda: void(ask_register(current_centre(), register)))
        scheduler.add_job(ask, "interval", seconds=30)
    scheduler.add_job(
        guarded("timestamp", lambda: void(refresh_timestamp(home, current_centre().clock.now()))),
        "interval",
        hours=1,
    )
    tidy_requests = guarded("enrolments", lambda: void(tidy(current_centre().clock.now())))
    scheduler.add_job(tidy_requests, "interval", minutes=10)
    scheduler.add_job(guarded("sessions", _tidy_sessions), "interval", minutes=10)
    purge_daily = guarded("purge", _purge)
    scheduler.add_job(purge_daily, "cron", hour=_PURGE_HOUR_UTC, executor="purge")
    scheduler.add_job(guarded("traces", lambda: note_head(current_centre())), "interval", hours=1)
    copies = guarded("copies", lambda: void(keep_copies(current_centre())))
    scheduler.add_job(copies, "interval", seconds=60, executor="copies")
    follow = guarded("console", lambda: void(follow_all(current_centre())))
    scheduler.add_job(follow, "interval", seconds=60, executor="console")
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    scheduler.start()
    stopped.wait()
    scheduler.shutdown()


def void(_result: object) -> None:
    """Forget a result: a job returns nothing."""
