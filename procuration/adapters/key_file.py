"""An authority key in a file, readable only with its holder's pass phrase.

A file is cbor `{0:1, 1:name, 2:salt 16, 3:[memory KiB, passes, lanes], 4:nonce 12, 5:wrapped, 6:public key
32}`; `wrapped` = AES-256-GCM(Argon2id(pass phrase, salt), private key 32), AAD = cbor(["procu/key-file/1",
name, [memory KiB, passes, lanes], public key]). Why not the encrypted PKCS #8 of `openssl`: its PBKDF2
needs no memory, so a stolen backup would be tried on graphics cards. The public part stays readable: who
holds what can be checked without anybody's pass phrase.
"""

import os
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from procuration.adapters.pass_phrase import COST_MAX as COST_MAX
from procuration.adapters.pass_phrase import PASS_PHRASE_LENGTH_MIN as PASS_PHRASE_LENGTH_MIN
from procuration.adapters.pass_phrase import Cost as Cost
from procuration.adapters.pass_phrase import cipher_of
from procuration.errors import RecordRejected, RuleViolated
from procuration.record.canonical import decode, encode
from procuration.record.shape import fields, integer, octets, sequence, text

KEY_FILE_BYTES_MAX = 1024
NAME_LENGTH_MAX = 64
CONTEXT = "procu/key-file/1"


@dataclass(frozen=True, slots=True)
class KeyFile:
    """One encrypted Ed25519 key; `name` says which key it is ("root-1", "superviseur-988")."""

    name: str
    salt: bytes
    cost: Cost
    nonce: bytes
    wrapped: bytes = field(repr=False)
    public: bytes

    def to_bytes(self) -> bytes:
        """The file's content."""
        return encode(
            {
                0: 1,
                1: self.name,
                2: self.salt,
                3: self.cost.as_list(),
                4: self.nonce,
                5: self.wrapped,
                6: self.public,
            }
        )

    def unlock(self, pass_phrase: str) -> Ed25519PrivateKey:
        """The private key.

        Raises: RuleViolated PASS_PHRASE_WRONG, when the pass phrase is wrong or the file was altered:
        nobody can tell which. RecordRejected KEY_FILE, when the private part does not belong to the public
        one.
        """
        try:
            raw = cipher_of(pass_phrase, self.salt, self.cost).decrypt(
                self.nonce, self.wrapped, _context(self)
            )
        except InvalidTag as error:
            raise RuleViolated("PASS_PHRASE_WRONG", key=self.name) from error
        private = Ed25519PrivateKey.from_private_bytes(raw)
        if private.public_key().public_bytes_raw() != self.public:
            raise RecordRejected("KEY_FILE", key=self.name)
        return private


def lock(name: str, private: Ed25519PrivateKey, pass_phrase: str, cost: Cost) -> KeyFile:
    """Encrypt a private key for its holder; each call draws a new salt.

    Raises: RuleViolated PASS_PHRASE_SHORT, under 14 characters.
    """
    if len(pass_phrase) < PASS_PHRASE_LENGTH_MIN:
        raise RuleViolated("PASS_PHRASE_SHORT", minimum=PASS_PHRASE_LENGTH_MIN)
    bare = KeyFile(name, os.urandom(16), cost, os.urandom(12), b"", private.public_key().public_bytes_raw())
    cipher = cipher_of(pass_phrase, bare.salt, cost)
    wrapped = cipher.encrypt(bare.nonce, private.private_bytes_raw(), _context(bare))
    return KeyFile(name, bare.salt, cost, bare.nonce, wrapped, bare.public)


def parse_key_file(data: bytes) -> KeyFile:
    """Read a key file.

    Raises: RecordRejected KEY_FILE, when it is not one, or asks for more memory than `COST_MAX`.
    """
    try:
        return _read(decode(data, max_bytes=KEY_FILE_BYTES_MAX))
    except RecordRejected as error:
        raise RecordRejected("KEY_FILE") from error


def _read(value: object) -> KeyFile:
    read = fields(value, 7)
    cost = Cost(*(integer(figure, minimum=1) for figure in sequence(read[3], 3)))
    if not cost.is_bearable:
        raise RecordRejected("KEY_FILE")
    return KeyFile(
        name=text(read[1], maximum=NAME_LENGTH_MAX),
        salt=octets(read[2], length=16),
        cost=cost,
        nonce=octets(read[4], length=12),
        wrapped=octets(read[5], length=48),
        public=octets(read[6], length=32),
    )


def _context(key_file: KeyFile) -> bytes:
    return encode([CONTEXT, key_file.name, key_file.cost.as_list(), key_file.public])
