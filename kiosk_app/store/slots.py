"""Key slots: several codes that open one store key, each with a second secret a disk thief does not have.

Decides how a code becomes a key (Argon2id, then HKDF with the second secret) and how a key is wrapped.
How many tries a code has is `attempts`; where second secrets live is behind `ports.SecretKeeper`; what the
store holds is not known here.
"""

import os
import unicodedata
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kiosk_app.second_secrets import NO_KEEPERS, Keepers
from kiosk_app.store.attempts import Attempts
from kiosk_app.store.slot_file import (
    COUNTED_BY_HARDWARE,
    SLOTS_BYTES_MAX,
    SLOTS_MAX,
    Argon2Cost,
    Slot,
    SlotKind,
    cost_list,
    read_slots,
    written_slots,
)
from procuration.adapters.durable_file import write_durably
from procuration.adapters.foreign_file import read_regular
from procuration.adapters.service_key import SERVICE_KEY_BYTES, ServiceKey
from procuration.domain.identifiers import Kid, LogId, Realm
from procuration.errors import ProcurationError, RecordRejected, RuleViolated
from procuration.ports import SecretKeeper, TypedCode
from procuration.record.canonical import encode
from procuration.record.contents import SLOT_ID_BYTES

__all__ = ("Argon2Cost", "KeySlots", "Opened", "SecondSecret", "Slot", "SlotKind", "SlotState")

SLOTS_MIN: Final = 2
CODE_CHARACTERS_MIN: Final = 6
PASS_PHRASE_CHARACTERS_MIN: Final = 14
CODE_CHARACTERS_MAX: Final = 128
SECOND_SECRET_BYTES: Final = SERVICE_KEY_BYTES
OWNER_ONLY: Final = 0o600
_NAME: Final = "slots.cbor"


SecondSecret = Callable[[], bytes | None]


def no_second_secret() -> None:
    """No stick: only a pass phrase opens the store."""


