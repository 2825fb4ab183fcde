"""The drill: a centre loses its database, an old backup is put back, and nothing acknowledged is lost
(SECURITY-DESIGN 8).
"""

import itertools
import json
import time
from dataclasses import replace

import pytest
from django.core.management import call_command
from django.db import transaction

from kiosk_app.store.alarms import AlarmCode
from procuration.domain.events import Kind
from procuration.domain.facts import Fact, FactCode
from procuration.domain.status import Status
from procuration.errors import CarrierUnavailable
from procuration.record.checkpoint import verify_checkpoint
from procuration.record.inbox import State
from procuration.record.receipt import Level, Receipt, verify_receipt
from server.config.centre import OWN_LOG_FILE, install_centre
from server.config.serving import serve_face
from server.config.settings import OPTIONS
from server.dossiers.models import Procuration
from server.dossiers.rebuilding import rebuild_all
from server.ledger.enums import Aside
from server.ledger.inbox import put
from server.ledger.ledger_head import FILE_NAME, read_head, refuse_a_backup
from server.ledger.models import Device, Event, ForkEvidence, Ledger, ReferenceLease, SetAside
from server.ledger.own_log import Entry, append, lock_own_log
from server.ledger.replaying import import_archive
from server.ledger.services import accept_bundle
from server.ledger.tree import append_due_leaves
from server.ledger.verifying import verify_everything, verify_ledger
from tests import builders
from tests.kiosk.world import CHECKED, OFFICER_CODE, draft
from tests.server.drill import Drill


@pytest.fixture
def drill(transactional_db, tmp_path):
    drill = Drill(tmp_path)
    yield drill
    drill.closes()
    install_centre(None)


def last_proved_ever(tablet):
    """The last event that any ledger proved to have, also one lost since."""
    found = tablet.store.outbox.newest_receipt(Level.RECEIVED)
    return -1 if found is None else found[0]


def acknowledged(tablet):
    """What the centre has ever proved to have of a tablet: place, hash."""
    last = last_proved_ever(tablet)
    return {event.seq: event.pair.hash for event in tablet.store.log.events(0, last + 1)}


def held_at_the_centre(tablet):
    rows = Event.objects.filter(device__log_id=tablet.log_id.hex()).values_list("seq", "hash")
    return {seq: bytes(value) for seq, value in rows}


def statuses():
    return dict(Procuration.objects.values_list("rid", "status"))


def verified_receipts(tablet):
    """Every receipt in the store verifies; the last place proved in today's ledger."""
    key = builders.key("checkpoint").cose_key
    for level, checkpoint, proof in tablet.store.connection.rows(
        "SELECT level, checkpoint, proof FROM receipt"
    ):
        verify_receipt(Receipt(Level(level), checkpoint, proof), key, builders.REALM)
    return tablet.store.outbox.receipted_seq(Level.RECEIVED)


def files(tablet, number):
    """Somebody files a request: each number is another person."""
    return number, tablet.file(draft(**builders.people(number)))


def establishes(drill, brigade, filed):
    number, receipt = filed
    born = builders.people(number)["mandant"].birth_date
    brigade.find.by_centre(receipt.reference, born)
    drill.syncs(brigade)
    request = brigade.find.by_reference(receipt.reference, born)
    brigade.validate(request.rid, CHECKED, OFFICER_CODE)


