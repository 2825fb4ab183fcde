"""Brings the request of a tablet that is not enrolled yet to the centre, and comes back for the answer.

The tablet has no credential then: the request is public keys, the answer is signed by a supervisor, and only
the tablet can tell what either is worth. Whoever waits for the supervisor stands beside it: asked once a
minute at first, later every ten.
"""

import secrets
from collections.abc import Callable
from typing import Final, Protocol

from procuration.adapters.foreign_file import ForeignFile
from procuration.adapters.spool import AgentSpool
from procuration.adapters.spool_request import AgentRequests
from procuration.errors import CarrierUnavailable, RecordRejected
from procuration.ports import Clock
from sync_agent.log import log
from sync_agent.memory import retry_after_ms
from sync_agent.plan import back_off_max_ms, wait_ms

POLL_FIRST_MS: Final = 60_000
POLL_MAX_MS: Final = 600_000
POLLS_PER_STEP: Final = 15
REFUSED_AGAIN_MS: Final = 3_600_000
_JITTER: Final = 4
"""A poll comes up to a quarter of its period late: sites installed on one morning do not ask together."""


class Asker(Protocol):
    """A way to the centre, for somebody it does not know."""

    def ask_enrolment(self, request: bytes) -> bytes | None:
        """The signed answer, None as long as the request waits. Raises: CarrierUnavailable; RecordRejected,
        when the centre refuses it."""

    def close(self) -> None:
        """Hang up."""


def poll_ms(polls: int) -> int:
    """How long a request that was heard so often is left alone: a minute, doubled after each quarter of an
    hour or more, up to ten minutes."""
    return min(POLL_FIRST_MS << min(polls // POLLS_PER_STEP, 8), POLL_MAX_MS)


class Joining:
    """What it remembers is lost at a restart, which is harmless: the centre keeps a request once."""

    def __init__(
        self, spool: AgentSpool, clock: Clock, draw: Callable[[int], int] = secrets.randbelow
    ) -> None:
        self._requests, self._clock, self._draw = AgentRequests(spool), clock, draw
        self._known: ForeignFile | None = None
        self._polls, self._failures = 0, 0
        self._due_ms = 0
        self._quiet_until_ms = 0

    def run(self, line: Callable[[], Asker]) -> bool:
        """Ask, when it is time; returns whether an answer came.

        Args:
            line: makes a carrier, when something is to be sent; it is closed here.
        """
        file = self._due()
        if file is None:
            return False
        carrier = line()
        try:
            return self._ask(carrier, file)
        except FileNotFoundError:  # the app took it back between listing and reading
            return False
        except RecordRejected as error:
            self._refused(file, error.code)
        except CarrierUnavailable as error:
            self._failed(error)
        except OSError:
            self._failed(CarrierUnavailable("DISK"))
        finally:
            carrier.close()
        return False

    def _due(self) -> ForeignFile | None:
        """A request that the app wrote again is due at once, but for what the centre asked for."""
        file = self._requests.waiting()
        if file != self._known:
            self._known, self._polls, self._due_ms = file, 0, 0
        now = self._clock.monotonic_ms()
        return file if now >= max(self._due_ms, self._quiet_until_ms) else None

    def _ask(self, carrier: Asker, file: ForeignFile) -> bool:
        signed = carrier.ask_enrolment(self._requests.read(file))
        if signed is None:
            self._requests.note_waiting(file)
            wait = poll_ms(self._polls)
            self._due_ms = self._clock.monotonic_ms() + wait + self._draw(wait // _JITTER + 1)
            self._polls += 1
        else:
            self._requests.put_answer(file, signed)
            log.info("enrolment_answered", extra={"bytes": len(signed)})
        self._failures = 0
        return signed is not None

    def _refused(self, file: ForeignFile, code: str) -> None:
        log.warning("request_refused", extra={"code": code})
        self._failures = 0
        self._due_ms = self._clock.monotonic_ms() + REFUSED_AGAIN_MS
        try:
            self._requests.put_refusal(file, code)
        except OSError:
            self._failed(CarrierUnavailable("DISK"))

    def _failed(self, error: CarrierUnavailable) -> None:
        self._failures += 1
        wait = wait_ms(retry_after_ms(error), self._draw(back_off_max_ms(self._failures) + 1))
        self._quiet_until_ms = self._clock.monotonic_ms() + wait
        log.warning("request_not_sent", extra={"code": error.code, "wait_ms": wait})
