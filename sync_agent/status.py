"""What the agent can tell: what waits and since when, the last contact, the last proof.

Read from the spool alone, so that it answers whether or not the agent runs.
"""

import fcntl
from datetime import UTC, datetime
from typing import Any

from procuration.adapters.foreign_file import ForeignFile
from procuration.adapters.spool import ENROLMENT, AgentSpool
from procuration.ports import Clock
from sync_agent.memory import Memory, MemoryFile, text_of
from sync_agent.mirror import read_report

LOCK = "lock"


def status_of(spool: AgentSpool, clock: Clock) -> dict[str, Any]:
    """The status as `procuration-agent status --json` prints it; keys are a contract, see the README."""
    memory = MemoryFile(spool.memory, clock.boot_id).load()
    closings = spool.closings()
    waiting = [_waiting(file, memory, closings.get(file.name)) for file in spool.out_files()]
    undelivered = [file for file in waiting if not is_delivered(file)]
    return {
        "version": 1,
        "at": text_of(clock.now()),
        "running": is_running(spool),
        "waiting": waiting,
        "oldest_waiting_since": undelivered[0]["since"] if undelivered else None,
        "nearest_closing_at": min(
            (one["closing_at"] for one in undelivered if one["closing_at"]), default=None
        ),
        "answers_to_take": len(spool.answers()),
        "last_contact_at": memory.contact_at,
        "last_answer": {"name": memory.answer_name, "at": memory.answer_at} if memory.answer_at else None,
        "offline_since": memory.offline_since,
        "back_off": {"failures": memory.failures, "retry_at": memory.retry_at},
        "last_error": {"code": memory.error_code, "at": memory.error_at} if memory.error_code else None,
        "directory": _directory(spool, clock),
        "last_proof": _last_proof(spool),
    }


def is_delivered(file: dict[str, Any]) -> bool:
    """Whether the centre took a file of the status: answered, and not by a refusal."""
    return file["answered_at"] is not None and file["refused"] is None


def _waiting(file: ForeignFile, memory: Memory, closing: datetime | None) -> dict[str, Any]:
    return {
        "name": file.name,
        "kind": "enrolment" if file.name.endswith(ENROLMENT) else "bundle",
        "bytes": file.size,
        "since": text_of(datetime.fromtimestamp(file.modified_ns // 1_000_000_000, UTC)),
        "answered_at": memory.answered_at.get(file.name),
        "refused": memory.refused.get(file.name),
        "closing_at": text_of(closing) if closing else None,
    }


def _directory(spool: AgentSpool, clock: Clock) -> dict[str, Any] | None:
    """The mirrored tables; the age is that of the mirror, what it proves is for the app to say."""
    report = read_report(spool)
    if not report:
        return None
    fields = {key: report.get(key) for key in ("version", "checked_at", "changed_at", "code")}
    changed_at = fields["changed_at"]
    age = clock.now() - datetime.fromisoformat(changed_at) if isinstance(changed_at, str) else None
    return fields | {"age_seconds": int(age.total_seconds()) if age else None}


def _last_proof(spool: AgentSpool) -> dict[str, Any] | None:
    status = spool.app_status()
    if status is None:
        return None
    return {
        "written_at": text_of(status.written_at),
        "receipt_at": text_of(status.receipt_at) if status.receipt_at else None,
        "tree_size": status.tree_size,
        "kept": status.kept,
        "received": status.received,
        "decided": status.decided,
    }


def is_running(spool: AgentSpool) -> bool:
    """Whether an agent holds this spool now."""
    try:
        with (spool.memory / LOCK).open("r") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
