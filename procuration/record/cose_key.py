"""Public signing keys as COSE_Key (RFC 9052, 7), in the two forms this project accepts, each with one
encoding.

COSE_Key uses negative labels, which `canonical` refuses on purpose: both forms are fixed templates around
the key bytes.
"""

import hashlib
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from procuration.domain.identifiers import Kid
from procuration.errors import RecordRejected

ED25519: Final = -19
"""COSE algorithm Ed25519 (RFC 9864), fully specified; -8 (EdDSA) is refused."""
ESP256: Final = -9
"""COSE algorithm ESP256 (RFC 9864): ECDSA on P-256 with SHA-256; for TPM 2.0 and cards."""
SIGNATURE_BYTES: Final = 64
_P256_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

# {1: 1 (OKP), 3: -19, -1: 6 (Ed25519), -2: x}
_OKP_PREFIX: Final = bytes.fromhex("a4 01 01 03 32 20 06 21 58 20")
# {1: 2 (EC2), 3: -9, -1: 1 (P-256), -2: x, -3: y}
_EC2_PREFIX: Final = bytes.fromhex("a5 01 02 03 28 20 01 21 58 20")
_EC2_Y: Final = bytes.fromhex("22 58 20")
_EC2_BYTES: Final = len(_EC2_PREFIX) + 32 + len(_EC2_Y) + 32
_FIELD: Final = 2**255 - 19
# The y of the points of order 1, 2, 4 and 8: under such a key one signature fits several messages, and the
# library accepts them.
_SMALL_ORDER: Final = frozenset(
    int(y, 16)
    for y in (
        "0",
        "1",
        "05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826",
        "7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7",
        "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec",
    )
)


def ed25519_cose_key(public: bytes) -> bytes:
    """The COSE_Key of an Ed25519 public key (32 bytes)."""
    if len(public) != 32:
        raise RecordRejected("KEY_LENGTH")
    return _OKP_PREFIX + public


def p256_cose_key(x: bytes, y: bytes) -> bytes:
    """The COSE_Key of a P-256 public key (two coordinates of 32 bytes)."""
    if len(x) != 32 or len(y) != 32:
        raise RecordRejected("KEY_LENGTH")
    return _EC2_PREFIX + x + _EC2_Y + y


def kid_of(public: bytes) -> Kid:
    """Key id: the first 8 bytes of SHA-256 of an encoded COSE_Key, or of the bytes of a sealing key."""
    return Kid(hashlib.sha256(public).digest()[:8])


class VerifyingKey:
    """A public key ready to check signatures.

    Attributes:
        alg: ED25519 or ESP256.
        kid: of the COSE_Key it was read from.
    """

    def __init__(self, cose_key: bytes) -> None:
        """Raises: RecordRejected KEY_FORM when it is neither form, no point of P-256, or an Ed25519 key of
        small order or in a second spelling; an Ed25519 key that is no point verifies nothing."""
        self.kid = kid_of(cose_key)
        self._key: ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey
        if cose_key.startswith(_OKP_PREFIX) and len(cose_key) == len(_OKP_PREFIX) + 32:
            self.alg = ED25519
            self._key = _ed25519(cose_key[-32:])
        elif cose_key.startswith(_EC2_PREFIX) and len(cose_key) == _EC2_BYTES and cose_key[42:45] == _EC2_Y:
            self.alg = ESP256
            self._key = _p256(cose_key[10:42], cose_key[45:])
        else:
            raise RecordRejected("KEY_FORM")

    def check(self, signature: bytes, message: bytes) -> None:
        """Raises: RecordRejected SIGNATURE when this key did not sign the message."""
        if len(signature) != SIGNATURE_BYTES:
            raise RecordRejected("SIGNATURE")
        try:
            if isinstance(self._key, ed25519.Ed25519PublicKey):
                self._key.verify(signature, message)
            else:
                r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
                if s > _P256_ORDER // 2:  # see `low_s`
                    raise RecordRejected("SIGNATURE", kid=self.kid.hex())
                self._key.verify(encode_dss_signature(r, s), message, ec.ECDSA(SHA256()))
        except InvalidSignature as error:
            raise RecordRejected("SIGNATURE", kid=self.kid.hex()) from error


def low_s(signature: bytes) -> bytes:
    """The one form of an ESP256 signature (r || s) that is accepted; signers pass theirs through here.

    With s, n - s fits the same message and key. A brigade that carries a request could otherwise send it
    under another hash at the same seq: a fork, and the log of an innocent tablet frozen.
    """
    s = int.from_bytes(signature[32:], "big")
    return signature[:32] + min(s, _P256_ORDER - s).to_bytes(32, "big")


def _ed25519(public: bytes) -> ed25519.Ed25519PublicKey:
    y = int.from_bytes(public, "little") & ~(1 << 255)
    if y >= _FIELD or y in _SMALL_ORDER:  # RFC 8032, 5.1.3: a y over the field is a second key id for one key
        raise RecordRejected("KEY_FORM")
    return ed25519.Ed25519PublicKey.from_public_bytes(public)


def _p256(x: bytes, y: bytes) -> ec.EllipticCurvePublicKey:
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\x04" + x + y)
    except ValueError as error:
        raise RecordRejected("KEY_FORM") from error
