"""A stopped tablet starts again under a new log, and what it had not yet sent reaches the centre by the old
one (SECURITY-DESIGN 6)."""

import pytest

from kiosk_app.store.integrity import FORKED, RESTORED
from kiosk_app.store.old_logs import old_logs
from kiosk_app.use_cases.finish_old_logs import KEPT_AFTER_ANSWER
from procuration.domain.events import Kind
from procuration.domain.status import Status
from procuration.errors import RuleViolated
from procuration.record.enrolment import Profile
from procuration.record.receipt import Level
from server.dossiers.models import Procuration
from server.ledger.enums import Aside
from tests.kiosk.world import CHECKED, OFFICER_CODE
from tests.scenarios.test_two_histories import clone, restored
from tests.scenarios.world import hashes_at_centre, hashes_here, starts_stopped

__all__ = ["clone"]


def folder_of(tablet):
    return tablet.folder / f"old-log-{tablet.log_id.hex()}"


def at_work_again(scene, tablet):
    """The new log is enrolled, signs, and what it signs is received."""
    if tablet.profile is Profile.BRIGADE:
        tablet.enrols_officer()
        tablet.receives()
    scene.syncs(tablet)
    rid = scene.works(tablet)
    scene.syncs(tablet)
    assert tablet.store.outbox.receipted_seq(Level.RECEIVED) == tablet.store.log.head.next_seq - 1
    return rid


def all_there(tablet, history) -> bool:
    there = hashes_at_centre(tablet)
    return all(value in there.get(seq, ()) for seq, value in history.items())


def test_i_5_the_tablet_that_was_cloned_goes_on_and_loses_nothing_it_had_not_sent(scene, tablet, clone):
    scene.works(clone)
    scene.syncs(clone)
    unsent = [scene.works(tablet), scene.works(tablet)]
    scene.syncs(tablet)
    assert tablet.store.log.stopped == FORKED
    history = hashes_here(tablet)
    new = scene.renews(tablet)
    assert new.log_id != tablet.log_id
    at_work_again(scene, new)
    assert all_there(tablet, history)
    assert all(rid for rid in unsent)
    assert old_logs(new.store.settings)


def test_a_tablet_that_is_renewed_before_any_contact_sends_the_old_log_from_the_new_one(scene, tablet):
    """Found at the start, no network: what waits is sealed by the old key and carried later."""
    waiting = scene.works(tablet)
    go_back = restored(tablet, with_spool=False)
    scene.works(tablet)
    tablet.exchange.step()
    go_back()
    assert starts_stopped(tablet) == RESTORED
    history = hashes_here(tablet)
    new = scene.renews(tablet)
    assert not all_there(tablet, history)
    at_work_again(scene, new)
    assert all_there(tablet, history)
    if tablet.profile is Profile.ACCUEIL:  # a log that was only cut short is no fork: it keeps its effect
        assert Procuration.objects.get(rid=waiting.hex()).status == Status.DEMANDE


def test_a_spool_that_is_lost_after_the_renewal_is_filled_again_from_the_old_store(scene, tablet):
    scene.works(tablet)
    go_back = restored(tablet, with_spool=False)
    scene.works(tablet)
    tablet.exchange.step()
    go_back()
    starts_stopped(tablet)
    history = hashes_here(tablet)
    new = scene.renews(tablet)
    for file in (new.spool.folder / "out").glob("*.prb"):
        file.unlink()
    at_work_again(scene, new)
    assert all_there(tablet, history)


