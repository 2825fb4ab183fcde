"""`durable` is said of what is on a second disk, and never of a head with a gap behind it."""

import errno
import os
from dataclasses import replace
from datetime import timedelta

import pytest

from procuration.domain.events import Kind
from procuration.record.archive import FRAME_BYTES_MAX
from procuration.record.receipt import Level
from server.ledger import durability
from server.ledger.archive_files import archive_files, read_archive_file
from server.ledger.durability import adopt_archive, secure_late
from server.ledger.models import Archive, Device, Event
from server.ledger.pruning import day_of_name
from server.ledger.tree import append_due_leaves
from tests.builders import NOW


@pytest.fixture
def second_disk(tmp_path):
    folder = tmp_path / "second"
    folder.mkdir()
    return folder


def records_in(world, folder):
    """What the archive holds, read with the centre's keys."""
    return [
        record
        for path in archive_files(folder)
        for _, record in read_archive_file(path, world.centre.sealing_keys, world.centre.realm)
    ]


def archived(world, folder, log_id):
    """Hashes of the archived events of a log, by place."""
    return {
        record.first_seq + place: one.pair.hash
        for record in records_in(world, folder)
        for place, one in enumerate(record.events)
        if record.log_id == log_id
    }


def levels(tablet):
    return [proved.level for proved in tablet.receipts]


def refuses_to_write(monkeypatch, number):
    def write(_descriptor, _data):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("server.ledger.archive_files.os.write", write)


def test_without_a_second_disk_durable_is_never_said(world, kiosk):
    kiosk.files()
    world.hears(kiosk)
    world.hears(kiosk)
    assert levels(kiosk) == [Level.RECEIVED]


def test_an_archived_head_is_durable_and_every_event_before_it_is_in_the_archive(world, kiosk, disk):
    kiosk.starts_hiding_bodies()
    for number in range(1, 4):
        kiosk.files(number)
    world.hears(kiosk)
    assert levels(kiosk) == [Level.DURABLE]
    assert archived(world, disk, kiosk.log_id) == dict(enumerate(pair.hash for pair in kiosk.pairs))


def test_the_archive_holds_the_bodies_in_plain_form_and_the_enrolment_of_the_device(world, kiosk, disk):
    kiosk.starts_hiding_bodies()
    plain = kiosk.files()
    world.hears(kiosk)
    (record,) = [one for one in records_in(world, disk) if one.log_id == kiosk.log_id]
    assert record.events[-1].pair.body == plain.body
    assert record.enrolment == bytes(Device.objects.get(log_id=kiosk.log_id.hex()).enrolment)


def test_the_files_of_the_archive_tell_no_name(world, kiosk, disk):
    kiosk.files()
    world.hears(kiosk)
    written = b"".join(path.read_bytes() for path in archive_files(disk))
    assert len(written) > 500
    assert b"TEST" not in written.upper()
    for event in Event.objects.all():
        assert bytes(event.sign1) not in written
        assert bytes(event.body) not in written


def test_what_the_centre_wrote_about_an_act_is_archived_with_it(world, kiosk, brigade, officer, disk):
    brigade.acts(kiosk.files(), officer)
    world.hears(brigade)
    own = Event.objects.get(device__log_id=world.centre.log_id.hex())
    assert own.kind == Kind.TAKEN_IN
    assert archived(world, disk, world.centre.log_id) == {0: bytes(own.hash)}


def test_events_accepted_before_the_archive_existed_are_caught_up_before_durable_is_said(
    world, kiosk, tmp_path
):
    kiosk.files(1)
    world.hears(kiosk)
    folder = tmp_path / "late"
    folder.mkdir()
    durability._writer.cache_clear()
    world.centre = replace(world.centre, archive_dir=folder)
    kiosk.files(2)
    world.hears(kiosk)
    assert levels(kiosk) == [Level.RECEIVED, Level.DURABLE]
    assert set(archived(world, folder, kiosk.log_id)) == {0, 1}


def test_a_full_archive_leaves_the_answer_at_received_and_the_next_success_covers_the_gap(
    world, kiosk, disk, monkeypatch
):
    world.hears(kiosk)
    with monkeypatch.context() as fault:
        refuses_to_write(fault, errno.ENOSPC)
        kiosk.files(1)
        world.hears(kiosk)
        assert Archive.objects.get().code == "ARCHIVE_PLEINE"
    kiosk.files(2)
    world.hears(kiosk)
    assert levels(kiosk) == [Level.RECEIVED, Level.DURABLE]
    assert set(archived(world, disk, kiosk.log_id)) == {0, 1}
    assert Archive.objects.get().failed_at is None


def test_a_tablet_with_nothing_new_learns_at_its_next_poll_that_its_log_became_durable(
    world, kiosk, disk, monkeypatch
):
    with monkeypatch.context() as fault:
        refuses_to_write(fault, errno.EIO)
        kiosk.files()
        world.hears(kiosk)
    assert levels(kiosk) == [Level.RECEIVED]
    world.hears(kiosk)
    assert levels(kiosk) == [Level.RECEIVED, Level.DURABLE]
    world.hears(kiosk)
    assert len(kiosk.receipts) == 2, "said once: a poll without news stays small"


def test_the_job_catches_up_and_an_answer_that_is_lost_does_not_lose_the_news(
    world, kiosk, disk, monkeypatch
):
    with monkeypatch.context() as fault:
        refuses_to_write(fault, errno.EIO)
        kiosk.files()
        world.hears(kiosk)
    assert secure_late(world.centre)
    append_due_leaves(world.centre)
    assert not secure_late(world.centre), "everything is durable: nothing more is due"
    world.takes(kiosk.sealed())  # the tablet never gets this answer
    world.hears(kiosk)
    assert levels(kiosk) == [Level.RECEIVED, Level.DURABLE]


