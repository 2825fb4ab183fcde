"""One cycle of the agent: list what waits, plan, carry, file the answer. No thread and no sleep in here."""

import secrets
from collections.abc import Callable
from typing import Protocol

from procuration.adapters.spool import BUNDLE, ENROLMENT, AgentSpool
from procuration.errors import CarrierUnavailable, RecordRejected
from procuration.ports import Clock
from sync_agent.log import log
from sync_agent.memory import Memory, MemoryFile
from sync_agent.plan import LONG_AGO, next_to_send, poll_every_ms

SENDS_PER_CYCLE_MAX = 100


class Carrier(Protocol):
    """A way to the centre.

    Both raise CarrierUnavailable, when the world is down, and RecordRejected, when the centre refuses.
    """

    def sync(self, sealed: bytes) -> bytes:
        """Bring a sealed bundle, take the sealed answer."""

    def enrol(self, sealed: bytes) -> None:
        """Bring a sealed enrolment."""


class Cycle:
    """Empties the spool as far as the centre allows, and remembers how it went."""

    def __init__(
        self,
        spool: AgentSpool,
        carrier: Carrier,
        clock: Clock,
        draw: Callable[[int], int] = secrets.randbelow,
    ) -> None:
        self._spool, self._carrier, self._clock, self._draw = spool, carrier, clock, draw
        self._file = MemoryFile(spool.memory, clock.boot_id)
        self.memory: Memory = self._file.load()

    def run(self, *, may_poll: bool) -> bool:
        """Send what is due until nothing is, or the centre does not answer.

        Returns: whether nothing due was left waiting.
        """
        self._make_folders()
        for _ in range(SENDS_PER_CYCLE_MAX):
            name = self._next(may_poll=may_poll)
            if name is None:
                return self._clock.monotonic_ms() >= self.memory.retry_at_ms
            before = self.memory.failures
            self._carry(name)
            self._save()
            if self.memory.failures > before:
                return False
        return False

    def _make_folders(self) -> None:
        try:
            self._spool.make_folders()
        except OSError:  # a full disk must not stop what still can be carried
            log.warning("spool_not_made", extra={"code": "DISK"})

    def ask_again(self) -> None:
        """Forget the wait and the age of the answers: somebody asks for news now."""
        self.memory.retry_at_ms, self.memory.retry_at = 0, None
        self.memory.answered = dict.fromkeys(self.memory.answered, LONG_AGO)

    def own_wait(self) -> bool:
        """Whether a file of this tablet was never answered. Safe in another thread."""
        answered = self.memory.answered
        return any(file.name not in answered for file in self._spool.out_files())

    def _save(self) -> None:
        try:
            self._file.save(self.memory)
        except OSError:  # a full disk must not stop what still can be carried; at worst a bundle goes twice
            log.warning("memory_not_written", extra={"code": "DISK"})

    def _next(self, *, may_poll: bool) -> str | None:
        waiting = [file.name for file in self._spool.out_files()]
        self.memory.forget_all_but(waiting)
        poll_ms = poll_every_ms(self._clock.now().astimezone().hour)
        return next_to_send(
            waiting,
            self.memory.past(),
            self._clock.monotonic_ms(),
            poll_ms,
            may_poll=may_poll,
            closings=self._spool.closings(),
        )

    def _carry(self, name: str) -> None:
        began = self._clock.monotonic_ms()
        try:
            size = self._exchange(name)
        except FileNotFoundError:  # the app took it back between listing and reading: nothing to carry
            return
        except RecordRejected as error:
            self._refused(name, error.code)
        except CarrierUnavailable as error:
            self._failed(name, error)
        except OSError:
            self._failed(name, CarrierUnavailable("DISK"))
        else:
            self.memory.note_answer(name, self._clock)
            spent = self._clock.monotonic_ms() - began
            log.info("bundle_answered", extra={"bundle": name, "bytes": size, "duration_ms": spent})

    def _exchange(self, name: str) -> int:
        sealed = self._spool.read_out(name)
        if name.endswith(ENROLMENT):
            self._carrier.enrol(sealed)
            self._spool.remove_enrolment(name)
            return 0
        answer = self._carrier.sync(sealed)
        self._spool.put_answer(name.removesuffix(BUNDLE), answer)
        return len(answer)

    def _refused(self, name: str, code: str) -> None:
        try:
            self._spool.put_refusal(name.partition(".")[0], code)
        except OSError:
            self._failed(name, CarrierUnavailable("DISK"))
            return
        self.memory.note_refusal(name, code, self._clock, self._draw(self.memory.draw_below()))
        log.warning("bundle_refused", extra={"bundle": name, "code": code})

    def _failed(self, name: str, error: CarrierUnavailable) -> None:
        self.memory.note_failure(name, error, self._clock, self._draw(self.memory.draw_below()))
        wait = self.memory.retry_at_ms - self._clock.monotonic_ms()
        fields = {"bundle": name, "code": error.code, "failures": self.memory.failures, "wait_ms": wait}
        log.warning("centre_unavailable", extra=fields)
