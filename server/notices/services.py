"""Sending what is owed. Each message is claimed in a committed transaction before the relay hears of it."""

import logging
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Final

from django.conf import settings
from django.db.models import F

from procuration.errors import CarrierUnavailable, RuleViolated
from server.config.centre import current_centre
from server.dossiers.models import Procuration
from server.notices.enums import MessageKind, NoticeCode, NoticeState
from server.notices.letters import mail_for
from server.notices.message_ids import Mark, message_id
from server.notices.models import Notice
from server.notices.outbox import is_still_to_say
from server.notices.relay import HandoverUncertain, Relay, open_relay
from server.notices.returned import is_known_wrong, leave_to_a_person

log = logging.getLogger(__name__)

SEVEN_BITS: Final = SMTP.clone(cte_type="7bit")
"""Every relay takes it, with or without 8BITMIME."""
PER_RUN_MAX: Final = 200
ATTEMPTS_MAX: Final = 14
FIRST_WAIT: Final = timedelta(seconds=30)
LONGEST_WAIT: Final = timedelta(hours=6)
CLAIM_LIFE: Final = timedelta(minutes=10)
REFERENCE_WAIT: Final = timedelta(minutes=15)
TO_TELL_SHOWN_MAX: Final = 200


def send_due(now: datetime) -> int:
    """Send what is due, oldest first; how many left. Several workers may run: each message belongs to one
    of them."""
    _free_dead_claims(now)
    due = Notice.objects.filter(state=NoticeState.WAITING, next_attempt_at__lte=now)
    owed = list(due.order_by("created_at", "id").values_list("pk", flat=True)[:PER_RUN_MAX])
    if not owed:
        return 0
    try:
        with open_relay() as relay:
            return sum(_send_one(pk, relay, now) for pk in owed)
    except CarrierUnavailable as error:
        due.filter(pk__in=owed).update(next_attempt_at=now + FIRST_WAIT, code=error.code)
        log.warning("relay_unavailable", extra={"code": error.code, "count": len(owed)})
        return 0


def _free_dead_claims(now: datetime) -> None:
    """What a worker that died left: handed nothing over, it waits again; while handing over, it stays in
    doubt for a person."""
    dead = Notice.objects.filter(claimed_at__lte=now - CLAIM_LIFE)
    dead.filter(state=NoticeState.CLAIMED).update(state=NoticeState.WAITING, next_attempt_at=now)
    dead.filter(state=NoticeState.HANDING).update(state=NoticeState.FAILED, code=NoticeCode.UNCERTAIN)


def _send_one(pk: int, relay: Relay, now: datetime) -> bool:
    """Claim one message, and carry it to one of its ends. Raises: CarrierUnavailable when the relay went
    away."""
    claimed = Notice.objects.filter(pk=pk, state=NoticeState.WAITING).update(
        state=NoticeState.CLAIMED, claimed_at=now, attempts=F("attempts") + 1
    )
    if not claimed:
        return False  # another worker was first
    notice = Notice.objects.get(pk=pk)
    one = Procuration.objects.filter(rid=notice.rid).first()
    why_not = _why_not_to_send(notice, one)
    if one is None or why_not:
        _put_aside(notice, why_not or NoticeCode.DOSSIER_GONE, now)
        return False
    if is_known_wrong(notice.rid):
        leave_to_a_person(notice, one, NoticeCode.BOUNCED)
        return False
    return _carry(notice, one, relay, now)


def _why_not_to_send(notice: Notice, one: Procuration | None) -> NoticeCode | None:
    """A message that nobody can or should read any more, or not yet."""
    if one is None:
        return NoticeCode.DOSSIER_GONE
    if not one.email:
        return NoticeCode.NO_ADDRESS
    if not is_still_to_say(notice, one):
        return NoticeCode.OVERTAKEN  # what came since is told by a message of its own
    if notice.kind == MessageKind.M1 and not one.reference:
        return NoticeCode.NO_REFERENCE
    return None


def _put_aside(notice: Notice, code: NoticeCode, now: datetime) -> None:
    """Wait for the reference; drop what has no object."""
    if code == NoticeCode.NO_REFERENCE:
        _finish(
            notice,
            NoticeState.WAITING,
            code,
            attempts=notice.attempts - 1,
            next_attempt_at=now + REFERENCE_WAIT,
        )
    else:
        _finish(notice, NoticeState.DROPPED, code)


