"""Makes the locked copies of requests for the brigades of their département, and withdraws those of requests
that need none any more (SECURITY-DESIGN 9): a job of the background.

Everything is found again from the rows: a run that is interrupted, or made twice by two centres, loses and
doubles nothing. The key of a copy takes a fifth of a second, so it is made once and kept until its date.
"""

import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from procuration.domain.events import Filed
from procuration.domain.people import Place, PlaceType
from procuration.domain.retention import locked_copy_until
from procuration.domain.status import Status
from procuration.errors import RecordRejected
from procuration.record import canonical
from procuration.record.directory import Role
from procuration.record.event import EventPair, open_body, parse_event
from procuration.record.inbox import EntryType
from procuration.record.limits import DOWN_ENTRIES_BYTES_MAX
from procuration.record.locked_copy import LockedCopy, copy_value, derive, lock, read_copy
from procuration.record.shape import SECONDS_MAX
from server.config.centre import Centre
from server.dossiers.models import Procuration
from server.dossiers.refolding import lock_requests
from server.ledger.lookups import filed_pair
from server.ledger.models import Device, InboxEntry, RequestCopy
from server.ledger.rows import insert_rows

log = logging.getLogger(__name__)

RUN_MS: Final = 20_000
"""After so long a run makes no more copies; the next goes on."""
LOOKED_FOR_AT_ONCE: Final = 2_000
_LOCK: Final = 0x636F706965  # "copie": the advisory lock of these rows
_UNDECIDED: Final = (Status.DEMANDE.value, Status.RECUEILLIE.value)
_LOOK_AGAIN: Final = timedelta(days=1)
_WITHDRAWN: Final = 0
_COLUMNS: Final = ("rid", "departement", "closing", "tag", "ciphertext", "delete_after")
_TABLETS: Final = (Role.KIOSK.value, Role.BRIGADE.value)


@dataclass(slots=True)
class Kept:
    """What a run did."""

    made: int = 0
    withdrawn: int = 0


@dataclass(frozen=True, slots=True)
class _Source:
    """What a copy is made of."""

    pair: EventPair
    filed: Filed
    delete_after: datetime
    departement: str


def keep_copies(centre: Centre, run_ms: int = RUN_MS) -> Kept:
    """Bring the copies in line with the dossiers: those over go, those decided are withdrawn, missing ones
    are made, the nearest ballot first, for as long as a run may take.

    Raises: RuleViolated LOI_INCONNUE.
    """
    now, began = centre.clock.now(), centre.clock.monotonic_ms()
    _forget_over(now)
    done = Kept(withdrawn=_withdraw(_decided()))
    for rid in _missing():
        if centre.clock.monotonic_ms() - began >= run_ms:
            break
        done.made += _make(centre, rid, now)
    if done.made or done.withdrawn:
        log.info("copies", extra={"count": done.made})
    return done


def empty_copies(rids: Sequence[str]) -> None:
    """The bodies of these requests are purged, and their copies here with them, in the same transaction. The
    next run tells the brigades."""
    RequestCopy.objects.filter(rid__among=rids).update(ciphertext=b"")


def withdraw_undelivered(now: datetime, *, dry_run: bool) -> int:
    """Copies on their way to a tablet that is silent, whose day has come or which are there no more: their
    number stays, with a withdrawal in the place of the copy. Returns: how many."""
    found: list[tuple[int, LockedCopy]] = []
    waiting = InboxEntry.objects.filter(type=EntryType.LOCKED_COPY.value).values_list("pk", "value")
    there = {bytes(tag) for tag in _live().values_list("tag", flat=True)} if waiting.exists() else set()
    for pk, value in waiting.iterator():
        copy = read_copy(canonical.decode(bytes(value), max_bytes=DOWN_ENTRIES_BYTES_MAX))
        if copy.ciphertext and (copy.delete_after <= now or copy.tag not in there):
            found.append((pk, copy))
    for pk, copy in () if dry_run else found:
        value = canonical.encode(copy_value(LockedCopy(copy.tag, b"", copy.delete_after)))
        InboxEntry.objects.filter(pk=pk).update(value=value)
    return len(found)


def _live() -> QuerySet[RequestCopy]:
    return RequestCopy.objects.filter(closing__gt=_WITHDRAWN).exclude(ciphertext=b"")


def _forget_over(now: datetime) -> None:
    """Their tablets delete them by themselves. A row that a purge is emptying is left to the next run."""
    with transaction.atomic():
        over = RequestCopy.objects.select_for_update(skip_locked=True).filter(delete_after__lte=now)
        pks = list(over.values_list("pk", flat=True)[:LOOKED_FOR_AT_ONCE])
        RequestCopy.objects.filter(pk__in=pks).delete()


