"""Which locked copies a brigade has not been told of yet, queued when it speaks: a bounded number each time,
those of the nearest ballot first. A new brigade gets what is there already in the same way.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db.models import Q

from procuration.record import canonical
from procuration.record.inbox import EntryType
from procuration.record.locked_copy import LockedCopy, copy_value
from server.ledger.models import CopiesTold, Device, InboxEntry, RequestCopy
from server.ledger.rows import insert_rows

QUEUED_AT_ONCE: Final = 1_200
"""As many as an answer carries: 1 MiB."""
WAITING_MAX: Final = 600
"""A tablet that has not applied so many yet gets no more: answers may be lost on their way."""


def queue_copies(device: Device, at: datetime) -> None:
    """The next copies for this device, a brigade that still counts; the caller holds its lock."""
    if not device.departement or device.inbox_number - device.inbox_applied >= WAITING_MAX:
        return
    told = CopiesTold.objects.filter(device=device).first()
    if told is None or told.departement != device.departement:
        told = CopiesTold(device=device, departement=device.departement)
    rows = _next(told) or _next_round(told)
    if rows is None:
        return
    if rows:
        told.closing, told.last = rows[-1].closing, rows[-1].pk
    told.save()
    queued = [row for row in rows if row.ciphertext or not row.closing]
    insert_rows(
        InboxEntry,
        ("device", "type", "value", "created_at"),
        ((device.pk, EntryType.LOCKED_COPY.value, inbox_value(row), at) for row in queued),
    )


def inbox_value(row: RequestCopy) -> bytes:
    """The encoded value of its entry."""
    copy = LockedCopy(bytes(row.tag), bytes(row.ciphertext), row.delete_after)
    return canonical.encode(copy_value(copy))


def _next_round(told: CopiesTold) -> Sequence[RequestCopy] | None:
    """The first copies of what was added since; None when nothing was."""
    of_departement = RequestCopy.objects.filter(departement=told.departement)
    newest = of_departement.order_by("-pk").values_list("pk", flat=True).first()
    if newest is None or newest <= told.until:
        if told.after != told.until:  # else each poll would walk again through what was told
            told.after = told.until
            return []
        return None
    told.after, told.until, told.closing, told.last = told.until, newest, -1, 0
    return _next(told)


def _next(told: CopiesTold) -> Sequence[RequestCopy]:
    if told.after == told.until:
        return []
    found = RequestCopy.objects.filter(
        Q(closing__gt=told.closing) | Q(closing=told.closing, pk__gt=told.last),
        departement=told.departement,
        pk__gt=told.after,
        pk__lte=told.until,
    )
    if not told.after:  # a brigade that was told of no copy has none to withdraw
        found = found.exclude(closing=0)
    return list(found.order_by("closing", "pk")[:QUEUED_AT_ONCE])