def _carry(notice: Notice, one: Procuration, relay: Relay, now: datetime) -> bool:
    message = _message(notice, one, now)
    try:
        relay.address(parseaddr(settings.DEFAULT_FROM_EMAIL)[1], one.email)
        _finish(notice, NoticeState.HANDING, NoticeCode.NONE)
        relay.hand_over(message)
    except RuleViolated as error:
        leave_to_a_person(notice, one, NoticeCode(error.code))
        log.warning("notice_refused", extra={"rid": notice.rid, "code": error.code})
        return False
    except HandoverUncertain:
        _finish(notice, NoticeState.FAILED, NoticeCode.UNCERTAIN)
        log.error("notice_uncertain", extra={"rid": notice.rid, "code": NoticeCode.UNCERTAIN.value})
        raise CarrierUnavailable(NoticeCode.RELAY) from None
    except CarrierUnavailable as error:
        _try_later(notice, NoticeCode(error.code), now)
        if error.code == NoticeCode.RELAY:
            raise
        return False
    # A fast relay may have returned it meanwhile: then it stays as `returned` marked it.
    handed = Notice.objects.filter(pk=notice.pk, state=NoticeState.HANDING)
    handed.update(state=NoticeState.SENT, code=NoticeCode.NONE, sent_at=now)
    log.info("notice_sent", extra={"rid": notice.rid, "code": MessageKind(notice.kind).name})
    return True


def _try_later(notice: Notice, code: NoticeCode, now: datetime) -> None:
    """Wait twice as long each time; after fourteen tries (about two days) a person must look."""
    if notice.attempts >= ATTEMPTS_MAX:
        _finish(notice, NoticeState.FAILED, NoticeCode.TOO_MANY_TRIES)
        return
    wait = min(FIRST_WAIT * 2 ** (notice.attempts - 1), LONGEST_WAIT)
    _finish(notice, NoticeState.WAITING, code, next_attempt_at=now + wait)


def _finish(notice: Notice, state: NoticeState, code: NoticeCode, **columns: object) -> None:
    """Write where the message stands; committed at once."""
    Notice.objects.filter(pk=notice.pk).update(state=state, code=code, **columns)


def _message(notice: Notice, one: Procuration, now: datetime) -> EmailMessage:
    mail = mail_for(MessageKind(notice.kind), one, current_centre().tables)
    message = EmailMessage(policy=SEVEN_BITS)
    message["From"] = settings.DEFAULT_FROM_EMAIL
    message["To"] = one.email
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = message_id(Mark(notice.kind, notice.cause))
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = ", ".join(each.language for each in mail.letters)
    message.set_content(mail.as_text())
    message.add_alternative(mail.as_html(), subtype="html")
    return message


def to_tell(place_code: str, place_type: int) -> list[tuple[Notice, Procuration]]:
    """What the town hall of one place has to tell electors who gave no address, the oldest first (R. 77,
    R. 80)."""
    mine = Procuration.objects.filter(place_code=place_code, place_type=place_type)
    owed = Notice.objects.filter(state=NoticeState.TO_TELL, rid__in=mine.values("rid"))
    notices = list(owed.order_by("created_at", "id")[:TO_TELL_SHOWN_MAX])
    rows = {one.rid: one for one in mine.filter(rid__in=[notice.rid for notice in notices])}
    return [(notice, rows[notice.rid]) for notice in notices]


def was_told(rid: str, place_code: str, place_type: int, now: datetime) -> int:
    """The town hall told the elector. Returns: how many messages that settles; none for another place's
    (I-8)."""
    mine = Procuration.objects.filter(rid=rid, place_code=place_code, place_type=place_type)
    owed = Notice.objects.filter(state=NoticeState.TO_TELL, rid__in=mine.values("rid"))
    return owed.update(state=NoticeState.TOLD, sent_at=now, next_attempt_at=now)


def is_to_tell(rid: str) -> bool:
    """Whether the town hall has something to tell this elector."""
    return Notice.objects.filter(state=NoticeState.TO_TELL, rid=rid).exists()
