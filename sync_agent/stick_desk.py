"""Does the copies to a USB key that the app asks for: reads what is on it, then copies, and reports on it.

Only on request: a key that is merely plugged in is not even listed. Only where something is mounted: a copy
onto the tablet's own disk would be called a success.
"""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from procuration.adapters.spool import AgentSpool
from procuration.adapters.stick_job import (
    ENDS,
    Phase,
    StickReport,
    Wanted,
    read_report,
    read_request,
    write_report,
)
from procuration.errors import CarrierUnavailable, ProcurationError, RuleViolated
from procuration.ports import Clock
from sync_agent.carriers.usb import STOPPED, Imported, export_to, import_from
from sync_agent.log import log
from sync_agent.mirror import Mirror

TELL_EVERY_MS = 250
MOUNTS_LOOKED_AT_MAX = 64


class StickDesk:
    """Looks for requests; to be called every second."""

    def __init__(
        self,
        spool: AgentSpool,
        mirror: Mirror | None,
        clock: Clock,
        usb: Path | None,
        is_mounted: Callable[[Path], bool] = os.path.ismount,
    ) -> None:
        """Args:
        usb: where the machine mounts keys, or in a folder of it; None when nobody has set it.
        """
        self._spool, self._mirror, self._clock, self._usb = spool, mirror, clock, usb
        self._is_mounted = is_mounted
        self._report: StickReport | None = None
        self._told_at_ms = 0

    def recover(self) -> None:
        """A copy that was under way when the agent died has failed: the app must not wait for it."""
        last = read_report(self._spool.folder)
        if last is not None and last.phase not in ENDS:
            self._tell(replace(last, phase=Phase.FAILED, code="AGENT_STOPPED"))

    def look(self) -> None:
        """Do what is asked, once."""
        request = read_request(self._spool.folder)
        last = read_report(self._spool.folder)
        if request is None or (last is not None and last.id == request.id):
            return
        self._tell(StickReport(id=request.id, phase=Phase.READING))
        if request.wanted is Wanted.STOP:
            self._end(Phase.STOPPED)
            return
        try:
            self._visit()
        except ProcurationError as error:
            self._end(Phase.FAILED, error.code)
        except OSError:
            self._end(Phase.FAILED, "DISK")

    def _visit(self) -> None:
        stick = self._find()
        imported = self._read(stick)
        report = self._current()
        report = replace(report, read=imported.answers, carried=imported.carried, done=0, total=0)
        if imported.code == STOPPED:
            self._tell(report)
            self._end(Phase.STOPPED)
            return
        self._tell(replace(report, phase=Phase.COPYING))
        if imported.code is not None:
            raise CarrierUnavailable(imported.code)
        exported = export_to(self._spool, stick, self._watch, imported.taken)
        report = self._current()
        carried = report.carried + exported.carried
        self._tell(replace(report, copied=exported.exported, carried=carried))
        self._end(Phase.STOPPED if exported.stopped else Phase.DONE)

    def _read(self, stick: Path) -> Imported:
        try:
            return import_from(self._spool, stick, self._mirror, self._watch)
        except RuleViolated:  # a key that was never used: nothing to read
            return Imported(0, 0, tables=False, tables_code=None)

    def _find(self) -> Path:
        """The first key that is mounted.

        Raises: RuleViolated STICK_NOT_SET, STICK_ABSENT.
        """
        if self._usb is None:
            raise RuleViolated("STICK_NOT_SET")
        if self._is_mounted(self._usb):
            return self._usb
        try:
            with os.scandir(self._usb) as entries:
                names = sorted(
                    entry.name for entry, _ in zip(entries, range(MOUNTS_LOOKED_AT_MAX), strict=False)
                )
        except OSError as error:
            raise RuleViolated("STICK_ABSENT") from error
        for name in names:
            if self._is_mounted(self._usb / name):
                return self._usb / name
        raise RuleViolated("STICK_ABSENT")

    def _watch(self, done: int, total: int) -> bool:
        now = self._clock.monotonic_ms()
        if done in (0, total) or now - self._told_at_ms >= TELL_EVERY_MS:
            self._tell(replace(self._current(), done=done, total=total))
        request = read_request(self._spool.folder)
        return request is None or request.id != self._current().id or request.wanted is Wanted.COPY

    def _current(self) -> StickReport:
        assert self._report is not None, "something was told first"
        return self._report

    def _end(self, phase: Phase, code: str | None = None) -> None:
        report = replace(self._current(), phase=phase, code=code)
        log.info("stick", extra={"code": code or phase.value.upper(), "files": report.copied})
        self._tell(report)

    def _tell(self, report: StickReport) -> None:
        self._report, self._told_at_ms = report, self._clock.monotonic_ms()
        try:
            write_report(self._spool.folder, report)
        except OSError:  # a full disk must not stop what still can be carried
            log.warning("stick_not_told", extra={"code": "DISK"})
