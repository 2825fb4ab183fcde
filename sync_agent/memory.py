"""What the agent remembers from one cycle to the next, and from one start to the next.

Losing it is harmless: every bundle may be sent twice. It holds names of sealed files, times and codes only.
"""

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from procuration.adapters.durable_file import write_durably
from procuration.adapters.foreign_file import read_regular
from procuration.adapters.spool import GROUP_READABLE
from procuration.errors import CarrierUnavailable, RecordRejected
from procuration.ports import Clock
from sync_agent.plan import LONG_AGO, Past, back_off_max_ms, wait_ms

MEMORY_BYTES_MAX = 2 << 20
_VERSION = 1
# With these codes the centre was not reached, or spoke for itself: the file is not to blame.
_NOT_ABOUT_THE_FILE = frozenset({"UNREACHABLE", "TLS_FAILED", "BUSY", "DISK"})


@dataclass(slots=True)
class Memory:
    """The agent's journal of contacts; wall times are ISO 8601 UTC, for people, and decide nothing.

    Attributes:
        answered: file name -> monotonic ms of the last answer in this boot, or LONG_AGO.
        answered_at: file name -> wall time of the last answer.
        refused: file name -> code the centre gave instead of an answer.
        stumbles, turns: see plan.Past.
        failures: contacts that failed in a row.
        retry_at_ms, retry_at: end of the back-off, monotonic and wall.
        contact_at, answer_at, answer_name: last word of the centre, last answer filed and to which bundle.
        error_code, error_at: last failure.
        offline_since: wall time of the first failure after the last contact, None on line.
    """

    answered: dict[str, int] = field(default_factory=dict)
    answered_at: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    stumbles: dict[str, int] = field(default_factory=dict)
    turns: int = 0
    failures: int = 0
    retry_at_ms: int = 0
    retry_at: str | None = None
    contact_at: str | None = None
    answer_at: str | None = None
    answer_name: str | None = None
    error_code: str | None = None
    error_at: str | None = None
    offline_since: str | None = None

    def past(self) -> Past:
        """What of it matters to the plan."""
        return Past(self.answered, self.stumbles, self.retry_at_ms, self.turns)

    def note_answer(self, name: str, clock: Clock) -> None:
        """The centre answered this file."""
        self._note_contact(name, clock)
        self.refused.pop(name, None)
        self.answer_at, self.answer_name = text_of(clock.now()), name
        self.failures, self.retry_at_ms, self.retry_at = 0, 0, None

    def note_refusal(self, name: str, code: str, clock: Clock, draw: int) -> None:
        """The centre refuses this file; the app seals another, which must not come in a tight loop."""
        self._note_contact(name, clock)
        self.refused[name] = code
        self._note_error(code, clock, draw, 0)

    def note_failure(self, name: str, error: CarrierUnavailable, clock: Clock, draw: int) -> None:
        """The file did not arrive, or its answer did not."""
        if error.code not in _NOT_ABOUT_THE_FILE:
            self.stumbles[name] = self.stumbles.get(name, 0) + 1
        self.offline_since = self.offline_since or text_of(clock.now())
        self._note_error(error.code, clock, draw, retry_after_ms(error))

    def _note_contact(self, name: str, clock: Clock) -> None:
        self.turns += 1
        self.answered[name] = clock.monotonic_ms()
        self.answered_at[name] = self.contact_at = text_of(clock.now())
        self.stumbles.pop(name, None)
        self.offline_since = None

    def _note_error(self, code: str, clock: Clock, draw: int, asked_ms: int) -> None:
        self.error_code, self.error_at = code, text_of(clock.now())
        self.failures += 1
        wait = wait_ms(asked_ms, draw)
        self.retry_at_ms = clock.monotonic_ms() + wait
        self.retry_at = text_of(clock.now() + timedelta(milliseconds=wait))

    def draw_below(self) -> int:
        """Exclusive upper bound of the jitter of the next failure."""
        return back_off_max_ms(self.failures + 1) + 1

    def forget_all_but(self, waiting: Collection[str]) -> None:
        """Drop what concerns files the app took back."""
        for table in (self.answered, self.answered_at, self.refused, self.stumbles):
            for name in [name for name in table if name not in waiting]:
                del table[name]


def retry_after_ms(error: CarrierUnavailable) -> int:
    """How long the centre asked to be left alone; 0 when it asked nothing."""
    seconds = error.ids.get("retry_after_seconds", 0)
    return seconds * 1000 if isinstance(seconds, int) else 0


def text_of(time: datetime) -> str:
    """A time as status and memory write it."""
    return time.isoformat(timespec="seconds")


class MemoryFile:
    """The memory on disk: agent/state.json."""

    def __init__(self, folder: Path, boot_id: bytes) -> None:
        self._path = folder / "state.json"
        self._boot = boot_id.hex()

    def save(self, memory: Memory) -> None:
        """Write the memory durably."""
        fields = {"version": _VERSION, "boot": self._boot, "memory": asdict(memory)}
        write_durably(self._path, json.dumps(fields).encode(), GROUP_READABLE)

    def load(self) -> Memory:
        """The memory as it was left; a fresh one when there is none, or none that can be read."""
        try:
            fields = json.loads(read_regular(self._path.parent, self._path.name, MEMORY_BYTES_MAX))
            if fields["version"] != _VERSION:
                return Memory()
            return self._checked(Memory(**fields["memory"]), same_boot=fields["boot"] == self._boot)
        except (FileNotFoundError, RecordRejected, ValueError, TypeError, KeyError, RecursionError):
            return Memory()

    @staticmethod
    def _checked(memory: Memory, *, same_boot: bool) -> Memory:
        tables = (memory.answered, memory.answered_at, memory.refused, memory.stumbles)
        if not all(isinstance(table, dict) for table in tables):
            raise TypeError
        counts = (*memory.answered.values(), *memory.stumbles.values())
        if not all(
            isinstance(at, int) for at in (*counts, memory.failures, memory.retry_at_ms, memory.turns)
        ):
            raise TypeError
        if not same_boot:  # the monotonic clock began again: news is asked for at once
            memory.answered = dict.fromkeys(memory.answered, LONG_AGO)
            memory.retry_at_ms, memory.failures = 0, 0
        return memory
