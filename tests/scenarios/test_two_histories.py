"""A store that was copied, or went back in time: found at the first contact or at the start, both histories
kept, nothing that was not yet sent lost (SECURITY-DESIGN 6, I-5)."""

import shutil

import pytest

from kiosk_app.store.integrity import FORKED, RESTORED, RETIRED
from procuration.errors import ProcurationError
from procuration.record.enrolment import Profile
from server.ledger.models import ForkEvidence, StrandedEvent
from tests.kiosk.world import AGENT_CODE, OFFICER_CODE
from tests.scenarios.world import copy_of, hashes_at_centre, hashes_here, kept_whole, starts_stopped


def code_of(tablet):
    return AGENT_CODE if tablet.profile is Profile.ACCUEIL else OFFICER_CODE


def signs_nothing_more(scene, tablet):
    with pytest.raises(ProcurationError) as refused:
        scene.works(tablet)
    return refused.value.code


@pytest.fixture
def clone(scene, tablet):
    """The same disk on two machines, both at work."""
    scene.works(tablet)
    scene.syncs(tablet)
    tablet.station.close()
    twin = copy_of(tablet, "clone")
    tablet.starts(code_of(tablet))
    twin.starts(code_of(tablet))
    yield twin
    twin.station.close()


@pytest.mark.parametrize("who_comes_first", ["the tablet", "its clone"])
def test_i_5_a_clone_is_found_at_first_contact_and_both_histories_are_kept(
    scene, tablet, clone, who_comes_first
):
    scene.works(tablet)
    scene.works(clone)
    first, second = (tablet, clone) if who_comes_first == "the tablet" else (clone, tablet)
    scene.syncs(first)
    assert first.store.log.stopped is None
    scene.syncs(second)
    assert second.store.log.stopped == FORKED
    assert signs_nothing_more(scene, second) == FORKED
    assert kept_whole(tablet)
    assert kept_whole(clone)
    scene.works(first)
    first.exchange.ask_again()
    scene.syncs(first)
    assert first.store.log.stopped == FORKED
    assert kept_whole(first)
    assert first.store.next_waiting is None
    assert second.store.next_waiting is None


def test_i_5_a_clone_whose_honest_tablet_has_nothing_to_send_is_told_at_its_next_poll(scene, tablet, clone):
    scene.syncs(tablet)
    scene.works(clone)
    scene.syncs(clone)
    tablet.exchange.ask_again()
    scene.syncs(tablet)
    assert tablet.store.log.stopped == FORKED


def test_a_stopped_log_stays_stopped_at_the_next_start(scene, tablet, clone):
    scene.syncs(tablet)
    scene.works(clone)
    scene.syncs(clone)
    clone.station.close()
    assert starts_stopped(clone) == FORKED
    assert signs_nothing_more(scene, clone) in (FORKED, "SESSION_FERMEE")


def restored(tablet, *, with_spool):
    """Everything that a backup held comes back; work went on in between."""
    tablet.station.close()
    backup = copy_of(tablet, "backup", with_spool=True)

    def back():
        tablet.station.close()
        shutil.rmtree(tablet.folder)
        shutil.copytree(backup.folder, tablet.folder)
        if with_spool:
            shutil.rmtree(tablet.spool.folder)
            shutil.copytree(backup.spool.folder, tablet.spool.folder)

    tablet.starts(code_of(tablet))
    return back


def test_a_backup_of_the_store_is_found_at_its_start_by_the_mark_in_the_spool(scene, tablet):
    waiting = scene.works(tablet)
    go_back = restored(tablet, with_spool=False)
    scene.works(tablet)
    scene.syncs(tablet)
    go_back()
    head = len(hashes_at_centre(tablet))
    assert starts_stopped(tablet) == RESTORED
    assert signs_nothing_more(scene, tablet) in (RESTORED, "SESSION_FERMEE")
    scene.syncs(tablet)
    assert not ForkEvidence.objects.exists()
    assert len(hashes_at_centre(tablet)) == head
    assert kept_whole(tablet)
    assert tablet.store.log.of_request(waiting)


def test_a_backup_of_the_whole_disk_is_found_at_first_contact(scene, tablet):
    go_back = restored(tablet, with_spool=True)
    scene.works(tablet)
    scene.syncs(tablet)
    go_back()
    assert starts_stopped(tablet, code_of(tablet)) is None
    scene.works(tablet)
    scene.syncs(tablet)
    assert tablet.store.log.stopped == FORKED
    assert ForkEvidence.objects.filter(device__log_id=tablet.log_id.hex()).exists()
    assert kept_whole(tablet)
    assert tablet.store.next_waiting is None


def test_an_answer_to_a_bundle_that_the_restored_store_never_sent_is_believed(scene, tablet):
    """The agent of the real disk left an answer that proves more of this log than the store has."""
    go_back = restored(tablet, with_spool=False)
    scene.works(tablet)
    scene.answers.clear()
    scene.syncs(tablet)
    (tablet.spool.folder / "high-water.cbor").unlink()
    go_back()
    assert starts_stopped(tablet, code_of(tablet)) is None
    for number, sealed in enumerate(scene.answers):
        (tablet.spool.folder / "in" / f"{number:032x}.prb").write_bytes(sealed)
    tablet.exchange.step()
    assert tablet.store.log.stopped in (RESTORED, FORKED)


def test_a_retired_tablet_is_told_and_what_it_had_is_kept(scene, tablet):
    scene.works(tablet)
    scene.retires(tablet)
    scene.syncs(tablet)
    assert tablet.store.log.stopped == RETIRED
    assert kept_whole(tablet)
    assert not StrandedEvent.objects.exists()
    assert tablet.store.next_waiting is None


def test_i_4_a_mark_that_was_deleted_says_nothing_and_a_healthy_tablet_starts(scene, tablet):
    scene.works(tablet)
    tablet.station.close()
    for folder in (tablet.folder, tablet.spool.folder):
        (folder / "high-water.cbor").write_bytes(b"what is this")
    assert starts_stopped(tablet) is None
    assert hashes_here(tablet)
