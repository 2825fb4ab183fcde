"""References lent to kiosks in lots: drawn at random without replacement, so that none is ever given twice
(SECURITY-DESIGN 9).
"""

import logging
import secrets
from collections.abc import Iterable
from typing import Final

from django.db import connection

from procuration.domain.events import Filed
from procuration.domain.reference import ALPHABET, Reference
from procuration.record.inbox import Lease
from server.ledger.models import Device, ReferenceLease
from server.ledger.opening import Opened

log = logging.getLogger(__name__)
LOT: Final = 200
LOW: Final = 100
_DRAWS_MAX: Final = 20
_TAKE_IN: Final = "INSERT INTO ledger_referencelease (reference, device_id, lot, rid) VALUES"
_INSERT: Final = "INSERT INTO ledger_referencelease (reference, device_id, lot) VALUES"
_MARK_ONE: Final = (
    "UPDATE ledger_referencelease SET rid = %s WHERE reference = %s AND device_id = %s AND rid IS NULL"
)
_MARK_ALL: Final = """
    UPDATE ledger_referencelease AS lease SET rid = used.rid
    FROM unnest(%s::text[], %s::text[]) AS used(reference, rid)
    WHERE lease.reference = used.reference::char(6) AND lease.device_id = %s AND lease.rid IS NULL
"""


def lease_if_low(device: Device) -> Lease | None:
    """A new lot, when fewer than `LOW` references of the device are unused; the caller holds the device's
    lock.
    """
    unused = ReferenceLease.objects.filter(device=device, rid=None, lot__gt=0).count()
    if unused >= LOW:
        return None
    device.lots += 1
    drawn: list[Reference] = []
    for _ in range(_DRAWS_MAX):
        drawn += _keep_new(device, LOT - len(drawn))
        if len(drawn) == LOT:
            break
    return Lease(device.lots, tuple(drawn))


def _keep_new(device: Device, count: int) -> list[Reference]:
    """Draw, and keep those that nobody has: the primary key decides, also between two workers."""
    drawn = sorted({"".join(secrets.choice(ALPHABET) for _ in range(6)) for _ in range(count)})
    marks = ", ".join(["(%s, %s, %s)"] * len(drawn))
    values = [value for reference in drawn for value in (reference, device.pk, device.lots)]
    with connection.cursor() as cursor:
        cursor.execute(f"{_INSERT} {marks} ON CONFLICT DO NOTHING RETURNING reference", values)
        return [Reference(row[0]) for row in cursor.fetchall()]


def mark_used(device_id: int, used: Iterable[tuple[str, str]]) -> None:
    """Note which request carries which reference: what is left says when a new lot is due."""
    pairs = list(used)
    if not pairs:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            references, rids = zip(*pairs, strict=True)
            cursor.execute(_MARK_ALL, [list(references), list(rids), device_id])
        else:
            cursor.executemany(_MARK_ONE, [(rid, reference, device_id) for reference, rid in pairs])
        if cursor.rowcount < len(pairs):
            _take_in_unknown(device_id, pairs)


def _take_in_unknown(device_id: int, used: list[tuple[str, str]]) -> None:
    """References lent after the backup from which this ledger was restored: known from now on, so that no
    lot draws them. One that another kiosk was lent meanwhile names two requests; a look-up tells them apart
    by the birth date.
    """
    marks = ", ".join(["(%s, %s, 0, %s)"] * len(used))
    values = [value for reference, rid in used for value in (reference, device_id, rid)]
    with connection.cursor() as cursor:
        cursor.execute(f"{_TAKE_IN} {marks} ON CONFLICT DO NOTHING", values)
        known = ReferenceLease.objects.filter(reference__in=[reference for reference, _ in used])
        rids = dict(known.values_list("reference", "rid"))
    twice = sum(1 for reference, rid in used if rids.get(reference) != rid)
    if twice:
        log.warning("reference_twice", extra={"count": twice})


def references_used(fresh: Iterable[Opened]) -> Iterable[tuple[str, str]]:
    """The references that requests were filed under, each with its request."""
    for one in fresh:
        if isinstance(one.content, Filed) and one.content.reference is not None and one.rid is not None:
            yield one.content.reference, one.rid


def take_reference(own: Device) -> Reference:
    """One reference for a request that the centre files itself, of a lot lent to its own log; the caller
    holds the lock of that log, and notes the use with `mark_used`."""
    if lease_if_low(own) is not None:
        own.save(update_fields=["lots"])
    free = ReferenceLease.objects.filter(device=own, rid=None, lot__gt=0).values_list("reference", flat=True)
    return Reference(secrets.choice(list(free)))
