"""The file of the key slots: how one is written and read again.

Decides what a slot may look like; what opens it is `slots`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from procuration.domain.identifiers import Kid
from procuration.errors import RecordRejected
from procuration.record.canonical import Value, decode, encode
from procuration.record.contents import SLOT_ID_BYTES

SLOTS_MAX: Final = 200
SLOTS_BYTES_MAX: Final = 256 * 1024
HELD_BYTES_MAX: Final = 1024
KID_BYTES: Final = 8
_WRAPPED_OVERHEAD: Final = 16


class SlotKind(IntEnum):
    """Where the second secret of a slot lives; a pass phrase has none."""

    TPM = 1
    TOKEN = 2
    SERVICE_KEY = 3
    PASS_PHRASE = 4


COUNTED_BY_HARDWARE: Final = frozenset({SlotKind.TPM, SlotKind.TOKEN})


@dataclass(frozen=True, slots=True)
class Argon2Cost:
    """What one try costs. Weak tablets may go down to 64 MiB; tests use their own, far lower."""

    memory_kib: int = 256 * 1024
    passes: int = 3
    lanes: int = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One way to open the store.

    Attributes:
        kid: the officer whose key this slot also wraps, if any.
        held: what the TPM or the token needs again, nothing for the other kinds; opens nothing by itself.
    """

    slot_id: bytes
    kind: SlotKind
    salt: bytes = field(repr=False)
    cost: Argon2Cost
    nonce: bytes = field(repr=False)
    wrapped: bytes = field(repr=False)
    kid: Kid | None
    held: bytes = field(default=b"", repr=False)


def read_slots(data: bytes) -> list[Slot]:
    """The slots of a file. Raises: RecordRejected CODES_ENDOMMAGES, or a code of `canonical`."""
    maps = decode(data, max_bytes=SLOTS_BYTES_MAX)
    if not isinstance(maps, list) or len(maps) > SLOTS_MAX:
        raise RecordRejected("CODES_ENDOMMAGES")
    return [_from_map(one) for one in maps]


def written_slots(slots: Iterable[Slot]) -> bytes:
    """The file again."""
    return encode([_to_map(slot) for slot in slots])


def cost_list(cost: Argon2Cost) -> list[Value]:
    return [cost.memory_kib, cost.passes, cost.lanes]


def _to_map(slot: Slot) -> dict[int, Value]:
    held: dict[int, Value] = {7: slot.held} if slot.kind in COUNTED_BY_HARDWARE else {}
    return {
        0: slot.slot_id,
        1: int(slot.kind),
        2: slot.salt,
        3: cost_list(slot.cost),
        4: slot.nonce,
        5: slot.wrapped,
        6: slot.kid,
        **held,
    }


def _from_map(value: Value) -> Slot:
    match value:
        case {
            0: bytes(slot_id),
            1: int(kind),
            2: bytes(salt),
            3: [int(memory_kib), int(passes), int(lanes)],
            4: bytes(nonce),
            5: bytes(wrapped),
            6: (bytes() | None) as kid,
            **others,
        } if (kid is None or len(kid) == KID_BYTES) and _plausible(
            slot_id, kind, salt, nonce, wrapped, (memory_kib, passes, lanes)
        ):
            return Slot(
                slot_id=slot_id,
                kind=SlotKind(kind),
                salt=salt,
                cost=Argon2Cost(memory_kib, passes, lanes),
                nonce=nonce,
                wrapped=wrapped,
                kid=None if kid is None else Kid(kid),
                held=_held(kind, others),
            )
    raise RecordRejected("CODES_ENDOMMAGES")


def _plausible(
    slot_id: bytes, kind: int, salt: bytes, nonce: bytes, wrapped: bytes, cost: Iterable[int]
) -> bool:
    """A damaged file must not make this tablet take 100 GB of memory."""
    memory_kib, passes, lanes = cost
    lengths = tuple(len(part) for part in (slot_id, salt, nonce, wrapped))
    whole = all(type(number) is int for number in (kind, *cost))  # a boolean would be a second encoding
    sizes = lengths == (SLOT_ID_BYTES, 16, 12, 32 + _WRAPPED_OVERHEAD)
    costs = 8 * lanes <= memory_kib <= 1024 * 1024 and 1 <= passes <= 16 and 1 <= lanes <= 16
    return whole and sizes and costs and kind in list(SlotKind)


def _held(kind: int, others: Mapping[object, object]) -> bytes:
    """What a TPM or a token needs again, for the kinds that have one; nothing else."""
    match others:
        case {7: bytes(held), **more} if not more and kind in COUNTED_BY_HARDWARE:
            if 1 <= len(held) <= HELD_BYTES_MAX:
                return held
        case {**more} if not more and kind not in COUNTED_BY_HARDWARE:
            return b""
    raise RecordRejected("CODES_ENDOMMAGES")