def test_the_drill_every_acknowledged_event_comes_back_and_nothing_twice(drill, capsys):
    kiosks = [drill.tablets.kiosk(f"kiosk {number}") for number in range(3)]
    brigade = drill.tablets.brigade()
    drill.enrolled(*kiosks, brigade)
    brigade.enrols_officer()
    numbers = itertools.count(1)
    for kiosk in kiosks:
        files(kiosk, next(numbers))
    drill.syncs(*kiosks, brigade)
    before = [files(kiosk, next(numbers)) for kiosk in kiosks]
    drill.syncs(*kiosks)
    establishes(drill, brigade, before[-1])
    drill.syncs(brigade)

    backup = drill.backup()
    at_backup = Event.objects.count()

    after = [files(kiosk, next(numbers)) for kiosk in kiosks for _ in range(3)]
    drill.syncs(*kiosks)
    establishes(drill, brigade, after[0])
    drill.syncs(brigade, *kiosks)
    _, waiting = files(kiosks[0], next(numbers))  # never sent before the loss
    tablets = [*kiosks, brigade]
    owed = {tablet.log_id: acknowledged(tablet) for tablet in tablets}
    known = statuses()
    assert set(known.values()) == {Status.DEMANDE, Status.TRANSMISE}
    assert sum(len(events) for events in owed.values()) > at_backup

    backup.put_back()
    assert Event.objects.count() == at_backup
    started = time.perf_counter()
    drill.restored()
    drill.syncs(*tablets)
    seconds = time.perf_counter() - started

    for tablet in tablets:
        assert owed[tablet.log_id].items() <= held_at_the_centre(tablet).items()
        assert verified_receipts(tablet) == tablet.store.log.head.next_seq - 1
        codes = [alarm.code for alarm in tablet.store.alarms.all()]
        assert codes == [AlarmCode.RESTORED]
    assert waiting.rid.hex() in statuses()
    assert known.items() <= statuses().items()
    assert rebuild_all(drill.centre, lambda _: None).differed == 0
    assert Event.objects.count() == len(set(Event.objects.values_list("hash", flat=True)))
    assert (ForkEvidence.objects.count(), SetAside.objects.count()) == (0, 0)
    assert verify_ledger(drill.centre, lambda _: None).faults == []
    with capsys.disabled():
        print(
            f"\ndrill: {at_backup} events in the backup, {Event.objects.count()} in the end, "
            f"{len(tablets)} tablets, {seconds:.1f} s from `restored` to the last receipt"
        )


def codes(tablet):
    return [alarm.code for alarm in tablet.store.alarms.all()]


@pytest.fixture
def lost(drill):
    """A kiosk whose last request is at the centre no more: an older backup was put back."""
    kiosk = drill.tablets.kiosk()
    drill.enrolled(kiosk)
    files(kiosk, 1)
    drill.syncs(kiosk)
    backup = drill.backup()
    kiosk.lost = files(kiosk, 2)[1]
    drill.syncs(kiosk)
    backup.put_back()
    drill.kiosk = kiosk
    return drill


def test_a_forgotten_restore_is_refused_before_anything_is_signed(lost):
    kiosk = lost.kiosk
    files(kiosk, 3)
    kiosk.exchange.step()
    with pytest.raises(CarrierUnavailable, match="REGISTRE_RESTAURE"):
        lost.carries(kiosk)
    with pytest.raises(CarrierUnavailable, match="REGISTRE_RESTAURE"):
        serve_face(OPTIONS, "agents")
    with pytest.raises(CarrierUnavailable, match="REGISTRE_RESTAURE"), transaction.atomic():
        entry = Entry(Fact(code=FactCode.MANDANT_DEAD, day=builders.NOW.date(), account=None), builders.rid())
        append(lost.centre, lock_own_log(lost.centre), [entry], builders.NOW)
    assert not Device.objects.filter(log_id=lost.centre.log_id.hex(), head_seq__gte=0).exists()
    assert codes(kiosk) == []
    lost.restored()
    kiosk.carried.clear()
    lost.syncs(kiosk)
    assert codes(kiosk) == [AlarmCode.RESTORED]
    assert kiosk.exchange.request_state(kiosk.lost.rid).received_at is not None


def test_a_tablet_sees_a_smaller_tree_even_when_the_server_forgot_everything(lost):
    """The file beside the database was put back with it: the tablets are the second net."""
    (lost.home / FILE_NAME).unlink()
    kiosk = lost.kiosk
    filed = files(kiosk, 3)[1]
    lost.syncs(kiosk)
    assert AlarmCode.SMALLER in codes(kiosk) or AlarmCode.OTHER_ROOT in codes(kiosk)
    assert kiosk.exchange.request_state(filed.rid).received_at is None
    lost.restored()
    lost.syncs(kiosk)
    assert kiosk.exchange.request_state(filed.rid).received_at is not None
    assert kiosk.store.alarms.standing is not None


