"""A database restored from an old backup gets back from the archive what it lacks, with its effects."""

import json
from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import call_command

from procuration.domain.status import Status
from procuration.record.receipt import Level
from server.config.centre import install_centre
from server.dossiers.models import Procuration
from server.dossiers.rebuilding import rebuild_all
from server.dossiers.services import taken_in_by_town_hall
from server.ledger import durability
from server.ledger.archive_files import archive_files
from server.ledger.durability import secure_own_log
from server.ledger.models import (
    Bundle,
    Checkpoint,
    Device,
    Event,
    InboxEntry,
    Leaf,
    LeafDue,
    OfficerEnrolment,
    ReferenceLease,
    SetAside,
    TreeNode,
)
from server.ledger.replaying import import_archive
from server.ledger.restoring import begin_again
from server.ledger.tree import append_due_leaves
from server.ledger.verifying import verify_ledger
from server.notices.models import Notice
from tests import builders
from tests.builders import rid
from tests.server.dossiers.test_rebuild import TOWN_HALL

EVERYTHING = (
    InboxEntry,
    Notice,
    Procuration,
    SetAside,
    OfficerEnrolment,
    ReferenceLease,
    Leaf,
    LeafDue,
    TreeNode,
    Checkpoint,
    Event,
    Bundle,
    Device,
)


@pytest.fixture
def day(world, disk, kiosk, brigade, officer):
    """Requests, acts, one without effect, and what the town hall wrote."""
    kiosk.starts_hiding_bodies()
    requests = [kiosk.files(number) for number in range(1, 5)]
    world.hears(kiosk)
    for number in (1, 2):
        brigade.acts(requests[number - 1], officer, number)
    brigade.acts(requests[2], builders.key("nobody"), 3)
    world.hears(brigade)
    taken_in_by_town_hall(rid(1).hex(), TOWN_HALL)
    secure_own_log(world.centre)
    return world


def dossiers():
    hidden = ("id",)
    return {
        row["rid"]: {name: value for name, value in row.items() if name not in hidden}
        for row in Procuration.objects.values()
    }


def places():
    """What the ledger holds, without the numbers of rows."""
    rows = Event.objects.values_list("device__log_id", "seq", "hash", "body", "received_at")
    return {(log, seq, bytes(hash_), bytes(body), at) for log, seq, hash_, body, at in rows}


def lose_everything(world):
    """An empty database, and what the operator then does (`procuration-server restored`)."""
    for model in EVERYTHING:
        model.objects.all().delete()
    world.centre = replace(world.centre, log_id=begin_again(world.centre).log_id)
    install_centre(world.centre)


def cut(log_id, after):
    """The database as it was when the log ended there; its effects are folded again."""
    Event.objects.filter(device__log_id=log_id.hex(), seq__gt=after).delete()
    last = Event.objects.filter(device__log_id=log_id.hex(), seq=after).first()
    Device.objects.filter(log_id=log_id.hex()).update(
        head_seq=after, head_hash=None if last is None else last.hash
    )


def test_an_empty_database_gets_every_event_and_every_effect_back(day, disk, kiosk, brigade):
    before, live = places(), dossiers()
    lose_everything(day)
    replay = import_archive(day.centre, disk)
    assert replay.faults == []
    assert replay.added == len(before)
    assert places() == before
    assert {key: row["status"] for key, row in dossiers().items()} == {
        key: row["status"] for key, row in live.items()
    }
    assert Procuration.objects.get(rid=rid(1).hex()).status == Status.RECUE
    assert rebuild_all(day.centre, lambda _: None).differed == 0
    assert verify_ledger(day.centre, lambda _: None).faults == []


def test_a_second_run_changes_nothing(day, disk):
    before, bundles = places(), Bundle.objects.count()
    replay = import_archive(day.centre, disk)
    assert (replay.added, replay.faults) == (0, [])
    assert (places(), Bundle.objects.count()) == (before, bundles)


def test_only_what_is_lacking_comes_back(day, disk, brigade):
    before, live = places(), dossiers()
    cut(brigade.log_id, 1)
    cut(day.centre.log_id, -1)
    rebuild_all(day.centre, lambda _: None)
    assert Procuration.objects.get(rid=rid(2).hex()).status == Status.DEMANDE
    replay = import_archive(day.centre, disk)
    assert (replay.added, replay.faults) == (5, [])
    assert places() == before
    assert dossiers() == live


def test_after_it_the_tablets_go_on_where_they_were(day, disk, kiosk):
    lose_everything(day)
    import_archive(day.centre, disk)
    kiosk.files(9)
    day.hears(kiosk)
    assert kiosk.receipts[-1].seq == len(kiosk.pairs) - 1
    assert kiosk.receipts[-1].level is Level.DURABLE


def test_a_centre_that_wrote_in_its_own_log_before_the_replay_is_told_so(day, disk):
    cut(day.centre.log_id, -1)
    rebuild_all(day.centre, lambda _: None)
    day.clock.at = day.clock.at.replace(hour=(day.clock.at.hour + 1) % 24)
    taken_in_by_town_hall(rid(2).hex(), TOWN_HALL)
    append_due_leaves(day.centre)
    replay = import_archive(day.centre, disk)
    assert [fault.split()[0] for fault in replay.faults] == ["JOURNAL_DU_CENTRE_BIFURQUE"]


def test_a_log_with_a_gap_in_the_archive_is_told_and_the_others_come_back(world, disk, kiosk):
    kiosk.files(1)
    world.hears(kiosk)
    archive_files(disk)[0].unlink()
    durability._writer.cache_clear()
    kiosk.files(2)
    world.hears(kiosk)
    other = world.kiosk("other")
    other.files(3)
    world.hears(other)
    lose_everything(world)
    replay = import_archive(world.centre, disk)
    assert replay.faults == [f"ARCHIVE_INCOMPLETE log={kiosk.log_id.hex()} seq=1"]
    assert {row[0] for row in places()} == {other.log_id.hex()}


def other_signature(sign1):
    return sign1[:-1] + bytes([sign1[-1] ^ 1])


def test_an_event_that_somebody_forged_into_the_archive_is_refused(day, disk, kiosk, monkeypatch):
    """Whoever holds the sealing key can write a record, not sign for a tablet."""
    real = durability._following

    def forged(device_id, after):
        events = real(device_id, after)
        return [replace(one, pair=replace(one.pair, sign1=other_signature(one.pair.sign1))) for one in events]

    kiosk.files(8)
    monkeypatch.setattr("server.ledger.durability._following", forged)
    day.hears(kiosk)
    cut(kiosk.log_id, len(kiosk.pairs) - 2)
    replay = import_archive(day.centre, disk)
    assert [fault.split()[0] for fault in replay.faults] == ["EVENEMENTS_INVALIDES"]


def test_the_command_says_what_came_back(day, disk):
    lose_everything(day)
    out = StringIO()
    call_command("import_archive", str(disk), "--json", stdout=out)
    said = json.loads(out.getvalue())
    assert said["added"] == said["events"] > 5
    assert said["faults"] == []


def test_a_damaged_file_ends_the_command_with_status_one(day, disk):
    path = archive_files(disk)[0]
    changed = bytearray(path.read_bytes())
    changed[1500] ^= 1
    path.write_bytes(changed)
    with pytest.raises(SystemExit) as ended:
        call_command("import_archive", str(disk), stdout=StringIO())
    assert ended.value.code == 1
