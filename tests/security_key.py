"""A security key in software, as an officer's browser would reach it (W3C Web Authentication, 6.1, 6.3.3)."""

import hashlib
import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.hashes import SHA256

from procuration.domain.acts import Act
from procuration.record.act import encode_act
from procuration.record.act_web import challenge_of, encode_web_act
from procuration.record.cose_key import VerifyingKey, ed25519_cose_key, p256_cose_key
from tests.builders import REALM

ORIGIN = "https://relais.example"
PRESENT, VERIFIED = 0b1, 0b100


def base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass
class SecurityKey:
    """A key pair and what its browser says."""

    private: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    origin: str = ORIGIN
    site: str = "relais.example"
    flags: int = PRESENT | VERIFIED
    says: dict[str, object] = field(default_factory=dict)

    @property
    def cose_key(self) -> bytes:
        public = self.private.public_key()
        if isinstance(public, ed25519.Ed25519PublicKey):
            return ed25519_cose_key(public.public_bytes_raw())
        numbers = public.public_numbers()
        return p256_cose_key(numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big"))

    @property
    def verifying(self) -> VerifyingKey:
        return VerifyingKey(self.cose_key)

    def client_data(self, challenge: bytes) -> bytes:
        told = {"type": "webauthn.get", "challenge": base64url(challenge), "origin": self.origin}
        return json.dumps({**told, "crossOrigin": False, **self.says}).encode()

    @property
    def authenticator_data(self) -> bytes:
        return hashlib.sha256(self.site.encode()).digest() + bytes((self.flags,)) + bytes(4)

    def answers(self, challenge: bytes) -> tuple[bytes, bytes, bytes]:
        """authenticatorData, clientDataJSON and the signature, as a browser hands them over."""
        client_data = self.client_data(challenge)
        message = self.authenticator_data + hashlib.sha256(client_data).digest()
        if isinstance(self.private, ed25519.Ed25519PrivateKey):
            return self.authenticator_data, client_data, self.private.sign(message)
        return (
            self.authenticator_data,
            client_data,
            self.private.sign(message, ec.ECDSA(SHA256(), deterministic_signing=True)),
        )

    def signs(self, act: Act, realm: bytes = REALM) -> bytes:
        """The signed act."""
        payload = encode_act(act)
        return encode_web_act(self.verifying, payload, *self.answers(challenge_of(payload, realm)))
