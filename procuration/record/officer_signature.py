"""The signature of an officer on an act, in either of its two forms: a COSE_Sign1 made on a tablet, or what a
security key signed in a browser (SECURITY-DESIGN 5). Which one counts depends on who wrote the log: no tablet
carries the second, and the centre's logs carry no other.
"""

from procuration.domain.acts import Act
from procuration.domain.events import Envelope
from procuration.domain.identifiers import Kid, Realm
from procuration.record.act import read_act, verify_act
from procuration.record.act_web import is_web_act, parse_web_act, verify_web_act
from procuration.record.cose_key import VerifyingKey
from procuration.record.limits import SIGN1_BYTES_MAX
from procuration.record.signed import parse_signed


def signer_of(signed_act: bytes) -> Kid:
    """Whose key an act names; nothing is verified. Raises: RecordRejected."""
    if is_web_act(signed_act):
        return parse_web_act(signed_act).kid
    return parse_signed(signed_act, max_bytes=SIGN1_BYTES_MAX).kid


def unverified_act(signed_act: bytes) -> Act:
    """What an act says, for who knows its signature already. Raises: RecordRejected."""
    if is_web_act(signed_act):
        return read_act(parse_web_act(signed_act).payload)
    return read_act(parse_signed(signed_act, max_bytes=SIGN1_BYTES_MAX).payload)


def verify_officer_act(
    signed_act: bytes, officer: VerifyingKey, envelope: Envelope, realm: Realm, *, in_browser: bool
) -> Act:
    """The act, once signed by this officer's key in the form that its log asks for.

    Args:
        in_browser: the log is the centre's own, where only security keys sign.
    Raises: RecordRejected, as `verify_act` and `verify_web_act`.
    """
    verify = verify_web_act if in_browser else verify_act
    return verify(signed_act, officer, envelope, realm)
