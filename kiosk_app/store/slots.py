"""Key slots: several codes that open one store key, each with a second secret a disk thief does not have.

Decides how a code becomes a key (Argon2id, then HKDF with the second secret) and how a key is wrapped.
How many tries a code has is `attempts`; what the store holds is not known here.
"""

import os
import unicodedata
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kiosk_app.store.attempts import Attempts
from procuration.adapters.durable_file import write_durably
from procuration.adapters.foreign_file import read_regular
from procuration.domain.identifiers import Kid, LogId, Realm
from procuration.errors import RecordRejected, RuleViolated
from procuration.record.canonical import Value, decode, encode
from procuration.record.contents import SLOT_ID_BYTES

SLOTS_MAX: Final = 200
SLOTS_MIN: Final = 2
SLOTS_BYTES_MAX: Final = 64 * 1024
CODE_CHARACTERS_MIN: Final = 6
PASS_PHRASE_CHARACTERS_MIN: Final = 14
CODE_CHARACTERS_MAX: Final = 128
SECOND_SECRET_BYTES: Final = 32
OWNER_ONLY: Final = 0o600
_NAME: Final = "slots.cbor"
_WRAPPED_OVERHEAD: Final = 16
KID_BYTES: Final = 8


SecondSecret = Callable[[], bytes | None]


def no_second_secret() -> None:
    """No stick: only a pass phrase opens the store."""


class SlotKind(IntEnum):
    """Where the second secret of a slot lives (1 TPM and 2 token come with their hardware)."""

    SERVICE_KEY = 3
    PASS_PHRASE = 4


@dataclass(frozen=True, slots=True)
class Argon2Cost:
    """What one try costs. Weak tablets may go down to 64 MiB; tests use their own, far lower."""

    memory_kib: int = 256 * 1024
    passes: int = 3
    lanes: int = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One way to open the store. `kid` names the officer whose key this slot also wraps, if any."""

    slot_id: bytes
    kind: SlotKind
    salt: bytes = field(repr=False)
    cost: Argon2Cost
    nonce: bytes = field(repr=False)
    wrapped: bytes = field(repr=False)
    kid: Kid | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A slot whose code was right, with the store key; the slot key itself wraps the officer's own key."""

    slot: Slot
    store_key: bytes = field(repr=False)
    slot_key: bytes = field(repr=False)


class KeySlots:
    """The slots of one tablet: file `slots.cbor`, replaced whole, and the counter of tries beside it.

    Args:
        second_secret: reads the 32 bytes of the unit's service key; None while the stick is not there.
    """

    def __init__(
        self,
        folder: Path,
        realm: Realm,
        log_id: LogId,
        attempts: Attempts,
        second_secret: SecondSecret = no_second_secret,
        cost: Argon2Cost | None = None,
    ) -> None:
        self._folder = folder
        self._realm, self._log_id = realm, log_id
        self._attempts = attempts
        self._second_secret = second_secret
        self._cost = cost or Argon2Cost()

    def add(self, code: str, kind: SlotKind, store_key: bytes, kid: Kid | None = None) -> Opened:
        """A new slot for this code.

        Raises: RuleViolated CODE_TROP_COURT (ids: characters_min), CODE_DEJA_PRIS, TROP_DE_CODES,
            CLE_DE_SERVICE_ABSENTE.
        """
        _check_code(code, kind)
        slots = self.listed() if (self._folder / _NAME).exists() else []
        if len(slots) >= SLOTS_MAX:
            raise RuleViolated("TROP_DE_CODES")
        if any(self._try(slot, code) for slot in slots if _may_match(slot, code, None)):
            raise RuleViolated("CODE_DEJA_PRIS")  # the code alone says who is there
        slot_id, salt, nonce = os.urandom(SLOT_ID_BYTES), os.urandom(16), os.urandom(12)
        slot_key = self._slot_key(code, slot_id, kind, salt, self._cost)
        context = _slot_context(self._realm, self._log_id, slot_id, kind, self._cost)
        wrapped = AESGCM(slot_key).encrypt(nonce, store_key, context)
        slot = Slot(
            slot_id=slot_id, kind=kind, salt=salt, cost=self._cost, nonce=nonce, wrapped=wrapped, kid=kid
        )
        data = encode([_to_map(one) for one in (*slots, slot)])
        self._attempts.add(slot_id)  # first: after a power cut between the two, no slot is without a counter
        write_durably(self._folder / _NAME, data, OWNER_ONLY)
        return Opened(slot=slot, store_key=store_key, slot_key=slot_key)

    def check_enough(self, without: Container[bytes]) -> None:
        """Two codes that open are left without these. Raises: RuleViolated DERNIERS_CODES."""
        blocked = self._attempts.blocked()
        left = [slot for slot in self.listed() if slot.slot_id not in without and slot.slot_id not in blocked]
        if len(left) < SLOTS_MIN:
            raise RuleViolated("DERNIERS_CODES")

    def drop(self, gone: Container[bytes]) -> None:
        """Takes slots away that the log does not count: it is the log that decides, not how many are left.
        Whenever the power is cut, all the others open."""
        slots = self.listed()
        left = [slot for slot in slots if slot.slot_id not in gone]
        assert left, "the log counts at least the slots of the installation"
        if len(left) == len(slots):
            return
        write_durably(self._folder / _NAME, encode([_to_map(slot) for slot in left]), OWNER_ONLY)
        for slot in slots:
            if slot.slot_id in gone:
                self._attempts.forget(slot.slot_id)  # last: a counter without a slot counts nothing

    def open(self, code: str, slot_id: bytes | None = None) -> Opened:
        """The slot this code opens; each candidate's counter is on the disk before its try.

        Raises: RuleViolated CODE_INCORRECT (ids: tries_left), ATTENDRE (ids: seconds), ACCES_BLOQUE,
            CLE_DE_SERVICE_ABSENTE; RecordRejected CODES_ENDOMMAGES.
        """
        candidates = [slot for slot in self.listed() if _may_match(slot, code, slot_id)]
        if not candidates:
            raise RuleViolated("CODE_INCORRECT", tries_left=None)
        tried = self._attempts.begin([slot.slot_id for slot in candidates])
        for slot in candidates:
            if slot.slot_id not in tried.slot_ids:
                continue
            opened = self._try(slot, code)
            if opened:
                self._attempts.succeeded(tried, slot.slot_id)
                return opened
        raise RuleViolated("ACCES_BLOQUE" if tried.left == 0 else "CODE_INCORRECT", tries_left=tried.left)

    def listed(self) -> list[Slot]:
        """Raises: RecordRejected CODES_ENDOMMAGES, which is not the same as a wrong code."""
        try:
            return read_slots(read_regular(self._folder, _NAME, SLOTS_BYTES_MAX))
        except (RecordRejected, FileNotFoundError) as error:
            raise RecordRejected("CODES_ENDOMMAGES") from error

    def _try(self, slot: Slot, code: str) -> Opened | None:
        slot_key = self._slot_key(code, slot.slot_id, slot.kind, slot.salt, slot.cost)
        context = _slot_context(self._realm, self._log_id, slot.slot_id, slot.kind, slot.cost)
        try:
            store_key = AESGCM(slot_key).decrypt(slot.nonce, slot.wrapped, context)
        except InvalidTag:
            return None
        return Opened(slot=slot, store_key=store_key, slot_key=slot_key)

    def _slot_key(self, code: str, slot_id: bytes, kind: SlotKind, salt: bytes, cost: Argon2Cost) -> bytes:
        stretched = Argon2id(
            salt=salt, length=32, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory_kib
        ).derive(unicodedata.normalize("NFC", code).encode())
        info = b"procu/kek/1" + slot_id
        return HKDF(SHA256(), 32, salt=None, info=info).derive(stretched + self._secret_for(kind))

    def _secret_for(self, kind: SlotKind) -> bytes:
        if kind is SlotKind.PASS_PHRASE:
            return b""
        secret = self._second_secret()
        if secret is None or len(secret) != SECOND_SECRET_BYTES:
            raise RuleViolated("CLE_DE_SERVICE_ABSENTE")
        return secret


