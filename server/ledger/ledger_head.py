"""What the server remembers of its ledger outside the database: the newest checkpoint that it signed.

A database restored from a backup does not know what was signed after it. Signing on from there would be a
second history of the tree and of the server's own log, and every tablet would raise an alarm that lasts for
ever. So nothing is signed, nor answered, while the database is older than this file (SECURITY-DESIGN 8).
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from procuration.adapters.durable_file import write_durably
from procuration.adapters.turns import alone
from procuration.domain.identifiers import LogId
from procuration.errors import CarrierUnavailable, RecordRejected
from procuration.record import canonical
from procuration.record.merkle import EMPTY_ROOT, HASH_BYTES
from procuration.record.shape import fields, integer, octets
from server.config.centre import Centre
from server.ledger.models import Checkpoint, Ledger

FILE_NAME: Final = "ledger-head.cbor"
STANDS_STILL: Final = frozenset({"REGISTRE_RESTAURE", "FICHIER_DU_REGISTRE"})
"""Codes of a ledger that signs and answers nothing before an operator has acted."""
_BYTES_MAX: Final = 256
_OWNER_ONLY: Final = 0o600


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerHead:
    """What stands in the file.

    Attributes:
        log_id: of the log that this server writes.
        size, root: of the newest checkpoint signed; 0 before the first.
    """

    epoch: bytes
    log_id: LogId
    size: int
    root: bytes


def head_of_database(epoch: bytes, log_id: LogId) -> LedgerHead:
    """What the file should say of the database as it is now."""
    found = Checkpoint.objects.order_by("-size").values_list("size", "root").first()
    size, root = found or (0, EMPTY_ROOT)
    return LedgerHead(epoch=epoch, log_id=log_id, size=size, root=bytes(root))


def read_head(home: Path) -> LedgerHead | None:
    """None before the first checkpoint. Raises: CarrierUnavailable FICHIER_DU_REGISTRE, when it is damaged:
    only a person can say then which history is the true one.
    """
    try:
        with (home / FILE_NAME).open("rb") as file:
            data = file.read(_BYTES_MAX + 1)
        value = fields(canonical.decode(data, max_bytes=_BYTES_MAX), 5)
        epoch, log_id = octets(value[1], length=16), LogId(octets(value[2], length=8))
        size, root = integer(value[3]), octets(value[4], length=HASH_BYTES)
    except FileNotFoundError:
        return None
    except (OSError, RecordRejected) as error:
        raise CarrierUnavailable("FICHIER_DU_REGISTRE", file=FILE_NAME) from error
    return LedgerHead(epoch=epoch, log_id=log_id, size=size, root=root)


def write_head(home: Path, head: LedgerHead) -> None:
    """Whole or not at all. Raises: OSError."""
    value = {0: 1, 1: head.epoch, 2: head.log_id, 3: head.size, 4: head.root}
    write_durably(home / FILE_NAME, canonical.encode(value), _OWNER_ONLY)


def remember(centre: Centre, epoch: bytes) -> None:
    """Note the newest committed checkpoint. Workers take turns, so an older one never replaces it.

    After the commit, not before: a file that is behind is harmless, one that is ahead would stop the server.
    """
    with alone(centre.home / f".{FILE_NAME}.lock"):
        head = head_of_database(epoch, centre.log_id)
        if head != read_head(centre.home):
            write_head(centre.home, head)


def refuse_a_backup(centre: Centre) -> None:
    """Raises: CarrierUnavailable REGISTRE_RESTAURE, when the database, or the log that this server writes, is
    not the one that the file remembers: `procuration-server restored` must be run first.

    The file is read first: what it names was committed before, so a database in order shows it.
    """
    kept = read_head(centre.home)
    if kept is not None and not _agrees(centre, kept):
        raise CarrierUnavailable("REGISTRE_RESTAURE", run="procuration-server restored")


def _agrees(centre: Centre, kept: LedgerHead) -> bool:
    if kept.log_id != centre.log_id or kept.epoch != stored_epoch():
        return False
    if kept.size == 0:
        return True
    root = Checkpoint.objects.filter(size=kept.size).values_list("root", flat=True).first()
    return root is not None and bytes(root) == kept.root


def stored_epoch() -> bytes:
    """The number of this ledger: the last one drawn, when it was created or restored; empty before."""
    found = Ledger.objects.order_by("-pk").values_list("epoch", flat=True).first()
    return b"" if found is None else bytes(found)
