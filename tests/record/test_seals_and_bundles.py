"""What travels: seals, kiosk bodies, bundles both ways, the paper's QR code."""

import os
from dataclasses import replace

import pytest

from procuration.domain.identifiers import Realm
from procuration.domain.people import NAME_LENGTH_MAX
from procuration.errors import RecordRejected
from procuration.record import canonical
from procuration.record.body_key import decrypt_body, encrypt_body, open_body_key, seal_body_key
from procuration.record.bundle import encode_down, encode_up, read_down, read_up, verify_up
from procuration.record.cose_key import VerifyingKey
from procuration.record.event import EventPair
from procuration.record.limits import BUNDLE_BYTES_MAX, BUNDLE_EVENTS_MAX, QR_TEXT_CHARACTERS_MAX
from procuration.record.printed import PREFIX, qr_text, read_qr_text
from procuration.record.sealed import (
    Purpose,
    SealingPrivateKey,
    SealingPublicKey,
    SuiteId,
    open_seal,
    seal,
    seal_kid,
)
from procuration.record.signed import Typ, sign
from tests.builders import ANGELA, JEAN_CLAUDE, REALM, Device, directory, filed, key, rid, sealing_key
from tests.record.vectors.make_vectors import down_manifest

CENTRE = sealing_key("server")
EPOCH_KEY = sealing_key("epoch 1", SuiteId.X25519)
EPOCH = directory().epochs[0]


def opened(sealed: bytes, key: SealingPrivateKey = CENTRE, purpose=Purpose.UP, realm=REALM) -> bytes:
    return open_seal(sealed, {key.kid: key}, purpose, realm, max_bytes=10_000)


def test_a_seal_opens_for_its_recipient_purpose_and_realm_only():
    sealed = seal(b"records", CENTRE.public, Purpose.UP, REALM)
    assert opened(sealed) == b"records"
    for wrong in (
        {"key": sealing_key("somebody else")},
        {"purpose": Purpose.DOWN},
        {"realm": Realm(bytes(16))},
    ):
        with pytest.raises(RecordRejected, match="SEAL_"):
            opened(sealed, **wrong)


def test_the_hybrid_seal_costs_1136_bytes_and_the_paper_s_48():
    framing = len(canonical.encode([1, 2, bytes(8), bytes(1000)])) - 1000
    assert len(seal(bytes(1000), CENTRE.public, Purpose.UP, REALM)) == 1000 + 1136 + framing
    framing = len(canonical.encode([1, 1, bytes(8), bytes(348)])) - 348
    assert len(seal(bytes(300), EPOCH_KEY.public, Purpose.QR, REALM)) == 300 + 48 + framing


@pytest.mark.parametrize("purpose", [purpose for purpose in Purpose if purpose is not Purpose.QR])
def test_the_small_suite_is_for_the_paper_only(purpose):
    with pytest.raises(RecordRejected, match="SEAL_SUITE"):
        seal(b"records", EPOCH_KEY.public, purpose, REALM)
    with pytest.raises(RecordRejected, match="SEAL_SUITE"):
        opened(seal(b"records", EPOCH_KEY.public, Purpose.QR, REALM), EPOCH_KEY, purpose)


def test_a_damaged_or_truncated_seal_is_refused():
    sealed = seal(b"records", CENTRE.public, Purpose.UP, REALM)
    for damaged in (sealed[:-1], sealed + b"\0", sealed[:-1] + bytes([sealed[-1] ^ 1]), b"", b"\x84"):
        with pytest.raises(RecordRejected):
            opened(damaged)


@pytest.mark.parametrize("public", [b"", bytes(1215), b"\xff" * 1216])
def test_a_sealing_key_that_is_none_is_refused(public):
    with pytest.raises(RecordRejected, match="KEY_"):
        seal(b"records", SealingPublicKey(SuiteId.MLKEM768_X25519, public), Purpose.UP, REALM)


def test_a_sealing_key_is_not_shown_by_repr():
    assert CENTRE.private.hex()[:8] not in repr(CENTRE)
    assert repr(CENTRE.private)[2:10] not in repr(CENTRE)


def test_a_kiosk_body_opens_with_the_key_that_the_centre_got_and_for_its_request():
    body_key, body = os.urandom(32), b"plain body"
    encrypted = encrypt_body(body, body_key, rid(), os.urandom)
    at_centre = open_body_key(seal_body_key(body_key, CENTRE.public, REALM), {CENTRE.kid: CENTRE}, REALM)
    assert decrypt_body(encrypted, at_centre, rid()) == body
    assert len(encrypted) - len(body) <= 28 + 4
    for arguments in (
        (encrypted, bytes(32), rid()),
        (encrypted, body_key, rid(2)),
        (encrypted[:-1], body_key, rid()),
    ):
        with pytest.raises(RecordRejected):
            decrypt_body(*arguments)