def read_slots(data: bytes) -> list[Slot]:
    """The slots of a file. Raises: RecordRejected CODES_ENDOMMAGES, or a code of `canonical`."""
    maps = decode(data, max_bytes=SLOTS_BYTES_MAX)
    if not isinstance(maps, list) or len(maps) > SLOTS_MAX:
        raise RecordRejected("CODES_ENDOMMAGES")
    return [_from_map(one) for one in maps]


def wrap_officer_key(opened: Opened, kid: Kid, private: bytes) -> bytes:
    """An officer's private key under the key of their slot: nonce, then ciphertext."""
    nonce = os.urandom(12)
    return nonce + AESGCM(opened.slot_key).encrypt(nonce, private, _officer_context(opened.slot, kid))


def unwrap_officer_key(opened: Opened, kid: Kid, wrapped: bytes) -> bytes:
    """Raises: RecordRejected CLE_AGENT_ENDOMMAGEE."""
    try:
        return AESGCM(opened.slot_key).decrypt(wrapped[:12], wrapped[12:], _officer_context(opened.slot, kid))
    except InvalidTag as error:
        raise RecordRejected("CLE_AGENT_ENDOMMAGEE") from error


def _officer_context(slot: Slot, kid: Kid) -> bytes:
    return encode(["procu/officer-key/1", slot.slot_id, kid])


def _slot_context(realm: Realm, log_id: LogId, slot_id: bytes, kind: SlotKind, cost: Argon2Cost) -> bytes:
    return encode(["procu/slot/1", realm, log_id, slot_id, int(kind), _cost_list(cost)])


def _cost_list(cost: Argon2Cost) -> list[Value]:
    return [cost.memory_kib, cost.passes, cost.lanes]


def _check_code(code: str, kind: SlotKind) -> None:
    shortest = PASS_PHRASE_CHARACTERS_MIN if kind is SlotKind.PASS_PHRASE else CODE_CHARACTERS_MIN
    if not shortest <= len(code) <= CODE_CHARACTERS_MAX:
        raise RuleViolated("CODE_TROP_COURT", characters_min=shortest)


def _may_match(slot: Slot, code: str, slot_id: bytes | None) -> bool:
    """A code too short for a slot is no try at it: a wrong PIN never costs the supervisor's phrase."""
    shortest = PASS_PHRASE_CHARACTERS_MIN if slot.kind is SlotKind.PASS_PHRASE else 1
    return shortest <= len(code) <= CODE_CHARACTERS_MAX and slot_id in (None, slot.slot_id)


def _to_map(slot: Slot) -> dict[int, Value]:
    return {
        0: slot.slot_id,
        1: int(slot.kind),
        2: slot.salt,
        3: _cost_list(slot.cost),
        4: slot.nonce,
        5: slot.wrapped,
        6: slot.kid,
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
        } if (
            not others
            and (kid is None or len(kid) == KID_BYTES)
            and _plausible(slot_id, kind, salt, nonce, wrapped, (memory_kib, passes, lanes))
        ):
            return Slot(
                slot_id=slot_id,
                kind=SlotKind(kind),
                salt=salt,
                cost=Argon2Cost(memory_kib, passes, lanes),
                nonce=nonce,
                wrapped=wrapped,
                kid=None if kid is None else Kid(kid),
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