def test_what_the_lost_ledger_proved_counts_no_longer_until_the_new_one_proves_it(lost):
    kiosk = lost.kiosk
    assert kiosk.exchange.request_state(kiosk.lost.rid).received_at is not None
    lost.restored()
    kiosk.exchange.ask_again()
    kiosk.exchange.step()
    lost.carries(kiosk)
    kiosk.exchange.step()
    assert kiosk.exchange.request_state(kiosk.lost.rid).received_at is None
    held, (alarm,) = last_proved_ever(kiosk), kiosk.store.alarms.all()
    assert verify_checkpoint(alarm.held, builders.key("checkpoint").cose_key, builders.REALM).size > 1
    assert held > kiosk.store.outbox.receipted_seq(Level.RECEIVED)
    lost.syncs(kiosk)
    assert kiosk.exchange.request_state(kiosk.lost.rid).received_at is not None


def test_only_what_the_restored_centre_lacks_is_sent_again(lost):
    done = lost.restored()
    kiosk = lost.kiosk
    sent = []
    carries = lost.carries

    def watched(tablet):
        went = carries(tablet)
        sent.extend(
            bundle.first_seq
            for bundle in tablet.store.outbox.bundles()
            if bundle.epoch == done.epoch and not bundle.is_poll
        )
        return went

    lost.carries = watched
    at_centre = max(held_at_the_centre(kiosk))
    lost.syncs(kiosk)
    assert sent
    assert min(sent) == at_centre + 1


def test_an_answer_of_the_lost_ledger_that_comes_late_changes_nothing(drill):
    kiosk = drill.tablets.kiosk()
    drill.enrolled(kiosk)
    drill.syncs(kiosk)
    backup = drill.backup()
    files(kiosk, 1)
    kiosk.exchange.step()
    (name,) = kiosk.spool.bundle_names()
    sealed = (kiosk.spool.folder / "out" / f"{name}.prb").read_bytes()
    late = accept_bundle(drill.centre, sealed, drill.centre.clock.now()).sealed
    backup.put_back()
    drill.restored()
    drill.syncs(kiosk)
    receipted, epoch = kiosk.store.outbox.receipted_seq(Level.RECEIVED), kiosk.store.settings.ledger_epoch
    (kiosk.spool.folder / "in" / f"{name}.prb").write_bytes(late)
    kiosk.exchange.step()
    assert kiosk.store.settings.ledger_epoch == epoch
    assert kiosk.store.outbox.receipted_seq(Level.RECEIVED) == receipted
    assert codes(kiosk) == [AlarmCode.RESTORED]


def test_a_centre_that_goes_back_to_a_ledger_it_had_left_raises_an_alarm(lost):
    kiosk = lost.kiosk
    old = lost.backup()
    lost.restored()
    lost.syncs(kiosk)
    old.put_back()
    (lost.home / FILE_NAME).unlink()
    received = kiosk.store.outbox.receipted_seq(Level.RECEIVED)
    filed = files(kiosk, 5)[1]
    lost.syncs(kiosk)
    assert codes(kiosk) == [AlarmCode.RESTORED, AlarmCode.EPOCH_LEFT]
    assert kiosk.store.outbox.receipted_seq(Level.RECEIVED) == received
    assert kiosk.exchange.request_state(filed.rid).received_at is None


def test_a_second_restore_of_the_same_backup_loses_nothing_either(drill):
    kiosk = drill.tablets.kiosk()
    drill.enrolled(kiosk)
    files(kiosk, 1)
    drill.syncs(kiosk)
    backup = drill.backup()
    filed = []
    for number in (2, 3):
        filed.append(files(kiosk, number)[1])
        drill.syncs(kiosk)
        backup.put_back()
        drill.restored()
        drill.syncs(kiosk)
    assert len(set(codes(kiosk))) == 1
    assert len(codes(kiosk)) == 2
    assert all(kiosk.exchange.request_state(one.rid).received_at for one in filed)
    assert acknowledged(kiosk).items() <= held_at_the_centre(kiosk).items()


