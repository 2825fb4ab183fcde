"""HPKE base mode, single shot, written straight from RFC 9180 for tests.

The library has no associated data and chooses its own ephemeral keys, so the published vectors can not be
given to it. They judge this file, and this file judges the library.
"""

import hashlib
import hmac
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEM_X25519, KEM_MLKEM768_X25519, KDF_SHA256 = 0x0020, 0x647A, 0x0001
AES_128_GCM, AES_256_GCM = 0x0001, 0x0002
KEY_BYTES = {AES_128_GCM: 16, AES_256_GCM: 32}
KEM_SUITE = b"KEM" + KEM_X25519.to_bytes(2, "big")


def extract(salt: bytes, material: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), material, hashlib.sha256)


def expand(key: bytes, info: bytes, length: int) -> bytes:
    block, output, counter = b"", b"", 1
    while len(output) < length:
        block = hmac.digest(key, block + info + bytes([counter]), hashlib.sha256)
        output, counter = output + block, counter + 1
    return output[:length]


def labeled_extract(suite: bytes, salt: bytes, label: bytes, material: bytes) -> bytes:
    """RFC 9180, 4."""
    return extract(salt, b"HPKE-v1" + suite + label + material)


def labeled_expand(suite: bytes, key: bytes, label: bytes, info: bytes, length: int) -> bytes:
    """RFC 9180, 4."""
    return expand(key, length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info, length)


def shared_secret(private: bytes, other: bytes, enc: bytes, recipient: bytes) -> bytes:
    """RFC 9180, 4.1: ExtractAndExpand(DH, enc || pkR)."""
    dh = X25519PrivateKey.from_private_bytes(private).exchange(X25519PublicKey.from_public_bytes(other))
    secret = labeled_extract(KEM_SUITE, b"", b"eae_prk", dh)
    return labeled_expand(KEM_SUITE, secret, b"shared_secret", enc + recipient, 32)


@dataclass
class Context:
    key: bytes
    base_nonce: bytes


def key_schedule(secret: bytes, info: bytes, aead: int, kem: int = KEM_X25519) -> Context:
    """RFC 9180, 5.1, mode base."""
    suite = b"HPKE" + b"".join(number.to_bytes(2, "big") for number in (kem, KDF_SHA256, aead))
    psk_id_hash = labeled_extract(suite, b"", b"psk_id_hash", b"")
    context = b"\x00" + psk_id_hash + labeled_extract(suite, b"", b"info_hash", info)
    secret = labeled_extract(suite, secret, b"secret", b"")
    return Context(
        labeled_expand(suite, secret, b"key", context, KEY_BYTES[aead]),
        labeled_expand(suite, secret, b"base_nonce", context, 12),
    )


def public_of(private: bytes) -> bytes:
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def seal(
    plaintext: bytes, recipient: bytes, ephemeral: bytes, info: bytes, aead: int, aad: bytes = b""
) -> bytes:
    """enc || ciphertext of the first message."""
    enc = public_of(ephemeral)
    context = key_schedule(shared_secret(ephemeral, recipient, enc, recipient), info, aead)
    return enc + AESGCM(context.key).encrypt(context.base_nonce, plaintext, aad)


def open_sealed(sealed: bytes, private: bytes, info: bytes, aead: int, aad: bytes = b"") -> bytes:
    """The plaintext of enc || ciphertext."""
    enc = sealed[:32]
    context = key_schedule(shared_secret(private, enc, enc, public_of(private)), info, aead)
    return AESGCM(context.key).decrypt(context.base_nonce, sealed[32:], aad)


MLKEM_CIPHERTEXT_BYTES, HYBRID_ENC_BYTES = 1088, 1120
XWING_LABEL = b"\\.//^\\"


def open_hybrid(sealed: bytes, private: bytes, info: bytes) -> bytes:
    """The plaintext of enc || ciphertext for MLKEM768_X25519 (draft-connolly-cfrg-xwing-kem), AES-256-GCM.

    Args:
        private: ML-KEM seed (64) and X25519 (32), as SECURITY-DESIGN 2 stores them.
    """
    enc = sealed[:HYBRID_ENC_BYTES]
    mlkem = MLKEM768PrivateKey.from_seed_bytes(private[:64])
    x25519 = X25519PrivateKey.from_private_bytes(private[64:])
    ephemeral = enc[MLKEM_CIPHERTEXT_BYTES:]
    secrets = mlkem.decapsulate(enc[:MLKEM_CIPHERTEXT_BYTES]) + x25519.exchange(
        X25519PublicKey.from_public_bytes(ephemeral)
    )
    combined = hashlib.sha3_256(secrets + ephemeral + public_of(private[64:]) + XWING_LABEL).digest()
    context = key_schedule(combined, info, AES_256_GCM, KEM_MLKEM768_X25519)
    return AESGCM(context.key).decrypt(context.base_nonce, sealed[HYBRID_ENC_BYTES:], b"")
