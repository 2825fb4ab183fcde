"""References lent to kiosks in lots: drawn at random without replacement, so that none is ever given twice (SECURITY-DESIGN 9)."""

import secrets
from collections.abc import Iterable
from typing import Final

from django.db import connection

from procuration.domain.reference import ALPHABET, Reference
from procuration.record.inbox import Lease
from server.ledger.models import Device, ReferenceLease

LOT: Final = 200
LOW: Final = 100
_DRAWS_MAX: Final = 20


def lease_if_low(device: Device) -> Lease | None:
    """A new lot, when fewer than `LOW` references of the device are unused; the caller holds the device's lock."""
    unused = ReferenceLease.objects.filter(device=device, rid=None).count()
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
    table = connection.ops.quote_name(ReferenceLease._meta.db_table)
    marks = ", ".join(["(%s, %s, %s)"] * len(drawn))
    values = [value for reference in drawn for value in (reference, device.pk, device.lots)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (reference, device_id, lot) VALUES {marks} ON CONFLICT DO NOTHING RETURNING reference",  # noqa: S608
            values,
        )
        return [Reference(row[0]) for row in cursor.fetchall()]


def mark_used(device_id: int, used: Iterable[tuple[str, str]]) -> None:
    """Note which request carries which of the device's references: what is left says when a new lot is due."""
    pairs = list(used)
    if not pairs:
        return
    table = connection.ops.quote_name(ReferenceLease._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            references, rids = zip(*pairs, strict=True)
            cursor.execute(
                f"UPDATE {table} SET rid = used.rid FROM unnest(%s::text[], %s::text[]) AS used(reference, rid)"  # noqa: S608
                f" WHERE {table}.reference = used.reference AND device_id = %s AND {table}.rid IS NULL",
                [list(references), list(rids), device_id],
            )
        else:
            cursor.executemany(
                f"UPDATE {table} SET rid = %s WHERE reference = %s AND device_id = %s AND rid IS NULL",  # noqa: S608
                [(rid, reference, device_id) for reference, rid in pairs],
            )
