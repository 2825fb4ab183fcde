"""What is written here and not yet proved to be at the centre, sealed for it; a poll, when nothing waits."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from procuration.adapters.spool import name_of
from procuration.record.backlog import Backlog
from procuration.record.bundle import NONCE_BYTES, UpManifest, bundle_digest, encode_up
from procuration.record.event import EventPair
from procuration.record.limits import BUNDLE_EVENTS_MAX
from procuration.record.sealed import Purpose, seal
from server.commune import memory
from server.commune.memory import Name
from server.commune.models import SentBundle
from server.config.centre import Centre
from server.ledger.models import Event

SENT_KEPT: Final = 64
"""Bundles whose answer is still believed (SECURITY-DESIGN 8)."""
_BYTES_AT_ONCE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Sealed:
    """One bundle, ready to travel."""

    name: str
    data: bytes
    count: int


def waiting(hall: Centre) -> int:
    """How many events the centre is not proved to have."""
    return _unproved(hall).count()


def _unproved(hall: Centre) -> QuerySet[Event]:
    after = memory.number(Name.RECEIVED_SEQ, -1)
    return Event.objects.filter(device__log_id=hall.log_id.hex(), seq__gt=after).order_by("seq")


def seal_waiting(hall: Centre) -> list[Sealed]:
    """Everything after the last receipt, in order. Sealing again is harmless: the centre knows what it has.

    Raises: RuleViolated ANNUAIRE_SANS_CLE, when the tables kept here are older than any key of the centre.
    """
    rows = [
        (seq, EventPair(bytes(sign1), bytes(body or b"") or None))
        for seq, sign1, body in _unproved(hall).values_list("seq", "sign1", "body")
    ]
    with transaction.atomic():
        if rows:
            found = [_seal(hall, part[0][0], [pair for _, pair in part]) for part in _parts(rows)]
        else:
            found = [_seal(hall, memory.number(Name.RECEIVED_SEQ, -1) + 1, [])]
        kept = SentBundle.objects.order_by("-pk").values_list("pk", flat=True)[:SENT_KEPT]
        SentBundle.objects.exclude(pk__in=list(kept)).delete()
    return found


def _parts(rows: Sequence[tuple[int, EventPair]]) -> Iterator[list[tuple[int, EventPair]]]:
    part: list[tuple[int, EventPair]] = []
    size = 0
    for row in rows:
        length = len(row[1].sign1) + len(row[1].body or b"")
        if part and (len(part) == BUNDLE_EVENTS_MAX or size + length > _BYTES_AT_ONCE):
            yield part
            part, size = [], 0
        part.append(row)
        size += length
    yield part


def _seal(hall: Centre, first_seq: int, pairs: list[EventPair]) -> Sealed:
    now = hall.clock.now()
    manifest = UpManifest(
        log_id=hall.log_id,
        first_seq=first_seq,
        count=len(pairs),
        nonce=os.urandom(NONCE_BYTES),
        checkpoint_size=memory.number(Name.TREE_SIZE, 0),
        inbox_number=max(memory.number(Name.INBOX_NUMBER, 0), 0),
        directory_version=hall.tables.directory.version,
        backlog=_backlog(hall, first_seq, first_seq + len(pairs)),
    )
    plaintext = encode_up(manifest, tuple(pairs), hall.signer, hall.realm)
    sealed = seal(plaintext, hall.tables.directory.centre(now), Purpose.UP, hall.realm)
    SentBundle.objects.create(
        name=name_of(sealed),
        hash=bundle_digest(sealed).hex(),
        first_seq=first_seq,
        count=len(pairs),
        tree_size=manifest.checkpoint_size,
        epoch=memory.find(Name.EPOCH) or b"",
        sealed_at=now,
    )
    return Sealed(name_of(sealed), sealed, len(pairs))


def _backlog(hall: Centre, first_seq: int, after: int) -> Backlog:
    """What the centre is not proved to have beside the events from `first_seq` to before `after`."""
    left = _unproved(hall).exclude(seq__gte=first_seq, seq__lt=after).values_list("wall", flat=True).first()
    newest = Event.objects.filter(device__log_id=hall.log_id.hex()).order_by("-seq")
    last = newest.values_list("seq", flat=True).first()
    return Backlog(
        length=max(after, 0 if last is None else last + 1),
        oldest=None if left is None else datetime.fromtimestamp(left, UTC),
    )
