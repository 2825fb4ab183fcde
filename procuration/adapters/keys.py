"""Private signing keys held as software: files for the server and the authority, bytes for a tablet's
encrypted store."""

import os
from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from procuration.domain.identifiers import Kid
from procuration.errors import CarrierUnavailable, RecordRejected
from procuration.ports import Signer
from procuration.record.cose_key import ED25519, ed25519_cose_key, kid_of

_FILE_SCHEME: Final = "file:"
_KEY_FILE_BYTES_MAX: Final = 4096


class SoftwareKey:
    """An Ed25519 private key in memory. Implements `ports.Signer`."""

    alg: Final = ED25519

    def __init__(self, seed: bytes) -> None:
        """Raises: RecordRejected KEY_LENGTH when the seed has not 32 bytes."""
        if len(seed) != 32:
            raise RecordRejected("KEY_LENGTH")
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.cose_key = ed25519_cose_key(self._key.public_key().public_bytes_raw())
        self.kid: Kid = kid_of(self.cose_key)

    @classmethod
    def generate(cls) -> "SoftwareKey":
        """A new key from the system's random source."""
        return cls(os.urandom(32))

    @property
    def seed(self) -> bytes:
        """The 32 private bytes, for the encrypted store or a backup."""
        return self._key.private_bytes_raw()

    def pem(self) -> bytes:
        """PKCS #8, not encrypted: only for a file that nobody else may read."""
        return self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def sign(self, message: bytes) -> bytes:
        """64 bytes (RFC 8032)."""
        return self._key.sign(message)


def load_signer(uri: str) -> Signer:
    """The key that a URI names: `file:PATH` of a PKCS #8 PEM file. Tokens and TPMs get their own schemes.

    Raises: RecordRejected KEY_URI for another scheme, KEY_FORM when the file holds no such key;
    CarrierUnavailable KEY_FILE when it cannot be read.
    """
    if not uri.startswith(_FILE_SCHEME):
        raise RecordRejected("KEY_URI")
    return read_key_file(Path(uri.removeprefix(_FILE_SCHEME)))


def read_key_file(path: Path) -> SoftwareKey:
    """An Ed25519 key of a PEM file. Raises: CarrierUnavailable KEY_FILE, RecordRejected KEY_FORM."""
    try:
        with path.open("rb") as file:
            data = file.read(_KEY_FILE_BYTES_MAX + 1)
    except OSError as error:
        raise CarrierUnavailable("KEY_FILE", name=path.name) from error
    try:
        key = load_pem_private_key(data, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise RecordRejected("KEY_FORM", name=path.name) from error
    if len(data) > _KEY_FILE_BYTES_MAX or not isinstance(key, Ed25519PrivateKey):
        raise RecordRejected("KEY_FORM", name=path.name)
    return SoftwareKey(key.private_bytes_raw())
