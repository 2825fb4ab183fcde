"""« Copier sur une clé USB »: asks the agent, which alone touches keys, and follows what it says.

Everything that waits is in the spool already: the exchange seals each second. Nothing here opens the store,
so that a locked tablet copies on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from procuration.adapters.spool import AppSpool
from procuration.adapters.stick_job import (
    ENDS,
    Phase,
    StickReport,
    StickRequest,
    Wanted,
    read_report,
    write_request,
)
from procuration.errors import RuleViolated
from procuration.ports import Clock, RandomBytes

LOOK_SECONDS: Final = 0.5
PICKED_UP_WITHIN_MS: Final = 15_000
SILENT_MS_MAX: Final = 180_000
"""A slow key may take minutes to swallow what was written to it; meanwhile the agent says nothing."""
_ID_BYTES: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class StickProgress:
    """How far the copy is.

    Attributes:
        ended: nothing more will happen; the key may be pulled out unless `code` says otherwise.
        stopped: somebody asked to stop.
        reading: what is on the key is read first.
        done, total: files of this step.
        read: answers taken from the key.
        copied: files of this tablet on the key.
        code: why it failed.
    """

    ended: bool = False
    stopped: bool = False
    reading: bool = True
    done: int = 0
    total: int = 0
    read: int = 0
    copied: int = 0
    code: str | None = None


class CopyToStick:
    """One copy at a time; asking again while one goes on follows that one."""

    def __init__(
        self, spool: AppSpool, clock: Clock, random: RandomBytes, pause: Callable[[float], None]
    ) -> None:
        self._spool, self._clock, self._random, self._pause = spool, clock, random, pause
        self._id = ""
        self._last: StickReport | None = None
        self._heard_at_ms = 0

    def start(self) -> None:
        """Ask for a copy.

        Raises: RuleViolated ESPACE_INSUFFISANT, when even this file finds no room.
        """
        report = self._report()
        if self._id and report is not None and report.phase not in ENDS and self._is_heard():
            return
        self._id, self._last = self._random(_ID_BYTES).hex(), None
        self._heard_at_ms = self._clock.monotonic_ms()
        self._ask(Wanted.COPY)

    def cancel(self) -> None:
        """Stop after the file of the moment; what is on the key stays there, whole. Raises: as `start`."""
        if self._id:
            self._ask(Wanted.STOP)

    def follow(self) -> StickProgress:
        """How far it is, after a short while; to be asked until it has ended."""
        self._pause(LOOK_SECONDS)
        report = self._report()
        if report is None:
            late = self._clock.monotonic_ms() - self._heard_at_ms > PICKED_UP_WITHIN_MS
            return StickProgress(ended=late, code="AGENT_SILENT" if late else None)
        if report != self._last:
            self._last, self._heard_at_ms = report, self._clock.monotonic_ms()
        silent = report.phase not in ENDS and not self._is_heard()
        return StickProgress(
            ended=silent or report.phase in ENDS,
            stopped=report.phase is Phase.STOPPED,
            reading=report.phase is Phase.READING,
            done=report.done,
            total=report.total,
            read=report.read,
            copied=report.copied,
            code="AGENT_SILENT" if silent else report.code,
        )

    def _is_heard(self) -> bool:
        return self._clock.monotonic_ms() - self._heard_at_ms <= SILENT_MS_MAX

    def _report(self) -> StickReport | None:
        report = read_report(self._spool.folder)
        return report if report is not None and report.id == self._id else None

    def _ask(self, wanted: Wanted) -> None:
        try:
            write_request(self._spool.folder, StickRequest(self._id, wanted))
        except OSError as error:
            raise RuleViolated("ESPACE_INSUFFISANT") from error
