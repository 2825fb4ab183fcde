"""After a backup of the database was restored: a new ledger begins where the backup ends
(`procuration-server restored`).

Receipts, numbers and references given after the backup are unknown here. Nothing is signed a second time in
their place: the ledger gets a new epoch, which every answer carries, and the server writes a new log of its
own. Tablets then ask what is left, and send the rest again.
"""

import os
from dataclasses import dataclass
from typing import Final

from django.db import transaction

from procuration.adapters.durable_file import write_durably
from procuration.domain.identifiers import LogId
from procuration.errors import CarrierUnavailable
from procuration.record import canonical
from server.config.centre import OWN_LOG_FILE, Centre
from server.ledger.ledger_head import head_of_database, refuse_a_backup, write_head
from server.ledger.models import Device, Event, InboxEntry, Ledger, ReferenceLease
from server.ledger.reading import forget_body_keys

_NUMBERS_PER_SECOND: Final = 1 << 20
NO_LOT: Final = 0
"""Of a reference that a restored server lent once: no kiosk that has heard of the restore still gives it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """Where the new ledger begins."""

    epoch: bytes
    log_id: LogId
    events: int
    tree_size: int
    devices: int


def looks_restored(centre: Centre) -> bool:
    """Whether the database is not the one that this server last signed for."""
    try:
        refuse_a_backup(centre)
    except CarrierUnavailable:
        return True
    return False


def begin_again(centre: Centre) -> Restored:
    """Draw the new epoch and the new log. The server must stand still. Interrupted, it is run again: until
    the last step is done, the server refuses to start.
    """
    forget_body_keys()
    epoch, log_id = os.urandom(16), LogId(os.urandom(8))
    with transaction.atomic():
        last = Ledger.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        Ledger.objects.create(
            pk=last + 1, epoch=epoch, created_at=centre.clock.now()
        )  # the first drew its own
        _number_anew(centre)
        # A kiosk gives these back when it hears of the restore; it may have used some: none is drawn again.
        ReferenceLease.objects.filter(rid=None).update(lot=NO_LOT)
    write_durably(centre.home / OWN_LOG_FILE, canonical.encode({0: 1, 1: log_id}))
    head = head_of_database(epoch, log_id)
    write_head(centre.home, head)
    return Restored(
        epoch=epoch,
        log_id=log_id,
        events=Event.objects.count(),
        tree_size=head.size,
        devices=Device.objects.exclude(sealing_key=None).count(),
    )


def _number_anew(centre: Centre) -> None:
    """Inbox numbers go on far above any that the lost ledger can have given: by the second, and never more
    than a million of them in one. A tablet that names one of the lost numbers has applied none of the new.
    """
    last = Device.objects.order_by("-inbox_number").values_list("inbox_number", flat=True).first() or 0
    base = max(int(centre.clock.now().timestamp()) * _NUMBERS_PER_SECOND, last)
    InboxEntry.objects.update(number=None)
    Device.objects.update(inbox_number=base, inbox_applied=base)
