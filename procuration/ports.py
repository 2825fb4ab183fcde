"""What the core needs from the world: time, signatures, random bytes. Programs choose the implementations."""

from collections.abc import Callable
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
