"""A message that came back: its address is marked, and a person tells the mandant instead."""

import logging
from datetime import datetime

from django.db import transaction

from procuration.errors import RuleViolated
from server.dossiers.models import Procuration
from server.notices.enums import MessageKind, NoticeCode, NoticeState
from server.notices.message_ids import mark_of
from server.notices.models import Notice
from server.notices.outbox import is_still_to_say
from server.notices.reports import Report

log = logging.getLogger(__name__)


def record_return(report: Report, now: datetime) -> Notice:
    """Mark the message that a report is about. The same report twice changes nothing the second time.

    Raises: RuleViolated MESSAGE_INCONNU: this centre never sent it; RAPPORT_PROVISOIRE: it is tried again;
        RETOUR_SANS_OBJET: it did not leave, or was marked already.
    """
    if not report.for_good:
        raise RuleViolated("RAPPORT_PROVISOIRE")
    mark = mark_of(report.message_id)
    if mark is None:
        raise RuleViolated("MESSAGE_INCONNU")
    code = NoticeCode.BOUNCED if report.about_the_address else NoticeCode.RETURNED
    with transaction.atomic():
        notice = Notice.objects.select_for_update().filter(kind=mark.kind, cause=mark.cause).first()
        if notice is None:
            raise RuleViolated("MESSAGE_INCONNU")
        if not _has_left(notice):
            raise RuleViolated("RETOUR_SANS_OBJET")
        leave_to_a_person(notice, Procuration.objects.filter(rid=notice.rid).first(), code)
    log.warning("notice_returned", extra={"rid": notice.rid, "code": code.value})
    return notice


def _has_left(notice: Notice) -> bool:
    """Sent, or perhaps: it can come back before the worker that handed it over has written so."""
    doubtful = notice.state == NoticeState.FAILED and notice.code == NoticeCode.UNCERTAIN
    return notice.state in (NoticeState.SENT, NoticeState.HANDING) or doubtful


def leave_to_a_person(notice: Notice, one: Procuration | None, code: NoticeCode) -> None:
    """What cannot reach the mandant by mail goes to the town hall's list, when it knows the procuration and
    what the message says is still so; otherwise it only stays in the console."""
    told_by_hall = notice.kind != MessageKind.M1 and one is not None and is_still_to_say(notice, one)
    state = NoticeState.TO_TELL if told_by_hall else NoticeState.FAILED
    Notice.objects.filter(pk=notice.pk).update(state=state, code=code, sent_at=None)


def is_known_wrong(rid: str) -> bool:
    """Whether a mail server said for good that the address of this request does not exist."""
    return Notice.objects.filter(rid=rid, code=NoticeCode.BOUNCED).exists()
