"""A signed tree head in the C2SP formats `signed-note` and `tlog-checkpoint`, Ed25519 (SECURITY-DESIGN 8).

Text: origin, size and root, one line each; a blank line; signature lines. The signed bytes are the text
before the blank line.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from typing import Final

from procuration.domain.identifiers import Realm
from procuration.errors import RecordRejected
from procuration.ports import Signer
from procuration.record.cose_key import ED25519, VerifyingKey
from procuration.record.merkle import HASH_BYTES

CHECKPOINT_BYTES_MAX: Final = 4096
_ED25519_NOTE: Final = b"\x01"
_SIGNATURE_PREFIX: Final = "\u2014 "
_SIZE_DIGITS_MAX: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeHead:
    """A size and a root of the log."""

    size: int
    root: bytes


def origin_of(realm: Realm) -> str:
    """Name of the log of a realm; also the name of its key."""
    return f"relais-procuration/{realm.hex()}"


def key_id(origin: str, public: bytes) -> bytes:
    """C2SP signed-note: SHA-256(name || 0x0A || 0x01 || Ed25519 public key), first 4 bytes."""
    return hashlib.sha256(origin.encode() + b"\n" + _ED25519_NOTE + public).digest()[:4]


def sign_checkpoint(head: TreeHead, signer: Signer, realm: Realm) -> bytes:
    """The signed note of a tree head.

    Raises: RecordRejected KEY_FORM when the signer is not an Ed25519 key.
    """
    if signer.alg != ED25519:
        raise RecordRejected("KEY_FORM")
    origin = origin_of(realm)
    text = f"{origin}\n{head.size}\n{base64.b64encode(head.root).decode()}\n"
    signature = key_id(origin, signer.cose_key[-32:]) + signer.sign(text.encode())
    return f"{text}\n{_SIGNATURE_PREFIX}{origin} {base64.b64encode(signature).decode()}\n".encode()


def verify_checkpoint(note: bytes, cose_key: bytes, realm: Realm) -> TreeHead:
    """The tree head, once signed by the checkpoint key of this realm. Lines of other signers are ignored.

    Raises: RecordRejected CHECKPOINT_SIZE, CHECKPOINT_FORM, CHECKPOINT_ORIGIN, CHECKPOINT_UNSIGNED,
    SIGNATURE.
    """
    if len(note) > CHECKPOINT_BYTES_MAX:
        raise RecordRejected("CHECKPOINT_SIZE")
    text, signatures = _split(note)
    origin, size, root = _lines(text)
    if origin != origin_of(realm):
        raise RecordRejected("CHECKPOINT_ORIGIN")
    wanted = key_id(origin, cose_key[-32:])
    for name, signature in signatures:
        if name == origin and signature[:4] == wanted:
            VerifyingKey(cose_key).check(signature[4:], text.encode())
            return TreeHead(size=size, root=root)
    raise RecordRejected("CHECKPOINT_UNSIGNED")


def _split(note: bytes) -> tuple[str, list[tuple[str, bytes]]]:
    try:
        decoded = note.decode()
    except UnicodeDecodeError as error:
        raise RecordRejected("CHECKPOINT_FORM") from error
    text, blank, rest = decoded.rpartition("\n\n")
    if not blank or not rest.endswith("\n"):
        raise RecordRejected("CHECKPOINT_FORM")
    return text + "\n", [_signature_line(line) for line in rest[:-1].split("\n")]


def _signature_line(line: str) -> tuple[str, bytes]:
    prefix, name, value = line[:2], *line[2:].partition(" ")[::2]
    if prefix != _SIGNATURE_PREFIX or not name:
        raise RecordRejected("CHECKPOINT_FORM")
    return name, decode_base64(value)


def _lines(text: str) -> tuple[str, int, bytes]:
    lines = text[:-1].split("\n")
    if len(lines) != 3:
        raise RecordRejected("CHECKPOINT_FORM")
    root = decode_base64(lines[2])
    if len(root) != HASH_BYTES:
        raise RecordRejected("CHECKPOINT_FORM")
    return lines[0], decimal(lines[1]), root


def decimal(text: str) -> int:
    """A number as these formats write it: digits without a leading zero. Raises: RecordRejected
    CHECKPOINT_FORM."""
    if (
        not (text.isascii() and text.isdigit())
        or len(text) > _SIZE_DIGITS_MAX
        or (len(text) > 1 and text[0] == "0")
    ):
        raise RecordRejected("CHECKPOINT_FORM")
    return int(text)


def decode_base64(text: str) -> bytes:
    """Standard base64 in its one form. Raises: RecordRejected CHECKPOINT_FORM."""
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise RecordRejected("CHECKPOINT_FORM") from error
    if base64.b64encode(value).decode() != text:
        raise RecordRejected("CHECKPOINT_FORM")
    return value
