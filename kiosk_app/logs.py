"""What this program logs: a fixed event name, then allowed fields only. Never a word of a person."""

import json
import logging
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

_ALLOWED: Final = (
    "code",
    "rid",
    "log_id",
    "seq",
    "kid",
    "version",
    "events",
    "entries",
    "bytes",
    "ms",
    "job",
)


class AllowedFields(logging.Formatter):
    """One JSON object per line: time, level, event, and the fields of the list; anything else is dropped."""

    def format(self, record: logging.LogRecord) -> str:
        """Exception texts are dropped too: a parser's may quote what it parsed."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="seconds"),
            "level": record.levelname.lower(),
            "event": record.msg if isinstance(record.msg, str) else "unnamed",
        }
        line.update({name: getattr(record, name) for name in _ALLOWED if hasattr(record, name)})
        if record.exc_info and record.exc_info[0]:
            line["exception"] = record.exc_info[0].__name__
        return json.dumps(line)


def start_logging() -> None:
    """Everything this program says goes to standard error, one line each."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(AllowedFields())
    own = logging.getLogger("kiosk_app")
    own.handlers = [handler]
    own.setLevel(logging.INFO)
    own.propagate = False


def milliseconds_alive() -> int:
    """Since this process was started, its imports included (proc(5): starttime, in ticks since boot)."""
    after_the_name = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    started = int(after_the_name[19]) / os.sysconf("SC_CLK_TCK")
    return round(1000 * (time.clock_gettime(time.CLOCK_BOOTTIME) - started))
