"""The bytes of every format do not change by accident: what is checked in is what the code writes today."""

import json
from datetime import timedelta

import pytest

from procuration.record import canonical
from procuration.record.backlog import Backlog
from procuration.record.body_key import decrypt_body, open_body_key
from procuration.record.bundle import read_down, read_up, verify_up
from procuration.record.cose_key import VerifyingKey
from procuration.record.directory import read_directory
from procuration.record.enrolment import read_request, verify_enrolment
from procuration.record.event import open_body, read_pair, verify_event
from procuration.record.limits import EVENT_BYTES_MAX, SEALED_BUNDLE_BYTES_MAX
from procuration.record.printed import read_qr_text
from procuration.record.receipt import Level, Receipt, verify_receipt
from procuration.record.sealed import open_seal
from tests.builders import NOW, REALM, key, log_id, rid
from tests.record.vectors.make_vectors import (
    BODY_KEY,
    FILE,
    SEALS,
    plaintext_of,
    recipient,
    signed_vectors,
)

VECTORS = {name: bytes.fromhex(value) for name, value in json.loads(FILE.read_text()).items()}


def test_what_is_signed_or_encoded_today_is_what_is_checked_in():
    written = signed_vectors({name: VECTORS[name].hex() for name in SEALS})
    assert {name: bytes.fromhex(value) for name, value in written.items()} == {
        name: value for name, value in VECTORS.items() if not name.startswith("seal ")
    }


@pytest.mark.parametrize("name", [name for name in VECTORS if name.startswith("event ")])
def test_every_event_of_the_vectors_verifies_and_opens(name):
    pair = read_pair(canonical.decode(VECTORS[name], max_bytes=EVENT_BYTES_MAX))
    signers = [VerifyingKey(key(signer).cose_key) for signer in ("kiosk", "brigade", "server", "web")]
    kid = canonical.decode(canonical.decode(pair.sign1, max_bytes=4096)[0], max_bytes=64)[4]
    (signer,) = [one for one in signers if one.kid == kid]
    envelope = verify_event(pair.sign1, signer, REALM)
    assert envelope.kind == int(name.split()[1])
    assert open_body(envelope, pair.body) is not None


@pytest.mark.parametrize("name", SEALS)
def test_every_seal_of_the_vectors_opens_with_its_own_key(name):
    purpose, recipient_name = SEALS[name]
    private = recipient(purpose, recipient_name)
    opened = open_seal(
        VECTORS[name], {private.kid: private}, purpose, REALM, max_bytes=SEALED_BUNDLE_BYTES_MAX
    )
    assert opened == plaintext_of(name)


def test_the_printed_receipt_of_the_vectors_is_the_filed_event():
    epoch = recipient(*SEALS["seal qr, a receipt"])
    read = read_qr_text(VECTORS["printed receipt"].decode("ascii"), {epoch.kid: epoch}, REALM)
    assert canonical.encode([read.sign1, read.body]) == VECTORS["event 1 filed"]


def test_the_body_key_that_the_kiosk_of_the_vectors_logged_opens_its_request():
    centre = recipient(*SEALS["seal body, the key of a kiosk"])
    pair = read_pair(canonical.decode(VECTORS["event 13 body key"], max_bytes=EVENT_BYTES_MAX))
    envelope = verify_event(pair.sign1, VerifyingKey(key("kiosk").cose_key), REALM)
    content = open_body(envelope, pair.body)
    opened = open_body_key(content.sealed_key, {centre.kid: centre}, REALM)
    filed = read_pair(canonical.decode(VECTORS["event 1 filed"], max_bytes=EVENT_BYTES_MAX))
    assert decrypt_body(VECTORS["body 1 encrypted"], opened, rid()) == filed.body


def test_the_bundles_of_the_vectors_verify():
    kiosk, server = VerifyingKey(key("kiosk").cose_key), VerifyingKey(key("server").cose_key)
    assert verify_up(read_up(VECTORS["bundle up"]), kiosk, REALM).count == 1
    assert verify_up(read_up(VECTORS["bundle up, a poll"]), kiosk, REALM).count == 0
    assert len(read_down(VECTORS["bundle down"], server, REALM).entries) == 7


def test_the_bundle_of_the_vectors_announces_what_its_tablet_still_holds():
    kiosk = VerifyingKey(key("kiosk").cose_key)
    assert verify_up(read_up(VECTORS["bundle up, a backlog"]), kiosk, REALM).backlog == Backlog(
        length=12, oldest=NOW - timedelta(hours=30)
    )


def test_the_encrypted_body_of_the_vectors_is_the_body_of_the_filed_event():
    pair = read_pair(canonical.decode(VECTORS["event 1 filed"], max_bytes=EVENT_BYTES_MAX))
    assert decrypt_body(VECTORS["body 1 encrypted"], BODY_KEY, rid()) == pair.body


def test_the_receipt_of_the_vectors_proves_the_head_of_the_kiosk():
    receipt = Receipt(Level.RECEIVED, VECTORS["checkpoint"], VECTORS["receipt proof"])
    proved = verify_receipt(receipt, key("checkpoint").cose_key, REALM)
    assert (proved.log_id, proved.seq, proved.tree.size) == (log_id("kiosk"), 0, 7)


def test_the_directory_of_the_vectors_vouches_for_its_enrolments():
    listed = read_directory(VECTORS["directory.cbor"])
    for name in ("enrolment of a device", "enrolment of an officer"):
        assert verify_enrolment(VECTORS[name], listed, REALM).unit
    assert read_request(VECTORS["enrolment request"]).log_id == log_id("kiosk")
