"""Which leaf of the tree covers an event: a leaf is the head of a log, and covers all its earlier events."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from server.ledger.models import Checkpoint, Event, Leaf


@dataclass(frozen=True, slots=True)
class Covered:
    """A leaf that covers an event, and the newest signed tree that holds it."""

    leaf: int
    tree_size: int
    root: bytes


def covering(log_id: str, event_hash: str) -> Covered | None:
    """The first leaf that covers an event; None while it has none, or when the log itself never came here."""
    event = Event.objects.filter(device__log_id=log_id, hash=bytes.fromhex(event_hash)).first()
    if event is None:
        return None
    leaf = Leaf.objects.filter(device_id=event.device_id, seq__gte=event.seq).order_by("index").first()
    tree = Checkpoint.objects.order_by("-size").first()
    if leaf is None or tree is None or tree.size <= leaf.index:
        return None
    return Covered(leaf.index, tree.size, bytes(tree.root))


def covering_each(places: Collection[tuple[int, int]]) -> dict[tuple[int, int], Covered]:
    """The same for several events, each a device and a place in its log; those without a leaf are left out.
    Two questions, however many there are."""
    tree = Checkpoint.objects.order_by("-size").first()
    if not places or tree is None:
        return {}
    covers = Leaf.objects.filter(device_id=OuterRef("device_id"), seq__gte=OuterRef("seq")).order_by("index")
    rows = Event.objects.filter(
        device__in={device for device, _ in places}, seq__in={seq for _, seq in places}
    ).annotate(leaf=Subquery(covers.values("index")[:1]))
    found = rows.values_list("device_id", "seq", "leaf")
    return {
        (device, seq): Covered(leaf, tree.size, bytes(tree.root))
        for device, seq, leaf in found
        if (device, seq) in places and leaf is not None and leaf < tree.size
    }
