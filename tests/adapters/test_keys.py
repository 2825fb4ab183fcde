"""Key files: what is a key of ours, and what is said of anything else."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from procuration.adapters.keys import SoftwareKey, load_signer, read_key_file
from procuration.errors import CarrierUnavailable, RecordRejected
from procuration.record.cose_key import VerifyingKey

# SEQUENCE { 0, SEQUENCE { OID 1.2.3.4 }, OCTET STRING }: a PKCS #8 key of an algorithm nobody knows.
UNKNOWN_ALGORITHM = bytes.fromhex("300e020100300506032a03040402 0400")


def pem(der: bytes) -> bytes:
    return b"-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n" % base64.b64encode(der)


def test_a_key_file_gives_back_the_key_that_was_written(tmp_path):
    key = SoftwareKey.generate()
    (tmp_path / "signing.pem").write_bytes(key.pem())
    read = load_signer(f"file:{tmp_path / 'signing.pem'}")
    VerifyingKey(key.cose_key).check(read.sign(b"message"), b"message")
    assert (read.kid, read.cose_key) == (key.kid, key.cose_key)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no key",
        pem(b"no key"),
        pem(UNKNOWN_ALGORITHM),
        SoftwareKey.generate().pem() + b"\n" * 5000,
        ec.generate_private_key(ec.SECP256R1()).private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        ),
        SoftwareKey.generate()._key.private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"code")
        ),
    ],
    ids=["empty", "text", "damaged", "unknown algorithm", "too long", "P-256", "encrypted"],
)
def test_a_file_that_is_no_key_of_ours_is_refused(tmp_path, content):
    (tmp_path / "signing.pem").write_bytes(content)
    with pytest.raises(RecordRejected, match="KEY_FORM"):
        read_key_file(tmp_path / "signing.pem")


def test_a_missing_key_file_is_not_a_wrong_one(tmp_path):
    with pytest.raises(CarrierUnavailable, match="KEY_FILE"):
        read_key_file(tmp_path / "signing.pem")


@pytest.mark.parametrize("uri", ["pkcs11:token=x", "/etc/key.pem", ""])
def test_a_key_uri_of_another_scheme_is_refused(uri):
    with pytest.raises(RecordRejected, match="KEY_URI"):
        load_signer(uri)


@pytest.mark.parametrize("seed", [b"", bytes(31), bytes(33)])
def test_a_seed_has_32_bytes(seed):
    with pytest.raises(RecordRejected, match="KEY_LENGTH"):
        SoftwareKey(seed)
