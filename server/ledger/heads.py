"""The head of a log, under its lock: where the next event must join. Every import pays these statements."""

from dataclasses import dataclass
from typing import Final

from django.db import connection

_LOCK: Final = "SELECT head_seq, head_hash FROM ledger_device WHERE id = %s"
_STATE: Final = """
    SELECT EXISTS (SELECT 1 FROM ledger_forkevidence WHERE device_id = %s),
           EXISTS (SELECT 1 FROM ledger_heldevent WHERE device_id = %s),
           EXISTS (SELECT 1 FROM ledger_carriedpair WHERE device_id = %s AND seq > %s)
"""
_MOVE: Final = "UPDATE ledger_device SET head_seq = %s, head_hash = %s WHERE id = %s"
_LEAF_DUE: Final = "INSERT INTO ledger_leafdue (device_id, seq) VALUES (%s, %s)"


@dataclass(frozen=True, slots=True)
class Head:
    """The last event of a log in the ledger; seq -1 and no hash before the first."""

    seq: int
    hash: bytes | None


@dataclass(frozen=True, slots=True)
class State:
    """What else is known of a log: a second history, events held, places that acts named before it did."""

    forked: bool
    holds: bool
    carried: bool


def lock_head(device_id: int) -> Head:
    """The head, held until the transaction ends: one import of a log at a time reads and moves it.

    Its key stays free: a brigade that brings a request of this log names it when it commits, holding the
    requests that this import may be waiting for; each would wait for the other.
    """
    with connection.cursor() as cursor:
        how = " FOR NO KEY UPDATE" if connection.vendor == "postgresql" else ""
        cursor.execute(_LOCK + how, [device_id])
        seq, value = cursor.fetchone()
    return Head(int(seq), None if value is None else bytes(value))


def read_state(device_id: int, head_seq: int) -> State:
    """Read once the lock is held, in a statement of its own: it sees what the last holder committed."""
    with connection.cursor() as cursor:
        cursor.execute(_STATE, [device_id, device_id, device_id, head_seq])
        forked, holds, carried = cursor.fetchone()
    return State(bool(forked), bool(holds), bool(carried))


def move_head(device_id: int, seq: int, value: bytes) -> None:
    """The log ends here now, and its head waits for a leaf."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # takes both at once: one answer less to wait for
            cursor.execute(f"{_MOVE}; {_LEAF_DUE}", [seq, value, device_id, device_id, seq])
        else:
            cursor.execute(_MOVE, [seq, value, device_id])
            cursor.execute(_LEAF_DUE, [device_id, seq])
