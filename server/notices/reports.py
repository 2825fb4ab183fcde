"""What a mail server says of a message that it could not deliver (RFC 3464). Pure; its input comes from
anybody who knows an address."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.errors import MessageError
from email.message import Message
from email.policy import compat32
from typing import Final

from procuration.errors import RecordRejected

REPORT_BYTES_MAX: Final = 256 << 10
"""Our longest message is 20 kB; a report returns it at most once."""
_FIELD_LENGTH_MAX: Final = 998
"""Of a line of a mail (RFC 5322, 2.1.1)."""
_PARTS_MAX: Final = 32
_STATUS: Final = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})", re.ASCII)
_FAILED: Final = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One failed delivery.

    Attributes:
        message_id: of the message that comes back, as the report writes it.
        status: class, subject and detail (RFC 3463), e.g. (5, 1, 1): no such mailbox.
    """

    message_id: str = field(repr=False)
    status: tuple[int, int, int]

    @property
    def for_good(self) -> bool:
        """Whether nobody will try again."""
        return self.status[0] == 5  # RFC 3463, 3.1: a permanent failure

    @property
    def about_the_address(self) -> bool:
        """Whether the address itself is at fault (RFC 3463, 3.2), not a full mailbox or a policy."""
        return self.for_good and self.status[1] == 1


def read_report(data: bytes) -> Report:
    """The failure that a mail reports.

    Raises: RecordRejected RAPPORT_TROP_GRAND; PAS_UN_RAPPORT: another mail; RAPPORT_SANS_ECHEC: a delay or a
        delivery; RAPPORT_SANS_MESSAGE: it does not say which message; RAPPORT_ILLISIBLE.
    """
    if len(data) > REPORT_BYTES_MAX:
        raise RecordRejected("RAPPORT_TROP_GRAND")
    try:
        # compat32: headers stay text. The newer policies parse each of them, with a parser that fails in
        # many ways on what is written to make it fail.
        mail = message_from_bytes(data, policy=compat32)
        return _read(mail)
    except (MessageError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise RecordRejected("RAPPORT_ILLISIBLE") from error


def _read(mail: Message) -> Report:
    if mail.get_content_type() != "multipart/report" or not mail.is_multipart():
        raise RecordRejected("PAS_UN_RAPPORT")
    status, message_id = None, None
    for part in _parts(mail):
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            status = status or _status(part)
        elif kind in ("message/rfc822", "message/rfc822-headers", "text/rfc822-headers"):
            message_id = message_id or _message_id(part)
    if status is None:
        raise RecordRejected("RAPPORT_SANS_ECHEC")
    if message_id is None:
        raise RecordRejected("RAPPORT_SANS_MESSAGE")
    return Report(message_id=message_id, status=status)


def _parts(mail: Message) -> Iterator[Message]:
    """The parts of the report itself: those of the message that it returns are not its own."""
    payload = mail.get_payload()
    for part in payload[:_PARTS_MAX] if isinstance(payload, list) else ():
        if isinstance(part, Message):
            yield part


def _status(part: Message) -> tuple[int, int, int] | None:
    """Of the first recipient for whom it failed: we write to one at a time."""
    for block in _parts(part):
        found = _STATUS.match(_field(block, "Status"))
        if found and _field(block, "Action").partition(" ")[0].lower() == _FAILED:
            return int(found[1]), int(found[2]), int(found[3])
    return None


def _message_id(part: Message) -> str | None:
    """Of the message that comes back, whole or by its headers."""
    inside = next(_parts(part), None)
    if inside is None:
        body = part.get_payload(decode=True)
        inside = message_from_bytes(body if isinstance(body, bytes) else b"", policy=compat32)
    return _field(inside, "Message-ID") or None


def _field(message: Message, name: str) -> str:
    """The text of a field, empty when it has none. A field in bytes that are no text is none of ours."""
    value = message.get(name, "")
    return value.strip()[:_FIELD_LENGTH_MAX] if isinstance(value, str) else ""
