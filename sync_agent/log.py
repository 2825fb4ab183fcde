"""The agent's log: one JSON object a line, with fields from a closed list.

Other libraries are reduced to their name and level: their sentences may quote what they carried.
"""

import json
import logging
import sys
from datetime import UTC, datetime

FIELDS = (
    "attempt", "bundle", "bytes", "code", "duration_ms", "failures", "files", "mode", "step_ms", "version",
    "wait_ms", "waiting",
)  # fmt: skip

log = logging.getLogger("sync_agent")


class JsonLines(logging.Formatter):
    """Event name, time, level, and the allowed fields; everything else stays out."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        ours = record.name == log.name
        line = {
            "at": datetime.fromtimestamp(int(record.created), UTC).isoformat(),
            "level": record.levelname.lower(),
            "event": record.msg if ours and isinstance(record.msg, str) else "library",
        }
        if ours:
            line |= {field: record.__dict__[field] for field in FIELDS if field in record.__dict__}
        else:
            line["code"] = record.name.partition(".")[0].upper()
        return json.dumps(line)


def write_to_stderr() -> None:
    """Send the log to the standard error, where the journal of the machine takes it."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    log.setLevel(logging.INFO)