def test_verify_vouches_for_every_log_that_the_server_began(drill):
    for number in range(3):
        fact = Fact(code=FactCode.MANDANT_DEAD, day=builders.NOW.date(), account=None)
        with transaction.atomic():
            append(
                drill.centre, lock_own_log(drill.centre), [Entry(fact, builders.rid(number))], builders.NOW
            )
        append_due_leaves(drill.centre)
        drill.restored()
    assert Device.objects.count() == 3
    assert verify_ledger(drill.centre, lambda _: None).faults == []


def test_a_tablet_that_the_backup_does_not_know_is_told_of_again(drill):
    first = drill.tablets.kiosk("first")
    drill.enrolled(first)
    drill.syncs(first)
    backup = drill.backup()
    second = drill.tablets.kiosk("second")
    drill.enrolled(first, second)
    filed = files(second, 1)[1]
    drill.syncs(second)
    assert Device.objects.filter(log_id=second.log_id.hex()).exists()
    backup.put_back()
    drill.restored()
    assert not Device.objects.filter(log_id=second.log_id.hex()).exists()
    drill.syncs(second)
    assert second.exchange.request_state(filed.rid).received_at is not None
    assert codes(second) == [AlarmCode.RESTORED]


def test_bodies_that_were_purged_on_the_tablet_come_back_in_their_place_without_effect(lost):
    kiosk = lost.kiosk
    kiosk.store.connection.write("UPDATE event SET body = NULL WHERE rid = ?", (kiosk.lost.rid,))
    lost.restored()
    lost.syncs(kiosk)
    event = Event.objects.get(device__log_id=kiosk.log_id.hex(), rid=kiosk.lost.rid.hex())
    assert event.body is None
    assert list(SetAside.objects.values_list("seq", "code")) == [(event.seq, Aside.PURGED)]
    assert kiosk.store.outbox.receipted_seq(Level.RECEIVED) == kiosk.store.log.head.next_seq - 1
    assert rebuild_all(lost.centre, lambda _: None).differed == 0
    assert verify_ledger(lost.centre, lambda _: None).faults == []


def test_references_lent_after_the_backup_are_never_drawn_again_once_their_requests_are_back(
    lost, monkeypatch
):
    kiosk, given = lost.kiosk, lost.kiosk.lost.reference
    ReferenceLease.objects.filter(reference=given).delete()  # lent after the backup
    lost.restored()
    free = kiosk.store.leases.left
    assert free > 0
    lost.syncs(kiosk)
    row = ReferenceLease.objects.get(reference=given)
    assert (row.rid, row.lot) == (kiosk.lost.rid.hex(), 0)
    assert kiosk.store.leases.left == 200
    fresh = {
        text for (text,) in kiosk.store.connection.rows("SELECT reference FROM lease WHERE taken_by IS NULL")
    }
    lots = dict(ReferenceLease.objects.values_list("reference", "lot"))
    assert all(lots[reference] > 0 for reference in fresh)


def test_the_server_never_signs_twice_in_one_place_of_its_own_log(drill):
    kiosk, brigade = drill.tablets.kiosk(), drill.tablets.brigade()
    drill.enrolled(kiosk, brigade)
    brigade.enrols_officer()
    filed = [files(kiosk, number) for number in (1, 2)]
    drill.syncs(kiosk, brigade)
    filed = [files(kiosk, number) for number in (3, 4)]
    drill.syncs(kiosk)
    establishes(drill, brigade, filed[0])
    drill.syncs(brigade)
    backup, own = drill.backup(), drill.centre.log_id
    establishes(drill, brigade, filed[1])
    drill.syncs(brigade)
    lost = set(Event.objects.filter(device__log_id=own.hex()).values_list("seq", "hash"))
    backup.put_back()
    done = drill.restored()
    drill.syncs(kiosk, brigade)
    assert done.log_id != own
    again = set(Event.objects.filter(device__log_id=own.hex()).values_list("seq", "hash"))
    assert {(seq, bytes(value)) for seq, value in again} < {(seq, bytes(value)) for seq, value in lost}
    assert Event.objects.filter(device__log_id=done.log_id.hex(), kind=Kind.TAKEN_IN).count() == 1


