"""A body that a device has purged comes as null: the event keeps its place, and has no effect."""

from procuration.record.directory import Role
from procuration.record.event import EventPair
from server.dossiers.models import Procuration
from server.dossiers.rebuilding import rebuild_all
from server.ledger.enums import Aside
from server.ledger.models import Event, ForkEvidence, HeldEvent, SetAside
from server.ledger.verifying import verify_ledger
from tests.server.centre import Tablet


def purge(tablet, place):
    tablet.pairs[place] = EventPair(tablet.pairs[place].sign1, None)


def test_it_is_stored_and_receipted_and_set_aside(world, kiosk):
    kiosk.files(1)
    kiosk.files(2)
    purge(kiosk, 0)
    world.hears(kiosk)
    assert [row.body is None for row in Event.objects.order_by("seq")] == [True, False]
    assert kiosk.receipts[-1].seq == 1
    assert list(SetAside.objects.values_list("seq", "code")) == [(0, Aside.PURGED)]
    assert Procuration.objects.exclude(status=0).count() == 1
    assert rebuild_all(world.centre, lambda _: None).differed == 0
    assert verify_ledger(world.centre, lambda _: None).faults == []


def test_it_is_held_and_released_like_any_other(world, kiosk):
    for number in (1, 2, 3):
        kiosk.files(number)
    purge(kiosk, 1)
    world.hears(kiosk, 1, 3)
    assert HeldEvent.objects.count() == 2
    world.hears(kiosk, 0, 1)
    assert HeldEvent.objects.count() == 0
    assert [row.body is None for row in Event.objects.order_by("seq")] == [False, True, False]
    assert list(SetAside.objects.values_list("seq", "code")) == [(1, Aside.PURGED)]


def test_one_that_the_centre_has_with_its_body_is_a_duplicate(world, kiosk):
    kiosk.files(1)
    world.hears(kiosk)
    purge(kiosk, 0)
    world.hears(kiosk, 0, 1)
    assert Event.objects.get().body is not None
    assert (SetAside.objects.count(), ForkEvidence.objects.count()) == (0, 0)


def test_another_history_whose_body_is_gone_is_kept_as_proof(world, kiosk):
    kiosk.files(1)
    world.hears(kiosk)
    copy = Tablet("kiosk", role=Role.KIOSK)
    copy.files(90)
    purge(copy, 0)
    world.takes(copy.sealed(0, 1))
    evidence = ForkEvidence.objects.get()
    assert (evidence.seq, bytes(evidence.sign1), bytes(evidence.body)) == (0, copy.pairs[0].sign1, b"")
    assert rebuild_all(world.centre, lambda _: None).differed == 0
    assert all(
        one.startswith("JOURNAL_BIFURQUE ") for one in verify_ledger(world.centre, lambda _: None).faults
    )


def test_the_habilitation_of_an_officer_and_their_act_may_both_be_gone(world, kiosk, brigade, officer):
    request = kiosk.files(1)
    brigade.acts(request, officer)
    purge(brigade, 0)
    purge(brigade, 1)
    world.hears(kiosk)
    world.hears(brigade)
    assert {(row.device.log_id, row.code) for row in SetAside.objects.all()} == {
        (brigade.log_id.hex(), Aside.PURGED)
    }
    assert rebuild_all(world.centre, lambda _: None).differed == 0
    assert verify_ledger(world.centre, lambda _: None).faults == []
