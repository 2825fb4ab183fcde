"""Owing a message: which change of which dossier calls for one. Written in the transaction of its cause,
never on a rebuild."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from procuration.domain.status import Status
from server.ledger.rows import insert_rows
from server.notices.enums import MessageKind, NoticeState
from server.notices.models import Notice

_ESTABLISHED = (Status.ETABLIE, Status.TRANSMISE, Status.RECUE)
_DECIDED = (Status.VALIDEE, Status.INVALIDEE)


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """A dossier whose status changed. Hashes and rid are hexadecimal.

    Attributes:
        cause: hash of the event after which the status changed.
        first: whether nothing was known of this request before: then nothing can be owed already.
        has_email: whether the mandant gave an address; without one nothing is owed.
    """

    rid: str
    status: Status
    filed_hash: str
    act_hash: str
    cause: str
    has_email: bool
    first: bool = False


def queue(news: Iterable[News], at: datetime) -> None:
    """Owe what these changes call for, in one statement. A cause that is owed already changes nothing."""
    every = list(news)
    _owe([one for one in every if one.first], at, new=True)
    _owe([one for one in every if not one.first], at, new=False)


def _owe(news: Iterable[News], at: datetime, *, new: bool) -> None:
    rows = [
        (kind.value, cause, one.rid, at, at, NoticeState.WAITING.value, 0, "")
        for one in news
        if one.has_email
        for kind, cause in _causes(one)
    ]
    if rows:
        columns = ("kind", "cause", "rid", "created_at", "next_attempt_at", "state", "attempts", "code")
        insert_rows(Notice, columns, rows, new=new)


def _causes(one: News) -> list[tuple[MessageKind, str]]:
    """The messages that a status calls for; a decision that comes with its act owes the récépissé too
    (R-24)."""
    if one.status is Status.DEMANDE:
        return [(MessageKind.M1, one.filed_hash)]
    if one.status in _ESTABLISHED:
        return [(MessageKind.M2, one.act_hash)]
    if one.status in _DECIDED:
        return [(MessageKind.M2, one.act_hash), (MessageKind.M3, one.cause)]
    return []