def test_a_folder_that_is_not_the_archive_is_not_written_to(world, kiosk, disk, second_disk):
    kiosk.files(1)
    world.hears(kiosk)
    world.centre = replace(world.centre, archive_dir=second_disk)  # mounted wrongly, or not at all
    kiosk.files(2)
    world.hears(kiosk)
    assert levels(kiosk) == [Level.DURABLE, Level.RECEIVED]
    assert archive_files(second_disk) == []
    assert Archive.objects.get().code == "ARCHIVE_ABSENTE"


def test_a_missing_folder_is_a_fault_and_not_made(world, kiosk, tmp_path):
    world.centre = replace(world.centre, archive_dir=tmp_path / "not mounted")
    kiosk.files()
    world.hears(kiosk)
    assert levels(kiosk) == [Level.RECEIVED]
    assert not (tmp_path / "not mounted").exists()


def test_a_new_archive_gets_every_event_again_before_durable_is_said_of_a_new_head(
    world, kiosk, disk, second_disk
):
    kiosk.files(1)
    world.hears(kiosk)
    adopt_archive(world.centre, second_disk)
    world.centre = replace(world.centre, archive_dir=second_disk)
    kiosk.files(2)
    world.hears(kiosk)
    assert levels(kiosk) == [Level.DURABLE, Level.DURABLE]
    assert set(archived(world, second_disk, kiosk.log_id)) == {0, 1}


def test_an_archive_that_begins_holds_every_event_whatever_the_database_remembers(world, kiosk, disk):
    kiosk.files(1)
    kiosk.files(2)
    Device.objects.filter(log_id=kiosk.log_id.hex()).update(archived_seq=0)
    world.hears(kiosk)
    assert set(archived(world, disk, kiosk.log_id)) == {0, 1}


def test_what_joined_the_old_archive_counts_for_nothing_in_the_new_one(world, kiosk, disk, second_disk):
    """A worker that appended just before the administrator changed the archive remembers it too late."""
    world.hears(kiosk)
    device = Device.objects.get(log_id=kiosk.log_id.hex())
    kiosk.files(1)
    from server.ledger.services import import_bundle

    import_bundle(world.centre, kiosk.sealed(), NOW)
    appended = durability.secure(world.centre, device.pk)
    adopt_archive(world.centre, second_disk)
    durability.keep(device.pk, appended)
    device.refresh_from_db()
    assert (appended.seq, device.archived_seq) == (0, -1)


def test_durable_is_not_said_of_a_head_behind_which_a_row_is_missing(world, kiosk, disk, monkeypatch):
    with monkeypatch.context() as fault:
        refuses_to_write(fault, errno.EIO)
        kiosk.files(1)
        kiosk.files(2)
        world.hears(kiosk)
    Event.objects.filter(device__log_id=kiosk.log_id.hex(), seq=0).delete()
    kiosk.files(3)
    world.hears(kiosk)
    assert levels(kiosk) == [Level.RECEIVED, Level.RECEIVED]


def test_each_day_has_files_of_its_own(world, kiosk, disk):
    kiosk.files(1)
    world.hears(kiosk)
    world.clock.at = NOW + timedelta(days=1)
    kiosk.files(2)
    world.hears(kiosk)
    assert [day_of_name(path.name) for path in archive_files(disk)] == [
        NOW.date(),
        (NOW + timedelta(days=1)).date(),
    ]


def test_what_is_said_to_be_durable_was_flushed_to_the_disk_before(world, kiosk, disk, monkeypatch):
    happened = []
    flush, link = os.fdatasync, durability.keep

    def flushed(descriptor):
        flush(descriptor)
        happened.append("flushed")

    def kept(*args):
        happened.append("kept")
        link(*args)

    monkeypatch.setattr("server.ledger.archive_files.os.fdatasync", flushed)
    monkeypatch.setattr("server.ledger.inbox.keep", kept)
    kiosk.files()
    world.hears(kiosk)
    assert happened == ["flushed", "kept"]


@pytest.mark.parametrize("lost", [1, 3, 4, 5, 40, 200])
def test_a_last_record_cut_short_is_passed_over_and_what_stands_before_it_is_read(world, kiosk, disk, lost):
    kiosk.files(1)
    world.hears(kiosk)
    kiosk.files(2)
    world.hears(kiosk)
    (path,) = archive_files(disk)
    whole = path.read_bytes()
    path.write_bytes(whole[:-lost])
    assert set(archived(world, disk, kiosk.log_id)) == {0}
    path.write_bytes(whole[:-lost] + bytes(lost))
    assert set(archived(world, disk, kiosk.log_id)) == {0}
    path.write_bytes(whole + bytes(4096))
    assert set(archived(world, disk, kiosk.log_id)) == {0, 1}


def test_a_record_damaged_in_the_middle_is_told(world, kiosk, disk):
    from procuration.errors import RecordRejected

    for number in (1, 2):
        kiosk.files(number)
        world.hears(kiosk)
    (path,) = archive_files(disk)
    whole = path.read_bytes()
    first = 8 + int.from_bytes(whole[:4], "big")
    for place in (first + 10, first):
        changed = bytearray(whole)
        changed[place] ^= 0xFF
        path.write_bytes(changed)
        with pytest.raises(RecordRejected):
            records_in(world, disk)
    assert FRAME_BYTES_MAX < 2**32


def test_another_key_opens_nothing(world, kiosk, disk):
    from procuration.errors import RecordRejected
    from tests import builders

    kiosk.files()
    world.hears(kiosk)
    stranger = builders.sealing_key("stranger")
    (path,) = archive_files(disk)
    with pytest.raises(RecordRejected):
        list(read_archive_file(path, {stranger.kid: stranger}, world.centre.realm))
