"""The agent as a service: who sleeps, who wakes, and how it stops.

Four threads travel: one carries what is in the spool, one mirrors the signed tables, one carries for other
tablets when nothing of ours waits, one asks for the enrolment of a new tablet; each with its own line, so
that a large table on a slow line never holds a procuration back. A fifth copies to USB keys when asked.
They are daemons: stopping means leaving them where they are, because every file is whole or absent and every
bundle may be sent twice.
APScheduler only tells them when news is due; the guard thread keeps it honest when the wall clock is set.
"""

import fcntl
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from procuration.adapters.durable_file import write_durably
from procuration.adapters.spool import GROUP_READABLE, AgentSpool
from procuration.errors import CarrierUnavailable, RecordRejected, RuleViolated
from procuration.ports import Clock
from sync_agent.carriers.https import HttpsCarrier
from sync_agent.courier import Courier
from sync_agent.cycle import Cycle
from sync_agent.guard import ClockGuard
from sync_agent.joining import Joining
from sync_agent.log import log
from sync_agent.memory import retry_after_ms
from sync_agent.mirror import HttpsFetcher, Mirror
from sync_agent.plan import wait_ms
from sync_agent.relay import Relay
from sync_agent.status import LOCK, status_of
from sync_agent.stick_desk import StickDesk

LOOK_SECONDS = 1
POLL_JOB_SECONDS = 30
MIRROR_JOB_SECONDS = 60
REPORT_JOB_SECONDS = 30
TIDY_JOB_SECONDS = 60
STOP_SECONDS = 2


@contextmanager
def only_agent(spool: AgentSpool) -> Iterator[None]:
    """Hold the spool for one agent; half-written files of a crashed one are removed.

    Raises: RuleViolated AGENT_ALREADY_RUNNING.
    """
    with (spool.memory / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise RuleViolated("AGENT_ALREADY_RUNNING") from error
        spool.clear_leftovers()
        Courier(spool.memory).clear_leftovers()
        yield


class Service:
    """Runs until told to stop."""

    def __init__(
        self,
        spool: AgentSpool,
        cycle: Cycle,
        mirror: Mirror,
        line: Callable[[], HttpsCarrier],
        clock: Clock,
        usb: Path | None = None,
    ) -> None:
        """Args:
        usb: where the machine mounts USB keys; see `StickDesk`.
        """
        self._spool, self._cycle, self._mirror, self._line, self._clock = spool, cycle, mirror, line, clock
        self._guard = ClockGuard(clock)
        self._relay = Relay(spool, clock)
        self._joining = Joining(spool, clock)
        self._stick = StickDesk(spool, mirror, clock, usb)
        self._quiet_until_ms = 0
        self._stop, self._poll, self._news = threading.Event(), threading.Event(), threading.Event()
        self._scheduler = BackgroundScheduler(
            timezone="UTC",
            executors={"default": ThreadPoolExecutor(1)},
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        )
        self._jobs: dict[str, tuple[Callable[[], None], int]] = {
            "poll": (self._poll.set, POLL_JOB_SECONDS),
            "tables": (self._news.set, MIRROR_JOB_SECONDS),
            "status": (self._write_status, REPORT_JOB_SECONDS),
            "courier": (self._forget_old, TIDY_JOB_SECONDS),
        }
        work = (
            self._carry,
            self._mirror_tables,
            self._relay_files,
            self._ask_to_join,
            self._stick.look,
            self._guard_clock,
        )
        self._threads = [threading.Thread(target=self._until_stopped(each), daemon=True) for each in work]

    def run(self) -> bool:
        """Work until `stop`; returns whether it ended because it was asked to."""
        for name, (job, seconds) in self._jobs.items():
            self._scheduler.add_job(job, "interval", seconds=seconds, id=name)
        self._poll.set()
        self._news.set()
        self._stick.recover()
        self._scheduler.start()
        for thread in self._threads:
            thread.start()
        log.info("agent_started")
        asked = self._wait()
        self._scheduler.shutdown(wait=False)
        for thread in self._threads:
            thread.join(STOP_SECONDS / len(self._threads))
        self._write_status()
        log.info("agent_stopped")
        return asked

    def stop(self) -> None:
        """End soon. Safe in a signal handler."""
        self._stop.set()

    def _wait(self) -> bool:
        """Until asked to stop, or until a thread died of a fault of ours: the machine starts it again."""
        while not self._stop.wait(LOOK_SECONDS):
            if not all(thread.is_alive() for thread in self._threads):
                log.error("agent_fault")
                self._stop.set()
                return False
        return True

    def _until_stopped(self, work: Callable[[], None]) -> Callable[[], None]:
        def loop() -> None:
            while not self._stop.is_set():
                work()
                self._stop.wait(LOOK_SECONDS)

        return loop

    def _carry(self) -> None:
        may_poll = self._poll.is_set()
        if self._cycle.run(may_poll=may_poll) and may_poll:
            self._poll.clear()

    def _mirror_tables(self) -> None:
        now, quiet_until = (
            self._clock.monotonic_ms(),
            max(self._cycle.memory.retry_at_ms, self._quiet_until_ms),
        )
        if not self._news.is_set() or now < quiet_until:
            return
        self._news.clear()
        failure = mirror_once(self._mirror, self._line())
        if failure is not None:
            self._quiet_until_ms = now + wait_ms(retry_after_ms(failure), 0)

    def _relay_files(self) -> None:
        relay_once(self._relay, self._line, self._cycle)

    def _ask_to_join(self) -> None:
        self._joining.run(self._line)

    def _forget_old(self) -> None:
        try:
            self._relay.courier.forget_old()
        except OSError:  # a full disk must not stop what still can be carried
            log.warning("courier_not_tidied", extra={"code": "DISK"})

    def _guard_clock(self) -> None:
        step = self._guard.step_ms()
        if step:
            log.warning("clock_step", extra={"step_ms": step})
            for name, (_, seconds) in self._jobs.items():
                # A new trigger: the old one would still begin at the old wall time.
                self._scheduler.reschedule_job(name, trigger="interval", seconds=seconds)
            self._poll.set()

    def _write_status(self) -> None:
        status = json.dumps(status_of(self._spool, self._clock)).encode()
        try:
            write_durably(self._spool.memory / "status.json", status, GROUP_READABLE)
        except OSError:  # a full disk must not stop what still can be carried
            log.warning("status_not_written", extra={"code": "DISK"})


def relay_once(relay: Relay, line: Callable[[], HttpsCarrier], cycle: Cycle) -> None:
    """One turn for the files of other tablets, on a line of its own."""
    lines: list[HttpsCarrier] = []

    def opened() -> HttpsCarrier:
        lines.append(line())
        return lines[-1]

    try:
        relay.run(opened, cycle.own_wait)
    finally:
        for one in lines:
            one.close()


def mirror_once(mirror: Mirror, line: HttpsCarrier) -> CarrierUnavailable | None:
    """Ask the centre for newer tables; returns why it could not be asked, None when it answered."""
    try:
        if mirror.refresh(HttpsFetcher(line), may_meet=True):
            log.info("tables_mirrored")
    except CarrierUnavailable as error:
        log.warning("tables_unavailable", extra={"code": error.code})
        return error
    except RecordRejected as error:
        log.warning("tables_rejected", extra={"code": error.code})
    except OSError:
        log.warning("tables_not_written", extra={"code": "DISK"})
    finally:
        line.close()
    return None
