"""Folds the whole ledger again. The rows it writes are the ones that live imports wrote: same verdicts,
same fold.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.db import transaction

from procuration.domain.events import Enrolled
from server.config.centre import Centre
from server.dossiers.models import Procuration, Withdrawal
from server.dossiers.refolding import compare_again, rebuild
from server.dossiers.withdrawals import judge_again, take_in_withdrawals
from server.ledger.enums import Aside
from server.ledger.known import Known
from server.ledger.models import Device, Event, OfficerEnrolment, SetAside, StrandedEvent
from server.ledger.officers import take_in_enrolments
from server.ledger.opening import Opened, open_stored
from server.ledger.purges import purged_runs
from server.ledger.rows import insert_rows

_REQUESTS_AT_ONCE: Final = 500
_EVENTS_AT_ONCE: Final = 2_000


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many dossiers there are, and how many rows were not what the ledger says."""

    dossiers: int
    differed: int


def rebuild_all(centre: Centre, progress: Callable[[int], None]) -> Rebuilt:
    """Habilitations and events without a request first, device by device; then every request."""
    for device_id in Device.objects.order_by("pk").values_list("pk", flat=True):
        rebuild_device(centre, device_id)
    before: dict[str, bytes] = {}
    kept: set[str] = set()
    for rids in _chunks_of_rids():
        with transaction.atomic():
            before |= _digests(rids)
            kept |= {str(dossier.row["rid"]) for dossier in rebuild(centre, rids)}
        progress(len(kept))
    unfounded = _delete_unfounded(kept)
    # Each was compared with rows of its rivals that were not yet written again.
    for rids in _chunks_of_rids():
        with transaction.atomic():
            compare_again(centre, rids)
    differed = sum(
        before.get(rid) != digest for rids in _chunks_of_rids() for rid, digest in _digests(rids).items()
    )
    return Rebuilt(len(kept), differed + unfounded)


def _digests(rids: Sequence[str]) -> dict[str, bytes]:
    """Each row in 16 bytes: what the whole ledger says is compared with what it said before."""
    rows = Procuration.objects.filter(rid__among=rids).values()
    return {row["rid"]: hashlib.sha256(repr(sorted(row.items())).encode()).digest()[:16] for row in rows}


def _chunks_of_rids() -> Iterator[list[str]]:
    last = ""
    while True:
        found = {
            rid
            for model in (Event, StrandedEvent)
            for rid in model.objects.filter(rid__gt=last)
            .order_by("rid")
            .values_list("rid", flat=True)
            .distinct()[:_REQUESTS_AT_ONCE]
        }
        rids = sorted(rid for rid in found if rid is not None)[:_REQUESTS_AT_ONCE]
        if not rids:
            return
        yield rids
        last = rids[-1]


def _delete_unfounded(kept: set[str]) -> int:
    """Rows that no event of the ledger speaks of."""
    there = Procuration.objects.values_list("rid", flat=True).iterator(chunk_size=_EVENTS_AT_ONCE)
    unfounded = [rid for rid in there if rid not in kept]
    for start in range(0, len(unfounded), _REQUESTS_AT_ONCE):
        Procuration.objects.filter(rid__in=unfounded[start : start + _REQUESTS_AT_ONCE]).delete()
    return len(unfounded)


def rebuild_device(centre: Centre, device_id: int) -> None:
    """Habilitations and what is set aside without a request, of one log."""
    with transaction.atomic():
        Device.objects.select_for_update(no_key=True).get(pk=device_id)
        OfficerEnrolment.objects.filter(device_id=device_id).delete()
        SetAside.objects.filter(device_id=device_id, rid=None).delete()
        Withdrawal.objects.filter(device_id=device_id).delete()
        known = Known(centre)
        known.load_devices([device_id])
        purged = purged_runs(centre).get(known.device_by_id(device_id).log_id, ())
        for events in _events_without_request(known, device_id):
            faults = take_in_enrolments(known, [one for one in events if isinstance(one.content, Enrolled)])
            alone = [one for one in (*events, *faults, *_faulty(known, events)) if one.fault is not None]
            rows = [
                (device_id, one.envelope.seq, None, one.fault.value)
                for one in alone
                if one.fault is not None and not (one.fault is Aside.PURGED and _in(purged, one))
            ]
            if rows:
                insert_rows(SetAside, ("device", "seq", "rid", "code"), rows)
        judge_again(known, device_id, -1)


def _in(runs: Sequence[tuple[int, int]], one: Opened) -> bool:
    return any(first <= one.envelope.seq <= last for first, last in runs)


def _faulty(known: Known, events: Sequence[Opened]) -> list[Opened]:
    """Résiliations without a request that have no effect, with their fault."""
    asides = take_in_withdrawals(known, [one for one in events if one.fault is None])[1]
    return [replace(one, fault=code) for one, code in asides]


def _events_without_request(known: Known, device_id: int) -> Iterator[list[Opened]]:
    last = -1
    while True:
        found = Event.objects.filter(device_id=device_id, rid=None, seq__gt=last).order_by("seq")[
            :_EVENTS_AT_ONCE
        ]
        rows = list(found)
        if not rows:
            return
        device = known.device_by_id(device_id)
        yield [
            open_stored(
                device,
                bytes(row.sign1),
                bytes(row.hash),
                None if row.body is None else bytes(row.body),
                row.received_at,
            )
            for row in rows
        ]
        last = rows[-1].seq
