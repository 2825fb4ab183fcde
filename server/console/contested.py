"""Whether this centre ever said two things of its own log: the trees that tablets hold, beside the one kept
here (SECURITY-DESIGN 8).

Two ways bring it here. Each sync point of a tablet says which tree the tablet holds: the centre compares it
with its own as the events come. And a person may file the two signed checkpoints that a tablet, or the
computer of a town hall, has kept. Both are checked before anything is believed: a proof counts by the
signatures of this centre, not by who brings it; what a sync point says is the word of one tablet, and is
shown as such. A centre whose administrators rewrite history may also silence this alarm: the tablets keep
theirs.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Final

from django.db.models import F

from procuration.errors import RecordRejected, RuleViolated
from procuration.record.checkpoint import TreeHead, verify_checkpoint
from procuration.record.contradiction import Contradicting, read_contradiction
from procuration.record.directory import Role
from procuration.record.event import parse_event
from procuration.record.merkle import complete_subtrees, root_hash
from server.config.centre import Centre
from server.console.models import Contested
from server.ledger.models import Ledger, TreeNode
from server.ledger.tree import place_of, tree_size

REASON_MIN: Final = 10
REASON_MAX: Final = 500


class Contradiction(StrEnum):
    """What cannot both be true."""

    TWO_ROOTS = "DEUX_RACINES"
    """Two signed checkpoints of one size have two roots: proved by the signatures alone."""
    NOT_OURS = "RACINE_ABSENTE"
    """A tree that this centre signed is not the beginning of the one that it keeps."""
    TOO_LARGE = "ARBRE_PLUS_GRAND"
    """A tree that this centre signed is larger than the one that it keeps."""


class OwnTree:
    """The tree that this centre keeps, asked for its root at any size; each size is asked for once."""

    def __init__(self) -> None:
        self._roots: dict[int, bytes] = {}

    @cached_property
    def size(self) -> int:
        """How many leaves the newest checkpoint covers."""
        return tree_size()

    def learn(self, sizes: Collection[int]) -> None:
        """The roots of several sizes: one question."""
        asked = [size for size in set(sizes) if 0 < size <= self.size and size not in self._roots]
        places = {place_of(level, index) for size in asked for level, index in complete_subtrees(size)}
        rows = TreeNode.objects.filter(place__in=places).values_list("place", "hash")
        nodes = {place: bytes(value) for place, value in rows}
        for size in asked:
            self._roots[size] = root_hash(size, lambda level, index: nodes[place_of(level, index)])

    def root(self, size: int) -> bytes:
        """The root of the first `size` leaves."""
        self.learn([size])
        return self._roots[size]

    def contradicts(self, head: TreeHead) -> Contradiction | None:
        """What a tree that this centre signed, or that a tablet says it did, makes of this one."""
        if head.size <= 0:
            return None
        if head.size > self.size:
            return Contradiction.TOO_LARGE
        return None if self.root(head.size) == head.root else Contradiction.NOT_OURS


def verified_heads(centre: Centre, proof: Contradicting) -> tuple[TreeHead, TreeHead]:
    """Both trees, once this centre's own key is found to have signed them.

    Raises: RecordRejected, with a code of `record.checkpoint`.
    """
    keys = [entry.cose_key for entry in centre.tables.directory.entries if entry.role is Role.CHECKPOINT]
    return _verified(centre, keys, proof.held), _verified(centre, keys, proof.shown)


def _verified(centre: Centre, keys: Iterable[bytes], note: bytes) -> TreeHead:
    """A tree that one of the keys signed; a key that was replaced still counts for what it signed."""
    refusal = RecordRejected("CHECKPOINT_UNSIGNED")
    for key in keys:
        try:
            return verify_checkpoint(note, key, centre.realm)
        except RecordRejected as error:
            refusal = error
    raise refusal


def file_proof(centre: Centre, data: bytes, source: str, at: datetime) -> Contested:
    """Keep what somebody filed, once it is checked; the same proof filed again is one alarm.

    Raises: RecordRejected for what cannot be read or is not signed by this centre; RuleViolated
        PAS_DE_CONTRADICTION when both checkpoints may be true.
    """
    proof = read_contradiction(data)
    held, shown = verified_heads(centre, proof)
    tree = OwnTree()
    if held.size == shown.size and held.root != shown.root:
        ours = tree.root(held.size) if held.size <= tree.size else b""
        other = held if held.root != ours else shown
        return _kept(Contradiction.TWO_ROOTS, other, ours, proof, None, source, at)
    for head in (held, shown):
        code = tree.contradicts(head)
        if code is not None:
            ours = b"" if code is Contradiction.TOO_LARGE else tree.root(head.size)
            return _kept(code, head, ours, proof, None, source, at)
    raise RuleViolated("PAS_DE_CONTRADICTION")


def _kept(
    code: Contradiction,
    head: TreeHead,
    own_root: bytes,
    proof: Contradicting,
    event_id: int | None,
    source: str,
    at: datetime,
) -> Contested:
    row, fresh = Contested.objects.get_or_create(
        size=head.size,
        root=head.root,
        defaults={
            "code": code.value,
            "own_root": own_root,
            "held": proof.held,
            "shown": proof.shown,
            "event_id": event_id,
            "source": source,
            "found_at": at,
        },
    )
    if fresh:
        return row
    changes: dict[str, object] = {"reports": F("reports") + 1}
    if proof.held and not bytes(row.held):  # signatures are worth more than what a sync point says
        changes |= {"held": proof.held, "shown": proof.shown, "code": code.value}
    Contested.objects.filter(pk=row.pk).update(**changes)
    row.refresh_from_db()
    return row


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncPointSeen:
    """A sync point of the ledger: its number, its log and its signed part."""

    event_id: int
    log_id: str
    sign1: bytes


def examine(points: Iterable[SyncPointSeen], at: datetime) -> int:
    """Compare the trees that some sync points name with the one kept here.

    Returns: how many cannot both be true.
    """
    named = []
    for point in points:
        sync = parse_event(point.sign1)[1].sync
        if sync is not None and sync.tree_size > 0:
            named.append((point, TreeHead(size=sync.tree_size, root=sync.root)))
    tree = OwnTree()
    tree.learn([head.size for _, head in named])
    wrong = [(point, head, code) for point, head in named if (code := tree.contradicts(head)) is not None]
    for point, head, code in wrong:
        ours = b"" if code is Contradiction.TOO_LARGE else tree.root(head.size)
        none = Contradicting(held=b"", shown=b"")
        _kept(code, head, ours, none, point.event_id, point.log_id, at)
    return len(wrong)


def restored_times() -> int:
    """How often this ledger was restored from a backup: a tree of before may then contradict it."""
    return max(0, Ledger.objects.count() - 1)


def open_alarms() -> int:
    """How many contradictions nobody has closed."""
    return Contested.objects.filter(closed_at__isnull=True).count()


def close(pk: int, pseudonym: str, reason: str, at: datetime) -> None:
    """End an alarm; its proof stays.

    Raises: Contested.DoesNotExist; RuleViolated MOTIF_TROP_COURT, MOTIF_TROP_LONG, DEJA_CLOSE.
    """
    said = " ".join(reason.split())
    if len(said) < REASON_MIN:
        raise RuleViolated("MOTIF_TROP_COURT")
    if len(said) > REASON_MAX:
        raise RuleViolated("MOTIF_TROP_LONG")
    Contested.objects.get(pk=pk)
    closed = Contested.objects.filter(pk=pk, closed_at__isnull=True)
    if not closed.update(closed_at=at, closed_by=pseudonym, reason=said):
        raise RuleViolated("DEJA_CLOSE")