def test_a_bundle_up_comes_back_as_it_was():
    kiosk = Device("kiosk")
    pairs = tuple(kiosk.records(filed(), rid(n)) for n in range(5))
    up = read_up(kiosk.bundle())
    manifest = verify_up(up, VerifyingKey(kiosk.key.cose_key), REALM)
    assert (up.pairs, up.kid, manifest.log_id, manifest.count) == (pairs, kiosk.key.kid, kiosk.log_id, 5)


@pytest.mark.parametrize("count", [0, 1, 3, 7, 8, 9, 10, 17, 40])
def test_a_bundle_is_padded_so_that_its_length_says_little(count):
    kiosk = Device("kiosk")
    for number in range(count):
        kiosk.records(filed(), rid(number))
    length = len(kiosk.bundle())
    assert length % (512 if length <= 4096 else 4096) == 0


def test_a_bundle_whose_events_were_changed_on_the_way_is_refused():
    kiosk = Device("kiosk")
    one, two = (kiosk.records(filed(), rid(n)) for n in range(2))
    manifest, _, padding = canonical.decode(kiosk.bundle(), max_bytes=100_000)
    for events, code in (
        ([two, one], "BUNDLE_HASH"),
        ([one, one], "BUNDLE_HASH"),
        ([one], "BUNDLE_COUNT"),
        ([one, two, two], "BUNDLE_COUNT"),
    ):
        changed = canonical.encode([manifest, [[pair.sign1, pair.body] for pair in events], padding])
        with pytest.raises(RecordRejected, match=code):
            verify_up(read_up(changed), VerifyingKey(kiosk.key.cose_key), REALM)


def test_a_bundle_with_too_many_events_or_noise_as_padding_is_refused():
    kiosk = Device("kiosk")
    pair = kiosk.records(filed(), rid())
    with pytest.raises(RecordRejected, match="BUNDLE_TOO_MANY"):
        kiosk.bundle((pair,) * (BUNDLE_EVENTS_MAX + 1))
    manifest, events, padding = canonical.decode(kiosk.bundle(), max_bytes=100_000)
    with pytest.raises(RecordRejected, match="BUNDLE_PADDING"):
        read_up(canonical.encode([manifest, events, b"\1" + padding[1:]]))


def test_an_answer_is_no_question_and_a_question_no_answer():
    kiosk, server = Device("kiosk"), key("server")
    request = kiosk.records(filed(), rid())
    down = encode_down(down_manifest(kiosk, request), server, REALM)
    assert read_down(down, VerifyingKey(server.cose_key), REALM) == down_manifest(kiosk, request)
    with pytest.raises(RecordRejected):
        verify_up(read_up(down), VerifyingKey(server.cose_key), REALM)
    with pytest.raises(RecordRejected):
        read_down(kiosk.bundle(), VerifyingKey(kiosk.key.cose_key), REALM)


def test_an_answer_with_a_receipt_that_has_a_number_is_refused():
    kiosk, server = Device("kiosk"), key("server")
    manifest = down_manifest(kiosk, kiosk.records(filed(), rid()))
    wrong = replace(manifest, entries=(replace(manifest.entries[0], number=4),))
    with pytest.raises(RecordRejected, match="ENTRY_NUMBER"):
        read_down(encode_down(wrong, server, REALM), VerifyingKey(server.cose_key), REALM)


EMPTY_LISTS = b"\x9a\x00\x3f\xff\xfb" + b"\x80" * (BUNDLE_BYTES_MAX - 5)
"""Four million empty lists: the parser would need 300 MB and seconds."""


def test_megabytes_of_empty_lists_are_refused_before_they_are_parsed():
    with pytest.raises(RecordRejected, match="CBOR_ITEMS"):
        seal_kid(EMPTY_LISTS, purpose=Purpose.UP, max_bytes=BUNDLE_BYTES_MAX)
    with pytest.raises(RecordRejected, match="CBOR_ITEMS"):
        read_up(EMPTY_LISTS)
    inside = canonical.encode([EMPTY_LISTS[:-20], [], b""])
    with pytest.raises(RecordRejected, match="CBOR_SIZE"):
        read_up(inside)