def _missing() -> list[str]:
    """Requests without a copy, the nearest ballot first."""
    there = RequestCopy.objects.filter(rid=OuterRef("rid"), closing__gt=_WITHDRAWN)
    found = Procuration.objects.filter(status__in=_UNDECIDED, reference__isnull=False).exclude(Exists(there))
    nearest = found.order_by(F("first_closing").asc(nulls_last=True), "rid")
    return list(nearest.values_list("rid", flat=True)[:LOOKED_FOR_AT_ONCE])


def _decided() -> list[RequestCopy]:
    """Copies of requests that somebody decided, or whose data are gone."""
    waiting = Procuration.objects.filter(rid=OuterRef("rid"), status__in=_UNDECIDED)
    there = RequestCopy.objects.filter(closing__gt=_WITHDRAWN).exclude(Exists(waiting))
    return list(there.order_by("pk")[:LOOKED_FOR_AT_ONCE])


def _withdraw(decided: Sequence[RequestCopy]) -> int:
    told = [row for row in decided if row.departement]
    if not decided:
        return 0
    with transaction.atomic():
        _lock_copies()
        lock_requests(row.rid for row in decided)
        RequestCopy.objects.filter(pk__in=[row.pk for row in decided]).delete()
        rows = ((row.rid, row.departement, _WITHDRAWN, bytes(row.tag), b"", row.delete_after) for row in told)
        insert_rows(RequestCopy, _COLUMNS, rows, new=False)
    return len(told)


def _make(centre: Centre, rid: str, now: datetime) -> bool:
    row = Procuration.objects.filter(rid=rid, status__in=_UNDECIDED).first()
    source = None if row is None else _source(centre, row)
    if row is None or row.reference is None:
        return False
    if source is None or source.delete_after <= now or not source.departement:
        return _store(
            row, RequestCopy(departement="", tag=b"", ciphertext=b"", delete_after=now + _LOOK_AGAIN)
        )
    assert source.filed.reference is not None, "it is the one of the row"
    keys = derive(source.filed.reference, source.filed.mandant.birth_date, centre.realm)
    made = RequestCopy(
        departement=source.departement,
        tag=keys.tag,
        ciphertext=lock(source.pair, keys, centre.realm, os.urandom),
        delete_after=source.delete_after,
    )
    return _store(row, made)


def _store(row: Procuration, copy: RequestCopy) -> bool:
    """Unless the request was decided or purged meanwhile. Whether there is a new copy."""
    copy.rid = row.rid
    copy.closing = SECONDS_MAX if row.first_closing is None else max(1, int(row.first_closing.timestamp()))
    with transaction.atomic():
        _lock_copies()
        lock_requests([row.rid])
        if not Procuration.objects.filter(
            rid=row.rid, status__in=_UNDECIDED, filed_hash=row.filed_hash
        ).exists():
            return False
        if RequestCopy.objects.filter(rid=row.rid, closing__gt=_WITHDRAWN).exists():
            return False  # another centre was here
        RequestCopy.objects.filter(rid=row.rid).delete()
        copy.save(force_insert=True)
    return bool(copy.departement)


def _source(centre: Centre, row: Procuration) -> _Source | None:
    """None when no copy can be made: the body never came in a form that opens, or its reference was given
    later than the request, so that the request does not name it. The paper remains."""
    found = filed_pair(row.rid, row.filed_hash)
    if found is None:
        return None
    pair, received_at = found
    try:
        envelope = parse_event(pair.sign1)[1]
        filed = open_body(envelope, pair.body or b"")
    except RecordRejected:
        return None
    if not isinstance(filed, Filed) or filed.reference != row.reference:
        return None
    proved = envelope.boot.floor <= envelope.wall <= received_at
    requested = envelope.wall if proved else received_at
    closing = row.last_closing if row.scrutin_id else None
    until = locked_copy_until(requested, filed.vote_place, closing, centre.tables.law)
    return _Source(pair, filed, until, _departement(row))


def _departement(row: Procuration) -> str:
    """Where the tablet stands that filed it; of the commune of vote when none did. Empty abroad."""
    tablet = Device.objects.filter(log_id=row.filed_log, role__in=_TABLETS).first()
    if tablet is not None and tablet.departement:
        return tablet.departement
    place = Place(code=row.place_code, type=PlaceType(row.place_type), cog_year=row.place_cog_year)
    return place.departement


def _lock_copies() -> None:
    """Until the transaction ends. SQLite has one writer at a time already."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