def test_i_4_the_old_store_goes_only_two_days_after_the_centre_has_all_of_it(scene, tablet, clone):
    scene.works(clone)
    scene.syncs(clone)
    scene.works(tablet)
    tablet.exchange.step()
    scene.carries(tablet)
    tablet.exchange.step()
    new = scene.renews(tablet)
    scene.clock.pass_(days=5)
    new.exchange.step()
    assert folder_of(tablet).is_dir()
    scene.syncs(new)
    new.exchange.step()
    scene.clock.pass_(seconds=KEPT_AFTER_ANSWER.total_seconds() - 60)
    new.exchange.step()
    assert folder_of(tablet).is_dir()
    scene.clock.pass_(seconds=120)
    new.exchange.step()
    assert not folder_of(tablet).exists()
    assert old_logs(new.store.settings) == ()


def test_an_officer_is_shown_the_acts_to_confirm_and_doing_one_again_takes_it_off_the_list(scene):
    brigade = scene.brigade()
    brigade.station.close()
    from tests.scenarios.world import copy_of

    twin = copy_of(brigade, "clone")
    brigade.starts(OFFICER_CODE)
    twin.starts(OFFICER_CODE)
    scene.works(twin)
    scene.syncs(twin)
    twin.station.close()
    scene.works(brigade)
    scene.office.clock.pass_(seconds=1)
    scene.syncs(scene.office)
    scene.syncs(brigade)
    rid = brigade.store.log.of_kind(Kind.ACT)[-1].rid
    assert Procuration.objects.get(rid=rid.hex()).status == Status.EN_ATTENTE_HUMAINE
    assert Procuration.objects.get(rid=rid.hex()).code == Aside.FORK
    new = scene.renews(brigade).enrols_officer()
    new.receives()
    scene.syncs(new)
    listed = new.store.acts_to_confirm.listed()
    assert [one.rid for one in listed] == [rid]
    held = new.store.requests.find(rid)
    found = new.find.by_reference(listed[0].reference, held.filed.mandant.birth_date)
    new.validate(found.rid, CHECKED, OFFICER_CODE)
    assert new.store.acts_to_confirm.listed() == ()
    scene.syncs(new)
    assert Procuration.objects.get(rid=rid.hex()).act_log == new.log_id.hex()


def test_a_healthy_tablet_is_not_given_up(scene, tablet):
    with pytest.raises(RuleViolated, match="POSTE_EN_SERVICE"):
        scene.renews(tablet)
    assert starts_stopped(tablet) is None


@pytest.mark.parametrize("moved", range(1, 9))
def test_a_renewal_that_a_crash_cuts_short_is_taken_up_again(scene, monkeypatch, moved):
    tablet = scene.kiosk()
    scene.works(tablet)
    go_back = restored(tablet, with_spool=False)
    scene.works(tablet)
    tablet.exchange.step()
    go_back()
    starts_stopped(tablet)
    history = hashes_here(tablet)
    crash_after(monkeypatch, moved)
    with pytest.raises(PowerCut):
        scene.renews(tablet)
    monkeypatch.undo()
    new = scene.renews(tablet)
    at_work_again(scene, new)
    assert all_there(tablet, history)


class PowerCut(Exception):
    """The power goes."""


def crash_after(monkeypatch, moved):
    """The power goes when so many files were moved or written by the renewal."""
    import pathlib

    count = [0]
    real = pathlib.Path.replace

    def replace(path, target):
        if "old-log-" in str(target) or pathlib.Path(target).name in ("identity.cbor", "slots.cbor"):
            count[0] += 1
            if count[0] == moved:
                raise PowerCut
        return real(path, target)

    monkeypatch.setattr(pathlib.Path, "replace", replace)


def test_a_store_that_cannot_be_read_any_more_still_has_its_sealed_bundles_carried(scene, tablet):
    scene.works(tablet)
    tablet.exchange.step()
    history = hashes_here(tablet)
    tablet.station.close()
    (tablet.folder / "store.db").write_bytes(b"\x07" * 8192)
    new = scene.renews(tablet)
    at_work_again(scene, new)
    assert all_there(tablet, history)
    assert not [name for name in new.spool.bundle_names() if name in old_logs(new.store.settings)[0].bundles]
    assert folder_of(tablet).is_dir()
