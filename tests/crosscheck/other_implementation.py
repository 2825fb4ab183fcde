"""Another implementation of COSE (`cwt`), run by tests in its own environment: it needs an older cbor2.

Reads a JSON list from the standard input, writes the answers to the standard output. A task is
{"do": "verify", "sign1", "cose_key", "external_aad"}, answered by {"payload", "protected"} or {"error"}, or
{"do": "sign", "payload", "typ", "private", "external_aad"}, answered by {"sign1", "cose_key"}.
All bytes are hexadecimal. Nothing of this project is imported here.
"""

import json
import sys
from hashlib import sha256

import cbor2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cwt import COSE, COSEKey
from cwt.exceptions import CWTError

SIGN1_TAG = 18
KTY, KID, ALG, CRV, X, D = 1, 2, 3, -1, -2, -4


def kid_of(cose_key: bytes) -> bytes:
    return sha256(cose_key).digest()[:8]


def verify(task: dict) -> dict:
    cose_key = bytes.fromhex(task["cose_key"])
    key = COSEKey.new(cbor2.loads(cose_key) | {KID: kid_of(cose_key)})
    message = cbor2.CBORTag(SIGN1_TAG, cbor2.loads(bytes.fromhex(task["sign1"])))
    try:
        protected, unprotected, payload = COSE.new(verify_kid=True).decode_with_headers(
            message, key, external_aad=bytes.fromhex(task["external_aad"])
        )
    except (CWTError, ValueError) as error:
        return {"error": type(error).__name__}
    assert unprotected == {}
    readable = {
        str(label): value.hex() if isinstance(value, bytes) else value for label, value in protected.items()
    }
    return {"payload": payload.hex(), "protected": readable}


def sign(task: dict) -> dict:
    private = bytes.fromhex(task["private"])
    public = Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()
    cose_key = cbor2.dumps({KTY: 1, ALG: -19, CRV: 6, X: public}, canonical=True)
    kid = kid_of(cose_key)
    key = COSEKey.new({KTY: 1, ALG: -19, CRV: 6, X: public, D: private, KID: kid})
    protected = {1: -19, 4: kid, 16: task["typ"]}
    signed = COSE.new().encode_and_sign(
        bytes.fromhex(task["payload"]),
        key,
        protected=protected,
        unprotected={},
        external_aad=bytes.fromhex(task["external_aad"]),
        out="cbor2/CBORTag",
    )
    return {"sign1": cbor2.dumps(signed.value, canonical=True).hex(), "cose_key": cose_key.hex()}


if __name__ == "__main__":
    json.dump(
        [{"verify": verify, "sign": sign}[task["do"]](task) for task in json.load(sys.stdin)], sys.stdout
    )
