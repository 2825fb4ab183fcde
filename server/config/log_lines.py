"""Lines of the log: a fixed event name, then the fields on the list below and nothing else.

Text of parsers and of exceptions never reaches a log: it may quote what an elector typed (SECURITY-DESIGN
12).
"""

import json
import logging

ALLOWED_FIELDS = frozenset(
    (
        "code",
        "rid",
        "account",
        "unit",
        "log_id",
        "seq",
        "count",
        "added",
        "bytes",
        "duration_ms",
        "size",
        "kid",
        "address",
        "status",
        "pid",
        "version",
        "mark",
    )
)
_OF_GUNICORN_AND_DJANGO = ("gunicorn", "django.db.backends.schema")


class FieldFormatter(logging.Formatter):
    """One JSON object per line. Errors give the class and the place, not the message."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line."""
        line: dict[str, object] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%SZ"),
            "level": record.levelname,
            "event": record.msg if record.name.startswith("server") else record.name,
        }
        line.update({name: value for name, value in record.__dict__.items() if name in ALLOWED_FIELDS})
        if record.name.startswith(_OF_GUNICORN_AND_DJANGO):
            line["message"] = record.getMessage()
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            trace = record.exc_info[2]
            while trace is not None and trace.tb_next is not None:
                trace = trace.tb_next
            if trace is not None:
                line["where"] = f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}"
        return json.dumps(line, ensure_ascii=False, default=str)
