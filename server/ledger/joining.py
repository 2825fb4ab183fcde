"""Requests for enrolment that tablets send by network, and the signed answers that they come back for.

A request is signed by nobody, so anybody may send one. It means nothing here: it is kept for a supervisor,
who enrols it only when its fingerprint is the one on the screen of the tablet. Bounded: `ROWS_MAX` rows, of
which those that nobody asks about any more leave first (a tablet that waits asks every few minutes), `KEPT`
at most, `NEW_PER_HOUR_MAX` new ones in an hour. A flood can make newcomers wait, who have the stick; it can
neither fill the disk nor push out a tablet that goes on asking.

The answer is what `procuration-server enrol` took in: the enrolment of the device. It is no secret.
"""

from datetime import datetime, timedelta
from typing import Final

from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from procuration.domain.identifiers import Kid
from procuration.errors import CarrierUnavailable, RecordRejected
from procuration.record.cose_key import kid_of
from procuration.record.enrolment import EnrolmentRequest, read_request
from procuration.record.limits import ENROLMENT_REQUEST_BYTES_MAX
from server.config.centre import Centre
from server.ledger.enums import Refusal
from server.ledger.models import Device, EnrolmentWanted

ROWS_MAX: Final = 500
KEPT: Final = timedelta(days=30)
NEW_PER_HOUR_MAX: Final = 100
_HOUR: Final = timedelta(hours=1)
UNREADABLE: Final = "DEMANDE_ILLISIBLE"
OTHER: Final = "DEMANDE_AUTRE"
TOO_MANY: Final = "TROP_DE_DEMANDES"


def answer_to(centre: Centre, data: bytes, at: datetime) -> bytes | None:
    """The signed enrolment that this request was answered with, None as long as it waits.

    Raises: RecordRejected LOT_TROP_GRAND, DEMANDE_ILLISIBLE, DEMANDE_AUTRE (another one has its key or its
    log), APPAREIL_DEJA_ENROLE, APPAREIL_RETIRE; CarrierUnavailable TROP_DE_DEMANDES (retry_after_seconds).
    """
    request = _read(data)
    device = Device.objects.filter(log_id=request.log_id.hex()).first()
    if device is None:
        _keep(request, data, at)
        return None
    signed = _enrolment_of(centre, device, request, at)
    EnrolmentWanted.objects.filter(log_id=device.log_id).delete()
    return signed


def _read(data: bytes) -> EnrolmentRequest:
    if len(data) > ENROLMENT_REQUEST_BYTES_MAX:
        raise RecordRejected(Refusal.TOO_LARGE)
    try:
        request = read_request(data)
    except RecordRejected as error:
        raise RecordRejected(UNREADABLE) from error
    if request.sealing_key is None:  # an officer's: it names no device
        raise RecordRejected(UNREADABLE)
    return request


def _enrolment_of(centre: Centre, device: Device, request: EnrolmentRequest, at: datetime) -> bytes:
    assert request.sealing_key is not None, "`_read` refuses the others"
    ours = (bytes(device.cose_key), bytes(device.sealing_key or b""))
    if device.enrolment is None or ours != (request.cose_key, request.sealing_key.public):
        raise RecordRejected("APPAREIL_DEJA_ENROLE")
    entry = centre.tables.entries.get(Kid(bytes.fromhex(device.kid)))
    if device.not_after < at or (entry is not None and entry.revoked_at is not None):
        raise RecordRejected(Refusal.RETIRED_DEVICE)
    return bytes(device.enrolment)


def _keep(request: EnrolmentRequest, data: bytes, at: datetime) -> None:
    kid, log_id = kid_of(request.cose_key).hex(), request.log_id.hex()
    with transaction.atomic():
        row = EnrolmentWanted.objects.filter(Q(kid=kid) | Q(log_id=log_id)).first()
        if row is not None:
            if bytes(row.request) != data:
                raise RecordRejected(OTHER)
            EnrolmentWanted.objects.filter(pk=row.pk).update(heard_at=at)
            return
        if EnrolmentWanted.objects.filter(asked_at__gt=at - _HOUR).count() >= NEW_PER_HOUR_MAX:
            raise CarrierUnavailable(TOO_MANY, retry_after_seconds=600)
        EnrolmentWanted.objects.create(kid=kid, log_id=log_id, request=data, asked_at=at, heard_at=at)
        _forget_the_silent()


def _forget_the_silent() -> None:
    """One more than may be: the one that nobody has asked about for longest."""
    kept = EnrolmentWanted.objects.order_by("-heard_at", "-pk").values_list("pk", flat=True)
    EnrolmentWanted.objects.filter(pk__in=list(kept[ROWS_MAX:])).delete()


def tidy(at: datetime) -> int:
    """Forget what was answered, and what is too old; returns how many."""
    known = Exists(Device.objects.filter(log_id=OuterRef("log_id")))
    return EnrolmentWanted.objects.filter(Q(known) | Q(heard_at__lt=at - KEPT)).delete()[0]


def waiting() -> QuerySet[EnrolmentWanted]:
    """Requests that nobody has answered, the one heard last first."""
    known = Exists(Device.objects.filter(log_id=OuterRef("log_id")))
    return EnrolmentWanted.objects.exclude(known).order_by("-heard_at", "-pk")


def waiting_page(page: int, fingerprint: str, rows: int) -> "Page[EnrolmentWanted]":
    """One page of them. Args: fingerprint: how it begins, blanks and case apart; empty for all."""
    begins = "".join(fingerprint.split()).lower()
    found = waiting().filter(kid__startswith=begins[:16]) if begins else waiting()
    return Paginator(found, rows).get_page(page)


def request_of(kid: str) -> EnrolmentWanted:
    """One of them, by the whole fingerprint. Raises: RecordRejected DEMANDE_ABSENTE."""
    row = waiting().filter(kid="".join(kid.split()).lower()).first()
    if row is None:
        raise RecordRejected("DEMANDE_ABSENTE")
    return row
