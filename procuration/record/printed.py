"""The QR code on the paper receipt: the filed event sealed for brigades (SECURITY-DESIGN 9).

Any brigade tablet opens it with neither side on line; a finder's telephone does not.
"""

from collections.abc import Mapping
from typing import Final

import base45

from procuration.domain.identifiers import Kid, Realm
from procuration.errors import RecordRejected
from procuration.record import canonical
from procuration.record.directory import Epoch
from procuration.record.event import EventPair, pair_value, read_pair
from procuration.record.limits import QR_SEAL_BYTES_MAX, QR_TEXT_CHARACTERS_MAX
from procuration.record.sealed import Purpose, SealingPrivateKey, open_seal, seal

PREFIX: Final = "PRQ1:"


def qr_text(pair: EventPair, epoch: Epoch, realm: Realm) -> str | None:
    """The text of the QR code, None when the request is longer than the paper allows.

    Args:
        pair: the filed event with its body in plain form.
    """
    sealed = seal(canonical.encode(pair_value(pair)), epoch.key, Purpose.QR, realm)
    if len(sealed) > QR_SEAL_BYTES_MAX:
        return None
    encoded: bytes = base45.b45encode(sealed)  # the library has no types
    return PREFIX + encoded.decode("ascii")


def read_qr_text(text: str, keys: Mapping[Kid, SealingPrivateKey], realm: Realm) -> EventPair:
    """The filed event of a scanned receipt; its signature is still to be checked.

    Raises: RecordRejected QR, the same code whatever is wrong: a neutral answer.
    """
    try:
        return _read(text, keys, realm)
    except RecordRejected as error:
        raise RecordRejected("QR") from error


def _read(text: str, keys: Mapping[Kid, SealingPrivateKey], realm: Realm) -> EventPair:
    if len(text) > QR_TEXT_CHARACTERS_MAX or not text.startswith(PREFIX):
        raise RecordRejected("QR_FORM")
    try:
        sealed: bytes = base45.b45decode(text.removeprefix(PREFIX))
    except ValueError as error:
        raise RecordRejected("QR_FORM") from error
    plaintext = open_seal(sealed, keys, Purpose.QR, realm, max_bytes=QR_SEAL_BYTES_MAX)
    pair = read_pair(canonical.decode(plaintext, max_bytes=QR_SEAL_BYTES_MAX))
    if pair.body is None:
        raise RecordRejected("QR_FORM")
    return pair
