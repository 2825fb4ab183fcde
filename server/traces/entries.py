"""One entry of the audit trail, as a line of a file: JSON in one fixed form, a blank, its HMAC-SHA256.

An entry names nobody: a pseudonym, codes, random request ids (SECURITY-DESIGN 12; CNIL 2021-122).
"""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from procuration.errors import RecordRejected

LINE_BYTES_MAX: Final = 8_192
RIDS_MAX: Final = 100
"""Procurations that one entry names; a longer list is named by its subject, and counted."""
TEXT_MAX: Final = 120
_COUNT_MAX: Final = 10**9
_MAC_DIGITS: Final = 64
_ENTRY_LABEL: Final = b"procu/trace/1\x00"
_ASKED_LABEL: Final = b"procu/trace-asked/1\x00"
_FORM: Final = "%Y-%m-%dT%H:%M:%SZ"
_TEXTS: Final = ("account", "role", "place", "subject", "asked")
FIELDS: Final = frozenset(("n", "at", "what", "rids", "count", "prev", *_TEXTS))


class Read(StrEnum):
    """What was read. The values are kept for a year: none changes its meaning."""

    ONE = "procuration"
    LIST = "list"
    MANDATAIRES = "mandataires"
    TO_TELL = "to-tell"
    PAPER = "paper-form"
    REGISTER = "register"
    SPECIAL_REGISTER = "special-register"
    CASE = "case"
    SEARCH = "search"
    MESSAGES = "messages"
    ELECTOR = "elector"
    OFFICERS = "officers"
    EXPORT = "export"
    RETENTION = "retention"
    """Not a read: a file of the trail went at the end of its time. `subject` is the last mark that it had."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the chain: the number of an entry, and its code in hexadecimal."""

    n: int
    mac: str

    def __str__(self) -> str:
        return f"{self.n}:{self.mac}"


BEGINNING: Final = Mark(0, "0" * _MAC_DIGITS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a reader did, before it has a place in the chain.

    Attributes:
        account: pseudonym of the reader, as signed events name them; or the name of a command.
        place: code of the commune of the account; empty for an account of the centre.
        subject: codes that name a longer list: a polling day, a unit. Never a name.
        asked: keyed digest of what somebody searched for; empty when nothing was typed.
        count: how many people's data the answer holds.
    """

    account: str
    role: str
    what: Read
    place: str = ""
    rids: tuple[str, ...] = ()
    count: int = 0
    subject: str = ""
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry at its place in the chain."""

    draft: Draft
    at: datetime
    n: int
    prev: str


def encode(entry: Entry, key: bytes) -> tuple[bytes, Mark]:
    """The line of an entry with its end, and the mark that the next one follows."""
    draft = entry.draft
    value = {
        "n": entry.n,
        "at": entry.at.astimezone(UTC).strftime(_FORM),
        "what": draft.what.value,
        "rids": list(draft.rids),
        "count": draft.count,
        "prev": entry.prev,
        **{name: getattr(draft, name) for name in _TEXTS},
    }
    said = json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode()
    mac = _mac(key, _ENTRY_LABEL, said)
    return said + b" " + mac.encode() + b"\n", Mark(entry.n, mac)


def decode(line: bytes, key: bytes) -> tuple[Entry, Mark]:
    """The entry of a line without its end.

    Raises: RecordRejected TRACE_ILLISIBLE, TRACE_ALTEREE.
    """
    entry, mark = decode_unchecked(line)
    if not hmac.compare_digest(_mac(key, _ENTRY_LABEL, line.rpartition(b" ")[0]), mark.mac):
        raise RecordRejected("TRACE_ALTEREE")
    return entry, mark


def decode_unchecked(line: bytes) -> tuple[Entry, Mark]:
    """The same, whoever wrote it. Raises: RecordRejected TRACE_ILLISIBLE."""
    said, _, mac = line.rpartition(b" ")
    if len(line) > LINE_BYTES_MAX or len(mac) != _MAC_DIGITS:
        raise RecordRejected("TRACE_ILLISIBLE")
    try:
        value = json.loads(said)
        entry = _entry(value)
        return entry, Mark(entry.n, bytes.fromhex(mac.decode("ascii")).hex())
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise RecordRejected("TRACE_ILLISIBLE") from error


def _entry(value: Any) -> Entry:
    if not isinstance(value, dict) or value.keys() != FIELDS:
        raise RecordRejected("TRACE_ILLISIBLE")
    texts = {name: _text(value[name]) for name in _TEXTS}
    rids = value["rids"]
    if not isinstance(rids, list) or len(rids) > RIDS_MAX:
        raise RecordRejected("TRACE_ILLISIBLE")
    draft = Draft(
        what=Read(value["what"]),
        rids=tuple(_text(one) for one in rids),
        count=_number(value["count"]),
        **texts,
    )
    at = datetime.strptime(_text(value["at"]), _FORM).replace(tzinfo=UTC)
    return Entry(draft, at, _number(value["n"]), _text(value["prev"]))


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > TEXT_MAX:
        raise RecordRejected("TRACE_ILLISIBLE")
    return value


def _number(value: object) -> int:
    if type(value) is not int or not 0 <= value <= _COUNT_MAX:
        raise RecordRejected("TRACE_ILLISIBLE")
    return value


def asked_digest(key: bytes, asked: str) -> str:
    """What somebody typed, as the trail keeps it: equal for the same words, readable by nobody without the
    key."""
    return _mac(key, _ASKED_LABEL, " ".join(asked.casefold().split()).encode())[:32]


def _mac(key: bytes, label: bytes, said: bytes) -> str:
    return hmac.new(key, label + said, hashlib.sha256).hexdigest()