def manifest_changed(plaintext: bytes, signer, **changes: object) -> bytes:
    """The same bundle, well signed, with some values of its manifest replaced."""
    manifest, events, _ = canonical.decode(plaintext, max_bytes=100_000)
    payload = canonical.decode(canonical.decode(manifest, max_bytes=100_000)[2], max_bytes=100_000)
    changed = payload | {int(label[1:]): value for label, value in changes.items()}
    return canonical.encode([sign(canonical.encode(changed), Typ.BUNDLE, signer, REALM), events, b""])


def test_true_is_not_the_number_one_in_a_version_or_a_direction():
    kiosk = Device("kiosk")
    kiosk.records(filed(), rid())
    for change in ({"_0": True}, {"_1": True}, {"_4": True}):
        with pytest.raises(RecordRejected, match="FIELD_"):
            verify_up(
                read_up(manifest_changed(kiosk.bundle(), kiosk.key, **change)),
                VerifyingKey(kiosk.key.cose_key),
                REALM,
            )
    sealed = canonical.decode(seal(b"records", CENTRE.public, Purpose.UP, REALM), max_bytes=10_000)
    with pytest.raises(RecordRejected, match="FIELD_INTEGER"):
        opened(canonical.encode([True, *sealed[1:]]))


@pytest.mark.parametrize("change", [{"_3": 1}, {"_4": 1}, {"_4": None}, {"_5": bytes(32)}, {"_5": None}])
def test_an_answer_says_that_it_carries_no_events(change):
    kiosk, server = Device("kiosk"), key("server")
    down = encode_down(down_manifest(kiosk, kiosk.records(filed(), rid())), server, REALM)
    with pytest.raises(RecordRejected):
        read_down(manifest_changed(down, server, **change), VerifyingKey(server.cose_key), REALM)


@pytest.mark.parametrize(
    ("purpose", "hostile"),
    [
        (Purpose.DOWN, SealingPublicKey(SuiteId.MLKEM768_X25519, CENTRE.public.public[:-32] + bytes(32))),
        (Purpose.QR, SealingPublicKey(SuiteId.X25519, bytes(32))),
    ],
)
def test_nothing_is_sealed_to_a_point_of_small_order(purpose, hostile):
    with pytest.raises(RecordRejected, match="KEY_FORM"):
        seal(b"records", hostile, purpose, REALM)


def test_a_receipt_s_qr_code_opens_at_a_brigade_and_nowhere_else():
    pair = Device("kiosk").records(filed(), rid())
    text = qr_text(pair, EPOCH, REALM)
    assert text is not None
    assert read_qr_text(text, {EPOCH_KEY.kid: EPOCH_KEY}, REALM) == pair
    wrong_key = sealing_key("epoch 2", SuiteId.X25519)
    for attempt in (
        text[:-1],
        "PRQ2:" + text[5:],
        text[5:],
        PREFIX,
        PREFIX + "lower",
        "X" * (QR_TEXT_CHARACTERS_MAX + 1),
    ):
        with pytest.raises(RecordRejected, match="QR"):
            read_qr_text(attempt, {EPOCH_KEY.kid: EPOCH_KEY}, REALM)
    with pytest.raises(RecordRejected, match="QR"):
        read_qr_text(text, {wrong_key.kid: wrong_key}, REALM)


def test_a_typical_request_fits_version_18_and_one_too_long_gets_no_qr_code():
    typical = qr_text(Device("kiosk").records(filed(), rid()), EPOCH, REALM)
    assert typical is not None
    assert len(typical) < 816  # alphanumeric capacity of version 18 at level M
    long_name = "é" * NAME_LENGTH_MAX
    everything = filed(
        mandant=replace(ANGELA, birth_name=long_name, given_names=long_name, used_name=long_name),
        mandataire=replace(JEAN_CLAUDE, birth_name=long_name, given_names=long_name, used_name=long_name),
        email="a" * 240 + "@exemple.fr",
    )
    longest = Device("kiosk").records(everything, rid())
    assert len(longest.body) < 1_600
    assert qr_text(longest, EPOCH, REALM) is None or len(qr_text(longest, EPOCH, REALM)) <= 2_867


def test_a_poll_is_a_bundle_without_events():
    kiosk = Device("kiosk")
    up = read_up(kiosk.bundle(()))
    assert (up.pairs, verify_up(up, VerifyingKey(kiosk.key.cose_key), REALM).count) == ((), 0)
    with pytest.raises(RecordRejected, match="BUNDLE_COUNT"):
        encode_up(
            verify_up(up, VerifyingKey(kiosk.key.cose_key), REALM), (EventPair(b"", None),), kiosk.key, REALM
        )
