"""Which leaf of the tree covers an event: a leaf is the head of a log, and covers all its earlier events."""

from dataclasses import dataclass

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