_ABSENT: Final = {SlotKind.TPM: "TPM_ABSENT", SlotKind.TOKEN: "JETON_ABSENT"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotState:
    """What may be told of a slot without any code."""

    slot: Slot
    tries_left: int

    @property
    def blocked(self) -> bool:
        """No code opens it any more."""
        return self.tries_left == 0


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
        keepers: the TPM and the token, where this tablet has them.
    """

    def __init__(
        self,
        folder: Path,
        realm: Realm,
        log_id: LogId,
        attempts: Attempts,
        second_secret: SecondSecret = no_second_secret,
        cost: Argon2Cost | None = None,
        keepers: Keepers = NO_KEEPERS,
    ) -> None:
        self._folder = folder
        self._realm, self._log_id = realm, log_id
        self._attempts = attempts
        self._keepers: Keepers = {SlotKind.SERVICE_KEY: ServiceKey(second_secret), **keepers}
        self._cost = cost or Argon2Cost()

    def add(self, code: str, kind: SlotKind, store_key: bytes, kid: Kid | None = None) -> Opened:
        """A new slot for this code.

        Raises: RuleViolated CODE_TROP_COURT (ids: characters_min), CODE_DEJA_PRIS, DEBUT_DE_CODE_PRIS,
            TROP_DE_CODES, CLE_DE_SERVICE_ABSENTE, or what the keeper of this kind says.
        """
        _check_code(code, kind)
        slots = self.listed() if (self._folder / _NAME).exists() else []
        if len(slots) >= SLOTS_MAX:
            raise RuleViolated("TROP_DE_CODES")
        stretch = _Stretch(code)
        self._check_free(slots, code, stretch)
        slot_id, nonce = os.urandom(SLOT_ID_BYTES), os.urandom(12)
        salt = _common_salt(slots, self._cost) or os.urandom(16)
        typed = TypedCode(slot_id=slot_id, code=code, stretched=stretch(salt, self._cost))
        secret, held = self._new_secret(kind, typed, [slot.held for slot in slots if slot.kind is kind])
        slot_key = _slot_key(typed, secret)
        context = _slot_context(self._realm, self._log_id, slot_id, kind, self._cost)
        slot = Slot(
            slot_id=slot_id,
            kind=kind,
            salt=salt,
            cost=self._cost,
            nonce=nonce,
            wrapped=AESGCM(slot_key).encrypt(nonce, store_key, context),
            kid=kid,
            held=held,
        )
        self._attempts.add(slot_id)  # first: after a power cut between the two, no slot is without a counter
        self._write([*slots, slot])
        return Opened(slot=slot, store_key=store_key, slot_key=slot_key)

    def remove(self, slot_id: bytes) -> Slot:
        """Takes a slot away: from then on its code opens nothing. Whenever the power is cut, all the other
        slots open.

        Raises: RuleViolated CODE_INCONNU; DERNIERS_CODES, as `check_enough`.
        """
        gone = [slot for slot in self.listed() if slot.slot_id == slot_id]
        if not gone:
            raise RuleViolated("CODE_INCONNU")
        self.check_enough([slot_id])
        self.drop([slot_id])
        return gone[0]

    def check_enough(self, without: Container[bytes]) -> None:
        """What is left without these slots opens the store, whatever happens.

        Raises: RuleViolated DERNIERS_CODES, when fewer than two codes would be left that open, or none that a
            change of firmware leaves usable.
        """
        blocked = self._attempts.blocked()
        usable = [
            slot for slot in self.listed() if slot.slot_id not in without and slot.slot_id not in blocked
        ]
        if len(usable) < SLOTS_MIN or all(slot.kind is SlotKind.TPM for slot in usable):
            raise RuleViolated("DERNIERS_CODES")

    def drop(self, gone: Container[bytes]) -> None:
        """The same for slots that the log does not count: the log decides, not how many are left."""
        slots = self.listed()
        left = [slot for slot in slots if slot.slot_id not in gone]
        assert left, "the log counts at least the slots of the installation"
        if len(left) == len(slots):
            return
        self._write(left)
        for slot in slots:
            if slot.slot_id in gone:
                self._attempts.forget(slot.slot_id)  # last: a counter without a slot counts nothing

    def open(self, code: str, slot_id: bytes | None = None) -> Opened:
        """The slot this code opens; each candidate's counter is on the disk before its try.

        A slot whose keeper is absent, or cannot judge, hides no other and costs it no try.

        Raises: RuleViolated CODE_INCORRECT (ids: tries_left), ATTENDRE (ids: seconds), ACCES_BLOQUE,
            CLE_DE_SERVICE_ABSENTE, or what a keeper says; RecordRejected CODES_ENDOMMAGES.
        """
        candidates = [slot for slot in self.listed() if slot_id in (None, slot.slot_id)]
        found, refusals = self._within_reach(candidates, code)
        if not found:
            raise refusals[0] if refusals else RuleViolated("CODE_INCORRECT", tries_left=None)
        tried = self._attempts.begin([slot.slot_id for slot in found])
        judged, stretch = [], _Stretch(code)
        for slot in found:
            if slot.slot_id not in tried.slot_ids:
                continue
            try:
                opened = self._try(slot, code, stretch)
            except ProcurationError as error:
                refusals.append(error)
                continue
            if opened:
                self._attempts.succeeded(tried, slot.slot_id)
                return opened
            judged.append(slot.slot_id)
        left = self._attempts.failed(tried, judged)
        if not judged:
            raise refusals[0]
        raise RuleViolated("CODE_INCORRECT" if left else "ACCES_BLOQUE", tries_left=left)

    def listed(self) -> list[Slot]:
        """Raises: RecordRejected CODES_ENDOMMAGES, which is not the same as a wrong code."""
        try:
            return read_slots(read_regular(self._folder, _NAME, SLOTS_BYTES_MAX))
        except (RecordRejected, FileNotFoundError) as error:
            raise RecordRejected("CODES_ENDOMMAGES") from error

    def states(self) -> list[SlotState]:
        """Every slot with the tries it has left. Raises: RecordRejected CODES_ENDOMMAGES."""
        left = self._attempts.left()
        slots = self.listed()
        if not left.keys() >= {slot.slot_id for slot in slots}:
            raise RecordRejected("CODES_ENDOMMAGES")
        return [SlotState(slot=slot, tries_left=left[slot.slot_id]) for slot in slots]

    def find_keeper(self, slot: Slot) -> None:
        """Finds out whether what the slot needs beside its code is there. Raises: as `SecretKeeper.find`."""
        if slot.kind is not SlotKind.PASS_PHRASE:
            self._keeper(slot.kind).find(slot.held)

    def _within_reach(self, slots: Sequence[Slot], code: str) -> tuple[list[Slot], list[ProcurationError]]:
        """The slots that this code may open now, those counted by hardware last; why the others cannot."""
        found: list[Slot] = []
        refusals: list[ProcurationError] = []
        for slot in sorted(slots, key=lambda one: one.kind in COUNTED_BY_HARDWARE):
            try:
                if self._may_match(slot, code):
                    self.find_keeper(slot)
                    found.append(slot)
            except (RuleViolated, RecordRejected) as error:
                refusals.append(error)
        return found, refusals

    def _may_match(self, slot: Slot, code: str) -> bool:
        """A code too short for a slot is no try at it: a wrong PIN never costs the supervisor's phrase."""
        if len(code) > CODE_CHARACTERS_MAX:
            return False
        if slot.kind is SlotKind.PASS_PHRASE:
            return len(code) >= PASS_PHRASE_CHARACTERS_MIN
        return bool(code) and self._keeper(slot.kind).concerns(slot.held, code)

    def _check_free(self, slots: Sequence[Slot], code: str, stretch: "_Stretch") -> None:
        """The code alone says who is there; hardware is asked for no try, since it would count it.

        Raises: RuleViolated CODE_DEJA_PRIS, DEBUT_DE_CODE_PRIS.
        """
        for slot in self._within_reach(slots, code)[0]:
            if slot.kind is SlotKind.TPM:
                raise RuleViolated("DEBUT_DE_CODE_PRIS")
            if slot.kind is not SlotKind.TOKEN and self._try(slot, code, stretch):
                raise RuleViolated("CODE_DEJA_PRIS")

    def _keeper(self, kind: SlotKind) -> SecretKeeper:
        keeper = self._keepers.get(kind)
        if keeper is None:
            raise RuleViolated(_ABSENT[kind])
        return keeper

    def _new_secret(self, kind: SlotKind, typed: TypedCode, others: Sequence[bytes]) -> tuple[bytes, bytes]:
        return (b"", b"") if kind is SlotKind.PASS_PHRASE else self._keeper(kind).make(typed, others)

    def _try(self, slot: Slot, code: str, stretch: "_Stretch") -> Opened | None:
        """None for a wrong code. Raises: what the keeper says when it cannot judge."""
        typed = TypedCode(slot_id=slot.slot_id, code=code, stretched=stretch(slot.salt, slot.cost))
        context = _slot_context(self._realm, self._log_id, slot.slot_id, slot.kind, slot.cost)
        try:
            secret = (
                b"" if slot.kind is SlotKind.PASS_PHRASE else self._keeper(slot.kind).recall(slot.held, typed)
            )
            slot_key = _slot_key(typed, secret)
            store_key = AESGCM(slot_key).decrypt(slot.nonce, slot.wrapped, context)
        except InvalidTag:
            return None
        except RuleViolated as error:
            if error.code != "CODE_INCORRECT":
                raise
            return None
        return Opened(slot=slot, store_key=store_key, slot_key=slot_key)

    def _write(self, slots: Sequence[Slot]) -> None:
        write_durably(self._folder / _NAME, written_slots(slots), OWNER_ONLY)


class _Stretch:
    """One code through Argon2id, once for each salt: slots that share one are tried at the price of one."""

    def __init__(self, code: str) -> None:
        self._code = unicodedata.normalize("NFC", code).encode()
        self._known: dict[tuple[bytes, Argon2Cost], bytes] = {}

    def __call__(self, salt: bytes, cost: Argon2Cost) -> bytes:
        if (salt, cost) not in self._known:
            self._known[salt, cost] = Argon2id(
                salt=salt, length=32, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory_kib
            ).derive(self._code)
        return self._known[salt, cost]


def _common_salt(slots: Sequence[Slot], cost: Argon2Cost) -> bytes | None:
    """The salt of the slots before, so that the tenth officer waits no longer than the first. The slot's name
    keeps their keys apart; whoever lacks the second secret gains nothing from it.
    """
    return next((slot.salt for slot in slots if slot.cost == cost), None)


def _slot_key(typed: TypedCode, secret: bytes) -> bytes:
    info = b"procu/kek/1" + typed.slot_id
    return HKDF(SHA256(), 32, salt=None, info=info).derive(typed.stretched + secret)


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
    return encode(["procu/slot/1", realm, log_id, slot_id, int(kind), cost_list(cost)])


def _check_code(code: str, kind: SlotKind) -> None:
    shortest = PASS_PHRASE_CHARACTERS_MIN if kind is SlotKind.PASS_PHRASE else CODE_CHARACTERS_MIN
    if not shortest <= len(code) <= CODE_CHARACTERS_MAX:
        raise RuleViolated("CODE_TROP_COURT", characters_min=shortest)
