"""What a security key signs in a browser: this act, in this place, by a verified person, and nothing else."""

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519

from procuration.domain.acts import ActDecision
from procuration.domain.identifiers import Realm
from procuration.errors import RecordRejected
from procuration.record import canonical
from procuration.record.act import encode_act, sign_act
from procuration.record.act_web import challenge_of, encode_web_act, is_web_act, verify_web_act
from procuration.record.officer_signature import signer_of, unverified_act, verify_officer_act
from tests.builders import REALM, Device, act, filed, key, rid
from tests.security_key import PRESENT, VERIFIED, SecurityKey

LOG = Device("web")
REQUEST = Device("kiosk").records(filed(), rid())
ACT = act(LOG, REQUEST, rid=rid())
ENVELOPE = LOG.envelope(filed(), b"", rid())
P256 = SecurityKey()
ED25519 = SecurityKey(private=ed25519.Ed25519PrivateKey.generate())


@pytest.mark.parametrize("held", [P256, ED25519], ids=["P-256", "Ed25519"])
def test_an_act_signed_by_a_security_key_is_that_act(held):
    signed = held.signs(ACT)
    assert is_web_act(signed)
    assert verify_web_act(signed, held.verifying, ENVELOPE, REALM) == ACT
    assert signer_of(signed) == held.verifying.kid
    assert unverified_act(signed) == ACT


def refusal(signed: bytes, held: SecurityKey = P256, envelope=ENVELOPE, realm: Realm = REALM) -> str:
    with pytest.raises(RecordRejected) as refused:
        verify_web_act(signed, held.verifying, envelope, realm)
    return refused.value.code


def test_it_counts_in_one_place_of_one_log_in_one_realm():
    signed = P256.signs(ACT)
    assert refusal(signed, envelope=replace(ENVELOPE, seq=ENVELOPE.seq + 1)) == "ACT_BINDING"
    assert refusal(signed, envelope=replace(ENVELOPE, rid=rid(2))) == "ACT_BINDING"
    assert refusal(signed, realm=Realm(bytes(16))) == "WEB_ACT_CLIENT_DATA"
    assert refusal(signed, held=SecurityKey()) == "SIGNATURE"


@pytest.mark.parametrize(
    ("story", "changes", "code"),
    [
        ("nobody touched the key", {"flags": VERIFIED}, "WEB_ACT_PERSON"),
        ("the key did not verify who", {"flags": PRESENT}, "WEB_ACT_PERSON"),
        ("another site", {"origin": "https://relais.example.evil"}, "WEB_ACT_CLIENT_DATA"),
        ("a key of another site", {"site": "evil.example"}, "WEB_ACT_CLIENT_DATA"),
        ("a sign-in, not a signature", {"says": {"type": "webauthn.create"}}, "WEB_ACT_CLIENT_DATA"),
        ("within the frame of another site", {"says": {"crossOrigin": True}}, "WEB_ACT_CLIENT_DATA"),
        ("another challenge", {"says": {"challenge": "AAAA"}}, "WEB_ACT_CLIENT_DATA"),
        ("no origin", {"says": {"origin": 3}}, "WEB_ACT_CLIENT_DATA"),
        ("an origin that is none", {"origin": "https://[", "site": ""}, "WEB_ACT_CLIENT_DATA"),
    ],
)
def test_what_the_browser_says_must_hold(story, changes, code):
    held = replace(P256, **changes)
    assert refusal(held.signs(ACT), held) == code, story


def parts() -> list:
    return list(canonical.decode(P256.signs(ACT), max_bytes=4096))


@pytest.mark.parametrize("place", range(5))
def test_no_part_can_be_changed(place):
    changed = parts()
    changed[place] = changed[place][:-1] + bytes((changed[place][-1] ^ 1,))
    assert refusal(canonical.encode(changed))


def test_the_act_cannot_be_exchanged_for_another():
    changed = parts()
    changed[1] = encode_act(replace(ACT, decision=ActDecision.COLLECTED))
    assert refusal(canonical.encode(changed)) == "WEB_ACT_CLIENT_DATA"


def test_a_signature_has_one_form():
    """With s, n - s fits too: a second spelling of one act would be another event."""
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    changed = parts()
    s = int.from_bytes(changed[4][32:], "big")
    changed[4] = changed[4][:32] + (order - s).to_bytes(32, "big")
    assert refusal(canonical.encode(changed)) == "SIGNATURE"


@pytest.mark.parametrize("client_data", [b"", b"[]", b"[" * 1000, b'{"type":"a","type":"b"}', b"x" * 2000])
def test_a_browsers_word_that_is_none_is_refused(client_data):
    changed = parts()
    changed[3] = client_data
    assert refusal(canonical.encode(changed)) in ("WEB_ACT_CLIENT_DATA", "FIELD_BYTES")


@pytest.mark.parametrize("signature", [b"", b"\x30\x02", bytes(64), b"\x30" * 300])
def test_a_signature_that_is_none_is_refused_when_it_is_taken(signature):
    payload = encode_act(ACT)
    answer = P256.answers(challenge_of(payload, REALM))
    with pytest.raises(RecordRejected, match="SIGNATURE"):
        encode_web_act(P256.verifying, payload, *answer[:2], signature)


def test_each_log_has_its_form_of_signature():
    officer = key("officer")
    web, tablet = P256.signs(ACT), sign_act(ACT, officer, REALM)
    told = {"envelope": ENVELOPE, "realm": REALM}
    assert verify_officer_act(web, P256.verifying, in_browser=True, **told) == ACT
    for signed, held, in_browser in ((web, P256.verifying, False), (tablet, officer, True)):
        with pytest.raises(RecordRejected):
            verify_officer_act(signed, held, in_browser=in_browser, **told)
