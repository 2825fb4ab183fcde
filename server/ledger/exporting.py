"""The ledger as proofs, for a verifier who trusts nobody here (`docs/verifier/verify_proofs.py`).

Signature parts, leaves and checkpoints only: no body, so no name; a body's hash is of salted content. Written
row by row: a million events need no memory. What has no leaf yet is left out: nothing of it is proved.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from django.db.models import Max

from procuration.domain.identifiers import EventHash, LogId
from procuration.record import canonical
from procuration.record.directory import encode_directory
from procuration.record.merkle import leaf_data
from server.config.centre import Centre
from server.ledger.models import Checkpoint, Device, Event, Leaf
from server.ledger.tree import tree_size

LEDGER_NAME: Final = "ledger.cbor"
DIRECTORY_NAME: Final = "directory.cbor"
_AT_ONCE: Final = 2_000


@dataclass(slots=True)
class Exported:
    """What was written."""

    logs: int = 0
    events: int = 0
    leaves: int = 0
    checkpoints: int = 0


def export_proofs(
    centre: Centre, folder: Path, progress: Callable[[int], None] = lambda _more: None
) -> Exported:
    """Write `ledger.cbor` and `directory.cbor` into a folder. Raises: OSError."""
    exported = Exported()
    size = tree_size()
    with (folder / LEDGER_NAME).open("wb") as file:
        _write(file, ["procu/ledger/1", centre.realm])
        newest = Leaf.objects.filter(index__lt=size).values("device").annotate(last=Max("seq"))
        for device_id, last in newest.order_by("device").values_list("device", "last"):
            for item in _log(device_id, last, exported):
                _write(file, item)
                progress(1)
        for item in _tree(size, exported):
            _write(file, item)
            progress(1)
        counts = exported.logs, exported.events, exported.leaves, exported.checkpoints
        _write(file, ["end", *counts])
    (folder / DIRECTORY_NAME).write_bytes(encode_directory(centre.tables.directory))
    return exported


def rows_to_export() -> int:
    """How many items there will be, about: for whoever shows progress."""
    return Event.objects.count() + Leaf.objects.count() + Checkpoint.objects.count()


def _write(file: BinaryIO, item: list[object]) -> None:
    file.write(canonical.encode(item))


def _log(device_id: int, last: int, exported: Exported) -> Iterator[list[object]]:
    device = Device.objects.get(pk=device_id)
    enrolment = None if device.enrolment is None else bytes(device.enrolment)
    exported.logs += 1
    yield ["log", bytes.fromhex(device.log_id), bytes(device.cose_key), enrolment]
    rows = Event.objects.filter(device_id=device_id, seq__lte=last).order_by("seq")
    for sign1 in rows.values_list("sign1", flat=True).iterator(chunk_size=_AT_ONCE):
        exported.events += 1
        yield ["event", bytes(sign1)]


def _tree(size: int, exported: Exported) -> Iterator[list[object]]:
    """Each leaf, and behind it the checkpoint of the tree that ends there."""
    leaves = Leaf.objects.filter(index__lt=size).order_by("index")
    checkpoints = Checkpoint.objects.filter(size__lte=size).order_by("size").values_list("size", "note")
    following = checkpoints.iterator(chunk_size=_AT_ONCE)
    waiting = next(following, None)
    columns = leaves.values_list("index", "device__log_id", "seq", "hash")
    for index, log_id, seq, value in columns.iterator(chunk_size=_AT_ONCE):
        exported.leaves += 1
        yield ["leaf", leaf_data(LogId(bytes.fromhex(log_id)), seq, EventHash(bytes(value)))]
        while waiting is not None and waiting[0] <= index + 1:
            exported.checkpoints += 1
            yield ["checkpoint", bytes(waiting[1])]
            waiting = next(following, None)
