"""What the tablets announced that they still hold (decision 0041): kept beside each device when a bundle of
it is answered, by network or by stick; what has come since is subtracted.
"""

from datetime import datetime

from django.db.models import F, Q

from procuration.record.backlog import Backlog
from server.ledger.models import Device


def note_backlog(device: Device, backlog: Backlog, received_at: datetime) -> None:
    """Keep the longest log announced: sticks come late and in any order, and a log never grows shorter.

    Of two announcements of one length the later oldest is nearer to the truth. A clock that is ahead must not
    make what waits younger than its arrival. Writes no row: the caller saves the device.
    """
    if backlog.length < device.announced_length:
        return
    oldest = None if backlog.oldest is None else min(backlog.oldest, received_at)
    if backlog.length > device.announced_length or device.announced_oldest is None:
        device.announced_oldest = oldest
    elif oldest is not None:
        device.announced_oldest = max(device.announced_oldest, oldest)
    device.announced_length = backlog.length


def announces() -> Q:
    """The condition that a device announced events which have not joined the ledger."""
    return Q(announced_length__gt=F("head_seq") + 1)


def lacking(device: Device, *, here: int) -> int:
    """How many events a device announced and the centre does not have at all.

    Args:
        here: events of it that are here without having joined its log: held before a gap, or apart.
    """
    return max(0, device.announced_length - (device.head_seq + 1) - here)
