"""How long a code takes to open the store, for each kind of slot, at what a code costs on a real tablet.

The wait is Argon2id: it is measured alone in the same run, and what the rest adds is a ratio to it, which
decides. The seconds are those of the fastest run, since others work on the machine meanwhile.
"""

import os
import statistics
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter
from typing import Any

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from kiosk_app.store.attempts import Attempts
from kiosk_app.store.slots import Argon2Cost, KeySlots, SlotKind
from procuration.adapters.clock import SystemClock
from tests.hardware import soft_tokens, soft_tpm

RUNS = 5
SECONDS_MIN, SECONDS_MAX = 0.5, 1.5
RATIO_MAX = 1.3
OFFICERS = 10
"""Codes on one busy tablet: the last is tried as fast as the first."""
DEFAULT = Argon2Cost()
CODES = {
    SlotKind.TPM: "31415926",
    SlotKind.TOKEN: "161803",
    SlotKind.SERVICE_KEY: "141421",
    SlotKind.PASS_PHRASE: "un chat dort sur le mur",
}


def _seconds(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began


def _stretch() -> bytes:
    return Argon2id(
        salt=os.urandom(16),
        length=32,
        iterations=DEFAULT.passes,
        lanes=DEFAULT.lanes,
        memory_cost=DEFAULT.memory_kib,
    ).derive(b"314159")


def measure() -> Iterator[dict[str, Any]]:
    """Opening by each kind beside Argon2id alone, one after the other; then with many codes."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-unlock-")))
        tpm, tokens = stack.enter_context(soft_tpm()), stack.enter_context(soft_tokens(folder))
        keepers = {SlotKind.TPM: tpm.keeper, SlotKind.TOKEN: tokens.gets("carte", CODES[SlotKind.TOKEN])}
        slots = KeySlots(
            folder, bytes(16), bytes(8), Attempts(folder, SystemClock()), lambda: bytes(32), DEFAULT, keepers
        )
        for kind, code in CODES.items():
            slots.add(code, kind, bytes(32))
        for kind, code in CODES.items():
            yield from _lines(kind.name.lower(), slots, code)
        for number in range(OFFICERS):
            slots.add(f"9{number:05d}", SlotKind.SERVICE_KEY, bytes(32))
        yield from _lines(f"last of {OFFICERS + len(CODES)} codes", slots, f"9{OFFICERS - 1:05d}")


def _lines(name: str, slots: KeySlots, code: str) -> Iterator[dict[str, Any]]:
    pairs = [(_seconds(_stretch), _seconds(lambda: slots.open(code))) for _ in range(RUNS)]
    alone, opening = (min(pair[which] for pair in pairs) for which in (0, 1))
    ratio = statistics.median(pair[1] / pair[0] for pair in pairs)
    context = {"runs": RUNS, "argon2id_s": round(alone, 3), "argon2id": [256, DEFAULT.passes, DEFAULT.lanes]}
    yield {
        "name": f"unlock: {name} / Argon2id alone",
        "value": round(ratio, 2),
        "unit": "ratio",
        "context": {**context, "at_most": RATIO_MAX},
    }
    yield {
        "name": f"unlock: {name}",
        "value": round(opening, 3),
        "unit": "s",
        "context": {**context, "aim_s": [SECONDS_MIN, SECONDS_MAX]},
    }
