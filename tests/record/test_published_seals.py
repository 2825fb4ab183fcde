"""HPKE as RFC 9180 publishes it (A.1.1), and our suites beside an implementation that passes it."""

import pytest

from procuration.record import canonical
from procuration.record.sealed import Purpose, SealingPrivateKey, SuiteId, open_seal, seal
from tests.builders import REALM, sealing_key
from tests.record.hpke_reference import (
    AES_128_GCM,
    AES_256_GCM,
    key_schedule,
    open_hybrid,
    open_sealed,
    public_of,
    shared_secret,
)
from tests.record.hpke_reference import seal as reference_seal

A_1_1 = {
    "info": "4f6465206f6e2061204772656369616e2055726e",
    "pkEm": "37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431",
    "skEm": "52c4a758a802cd8b936eceea314432798d5baf2d7e9235dc084ab1b9cfa2f736",
    "pkRm": "3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d",
    "skRm": "4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8",
    "shared_secret": "fe0e18c9f024ce43799ae393c7e8fe8fce9d218875e8227b0187c04e7d2ea1fc",
    "key": "4531685d41d65f03dc48f6b8302c05b0",
    "base_nonce": "56d890e5accaaf011cff4b7d",
    "pt": "4265617574792069732074727574682c20747275746820626561757479",
    "aad": "436f756e742d30",
    "ct": "f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a",
}
VECTOR = {name: bytes.fromhex(value) for name, value in A_1_1.items()}
RECIPIENT = SealingPrivateKey(SuiteId.X25519, VECTOR["skRm"])
PLAINTEXT = b"Angela Claire Louise"


def our_info(kid: bytes, purpose: str = "qr", suite: int = 1) -> bytes:
    """SECURITY-DESIGN 2: all context is in `info`."""
    return canonical.encode(["procu/seal/1", REALM, purpose, suite, kid])


def test_the_reference_makes_the_published_secret_key_and_nonce():
    secret = shared_secret(VECTOR["skEm"], VECTOR["pkRm"], VECTOR["pkEm"], VECTOR["pkRm"])
    context = key_schedule(secret, VECTOR["info"], AES_128_GCM)
    assert secret == VECTOR["shared_secret"]
    assert (context.key, context.base_nonce) == (VECTOR["key"], VECTOR["base_nonce"])


def test_the_reference_makes_and_opens_the_published_ciphertext():
    sealed = reference_seal(
        VECTOR["pt"], VECTOR["pkRm"], VECTOR["skEm"], VECTOR["info"], AES_128_GCM, VECTOR["aad"]
    )
    assert sealed == VECTOR["pkEm"] + VECTOR["ct"]
    assert open_sealed(sealed, VECTOR["skRm"], VECTOR["info"], AES_128_GCM, VECTOR["aad"]) == VECTOR["pt"]


def test_the_public_key_of_a_published_private_key_is_the_published_one():
    assert RECIPIENT.public.public == VECTOR["pkRm"] == public_of(VECTOR["skRm"])


@pytest.mark.parametrize("plaintext", [b"", PLAINTEXT, bytes(1600)])
def test_the_reference_opens_what_we_seal(plaintext):
    sealed = seal(plaintext, RECIPIENT.public, Purpose.QR, REALM)
    version, suite, kid, ciphertext = canonical.decode(sealed, max_bytes=3000)
    assert (version, suite, kid) == (1, 1, RECIPIENT.kid)
    assert open_sealed(ciphertext, VECTOR["skRm"], our_info(kid), AES_256_GCM) == plaintext


@pytest.mark.parametrize("plaintext", [b"", PLAINTEXT, bytes(1600)])
def test_we_open_what_the_reference_seals(plaintext):
    kid = RECIPIENT.kid
    ciphertext = reference_seal(plaintext, VECTOR["pkRm"], VECTOR["skEm"], our_info(kid), AES_256_GCM)
    sealed = canonical.encode([1, 1, kid, ciphertext])
    assert open_seal(sealed, {kid: RECIPIENT}, Purpose.QR, REALM, max_bytes=3000) == plaintext


@pytest.mark.parametrize("purpose", [Purpose.UP, Purpose.DOWN, Purpose.ENROL, Purpose.BODY])
def test_the_hybrid_suite_is_the_one_of_its_draft(purpose):
    recipient = sealing_key("centre")
    sealed = seal(PLAINTEXT, recipient.public, purpose, REALM)
    _, suite, kid, ciphertext = canonical.decode(sealed, max_bytes=3000)
    assert suite == 2
    assert open_hybrid(ciphertext, recipient.private, our_info(kid, purpose.value, 2)) == PLAINTEXT
