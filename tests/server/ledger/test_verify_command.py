"""`procuration-server verify`: what it prints, checkpoints kept elsewhere, and several processes."""

import json
from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction

from procuration.domain.purge import Purge, PurgedRun, PurgeReason
from procuration.record.checkpoint import TreeHead, sign_checkpoint
from procuration.record.directory import Role
from procuration.record.receipt import Receipt
from server.config.centre import install_centre
from server.dossiers.models import Procuration
from server.ledger.models import Checkpoint, Device, Event, Leaf, LeafDue, StrandedEvent, TreeNode
from server.ledger.own_log import Entry, append, lock_own_log
from server.ledger.services import import_bundle
from server.ledger.tree import append_due_leaves
from server.ledger.verifying import verify_everything, verify_ledger
from tests import builders
from tests.builders import NOW
from tests.server.centre import World, centre_of
from tests.server.dossiers.test_forks import hears_another_history
from tests.server.ledger.test_verify import FIRST_RID, KIOSK_LOG, a_day, faults


@pytest.fixture
def day(world, kiosk, brigade, officer):
    return a_day(world, kiosk, brigade, officer)


def test_the_end_of_a_log_removed_with_its_leaves_is_found_with_a_receipt_kept_elsewhere(
    day, kiosk, tmp_path
):
    """An administrator who removes all traces: the database alone says nothing."""
    kiosk.files(30)
    sealed = kiosk.sealed()
    down = kiosk.reads(sealed, day.takes(sealed))
    receipt = next(one.content for one in down.entries if isinstance(one.content, Receipt))
    note, proof = tmp_path / "note", tmp_path / "receipt.tlog-proof"
    note.write_bytes(receipt.checkpoint)
    proof.write_bytes(receipt.proof + receipt.checkpoint)
    seq = len(kiosk.pairs) - 1
    events = Event.objects.filter(device__log_id=KIOSK_LOG)
    last = Leaf.objects.order_by("-index").first()
    assert (last.device.log_id, last.seq) == (KIOSK_LOG, seq)
    places = set(TreeNode.objects.values_list("place", flat=True))
    for place in places:
        level, index = place % 64, place // 64
        if (index + 1) << level > last.index:
            TreeNode.objects.filter(place=place).delete()
    last.delete()
    Checkpoint.objects.filter(size__gt=Leaf.objects.count()).delete()
    bundle = events.get(seq=seq).bundle
    rid_removed = events.get(seq=seq).rid
    events.filter(seq=seq).delete()
    bundle.delete()
    Procuration.objects.filter(rid=rid_removed).delete()
    head = events.get(seq=seq - 1)
    Device.objects.filter(log_id=KIOSK_LOG).update(head_seq=seq - 1, head_hash=head.hash)
    assert faults(day.centre) == []
    for path in (note, proof):
        with pytest.raises(SystemExit):
            call_command("verify", "--checkpoint", str(path), "--processes", "1", stdout=(out := StringIO()))
        assert "FIN_SUPPRIMEE table=ledger_leaf" in out.getvalue()


def test_a_tree_that_another_checkpoint_of_the_same_size_contradicts_is_found(day, tmp_path):
    size = Leaf.objects.count()
    note = sign_checkpoint(
        TreeHead(size=size, root=bytes(32)), day.centre.checkpoint_signer, day.centre.realm
    )
    (tmp_path / "note").write_bytes(note)
    with pytest.raises(SystemExit):
        call_command(
            "verify", "--checkpoint", str(tmp_path / "note"), "--processes", "1", stdout=(out := StringIO())
        )
    assert f"POINT_GARDE_CONTREDIT table=ledger_leaf size={size}" in out.getvalue()


def test_a_file_that_is_no_checkpoint_is_refused_before_anything_is_read(day, tmp_path):
    (tmp_path / "note").write_bytes(b"x")
    with pytest.raises(CommandError):
        call_command("verify", "--checkpoint", str(tmp_path / "note"), stdout=StringIO())


def test_checkpoints_of_a_former_key_of_the_directory_still_verify(day):
    """The centre changes its checkpoint key once a year."""
    day.centre = replace(day.centre, checkpoint_signer=builders.key("checkpoint of next year"))
    directory = day.centre.tables.directory
    assert directory.keys(Role.CHECKPOINT)
    assert faults(day.centre) == []
    without = replace(directory, entries=tuple(e for e in directory.entries if e.role is not Role.CHECKPOINT))
    day.set_directory(without)
    assert {one.split()[0] for one in faults(day.centre)} == {"CHECKPOINT_UNSIGNED"}


