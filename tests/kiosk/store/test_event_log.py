"""The log of a tablet: one whole chain, signed, that notices when a page or a file was replaced under it."""

import shutil

import pytest

from kiosk_app.store import connection
from procuration.domain.events import ClockStep, Kind
from procuration.errors import RecordRejected, RuleViolated
from procuration.record.chain import Head, after_event
from procuration.record.cose_key import VerifyingKey
from procuration.record.event import open_body, parse_event, verify_event
from tests import builders
from tests.kiosk.world import draft


def test_every_event_is_signed_and_names_the_one_before(kiosk):
    kiosk.file(draft())
    head = Head.of_empty_log(kiosk.log_id)
    for event in kiosk.store.log.events(0, 100):
        envelope = verify_event(event.pair.sign1, VerifyingKey(kiosk.cose_key), builders.REALM)
        head = after_event(head, envelope, event.pair.hash)
    assert head == kiosk.store.log.head


def test_an_installed_tablet_says_how_it_began(kiosk):
    kinds = [event.kind for event in kiosk.store.log.events(0, 100)]
    assert kinds == [
        Kind.START, Kind.SLOT_CHANGE, Kind.SLOT_CHANGE,  # installation: two ways to open it
        Kind.START, Kind.BODY_KEY,  # the program starts
        Kind.START,  # the agent signs in
    ]  # fmt: skip


def test_an_event_carries_the_evidence_about_the_clock(kiosk):
    kiosk.clock.pass_(minutes=7)
    appended = kiosk.store.log.append(ClockStep(step_ms=1))
    _, envelope = parse_event(appended.sign1)
    assert envelope.boot.boot_id == kiosk.clock.boot_id
    assert envelope.boot.monotonic_ms == kiosk.clock.ms
    assert envelope.boot.floor == kiosk.store.settings.floor
    assert envelope.directory_version == kiosk.store.tables.directory.version
    assert open_body(envelope, appended.plain_body) == ClockStep(step_ms=1)


def test_what_fails_after_the_event_takes_the_event_back(kiosk, monkeypatch):
    kiosk.leases("XBQ7V3")
    head = kiosk.store.log.head
    monkeypatch.setattr(kiosk.store.leases, "take", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        kiosk.file(draft())
    assert kiosk.store.log.head == head
    assert kiosk.store.leases.next_free() == "XBQ7V3"


def test_a_forged_event_is_noticed_at_the_next_start(kiosk):
    kiosk.file(draft())
    database = kiosk.store.connection
    database.write("DROP TRIGGER event_is_never_changed")
    row = database.row("SELECT sign1 FROM event WHERE seq = 3")
    database.write("UPDATE event SET sign1 = ? WHERE seq = 3", (row[0][:-1] + bytes([row[0][-1] ^ 1]),))
    kiosk.station.close()
    with pytest.raises(RecordRejected, match="CHAINE_ROMPUE") as refused:
        kiosk.starts()
    assert refused.value.ids == {"seq": 3}


def test_a_missing_event_is_noticed_at_the_next_start(kiosk):
    database = kiosk.store.connection
    database.write("DROP TRIGGER event_is_never_deleted")
    database.write("DELETE FROM event WHERE seq = 2")
    kiosk.station.close()
    with pytest.raises(RecordRejected, match="CHAINE_ROMPUE"):
        kiosk.starts()


def test_the_received_part_is_verified_once_a_day_only(kiosk, centre):
    from tests.kiosk.world import Agent

    Agent(kiosk, centre).syncs()
    kiosk.station.close()
    verified = []
    kiosk.starts()
    original = type(kiosk.store.log).verify
    kiosk.station.close()
    try:
        type(kiosk.store.log).verify = lambda log, seq: verified.append(seq) or original(log, seq)
        kiosk.starts()
        kiosk.station.close()
        kiosk.clock.pass_(days=1, minutes=1)
        kiosk.starts()
    finally:
        type(kiosk.store.log).verify = original
    assert verified[0] > 0
    assert verified[1] == 0


def test_a_store_whose_enrolment_copy_was_changed_does_not_start(kiosk):
    kiosk.station.close()
    last = kiosk.enrolment[-1] ^ 1  # another one whatever it was: one signature in sixteen ends with a zero
    (kiosk.folder / "enrolment.cbor").write_bytes(kiosk.enrolment[:-1] + bytes([last]))
    with pytest.raises(RecordRejected, match="ENROLEMENT_MODIFIE"):
        kiosk.starts()


def test_an_older_directory_never_replaces_a_newer_one(kiosk):
    kiosk.receives(version=5)
    with pytest.raises(RecordRejected, match="ANNUAIRE_PLUS_ANCIEN"):
        kiosk.receives(version=4)
    assert kiosk.store.tables.directory.version == 5


def test_tables_that_cannot_be_read_leave_the_last_ones_in_use(kiosk):
    from tests.kiosk.world import tables

    good = tables(kiosk.world.directory(version=9))
    for name in good:
        with pytest.raises(RecordRejected):
            kiosk.store.tables.put({**good, name: b"\xa0"})
    assert kiosk.store.tables.directory.version == 1
    assert kiosk.store.tables.open_scrutins(builders.NOUMEA)


def test_what_a_nearly_full_disk_refuses_leaves_the_log_as_it_was(kiosk, monkeypatch):
    before = kiosk.store.log.head
    monkeypatch.setattr(connection, "FREE_BYTES_MIN", 2**62)
    with pytest.raises(RuleViolated, match="ESPACE_INSUFFISANT"):
        kiosk.file(draft())
    assert kiosk.store.log.head == before


def test_a_copy_of_the_store_opens_with_the_same_code_and_holds_the_same_log(kiosk, tmp_path):
    head = kiosk.store.log.head
    kiosk.store.connection.snapshot()
    kiosk.station.close()
    shutil.copy(kiosk.folder / connection.SNAPSHOT_NAME, kiosk.folder / connection.DATABASE_NAME)
    for left in ("store.db-wal", "store.db-shm"):
        (kiosk.folder / left).unlink(missing_ok=True)
    kiosk.starts()
    assert kiosk.store.log.events(head.next_seq - 1, 1)[0].pair.hash == head.hash