def test_the_command_says_where_the_new_ledger_begins_and_refuses_without_a_reason(lost, capsys):
    call_command("restored", "--json")
    done = json.loads(capsys.readouterr().out)
    assert (done["devices"], len(done["epoch"])) == (1, 32)
    assert done["events"] == Event.objects.count()
    assert [bytes(row.epoch).hex() for row in Ledger.objects.order_by("pk")][-1] == done["epoch"]
    assert Ledger.objects.count() == 2
    kept = read_head(lost.home)
    assert (kept.epoch.hex(), kept.log_id.hex()) == (done["epoch"], done["log_id"])
    assert (lost.home / OWN_LOG_FILE).read_bytes().endswith(kept.log_id)
    install_centre(replace(lost.centre, log_id=kept.log_id))
    with pytest.raises(SystemExit, match="1"):
        call_command("restored")
    assert "--anyway" in capsys.readouterr().err
    call_command("restored", "--anyway")
    assert Ledger.objects.count() == 3


def test_a_damaged_file_stops_the_server_instead_of_starting_a_second_history(lost):
    (lost.home / FILE_NAME).write_bytes(b"\x00")
    with pytest.raises(CarrierUnavailable, match="FICHIER_DU_REGISTRE"):
        refuse_a_backup(lost.centre)
    lost.restored()
    refuse_a_backup(lost.centre)


def test_news_of_the_new_ledger_reach_a_tablet_that_still_names_a_number_of_the_lost_one(drill):
    """Its polls were sealed before it knew, and the answers to them are lost: what they name was never given
    here, so nothing is taken for delivered.
    """
    kiosk = drill.tablets.kiosk()
    drill.enrolled(kiosk)
    drill.syncs(kiosk)
    backup = drill.backup()

    def puts(number):
        row = Device.objects.get(log_id=kiosk.log_id.hex())
        put(row.pk, State(builders.rid(number), Status.TRANSMISE, None), builders.NOW)

    for number in (1, 2, 3, 4, 5):
        puts(number)
    drill.syncs(kiosk)
    named = kiosk.store.settings.inbox_number
    backup.put_back()
    drill.restored()
    for number in (6, 7):
        puts(number)
    for _ in range(2):
        kiosk.exchange.ask_again()
        kiosk.exchange.step()
        drill.carries(kiosk)
        for name in kiosk.spool.answer_names():
            kiosk.spool.remove_answer(name)
    assert kiosk.store.settings.inbox_number == named
    drill.syncs(kiosk)
    assert [kiosk.store.requests.state(builders.rid(number)) is not None for number in (6, 7)] == [True, True]
    assert kiosk.store.settings.inbox_number > named


def test_what_the_archive_has_comes_back_before_any_tablet_speaks_also_what_the_centre_wrote(drill, tmp_path):
    folder = tmp_path / "archive"
    folder.mkdir()
    drill.centre = replace(drill.centre, archive_dir=folder)
    install_centre(drill.centre)
    kiosk, brigade = drill.tablets.kiosk(), drill.tablets.brigade()
    drill.enrolled(kiosk, brigade)
    brigade.enrols_officer()
    drill.syncs(kiosk, brigade)
    one = files(kiosk, 1)
    drill.syncs(kiosk)
    backup = drill.backup()
    later = files(kiosk, 2)
    drill.syncs(kiosk)
    establishes(drill, brigade, one)
    establishes(drill, brigade, later)
    drill.syncs(brigade)
    known, events = statuses(), set(Event.objects.values_list("hash", flat=True))
    assert set(known.values()) == {Status.TRANSMISE}

    backup.put_back()
    drill.restored()
    replay = import_archive(drill.centre, folder)
    assert replay.faults == []
    assert events <= set(Event.objects.values_list("hash", flat=True))
    assert statuses() == known
    drill.syncs(kiosk, brigade)
    assert statuses() == known
    assert [codes(tablet) for tablet in (kiosk, brigade)] == [[AlarmCode.RESTORED]] * 2
    assert (ForkEvidence.objects.count(), SetAside.objects.count()) == (0, 0)
    assert verify_everything(drill.centre, lambda _: None).faults == []
