"""A copy to a USB key that the app asks for and the agent does: the app itself never touches a stick.

    stick-request.json    {"version": 1, "id": ..., "wanted": "copy" | "stop"}   written by the app
    agent/stick.json      how far the agent is (`StickReport`)                    written by the agent

Each side reads the other's file strictly and within 4 KiB; a file that cannot be read is one that is not
there. An id is drawn for each request: an old one is never done again.
"""

import json
import re
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from procuration.adapters.durable_file import write_durably
from procuration.adapters.foreign_file import read_regular
from procuration.adapters.spool import GROUP_READABLE, SMALL_BYTES_MAX, check_code
from procuration.errors import RecordRejected

REQUEST, REPORT = "stick-request.json", "stick.json"
_ID: Final = re.compile(r"[0-9a-f]{16}")
_COUNT_MAX: Final = 1_000_000
_COUNTS: Final = ("done", "total", "read", "copied", "carried")


class Wanted(StrEnum):
    """What the app asks for."""

    COPY = "copy"
    STOP = "stop"


class Phase(StrEnum):
    """How far the agent is; the last three are ends, after which the stick may be pulled out."""

    READING = "reading"
    COPYING = "copying"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


ENDS: Final = frozenset({Phase.DONE, Phase.STOPPED, Phase.FAILED})


@dataclass(frozen=True, slots=True)
class StickRequest:
    """One wish of the app.

    Attributes:
        id: 16 hexadecimal characters.
    """

    id: str
    wanted: Wanted

    def to_json(self) -> bytes:
        """The content of stick-request.json."""
        return json.dumps({"version": 1, "id": self.id, "wanted": self.wanted.value}).encode()

    @classmethod
    def from_json(cls, data: bytes) -> "StickRequest":
        """Raises: RecordRejected STICK_REQUEST_MALFORMED."""
        try:
            fields = _fields(data, {"id", "wanted"})
            return cls(_id(fields["id"]), Wanted(fields["wanted"]))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise RecordRejected("STICK_REQUEST_MALFORMED") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class StickReport:
    """How far the agent is with one request.

    Attributes:
        done, total: files of the present phase.
        read: answers taken for this tablet.
        copied: files of this tablet on the stick.
        carried: files of others, taken from the stick or put on it.
        code: why it failed, None when it did not.
    """

    id: str
    phase: Phase
    done: int = 0
    total: int = 0
    read: int = 0
    copied: int = 0
    carried: int = 0
    code: str | None = None

    def to_json(self) -> bytes:
        """The content of stick.json."""
        return json.dumps({"version": 1, **asdict(self), "phase": self.phase.value}).encode()

    @classmethod
    def from_json(cls, data: bytes) -> "StickReport":
        """Raises: RecordRejected STICK_REPORT_MALFORMED."""
        try:
            fields = _fields(data, {"id", "phase", "code", *_COUNTS})
            code = None if fields["code"] is None else check_code(fields["code"])
            counts = {name: _count(fields[name]) for name in _COUNTS}
            return cls(id=_id(fields["id"]), phase=Phase(fields["phase"]), code=code, **counts)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError, RecordRejected) as error:
            raise RecordRejected("STICK_REPORT_MALFORMED") from error


def _fields(data: bytes, names: set[str]) -> dict[str, Any]:
    fields = json.loads(data)
    if fields.pop("version") != 1 or set(fields) != names:
        raise ValueError
    return dict(fields)


def _id(value: object) -> str:
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise ValueError
    return value


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _COUNT_MAX:
        raise ValueError
    return value


def write_request(spool: Path, request: StickRequest) -> None:
    """The app asks. Raises: OSError."""
    write_durably(spool / REQUEST, request.to_json(), GROUP_READABLE)


def read_request(spool: Path) -> StickRequest | None:
    """What the app wants, for the agent."""
    try:
        return StickRequest.from_json(read_regular(spool, REQUEST, SMALL_BYTES_MAX))
    except (OSError, RecordRejected):
        return None


def write_report(spool: Path, report: StickReport) -> None:
    """The agent tells. Raises: OSError."""
    write_durably(spool / "agent" / REPORT, report.to_json(), GROUP_READABLE)


def read_report(spool: Path) -> StickReport | None:
    """How far the agent is, for the app."""
    try:
        return StickReport.from_json(read_regular(spool / "agent", REPORT, SMALL_BYTES_MAX))
    except (OSError, RecordRejected):
        return None
