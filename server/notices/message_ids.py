"""The identifier of a message, by which a relay names it when it comes back."""

import re
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Final

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

_MAC_DIGITS: Final = 32
_OURS: Final = re.compile(r"m(\d{1,2})\.([0-9a-f]{64})\.([0-9a-f]{32})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Mark:
    """Which message: its kind and the hash of its cause, hexadecimal. It tells nothing about anybody."""

    kind: int
    cause: str


def message_id(mark: Mark) -> str:
    """The same for every try, so that a relay or a mailbox recognises a repetition.

    It ends with a MAC: the hash of an event is public, and nobody may say that a message came back who never
    had it in hand.
    """
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return f"<m{mark.kind}.{mark.cause}.{_mac(mark)}@{domain}>"


def mark_of(message_id: str) -> Mark | None:
    """The message of an identifier; None when this centre did not write it."""
    found = _OURS.fullmatch(message_id.strip(" <>\t\r\n").partition("@")[0])
    if found is None:
        return None
    mark = Mark(int(found[1]), found[2])
    return mark if constant_time_compare(_mac(mark), found[3]) else None


def _mac(mark: Mark) -> str:
    key = salted_hmac("server.notices.message_ids", f"{mark.kind}.{mark.cause}", algorithm="sha256")
    return key.hexdigest()[:_MAC_DIGITS]
