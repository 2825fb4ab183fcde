"""A secret that only a pass phrase opens, and where the pass phrase comes from: a keyboard, or a file.

The pass phrase is stretched with Argon2id, which costs memory: a stolen file is not tried on graphics cards.
"""

import getpass
import os
import stat
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from procuration.errors import RecordRejected, RuleViolated
from procuration.record.canonical import decode, encode
from procuration.record.shape import fields, integer, octets, sequence

PASS_PHRASE_LENGTH_MIN: Final = 14
MEMORY_KIB_PER_LANE_MIN: Final = 8  # RFC 9106, 3.1
SECRET_BYTES: Final = 32
LOCKED_BYTES_MAX: Final = 256
_LINE_BYTES_MAX: Final = 1024
_CONTEXT: Final = "procu/store-key/1"


@dataclass(frozen=True, slots=True)
class Cost:
    """What one try of a pass phrase costs (Argon2id)."""

    memory_kib: int = 256 * 1024
    passes: int = 3
    lanes: int = 4

    def as_list(self) -> list[int]:
        """The three figures as a file and its AAD hold them."""
        return [self.memory_kib, self.passes, self.lanes]

    @property
    def is_bearable(self) -> bool:
        """Whether a try may be made at all: a forged file must not ask for all the memory."""
        within = zip(self.as_list(), COST_MAX.as_list(), strict=True)
        return (
            all(0 < asked <= most for asked, most in within)
            and self.memory_kib >= MEMORY_KIB_PER_LANE_MIN * self.lanes
        )


COST_MAX: Final = Cost(memory_kib=1024 * 1024, passes=10, lanes=16)


def cipher_of(pass_phrase: str, salt: bytes, cost: Cost) -> AESGCM:
    """The cipher that a pass phrase makes."""
    derived = Argon2id(
        salt=salt, length=32, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory_kib
    ).derive(pass_phrase.encode())
    return AESGCM(derived)


@dataclass(frozen=True, slots=True)
class LockedSecret:
    """The 32-byte key of an encrypted store: `{0: 1, 1: owner 8 B, 2: salt 16, 3: cost, 4: nonce 12,
    5: wrapped}`, cost = [memory KiB, passes, lanes], AAD = cbor(["procu/store-key/1", owner, cost]).
    """

    owner: bytes
    salt: bytes
    cost: Cost
    nonce: bytes
    wrapped: bytes = field(repr=False)

    def to_bytes(self) -> bytes:
        """The file's content."""
        cost = self.cost.as_list()
        return encode({0: 1, 1: self.owner, 2: self.salt, 3: cost, 4: self.nonce, 5: self.wrapped})

    def unlock(self, pass_phrase: str) -> bytes:
        """The secret. Raises: RuleViolated CODE_INCORRECT: a wrong pass phrase, or an altered file."""
        cipher = cipher_of(pass_phrase, self.salt, self.cost)
        try:
            return cipher.decrypt(self.nonce, self.wrapped, _context(self.owner, self.cost))
        except InvalidTag as error:
            raise RuleViolated("CODE_INCORRECT") from error


def lock_secret(owner: bytes, secret: bytes, pass_phrase: str, cost: Cost) -> LockedSecret:
    """Encrypt the key of a store; each call draws a new salt. Raises: RuleViolated CODE_TROP_COURT."""
    if len(pass_phrase) < PASS_PHRASE_LENGTH_MIN:
        raise RuleViolated("CODE_TROP_COURT", characters_min=PASS_PHRASE_LENGTH_MIN)
    salt, nonce = os.urandom(16), os.urandom(12)
    wrapped = cipher_of(pass_phrase, salt, cost).encrypt(nonce, secret, _context(owner, cost))
    return LockedSecret(owner, salt, cost, nonce, wrapped)


def parse_locked(data: bytes) -> LockedSecret:
    """Read such a file. Raises: RecordRejected CODES_ENDOMMAGES, or a code of `canonical`."""
    value = decode(data, max_bytes=LOCKED_BYTES_MAX)
    try:
        return _read(fields(value, 6))
    except RecordRejected as error:
        raise RecordRejected("CODES_ENDOMMAGES") from error


def _read(read: Mapping[int, object]) -> LockedSecret:
    cost = Cost(*(integer(figure, minimum=1) for figure in sequence(read[3], 3)))
    if not cost.is_bearable:
        raise RecordRejected("CODES_ENDOMMAGES")
    return LockedSecret(
        owner=octets(read[1], length=8),
        salt=octets(read[2], length=16),
        cost=cost,
        nonce=octets(read[4], length=12),
        wrapped=octets(read[5], length=48),
    )


def _context(owner: bytes, cost: Cost) -> bytes:
    return encode([_CONTEXT, owner, cost.as_list()])


class NoTerminal(Exception):
    """There is nobody to ask."""


def ask_at_terminal(prompt: str) -> str:
    """What somebody types, not shown. Raises: NoTerminal, rather than read it where it would be shown."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            return getpass.getpass(prompt)
        except getpass.GetPassWarning as error:
            raise NoTerminal from error


def read_secret_line(path: Path) -> str:
    """The one line of a secret's file.

    Raises: RuleViolated SECRET_FILE_READABLE, when others than its owner may read it; SECRET_FILE, when it
    is not one line of text; OSError, when it can not be read.
    """
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise RuleViolated("SECRET_FILE_READABLE", path=str(path))
    with path.open("rb") as file:
        data = file.read(_LINE_BYTES_MAX + 1)
    try:
        line = data.decode().rstrip("\n")
    except UnicodeDecodeError as error:
        raise RuleViolated("SECRET_FILE", path=str(path)) from error
    if len(data) > _LINE_BYTES_MAX or not line or "\n" in line:
        raise RuleViolated("SECRET_FILE", path=str(path))
    return line
