"""What the centre shows of its tree: every answer leads from the checkpoint that the tablet named to the
newest one (RFC 9162, 2.1.4).
"""

from procuration.record.checkpoint import verify_checkpoint
from procuration.record.inbox import Consistency
from procuration.record.merkle import EMPTY_ROOT, verify_consistency
from procuration.record.receipt import Receipt, verify_receipt
from server.ledger.models import Checkpoint
from tests.builders import REALM, key


def shown(down):
    """The consistency entries of an answer, their proofs verified against the checkpoints of the ledger."""
    found = [entry.content for entry in down.entries if isinstance(entry.content, Consistency)]
    for one in found:
        head = verify_checkpoint(one.checkpoint, key("checkpoint").cose_key, REALM)
        roots = {0: EMPTY_ROOT} | dict(Checkpoint.objects.values_list("size", "root"))
        verify_consistency(one.old_size, head.size, one.path, bytes(roots[one.old_size]), head.root)
    return found


def receipts(down):
    return [entry.content for entry in down.entries if isinstance(entry.content, Receipt)]


def test_a_first_answer_shows_the_tree_to_whoever_knew_none(world, kiosk):
    kiosk.files()
    down = world.hears(kiosk)
    (one,) = shown(down)
    assert (one.old_size, one.path, down.checkpoint_size) == (0, (), 1)


def test_a_poll_without_growth_is_as_small_as_before(world, kiosk):
    kiosk.files()
    world.hears(kiosk)
    down = world.hears(kiosk)
    assert (shown(down), receipts(down), down.checkpoint_size) == ([], [], 1)


def test_a_poll_brings_the_growth_that_others_caused(world, kiosk, brigade, officer):
    kiosk.files()
    world.hears(kiosk)
    for _ in range(5):
        brigade.enrols(officer)
        world.hears(brigade)
    down = world.hears(kiosk)
    (one,) = shown(down)
    assert one.old_size == 1
    assert len(one.path) >= 2
    assert (receipts(down), down.checkpoint_size) == ([], 6)


def test_every_size_a_tablet_may_name_is_led_to_the_newest(world, kiosk, brigade, officer):
    kiosk.files()
    world.hears(kiosk)
    for _ in range(11):
        brigade.enrols(officer)
        world.hears(brigade)
    for size in range(1, 12):
        kiosk.tree = size
        (one,) = shown(world.hears(kiosk))
        assert one.old_size == size


def test_a_tablet_that_knows_a_larger_tree_is_shown_ours(world, kiosk):
    kiosk.files()
    world.hears(kiosk)
    kiosk.tree = 5
    sealed = kiosk.sealed()
    down = kiosk.reads(sealed, world.takes(sealed))
    (one,) = [entry.content for entry in down.entries if isinstance(entry.content, Consistency)]
    assert (one.old_size, one.path) == (5, ())
    assert verify_checkpoint(one.checkpoint, key("checkpoint").cose_key, REALM).size == 1


def test_receipt_and_proof_stand_under_one_checkpoint(world, kiosk, brigade, officer):
    brigade.enrols(officer)
    world.hears(brigade)
    kiosk.files()
    down = world.hears(kiosk)
    (one,), (receipt,) = shown(down), receipts(down)
    assert receipt.checkpoint == one.checkpoint
    assert verify_receipt(receipt, key("checkpoint").cose_key, REALM).tree.size == 2


def test_who_sends_events_again_gets_their_receipt_under_the_newest_checkpoint(
    world, kiosk, brigade, officer
):
    kiosk.files()
    world.hears(kiosk)
    brigade.enrols(officer)
    world.hears(brigade)
    kiosk.tree = 2
    sealed = kiosk.sealed(first=0)
    down = kiosk.reads(sealed, world.takes(sealed))
    (receipt,) = receipts(down)
    assert verify_receipt(receipt, key("checkpoint").cose_key, REALM).tree.size == 2
