"""Sign1, events, acts: who signed what, in which realm, in which place."""

from dataclasses import replace
from datetime import timedelta, timezone

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from procuration.domain.acts import ActDecision
from procuration.domain.events import ActRecorded, Kind
from procuration.domain.identifiers import Realm
from procuration.domain.refusal import RefusalCode
from procuration.errors import RecordRejected
from procuration.record import canonical
from procuration.record.act import encode_act, read_act, sign_act, verify_act
from procuration.record.chain import Head, after_event
from procuration.record.cose_key import ESP256, VerifyingKey, ed25519_cose_key, kid_of, low_s, p256_cose_key
from procuration.record.envelope import decode_envelope, encode_envelope
from procuration.record.event import open_body, parse_event, verify_event
from procuration.record.shape import SECONDS_MAX
from procuration.record.signed import Typ, parse_signed, sign, to_be_signed, verify
from tests.builders import NOW, REALM, Device, act, filed, key, records_act, rid

OTHER_REALM = Realm(bytes(16))
KIOSK = VerifyingKey(key("kiosk").cose_key)


class CardKey:
    """A P-256 key as a card would hold it."""

    alg = ESP256

    def __init__(self):
        self._key = ec.generate_private_key(ec.SECP256R1())
        numbers = self._key.public_key().public_numbers()
        self.cose_key = p256_cose_key(numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big"))
        self.kid = kid_of(self.cose_key)

    def sign(self, message):
        r, s = decode_dss_signature(self._key.sign(message, ec.ECDSA(SHA256())))
        return low_s(r.to_bytes(32, "big") + s.to_bytes(32, "big"))


@pytest.mark.parametrize("signer", [key("kiosk"), CardKey()], ids=["Ed25519", "ESP256"])
def test_what_a_key_signed_verifies_with_its_public_part(signer):
    signed = parse_signed(sign(b"payload", Typ.EVENT, signer, REALM), max_bytes=1000)
    assert verify(signed, VerifyingKey(signer.cose_key), Typ.EVENT, REALM) == b"payload"


def signed_event() -> bytes:
    return Device("kiosk").records(filed(), rid()).sign1


def test_another_realm_another_type_another_key_are_refused():
    signed = parse_signed(signed_event(), max_bytes=4096)
    for wanted, arguments in {
        "SIGNATURE": (KIOSK, Typ.EVENT, OTHER_REALM),
        "SIGN1_TYPE": (KIOSK, Typ.ACT, REALM),
        "SIGN1_KEY": (VerifyingKey(key("brigade").cose_key), Typ.EVENT, REALM),
    }.items():
        with pytest.raises(RecordRejected, match=wanted):
            verify(signed, *arguments)


def test_any_flipped_bit_of_a_signed_event_is_refused():
    sign1 = signed_event()
    for position in range(len(sign1) * 8):
        flipped = bytearray(sign1)
        flipped[position // 8] ^= 1 << position % 8
        with pytest.raises(RecordRejected):
            verify_event(bytes(flipped), KIOSK, REALM)


def header(**changes):
    value = {1: -19, 4: key("kiosk").kid, 16: Typ.EVENT.value}
    value.update({int(label[1:]): content for label, content in changes.items()})
    return canonical.encode({label: content for label, content in value.items() if content is not None})


@pytest.mark.parametrize(
    "protected",
    [
        header(_1=-8),
        header(_1=-7),
        header(_2=[1]),
        header(_4=b"short"),
        header(_16="procu/event/2"),
        header(_16=None),
        b"",
        b"\xa0",
    ],
)
def test_only_the_three_protected_labels_with_known_values_are_accepted(protected):
    signature = key("kiosk").sign(to_be_signed(protected, b"payload", REALM))
    with pytest.raises(RecordRejected):
        parse_signed(canonical.encode([protected, {}, b"payload", signature]), max_bytes=1000)


@pytest.mark.parametrize(
    "message",
    [
        [header(), {1: -19}, b"payload", bytes(64)],
        [header(), {}, b"payload", bytes(63)],
        [header(), {}, None, bytes(64)],
        [header(), {}, b"payload"],
        {0: 1},
    ],
)
def test_a_sign1_has_one_form(message):
    with pytest.raises(RecordRejected, match="SIGN1"):
        parse_signed(canonical.encode(message), max_bytes=1000)


@pytest.mark.parametrize(
    "cose_key",
    [
        b"",
        ed25519_cose_key(bytes(32))[:-1],
        key("kiosk").cose_key + b"\0",
        p256_cose_key(bytes(32), bytes(32)),
    ],
)
def test_a_key_that_is_none_is_refused(cose_key):
    with pytest.raises(RecordRejected, match="KEY_FORM"):
        VerifyingKey(cose_key)


def test_an_event_opens_only_with_the_body_that_it_commits_to():
    pair = Device("kiosk").records(filed(), rid())
    envelope = verify_event(pair.sign1, KIOSK, REALM)
    assert open_body(envelope, pair.body) == filed()
    other = Device("other").records(filed(), rid())
    with pytest.raises(RecordRejected, match="BODY_HASH"):
        open_body(envelope, other.body)


def test_an_envelope_comes_back_as_it_was_and_knows_only_its_fields():
    _, envelope = parse_event(signed_event())
    assert decode_envelope(encode_envelope(envelope)) == envelope
    value = canonical.decode(encode_envelope(envelope), max_bytes=4096)
    for wrong in (
        value | {12: 0},
        value | {0: 2},
        value | {0: True},
        value | {2: -1},
        value | {3: b"short"},
        value | {4: 5},
        value | {9: [1, bytes(32), 0]},
    ):
        with pytest.raises(RecordRejected):
            decode_envelope(canonical.encode(wrong))
    with pytest.raises(RecordRejected, match="ENVELOPE_FIELDS"):
        decode_envelope(canonical.encode({k: v for k, v in value.items() if k != 8}))


def test_the_log_id_the_number_and_the_request_bind_an_act_to_its_place():
    brigade, officer = Device("brigade"), key("officer")
    request = Device("kiosk").records(filed(), rid())
    drawn_up = act(brigade, request, rid=rid())
    pair = records_act(brigade, request, drawn_up, officer)
    envelope = verify_event(pair.sign1, VerifyingKey(brigade.key.cose_key), REALM)
    content = open_body(envelope, pair.body)
    assert isinstance(content, ActRecorded)
    public = VerifyingKey(officer.cose_key)
    assert verify_act(content.signed_act, public, envelope, REALM) == drawn_up
    for elsewhere in (
        replace(envelope, seq=envelope.seq + 1),
        replace(envelope, log_id=Device("other").log_id),
        replace(envelope, rid=rid(2)),
    ):
        with pytest.raises(RecordRejected, match="ACT_BINDING"):
            verify_act(content.signed_act, public, elsewhere, REALM)
    with pytest.raises(RecordRejected, match="SIGN1_KEY"):
        verify_act(content.signed_act, KIOSK, envelope, REALM)


@pytest.mark.parametrize(
    ("decision", "code"),
    [(ActDecision.REFUSED, None), (ActDecision.ESTABLISHED, RefusalCode.ABANDON)],
)
def test_i_10_an_act_has_a_code_exactly_when_it_refuses(decision, code):
    brigade = Device("brigade")
    request = Device("kiosk").records(filed(), rid())
    drawn_up = act(brigade, request, rid=rid(), decision=decision, refusal_code=code)
    with pytest.raises(RecordRejected, match="ACT_REFUSAL_CODE"):
        read_act(encode_act(drawn_up))
    assert sign_act(drawn_up, key("officer"), REALM)


@pytest.mark.parametrize(
    "changes",
    [
        {12: ["", "Maëva Rose", "OPJ", "Brigade de Dumbéa"]},
        {12: ["TAHUA", " ", "OPJ", "Brigade de Dumbéa"]},
        {12: ["TAHUA", "Maëva Rose", "", "Brigade de Dumbéa"]},
        {12: ["TAHUA", "Maëva Rose", "OPJ", ""]},
        {10: [1, None, ""]},
        {10: [3, None, "98805"]},
        {0: True},
    ],
)
def test_r_23_a_record_that_lacks_its_authority_or_its_place_is_rejected(changes):
    brigade = Device("brigade")
    request = Device("kiosk").records(filed(), rid())
    value = canonical.decode(encode_act(act(brigade, request, rid=rid())), max_bytes=4096)
    assert read_act(canonical.encode(value))
    with pytest.raises(RecordRejected):
        read_act(canonical.encode(value | changes))


def test_a_chain_goes_on_only_with_its_next_event():
    kiosk = Device("kiosk")
    pairs = [kiosk.records(filed(), rid(n)) for n in range(3)]
    envelopes = [parse_event(pair.sign1)[1] for pair in pairs]
    head = Head.of_empty_log(kiosk.log_id)
    with pytest.raises(RecordRejected, match="CHAIN_GAP"):
        after_event(head, envelopes[1], pairs[1].hash)
    head = after_event(head, envelopes[0], pairs[0].hash)
    with pytest.raises(RecordRejected, match="CHAIN_GAP"):
        after_event(head, envelopes[0], pairs[0].hash)
    with pytest.raises(RecordRejected, match="CHAIN_FORK"):
        after_event(head, replace(envelopes[1], prev=envelopes[0].prev), pairs[1].hash)
    with pytest.raises(RecordRejected, match="CHAIN_LOG"):
        after_event(Head.of_empty_log(Device("other").log_id), envelopes[0], pairs[0].hash)


def test_a_wall_clock_of_the_last_year_that_can_be_written_is_refused():
    """Any time that is read can still be moved to another zone, or some months on."""
    _, envelope = parse_event(signed_event())
    value = canonical.decode(encode_envelope(envelope), max_bytes=4096)
    assert decode_envelope(canonical.encode(value | {6: SECONDS_MAX})).wall.astimezone(
        timezone(timedelta(hours=14))
    )
    with pytest.raises(RecordRejected, match="FIELD_INTEGER"):
        decode_envelope(canonical.encode(value | {6: SECONDS_MAX + 1}))


def test_a_time_without_a_zone_is_our_own_bug():
    kiosk = Device("kiosk", wall=NOW.replace(tzinfo=None))
    with pytest.raises(RecordRejected, match="NAIVE_TIME"):
        kiosk.records(filed(), rid())
    assert Kind.FILED == 1


def test_only_a_refusal_may_come_before_any_document_is_shown():
    brigade = Device("brigade")
    request = Device("kiosk").records(filed(), rid())
    refused = act(
        brigade, request, rid=rid(), decision=ActDecision.REFUSED, refusal_code=RefusalCode.MANDANT_ABSENT
    )
    assert read_act(encode_act(replace(refused, identity_document=None))).identity_document is None
    established = replace(act(brigade, request, rid=rid()), identity_document=None)
    with pytest.raises(RecordRejected, match="ACT_DOCUMENT"):
        read_act(encode_act(established))
