"""What bad bundles get: a code, nothing half-written, nothing lost. The same on SQLite and PostgreSQL."""

from dataclasses import replace
from datetime import timedelta

import cbor2
import pytest

from procuration.domain.identifiers import Realm
from procuration.errors import RecordRejected
from procuration.record.event import EventPair
from procuration.record.inbox import LogStopped, StopReason
from procuration.record.limits import SEALED_BUNDLE_BYTES_MAX
from procuration.record.sealed import Purpose, seal
from server.dossiers.models import Procuration
from server.ledger.enums import BundleOutcome, Refusal
from server.ledger.models import Bundle, Device, Event, ForkEvidence, HeldEvent, Leaf, LeafDue, StrandedEvent
from tests import builders
from tests.builders import NOW, REALM, sealing_key
from tests.server.centre import Tablet


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Event, HeldEvent, Leaf, LeafDue, ForkEvidence))


def refused(world, sealed: bytes) -> str:
    """The code of a refusal that changed nothing in the ledger."""
    before = counts()
    with pytest.raises(RecordRejected) as caught:
        world.takes(sealed)
    assert counts() == before
    return caught.value.code


def sealed_to_centre(plaintext: bytes) -> bytes:
    return seal(plaintext, sealing_key("server").public, Purpose.UP, REALM)


@pytest.fixture
def three(kiosk) -> Tablet:
    """A kiosk with three requests to send."""
    for number in (1, 2, 3):
        kiosk.files(number)
    return kiosk


@pytest.mark.parametrize("length", [0, 1, 40, 1200, -1])
def test_a_truncated_bundle_is_refused(world, three, length):
    assert refused(world, three.sealed()[:length]) == Refusal.SEAL


def test_every_flipped_bit_is_refused(world, three):
    sealed = three.sealed()
    for place in (*range(24), *range(24, len(sealed), 97), len(sealed) - 1):
        damaged = bytearray(sealed)
        damaged[place] ^= 0x10
        assert refused(world, bytes(damaged)) == Refusal.SEAL


def test_a_bundle_too_large_is_refused_before_it_is_opened(world):
    assert refused(world, bytes(SEALED_BUNDLE_BYTES_MAX + 1)) == Refusal.TOO_LARGE


def test_a_bundle_of_another_realm_is_refused(world):
    stranger = Tablet("kiosk", realm=Realm(bytes(16)))
    stranger.files()
    assert refused(world, stranger.sealed()) == Refusal.SEAL


def test_a_manifest_signed_in_another_realm_is_refused(world, kiosk):
    stranger = Tablet("kiosk", realm=Realm(bytes(16)))
    stranger.files()
    assert refused(world, sealed_to_centre(stranger.bundle())) == Refusal.MANIFEST


def test_a_bundle_sealed_to_a_key_that_is_not_ours_is_refused(world, three):
    other = seal(three.bundle(), sealing_key("somebody").public, Purpose.UP, REALM)
    assert refused(world, other) == Refusal.SEAL


def test_a_bundle_sealed_for_another_purpose_is_refused(world, three):
    enrol = seal(three.bundle(), sealing_key("server").public, Purpose.ENROL, REALM)
    assert refused(world, enrol) == Refusal.SEAL


def test_a_bundle_of_an_unknown_device_is_refused(world):
    stranger = Tablet("stranger")
    stranger.files()
    assert refused(world, stranger.sealed()) == Refusal.UNKNOWN_DEVICE


def test_a_bundle_of_a_device_whose_term_has_not_begun_is_refused_and_listed(world, three):
    world.clock.at = NOW - timedelta(days=20)
    assert refused(world, three.sealed()) == Refusal.RETIRED_DEVICE
    assert Bundle.objects.get().code == Refusal.RETIRED_DEVICE


def test_a_bundle_of_a_device_that_the_directory_revoked_is_taken_in_and_its_tablet_told(world, three):
    directory = builders.directory()
    entry = replace(builders.entry(three.name, three.role, three.log_id), revoked_at=NOW - timedelta(hours=1))
    world.set_directory(replace(directory, entries=(*directory.entries, entry)))
    world.hears(three)
    assert three.stopped == LogStopped(StopReason.RETIRED, len(three.pairs))
    assert (Event.objects.count(), StrandedEvent.objects.count()) == (len(three.pairs), 0)


def test_a_bundle_for_the_log_of_another_device_is_refused(world, three, brigade):
    brigade.log_id = three.log_id
    assert refused(world, brigade.sealed()) == Refusal.MANIFEST


def test_reordered_events_are_refused(world, three):
    one, two, last = three.pairs
    assert refused(world, three.sealed_bundle(sealing_key("server"), (one, last, two))) == Refusal.ORDER


def test_doubled_events_are_refused(world, three):
    one, two, last = three.pairs
    assert refused(world, three.sealed_bundle(sealing_key("server"), (one, one, two, last))) == Refusal.ORDER


def test_an_event_left_out_is_refused(world, three):
    one, _, last = three.pairs
    assert refused(world, three.sealed_bundle(sealing_key("server"), (one, last))) == Refusal.ORDER


def test_an_event_signed_by_another_key_is_refused(world, three):
    forger = Tablet("forger", role=three.role)
    forger.log_id, forger.head = three.log_id, replace(forger.head, log_id=three.log_id)
    forger.head = replace(forger.head, hash=type(forger.head).of_empty_log(three.log_id).hash)
    forger.files()
    assert refused(world, three.sealed_bundle(sealing_key("server"), (forger.pairs[0],))) == Refusal.EVENTS


