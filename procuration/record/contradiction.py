"""Two signed checkpoints of the centre that cannot both be true, as a file that anybody may carry to it
(SECURITY-DESIGN 8): `cbor([1, held, shown])`.

Whether they contradict each other is for the reader to check; this only says what a file must look like.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from procuration.errors import RecordRejected
from procuration.record import canonical
from procuration.record.checkpoint import CHECKPOINT_BYTES_MAX
from procuration.record.growth import AlarmCode
from procuration.record.shape import integer, octets, sequence

PROOF_BYTES_MAX: Final = 2 * CHECKPOINT_BYTES_MAX + 64
PROOFS_CARRIED_MAX: Final = 8
"""Of one device: the first proof is the one that counts, and a centre gone wild must not fill a stick."""
WITHOUT_PROOF: Final = frozenset({AlarmCode.EPOCH_LEFT, AlarmCode.RESTORED})
"""Alarms about a ledger restored: no two trees of one ledger stand against each other."""
_VERSION: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradicting:
    """Signed notes, as a tablet keeps them: `held` it believed, `shown` came later."""

    held: bytes = field(repr=False)
    shown: bytes = field(repr=False)


def write_contradiction(proof: Contradicting) -> bytes:
    """The file."""
    return canonical.encode([_VERSION, proof.held, proof.shown])


def proofs_of(alarms: Iterable[tuple[AlarmCode, bytes, bytes]]) -> list[bytes]:
    """The files that some alarms give, each once, the first ones.

    Args:
        alarms: code, checkpoint held, checkpoint shown, oldest first. A tree that was rolled back to nothing
            shows no checkpoint: only the word of its device says so.
    """
    found: dict[bytes, None] = {}
    for code, held, shown in alarms:
        if code not in WITHOUT_PROOF and held and shown:
            found.setdefault(write_contradiction(Contradicting(held=held, shown=shown)))
        if len(found) == PROOFS_CARRIED_MAX:
            break
    return list(found)


def read_contradiction(data: bytes) -> Contradicting:
    """The same, from whatever somebody filed.

    Raises: RecordRejected PREUVE_TROP_GRANDE, PREUVE_VERSION, or a code of `canonical` and `shape`.
    """
    if len(data) > PROOF_BYTES_MAX:
        raise RecordRejected("PREUVE_TROP_GRANDE", bytes=len(data))
    version, held, shown = sequence(canonical.decode(data, max_bytes=PROOF_BYTES_MAX), 3)
    if integer(version) != _VERSION:
        raise RecordRejected("PREUVE_VERSION")
    return Contradicting(
        held=octets(held, maximum=CHECKPOINT_BYTES_MAX), shown=octets(shown, maximum=CHECKPOINT_BYTES_MAX)
    )
