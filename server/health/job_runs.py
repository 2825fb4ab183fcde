"""Noting how jobs end: once a minute at most for one that runs each five seconds, at once when it changes."""

from datetime import datetime, timedelta
from threading import Lock
from typing import Final

from server.health.models import JobRun

NOTED_EVERY: Final = timedelta(minutes=1)
_CODE_MAX: Final = 40
_noted: dict[str, tuple[datetime, str]] = {}
_lock = Lock()


def note_run(name: str, now: datetime, code: str = "") -> None:
    """A job ended: well, or with the code of its failure. Raises: DatabaseError."""
    code = code[:_CODE_MAX]
    with _lock:
        at, before = _noted.get(name, (None, ""))
        if at is not None and code == before and timedelta() <= now - at < NOTED_EVERY:
            return
        _noted[name] = (now, code)
    told = {"failed_at": now, "code": code} if code else {"ended_at": now, "code": ""}
    JobRun.objects.update_or_create(name=name, defaults=told)
