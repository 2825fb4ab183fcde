"""Brings to the centre what the courier carries for other tablets, when none of our own files waits.

One file at a time on a line of its own, the enrolments first. What the centre can never take is dropped: it
was refused as what it is, and its own tablet, which never learns that we carried it, seals it again. What it
cannot take yet (a tablet that it does not know) stays, and is offered again an hour later.
"""

import secrets
from collections.abc import Callable

from procuration.adapters.addresses import Way, read_addresses, way_of
from procuration.adapters.spool import AgentSpool
from procuration.adapters.stick import ENROLMENT, UP
from procuration.errors import CarrierUnavailable, RecordRejected
from procuration.ports import Clock
from sync_agent.courier import Courier
from sync_agent.cycle import Carrier
from sync_agent.log import log
from sync_agent.memory import retry_after_ms
from sync_agent.plan import back_off_max_ms, wait_ms

UNKNOWN_DEVICE = "APPAREIL_INCONNU"
AGAIN_MS = 3_600_000
SENDS_PER_TURN_MAX = 20


class Relay:
    """Takes turns with our own traffic. What it remembers between two is lost at a restart, which is
    harmless: a file may go twice.
    """

    def __init__(
        self, spool: AgentSpool, clock: Clock, draw: Callable[[int], int] = secrets.randbelow
    ) -> None:
        self.courier = Courier(spool.memory)
        self._spool, self._clock, self._draw = spool, clock, draw
        self._refused_at: dict[str, int] = {}
        self._failures = 0
        self._retry_at_ms = 0

    def run(self, line: Callable[[], Carrier], own_wait: Callable[[], bool]) -> int:
        """One turn; returns how many files the centre took.

        Args:
            line: makes a carrier, when something is to be sent.
            own_wait: whether a file of this tablet waits for the centre: it goes first.
        """
        sent = 0
        if self._clock.monotonic_ms() < self._retry_at_ms or own_wait() or not (names := self._due()):
            return sent
        carrier = line()
        for name in names[:SENDS_PER_TURN_MAX]:
            if own_wait():
                break
            try:
                sent += self._carry(carrier, name)
            except CarrierUnavailable as error:
                self._failed(error)
                break
        return sent

    def _due(self) -> list[str]:
        waiting = [file.name for file in self.courier.waiting()]
        now = self._clock.monotonic_ms()
        self._refused_at = {name: at for name, at in self._refused_at.items() if name in waiting}
        return [name for name in waiting if now - self._refused_at.get(name, now - AGAIN_MS) >= AGAIN_MS]

    def _carry(self, carrier: Carrier, name: str) -> bool:
        """Whether the centre took it. Raises: CarrierUnavailable."""
        try:
            sealed = self.courier.read_waiting(name)
            if name.endswith(ENROLMENT):
                carrier.enrol(sealed)
                self.courier.done(name)
            else:
                self._answered(name, carrier.sync(sealed))
        except FileNotFoundError:
            return False
        except RecordRejected as error:
            self._refused(name, error.code)
            return False
        except OSError as error:
            raise CarrierUnavailable("DISK") from error
        self._failures = 0
        log.info("carried_for_another", extra={"bundle": name, "bytes": len(sealed)})
        return True

    def _answered(self, name: str, answer: bytes) -> None:
        """An old bundle of this very tablet may have come back on a key: its answer goes to the app."""
        addresses = read_addresses(self._spool.folder)
        try:
            here = addresses is not None and way_of(name, answer, addresses) is Way.HERE
        except RecordRejected as error:
            raise CarrierUnavailable("NOT_THE_CENTRE") from error
        if here:
            self._spool.put_answer(name.removesuffix(UP), answer)
            self.courier.done(name)
        else:
            self.courier.answered(name, answer)

    def _refused(self, name: str, code: str) -> None:
        log.warning("carried_refused", extra={"bundle": name, "code": code})
        self._failures = 0
        if code == UNKNOWN_DEVICE:
            self._refused_at[name] = self._clock.monotonic_ms()
        else:
            self.courier.done(name)

    def _failed(self, error: CarrierUnavailable) -> None:
        self._failures += 1
        wait = wait_ms(retry_after_ms(error), self._draw(back_off_max_ms(self._failures) + 1))
        self._retry_at_ms = self._clock.monotonic_ms() + wait
        log.warning("carrying_failed", extra={"code": error.code, "wait_ms": wait})