def test_an_event_with_a_flipped_bit_under_a_good_manifest_is_refused(world, three):
    pair = three.pairs[0]
    for place in range(0, len(pair.sign1), 13):
        damaged = bytearray(pair.sign1)
        damaged[place] ^= 1
        bundle = three.sealed_bundle(sealing_key("server"), (EventPair(bytes(damaged), pair.body),))
        assert refused(world, bundle) in (Refusal.EVENTS, Refusal.ORDER)


DUPLICATE_KEY = bytes.fromhex("a2 00 01 00 01")
TAGGED = bytes.fromhex("c0 60")
TRAILING = cbor2.dumps([b"", [], b""]) + b"\x00"


@pytest.mark.parametrize("plaintext", [DUPLICATE_KEY, TAGGED, TRAILING, b"", b"\x9f\xff", b"\xf9\x00\x00"])
def test_plaintexts_that_are_not_canonical_are_refused(world, kiosk, plaintext):
    assert refused(world, sealed_to_centre(plaintext)) == Refusal.MANIFEST


@pytest.mark.parametrize("spoil", [lambda data: data + b"\x00", lambda data: b"\xd2" + data])
def test_trailing_bytes_and_tags_around_a_good_bundle_are_refused(world, three, spoil):
    assert refused(world, sealed_to_centre(spoil(three.bundle()))) == Refusal.MANIFEST


def test_a_good_bundle_is_taken_after_all_that(world, three):
    with pytest.raises(RecordRejected):
        world.takes(three.sealed()[:-1])
    world.hears(three)
    assert Event.objects.filter(device__log_id=three.log_id.hex()).count() == 3
    assert three.receipts[-1].seq == 2


def test_a_bundle_received_twice_is_answered_twice_and_stored_once(world, three):
    sealed = three.sealed()
    first, second = (three.reads(sealed, world.takes(sealed)) for _ in range(2))
    assert Event.objects.count() == 3
    assert [bundle.outcome for bundle in Bundle.objects.order_by("pk")] == [
        BundleOutcome.ACCEPTED,
        BundleOutcome.DUPLICATE,
    ]
    assert three.receipts[0].hash == three.receipts[1].hash
    assert first.ledger_epoch == second.ledger_epoch


def test_a_larger_bundle_that_starts_with_known_events_adds_only_the_rest(world, three):
    world.hears(three, 0, 2)
    world.hears(three, 0, 3)
    assert Event.objects.count() == 3
    assert Bundle.objects.latest("pk").added == 1


def test_events_after_a_gap_are_held_and_join_when_it_is_filled(world, three):
    world.hears(three, 1, 3)
    assert (Event.objects.count(), HeldEvent.objects.count()) == (0, 2)
    assert three.receipts == []
    world.hears(three, 0, 1)
    assert (Event.objects.count(), HeldEvent.objects.count()) == (3, 0)
    assert three.receipts[-1].seq == 2


def test_held_events_are_limited(world, three, monkeypatch):
    monkeypatch.setattr("server.ledger.importing.HELD_EVENTS_MAX", 1)
    assert refused(world, three.sealed(1, 3)) == Refusal.TOO_MANY_HELD


def second_history(tablet: Tablet) -> Tablet:
    """The same keys and log, another past: a restored or copied store."""
    return Tablet(tablet.name, role=tablet.role)


def test_two_histories_of_one_log_are_both_kept_and_freeze_it(world, three):
    world.hears(three)
    clone = second_history(three)
    clone.files(9)
    world.hears(clone)
    assert clone.stopped == LogStopped(StopReason.FORKED, 0)
    assert Bundle.objects.get(outcome=BundleOutcome.STRANDED).code == Refusal.FORK
    evidence = ForkEvidence.objects.get()
    assert (evidence.seq, bytes(evidence.sign1)) == (0, clone.pairs[0].sign1)
    assert Event.objects.filter(seq=0).count() == 1
    three.files(4)
    world.hears(three)
    assert three.stopped == LogStopped(StopReason.FORKED, 0)
    assert Event.objects.filter(device__log_id=three.log_id.hex()).count() == 3
    second = {row.seq: bytes(row.sign1) for row in StrandedEvent.objects.all()}
    assert second == {0: clone.pairs[0].sign1, 3: three.pairs[3].sign1}


def test_a_next_event_with_another_predecessor_is_a_fork(world, three):
    world.hears(three)
    clone = second_history(three)
    for number in (11, 12, 13, 14):
        clone.files(number)
    world.hears(clone, 3, 4)
    assert clone.stopped == LogStopped(StopReason.FORKED, 3)
    assert ForkEvidence.objects.get().seq == 3
    world.hears(clone, 1, 3)  # what came before tells where the histories part
    assert clone.stopped == LogStopped(StopReason.FORKED, 1)
    assert set(ForkEvidence.objects.values_list("seq", flat=True)) == {1, 2, 3}


def test_another_held_event_at_the_same_place_is_a_fork(world, three):
    world.hears(three, 1, 3)
    clone = second_history(three)
    for number in (11, 12, 13):
        clone.files(number)
    world.hears(clone, 2, 3)
    assert clone.stopped == LogStopped(StopReason.FORKED, 2)


def test_a_poll_leaves_no_row_and_costs_less_than_two_kilobytes(world, kiosk):
    world.hears(kiosk)
    kiosk.files()
    world.hears(kiosk)
    sealed = kiosk.sealed()
    answer = world.takes(sealed)
    assert Bundle.objects.count() == 1
    assert len(sealed) <= 2048
    assert len(answer) <= 2048
    assert Device.objects.get(log_id=kiosk.log_id.hex()).last_contact == NOW


def test_held_events_hidden_under_a_key_that_fills_the_gap_are_opened(world, kiosk):
    kiosk.starts_hiding_bodies()
    kiosk.files(1)
    kiosk.files(2)
    world.hears(kiosk, 1, 3)
    world.hears(kiosk, 0, 1)
    assert Procuration.objects.count() == 2
