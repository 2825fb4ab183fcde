"""Several workers at once: one log has one writer, the tree has one, and nobody waits for another device."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from procuration.domain.status import Status
from server.config.centre import install_centre
from server.dossiers.models import Procuration
from server.ledger.heads import lock_head
from server.ledger.models import Bundle, Checkpoint, Device, Event, Leaf, LeafDue
from server.ledger.services import import_bundle
from server.ledger.tree import append_due_leaves
from server.ledger.verifying import verify_ledger
from tests.server.centre import Tablet, World, centre_of

WORKERS = 4
KIOSKS = 6


@pytest.fixture
def shared_world(transactional_db, tmp_path):
    """A centre whose database several threads share: what they commit is real."""
    world = World(centre_of(tmp_path))
    install_centre(world.centre)
    yield world
    install_centre(None)


def at_once(world: World, bundles: list[bytes]) -> list[bytes]:
    def take(sealed: bytes) -> bytes:
        try:
            return world.takes(sealed)
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as workers:
        return list(workers.map(take, bundles))


def busy_kiosks(world: World) -> list[Tablet]:
    kiosks = [world.kiosk(f"kiosk {number}") for number in range(KIOSKS)]
    for number, kiosk in enumerate(kiosks):
        for request in range(5):
            kiosk.files(10 * number + request, reference=None)
    return kiosks


def test_bundles_of_many_devices_at_once_are_all_stored_and_proved(shared_world):
    kiosks = busy_kiosks(shared_world)
    sealed = [kiosk.sealed() for kiosk in kiosks]
    for kiosk, up, down in zip(kiosks, sealed, at_once(shared_world, sealed), strict=True):
        kiosk.reads(up, down)
    append_due_leaves(shared_world.centre)
    assert Event.objects.count() == 5 * KIOSKS
    assert Leaf.objects.count() == KIOSKS
    assert LeafDue.objects.count() == 0
    assert verify_ledger(shared_world.centre, lambda _: None).faults == []


def test_one_bundle_delivered_by_several_workers_at_once_is_stored_once(shared_world):
    kiosk = busy_kiosks(shared_world)[0]
    sealed = kiosk.sealed()
    answers = at_once(shared_world, [sealed] * WORKERS)
    for down in answers:
        kiosk.reads(sealed, down)
    assert Event.objects.count() == 5
    assert sorted(Bundle.objects.values_list("added", flat=True)) == [0, 0, 0, 5]


def test_a_kiosk_and_a_brigade_that_bring_one_request_at_once_make_one_dossier(shared_world, officer):
    kiosk, brigade = shared_world.kiosk(), shared_world.brigade()
    brigade.enrols(officer)
    for number in range(1, 6):
        brigade.acts(kiosk.files(number, reference=None), officer, number)
    at_once(shared_world, [kiosk.sealed(), brigade.sealed()])
    assert verify_ledger(shared_world.centre, lambda _: None).faults == []
    assert {row["status"] for row in Procuration.objects.values("status")} == {Status.TRANSMISE}
    assert Procuration.objects.count() == 5


def test_whoever_names_a_log_does_not_wait_for_the_import_that_holds_it(shared_world):
    """Else a kiosk's import waits for the requests of a brigade's, which waits for the kiosk's row."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    device = Device.objects.get(log_id=shared_world.kiosk().log_id.hex())

    def name_it() -> int:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '2s'")
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                return LeafDue.objects.create(device_id=device.pk, seq=0).seq
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other, transaction.atomic():
        lock_head(device.pk)
        assert other.submit(name_it).result() == 0


def test_a_leaf_that_a_killed_worker_left_is_appended_by_the_next(shared_world):
    kiosk = shared_world.kiosk()
    kiosk.files()
    import_bundle(shared_world.centre, kiosk.sealed(), shared_world.clock.now())
    assert (LeafDue.objects.count(), Checkpoint.objects.count()) == (1, 0)
    shared_world.hears(kiosk)
    assert (LeafDue.objects.count(), kiosk.receipts[-1].seq) == (0, 0)


def test_proofs_hold_for_every_size_of_the_log(shared_world):
    kiosk = shared_world.kiosk()
    for number in range(1, 20):
        kiosk.files(number, reference=None)
        shared_world.hears(kiosk)
    assert [proved.tree.size for proved in kiosk.receipts] == list(range(1, 20))
