"""What a revocation published today does to acts counted yesterday: they are judged again by their place, set
aside or put before a person, and whoever they concern is told (SECURITY-DESIGN 4).

Derived from the directory in force and from the ledger: an interrupted run loses nothing, a second one
changes nothing.
"""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q

from procuration.domain.events import Kind
from procuration.record.directory import Role
from server.config.centre import Centre
from server.dossiers.models import Withdrawal
from server.dossiers.rebuilding import rebuild_device
from server.dossiers.refolding import refold
from server.dossiers.services import take_in_established
from server.ledger.known import Known
from server.ledger.models import CarriedPair, Device, Event, OfficerEnrolment, RevocationApplied

_REQUESTS_AT_ONCE: Final = 500
_ACTS: Final = (Kind.ACT.value, Kind.REVOCATION.value)


def apply_revocations(centre: Centre) -> int:
    """Judge again what the directory in force revoked, or revoked at another instant, since the last time.

    Returns: how many keys.
    """
    published = {
        entry.kid.hex(): entry.revoked_at
        for entry in centre.tables.directory.entries
        if entry.revoked_at is not None
    }
    applied = dict(RevocationApplied.objects.values_list("kid", "at"))
    changed = [kid for kid in {*published, *applied} if published.get(kid) != applied.get(kid)]
    for kid in sorted(changed):
        instants = [at for at in (published.get(kid), applied.get(kid)) if at is not None]
        _judge_again_after(centre, kid, min(instants))
        _note(kid, published.get(kid))
    return len(changed)


def _note(kid: str, at: datetime | None) -> None:
    if at is None:
        RevocationApplied.objects.filter(kid=kid).delete()
    else:
        RevocationApplied.objects.update_or_create(kid=kid, defaults={"at": at})


def _judge_again_after(centre: Centre, kid: str, since: datetime) -> None:
    """What the centre had before that instant lies before it, whatever it says: only the rest is judged."""
    entry = next((one for found, one in centre.tables.entries.items() if found.hex() == kid), None)
    if entry is not None and entry.role is Role.SUPERVISOR:
        devices = set(OfficerEnrolment.objects.filter(supervisor=kid).values_list("device_id", flat=True))
        judge_officers_again(centre, devices, since)
        return
    devices = set(Device.objects.filter(kid=kid).values_list("pk", flat=True))
    written = Q(device_id__in=devices, received_at__gte=since)
    rids = {rid for rid in Event.objects.filter(written).values_list("rid", flat=True) if rid is not None}
    _fold_again(centre, devices, rids | _carried_from(devices, since))


def judge_officers_again(centre: Centre, devices: Collection[int], since: datetime) -> None:
    """Acts of the officers of these devices that came since an instant."""
    acts = Event.objects.filter(device_id__in=devices, kind__in=_ACTS, received_at__gte=since)
    rids = {rid for rid in acts.values_list("rid", flat=True) if rid is not None}
    _fold_again(centre, devices, rids)


def _carried_from(devices: Collection[int], since: datetime) -> set[str]:
    """Requests of these devices that acts of others carried."""
    found: set[str] = set()
    places = CarriedPair.objects.filter(device_id__in=devices).values_list("carrier_id", "carrier_seq")
    for carrier_id, seq in places.iterator(chunk_size=_REQUESTS_AT_ONCE):
        acts = Event.objects.filter(device_id=carrier_id, seq=seq, received_at__gte=since)
        found |= {rid for rid in acts.values_list("rid", flat=True) if rid is not None}
    return found


def _fold_again(centre: Centre, devices: Collection[int], rids: Collection[str]) -> None:
    """First what stands in these logs without a request, habilitations and résiliations among it; then the
    requests."""
    keys = _withdrawn_in(devices)
    for device_id in sorted(devices):
        rebuild_device(centre, device_id)
    keys |= _withdrawn_in(devices)
    at = centre.clock.now()
    for part in _parts(sorted(rids)) if rids else ([],):
        if part or keys:
            with transaction.atomic():
                refold(Known(centre), dict.fromkeys(part, ()), at, keys)
        keys = set()
    take_in_established(centre)


def _withdrawn_in(devices: Collection[int]) -> set[str]:
    """Keys of the mandants whose résiliations stand in these logs."""
    rows = Withdrawal.objects.filter(device_id__in=devices)
    return set(rows.values_list("mandant_key", flat=True))


def _parts(rids: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(rids), _REQUESTS_AT_ONCE):
        yield rids[start : start + _REQUESTS_AT_ONCE]
