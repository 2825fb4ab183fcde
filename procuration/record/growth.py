"""What a checkpoint of the centre is worth beside the one held (RFC 9162, 2.1.4), whoever holds it."""

from enum import Enum, StrEnum, auto

from procuration.errors import RecordRejected
from procuration.record.checkpoint import TreeHead
from procuration.record.inbox import Consistency
from procuration.record.merkle import verify_consistency


class AlarmCode(StrEnum):
    """Why. All but the last are alarms: nobody can dismiss them."""

    SMALLER = "ARBRE_PLUS_PETIT"
    OTHER_ROOT = "ARBRE_AUTRE_RACINE"
    INCONSISTENT = "ARBRE_INCOHERENT"
    UNPROVED = "ARBRE_SANS_PREUVE"
    EPOCH_LEFT = "REGISTRE_QUITTE"
    RESTORED = "REGISTRE_RESTAURE"


class Verdict(Enum):
    """What a checkpoint is worth beside the one held. An alarm is told by its code instead."""

    HELD = auto()  # it is the same
    GROWN = auto()  # it is proved to extend it
    LATE = auto()  # nothing can be said: it answers a bundle that named another


def judge(
    held: TreeHead | None, named: int, shown: TreeHead, proof: Consistency | None
) -> Verdict | AlarmCode:
    """One checkpoint, signed by the centre, against the one held.

    Args:
        named: size that the answered bundle had named, in the same ledger.
        proof: what came with this checkpoint, if anything did.
    """
    if held is None:
        return Verdict.GROWN
    if shown.size == held.size:
        return Verdict.HELD if shown.root == held.root else AlarmCode.OTHER_ROOT
    if shown.size < held.size:
        return AlarmCode.SMALLER if shown.size < named else Verdict.LATE
    if proof is None or proof.old_size != held.size:
        return AlarmCode.UNPROVED if named == held.size else Verdict.LATE
    try:
        verify_consistency(held.size, shown.size, proof.path, held.root, shown.root)
    except RecordRejected:
        return AlarmCode.INCONSISTENT
    return Verdict.GROWN
