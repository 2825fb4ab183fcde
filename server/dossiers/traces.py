"""What holds personal data and belongs to no dossier: look-ups, résiliations of a person, names of officers,
held events, proofs of forks, requests that a tablet never fetched.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from procuration.domain.events import Kind
from procuration.domain.identifiers import LogId, Rid
from procuration.domain.purge import PurgeReason
from procuration.domain.purged import NAMES_NOBODY
from procuration.domain.status import Status
from procuration.errors import RecordRejected
from procuration.record import canonical
from procuration.record.event import parse_event, read_pair
from procuration.record.inbox import Entry, EntryType, State, entry_value
from procuration.record.limits import DOWN_ENTRIES_BYTES_MAX
from server.config.centre import Centre
from server.dossiers.models import Procuration, Withdrawal
from server.dossiers.terms import (
    article_of_procurations,
    article_of_requests,
    ended_cutoff,
    longest_cutoff,
    request_cutoff,
)
from server.ledger.models import Event, ForkEvidence, HeldEvent, InboxEntry, OfficerEnrolment, StrandedEvent
from server.ledger.purges import Deletion, Place, places_of

_NOT_PERSONAL = tuple(kind.value for kind in NAMES_NOBODY)
_ACTS = (Kind.ACT.value, Kind.REVOCATION.value)
_OWN_TERM = (Kind.LOOK_UP.value, Kind.REVOCATION.value, Kind.ENROLMENT.value)


def old_traces(centre: Centre, now: datetime) -> Iterator[Deletion]:
    """Events without a request whose day has come."""
    law = centre.tables.law
    alone = Event.objects.filter(rid=None, body__isnull=False)
    look_ups = alone.filter(kind=Kind.LOOK_UP.value, received_at__lt=request_cutoff(now, law))
    yield from _traces(look_ups, article_of_requests(now, law))
    article = article_of_procurations(now, law)
    ended = ended_cutoff(now, law)
    yield from _traces(_withdrawals(alone, ended, longest_cutoff(now, law)), article)
    yield from _traces(_enrolments(alone, ended), article)
    others = alone.exclude(kind__in=(*_NOT_PERSONAL, *_OWN_TERM))
    yield from _traces(others.filter(received_at__lt=longest_cutoff(now, law)), article)


def forget_rows(places: Iterable[Place]) -> None:
    """The rows that were read from these events: the names of an officer, a résiliation."""
    for place in places:
        OfficerEnrolment.objects.filter(device_id=place.device_id, seq=place.seq).delete()
        Withdrawal.objects.filter(device_id=place.device_id, seq=place.seq).delete()


def _traces(events: QuerySet[Event], article: str) -> Iterator[Deletion]:
    for _, place in places_of(events.order_by("device_id", "seq")):
        yield Deletion(rid=None, reason=PurgeReason.TRACE, article=article, places=(place,))


def _withdrawals(alone: QuerySet[Event], ended: datetime, longest: datetime) -> QuerySet[Event]:
    """Résiliations of a person, once no procuration that they may end is known any more. Those without effect
    go after the longest that anything is kept."""
    row = Withdrawal.objects.filter(device_id=OuterRef("device_id"), seq=OuterRef("seq"))
    concerned = Procuration.objects.filter(
        mandant_key=OuterRef("mandant_key"), established_at__lte=OuterRef("latest")
    )
    over = row.filter(latest__lt=ended).exclude(Exists(concerned))
    kind = alone.filter(kind=Kind.REVOCATION.value)
    without_effect = kind.exclude(Exists(row)).filter(received_at__lt=longest)
    return kind.filter(Exists(over)) | without_effect


def _enrolments(alone: QuerySet[Event], ended: datetime) -> QuerySet[Event]:
    """Habilitations that ended two years ago, of officers whose acts of that time are gone."""
    kind = alone.filter(kind=Kind.ENROLMENT.value)
    row = OfficerEnrolment.objects.filter(device_id=OuterRef("device_id"), seq=OuterRef("seq"))
    over = [
        (one.device_id, one.seq)
        for one in OfficerEnrolment.objects.filter(not_after__lt=ended)
        if not Event.objects.filter(
            device_id=one.device_id,
            kind__in=_ACTS,
            body__isnull=False,
            seq__gt=one.seq,
            wall__lte=int(one.not_after.timestamp()),
        ).exists()
    ]
    ours = [kind.filter(device_id=device_id, seq=seq).values_list("pk", flat=True) for device_id, seq in over]
    pks = [pk for found in ours for pk in found]
    return kind.filter(pk__in=pks) | kind.exclude(Exists(row)).filter(received_at__lt=ended)


def old_held_events(centre: Centre, now: datetime) -> Iterator[Deletion]:
    """Events that wait for those before them: of a dossier that is gone, or for too long."""
    article = article_of_requests(now, centre.tables.law)
    held = HeldEvent.objects.filter(body__isnull=False).select_related("device")
    for row in held.iterator():
        if _is_over(centre, bytes(row.sign1), row.received_at, now):
            place = Place(row.device_id, LogId(bytes.fromhex(row.device.log_id)), row.seq)
            yield Deletion(rid=None, reason=PurgeReason.TRACE, article=article, places=(place,))


def empty_forks(centre: Centre, now: datetime, *, dry_run: bool) -> int:
    """Bodies beside the proof of a fork, and those kept apart from a stopped log without a dossier:
    the signatures prove it without them, and no event names what stands at no place. Returns: how many."""
    forks = ForkEvidence.objects.exclude(body=b"")
    over = [row.pk for row in forks.iterator() if _is_over(centre, bytes(row.sign1), row.found_at, now)]
    kept = StrandedEvent.objects.filter(body__isnull=False).iterator()
    apart = [row.pk for row in kept if _is_over(centre, bytes(row.sign1), row.received_at, now)]
    if not dry_run:
        ForkEvidence.objects.filter(pk__in=over).update(body=b"")
        StrandedEvent.objects.filter(pk__in=apart).update(body=None)
    return len(over) + len(apart)


def _is_over(centre: Centre, sign1: bytes, came: datetime, now: datetime) -> bool:
    envelope, law = parse_event(sign1)[1], centre.tables.law
    if envelope.kind in NAMES_NOBODY:
        return False
    rid = None if envelope.rid is None else envelope.rid.hex()
    dossier = Procuration.objects.filter(rid=rid).values_list("status", flat=True).first()
    if rid is not None and dossier is not None:  # it goes with its dossier
        return bool(dossier == Status.PURGEE)
    asked = envelope.kind in (Kind.FILED, Kind.LOOK_UP)
    return came < (request_cutoff(now, law) if asked else longest_cutoff(now, law))


def empty_inbox(before: datetime, *, dry_run: bool) -> int:
    """Requests in the clear that a tablet never fetched, of a dossier that is gone or older than one may be.

    The number stays, with a state in the place of the request: a tablet takes its news in order, and would
    wait for ever for a number that is missing. Returns: how many.
    """
    emptied = 0
    for entry in InboxEntry.objects.filter(type=EntryType.REQUEST.value):
        rid = _rid_of(bytes(entry.value))
        if entry.created_at >= before and rid is not None and not _is_emptied(rid.hex()):
            continue
        emptied += 1
        if not dry_run:
            state = State(rid or Rid(bytes(16)), Status.PURGEE, None)
            value = canonical.encode(entry_value(Entry(0, state))[2])
            InboxEntry.objects.filter(pk=entry.pk).update(type=EntryType.STATE.value, value=value)
    return emptied


def _rid_of(value: bytes) -> Rid | None:
    try:
        pair = read_pair(canonical.decode(value, max_bytes=DOWN_ENTRIES_BYTES_MAX))
        return parse_event(pair.sign1)[1].rid
    except RecordRejected:
        return None  # nobody could read it: it goes


def _is_emptied(rid: str | None) -> bool:
    return rid is not None and Procuration.objects.filter(rid=rid, status=Status.PURGEE).exists()