def test_the_command_says_what_was_read_and_status_one_with_the_faults(day):
    call_command("verify", "--json", "--processes", "1", stdout=(out := StringIO()))
    said = json.loads(out.getvalue())
    assert said["faults"] == []
    assert min(said["events"], said["dossiers"], said["leaves"], said["checkpoints"]) >= 3
    Procuration.objects.filter(rid=FIRST_RID).update(status=1)
    with pytest.raises(SystemExit) as ended:
        call_command("verify", "--json", "--processes", "1", stdout=(out := StringIO()))
    assert ended.value.code == 1
    assert any(FIRST_RID in fault for fault in json.loads(out.getvalue())["faults"])


def test_a_head_waits_for_its_leaf_and_without_either_is_named(day, kiosk):
    kiosk.files(31)
    import_bundle(day.centre, kiosk.sealed(), NOW)
    assert faults(day.centre) == []
    LeafDue.objects.all().delete()
    seq = len(kiosk.pairs) - 1
    assert faults(day.centre) == [f"TETE_SANS_FEUILLE table=ledger_leaf log={KIOSK_LOG} seq={seq}"]


def bodies_gone(day, seq):
    Event.objects.filter(device__log_id=KIOSK_LOG, seq=seq).update(body=None)
    return [one for one in verify_ledger(day.centre, lambda _: None).faults if one.startswith("CORPS_ABSENT")]


def test_a_body_that_the_centre_says_it_purged_is_no_fault_and_another_one_is(day, kiosk):
    with transaction.atomic():
        runs = (PurgedRun(kiosk.log_id, 2, 2),)
        purge = Purge(reason=PurgeReason.NOT_ESTABLISHED, article="R. 72-2", runs=runs)
        append(day.centre, lock_own_log(day.centre), [Entry(purge, None)], NOW)
    append_due_leaves(day.centre)
    assert bodies_gone(day, 2) == []
    assert bodies_gone(day, 3) == [f"CORPS_ABSENT table=ledger_event log={KIOSK_LOG} seq=3"]


def test_what_a_tablet_says_it_purged_excuses_nothing_here(day, kiosk):
    runs = (PurgedRun(kiosk.log_id, 3, 3),)
    kiosk.records(Purge(reason=PurgeReason.KIOSK_COPY, article="", runs=runs))
    day.hears(kiosk)
    assert bodies_gone(day, 3) == [f"CORPS_ABSENT table=ledger_event log={KIOSK_LOG} seq=3"]


def test_events_of_a_frozen_log_verify_and_its_two_histories_are_told(day, kiosk, brigade, officer):
    """What was kept apart is judged, and compared with the dossiers like the rest."""
    hears_another_history(day, kiosk, 2)
    kiosk.files(41)
    sealed = kiosk.sealed()
    kiosk.reads(sealed, day.takes(sealed))
    assert StrandedEvent.objects.exists()
    assert {one.split(" ")[0] for one in faults(day.centre)} == {"JOURNAL_BIFURQUE"}
    row = StrandedEvent.objects.first()
    StrandedEvent.objects.filter(pk=row.pk).update(wall=0)
    assert f"COLONNE_FAUSSE table=ledger_strandedevent log={KIOSK_LOG} seq={row.seq} column=wall" in faults(
        day.centre
    )


def centre_of_a_worker():
    """What each worker process takes for its centre."""
    return centre_of(None)


@pytest.mark.django_db(transaction=True)
def test_several_processes_find_what_one_finds(tmp_path, request):
    world = World(centre_of(tmp_path))
    install_centre(world.centre)
    request.addfinalizer(lambda: install_centre(None))
    kiosk, brigade, officer = world.kiosk(), world.brigade(), builders.key("officer")
    brigade.enrols(officer)
    day = a_day(world, kiosk, brigade, officer)
    Procuration.objects.filter(rid=FIRST_RID).update(status=1)
    Event.objects.filter(device__log_id=KIOSK_LOG, seq=2).update(wall=0)
    alone = verify_everything(day.centre, lambda _: None)
    told = []
    shared = verify_everything(day.centre, told.append, processes=2, source=centre_of_a_worker)
    assert sorted(shared.faults) == sorted(alone.faults)
    assert len(alone.faults) >= 2
    assert (shared.events, shared.dossiers) == (alone.events, alone.dossiers)
    assert sum(told) == alone.events + alone.dossiers
