"""Our signed records verify with `cwt`, and its with ours: the bytes are COSE, not something like it."""

import json
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from procuration.domain.identifiers import Kid
from procuration.record import canonical
from procuration.record.cose_key import ESP256, VerifyingKey, kid_of, low_s, p256_cose_key
from procuration.record.limits import BUNDLE_BYTES_MAX, SIGN1_BYTES_MAX
from procuration.record.signed import Typ, external_aad, parse_signed, sign, verify
from tests.builders import REALM, key
from tests.record.vectors.make_vectors import FILE

PROJECT = Path(__file__).resolve().parents[2]
PYTHON = PROJECT / ".venv-crosscheck" / "bin" / "python"
SCRIPT = Path(__file__).with_name("other_implementation.py")
VECTORS = {name: bytes.fromhex(value) for name, value in json.loads(FILE.read_text()).items()}
SIGNERS = {
    key(name).kid: key(name).cose_key
    for name in ("kiosk", "brigade", "server", "web", "officer", "supervisor", "mairie", "town hall")
}
AAD = external_aad(REALM)

pytestmark = pytest.mark.slow


def other(tasks: list[dict]) -> list[dict]:
    """What the other implementation answers."""
    assert PYTHON.exists(), "run `make setup`: the environment of the cross-check is missing"
    done = subprocess.run(
        [PYTHON, "-I", SCRIPT],
        input=json.dumps(tasks),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def exported() -> dict[str, bytes]:
    """Every signed record of our vectors, nested ones too: events, act, manifests, enrolments."""
    records = {name: VECTORS[name] for name in VECTORS if name.startswith("enrolment of")}
    for name in (name for name in VECTORS if name.startswith("event ")):
        sign1, body = canonical.decode(VECTORS[name], max_bytes=BUNDLE_BYTES_MAX)
        records[name] = sign1
        if name == "event 2 act":
            records["the act in it"] = canonical.decode(body, max_bytes=BUNDLE_BYTES_MAX)[1][0]
        if name == "event 19 enrolment":
            records["the enrolment in it"] = canonical.decode(body, max_bytes=BUNDLE_BYTES_MAX)[1]
    for name in ("bundle up", "bundle down"):
        records[f"manifest of {name}"] = canonical.decode(VECTORS[name], max_bytes=BUNDLE_BYTES_MAX)[0]
    return records


def task(sign1: bytes, cose_key: bytes, aad: bytes = AAD) -> dict:
    return {"do": "verify", "sign1": sign1.hex(), "cose_key": cose_key.hex(), "external_aad": aad.hex()}


@pytest.fixture(scope="module")
def records() -> dict[str, bytes]:
    return exported()


def test_every_signed_record_of_ours_verifies_there_with_the_same_payload_and_header(records):
    ours = {name: parse_signed(sign1, max_bytes=SIGN1_BYTES_MAX) for name, sign1 in records.items()}
    answers = other([task(one.raw, SIGNERS[one.kid]) for one in ours.values()])
    assert answers == [
        {
            "payload": one.payload.hex(),
            "protected": {"1": one.alg, "4": one.kid.hex(), "16": one.typ.value},
        }
        for one in ours.values()
    ]


def test_the_export_holds_every_kind_of_signed_record(records):
    assert {parse_signed(one, max_bytes=SIGN1_BYTES_MAX).typ for one in records.values()} == set(Typ) - {
        Typ.ACT_WEB
    }


def test_a_record_does_not_verify_there_in_another_realm_nor_with_a_flipped_bit(records):
    sign1 = records["event 1 filed"]
    cose_key = SIGNERS[parse_signed(sign1, max_bytes=SIGN1_BYTES_MAX).kid]
    flipped = sign1[:-1] + bytes([sign1[-1] ^ 1])
    answers = other([task(sign1, cose_key, external_aad(bytes(16))), task(flipped, cose_key)])
    assert answers == [{"error": "VerifyError"}, {"error": "VerifyError"}]


class P256Signer:
    """A key as a card or a TPM holds it: ESP256."""

    def __init__(self) -> None:
        self._key = ec.derive_private_key(int.from_bytes(sha256(b"card").digest(), "big"), ec.SECP256R1())
        numbers = self._key.public_key().public_numbers()
        self.alg = ESP256
        self.cose_key = p256_cose_key(numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big"))
        self.kid: Kid = kid_of(self.cose_key)

    def sign(self, message: bytes) -> bytes:
        r, s = decode_dss_signature(self._key.sign(message, ec.ECDSA(SHA256())))
        return low_s(r.to_bytes(32, "big") + s.to_bytes(32, "big"))


def test_a_record_signed_by_a_card_verifies_there_too():
    card = P256Signer()
    sign1 = sign(b"payload", Typ.ACT, card, REALM)
    (answer,) = other([task(sign1, card.cose_key)])
    assert answer == {
        "payload": b"payload".hex(),
        "protected": {"1": -9, "4": card.kid.hex(), "16": "procu/act/1"},
    }


def test_a_record_signed_there_is_ours_to_the_byte():
    kiosk, payload = key("kiosk"), VECTORS["leaf data"]
    (made,) = other(
        [
            {
                "do": "sign",
                "typ": "procu/event/1",
                "payload": payload.hex(),
                "private": kiosk.seed.hex(),
                "external_aad": AAD.hex(),
            }
        ]
    )
    sign1 = bytes.fromhex(made["sign1"])
    assert bytes.fromhex(made["cose_key"]) == kiosk.cose_key
    assert sign1 == sign(payload, Typ.EVENT, kiosk, REALM)
    signed = parse_signed(sign1, max_bytes=SIGN1_BYTES_MAX)
    assert verify(signed, VerifyingKey(kiosk.cose_key), Typ.EVENT, REALM) == payload
