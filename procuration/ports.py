"""What the core needs from the world: time, signatures, random bytes. Programs choose the implementations."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from procuration.domain.identifiers import Kid

RandomBytes = Callable[[int], bytes]
"""Gives n unpredictable bytes; `os.urandom` in programs."""


class Clock(Protocol):
    """Wall time, monotonic time and the boot that the monotonic time belongs to."""

    @property
    def boot_id(self) -> bytes:
        """8 bytes that change at each boot of the machine."""

    def now(self) -> datetime:
        """The wall clock, aware UTC. It may be wrong: what caused what comes from the hash chain."""

    def monotonic_ms(self) -> int:
        """Milliseconds since boot, sleep included."""


class Signer(Protocol):
    """A private key that signs, wherever it lives (file, encrypted store, token)."""

    @property
    def alg(self) -> int:
        """COSE algorithm: -19 (Ed25519, RFC 9864) or -9 (ESP256)."""

    @property
    def cose_key(self) -> bytes:
        """The encoded COSE_Key of the public part."""

    @property
    def kid(self) -> Kid:
        """First 8 bytes of SHA-256 of `cose_key`."""

    def sign(self, message: bytes) -> bytes:
        """64 bytes: Ed25519, or r || s for ESP256 with the low s (`cose_key.low_s`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedCode:
    """A code that somebody typed, for one key slot.

    Attributes:
        stretched: the code through Argon2id with the salt of the slot, 32 bytes.
    """

    slot_id: bytes
    code: str = field(repr=False)
    stretched: bytes = field(repr=False)


class SecretKeeper(Protocol):
    """Where the second secret of a key slot lives: what somebody who took the disk does not have
    (SECURITY-DESIGN 11). Its `held` bytes stand beside the slot in the clear and open nothing by themselves.

    All raise RuleViolated, with a code of the keeper's own, when it is absent or cannot judge a code.
    """

    def concerns(self, held: bytes, code: str) -> bool:
        """Whether this code may be the one of that slot: hardware that counts tries is asked for no other."""

    def find(self, held: bytes) -> None:
        """Finds out, without any try, whether the keeper of this slot is there."""

    def make(self, typed: TypedCode, others: Sequence[bytes]) -> tuple[bytes, bytes]:
        """A new second secret of 32 bytes, and what is held for it beside the slot: at most 1,024 bytes.

        Args: others: what is held for the other slots of this keeper.
        Raises: also RuleViolated CODE_TROP_COURT (ids: characters_min), CODE_INCORRECT.
        """

    def recall(self, held: bytes, typed: TypedCode) -> bytes:
        """The second secret again, by one try. Raises: also RuleViolated CODE_INCORRECT."""
