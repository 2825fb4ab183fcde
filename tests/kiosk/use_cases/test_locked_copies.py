"""Locked copies on the tablets: who gives a reference and the birth date opens one request, and nobody reads
the rest (SECURITY-DESIGN 9)."""

import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk_app.store import locked_copies
from kiosk_app.store.requests import Source
from kiosk_app.store.settings import Setting
from kiosk_app.use_cases import find_request
from kiosk_app.use_cases.apply_answers import PAUSE_SECONDS
from procuration.domain.events import Kind
from procuration.domain.people import PartialDate
from procuration.domain.reference import Reference
from procuration.errors import RuleViolated
from procuration.record.inbox import Lease, LockedCopy
from procuration.record.locked_copy import derive, lock
from tests import builders
from tests.kiosk.world import CHECKED, OFFICER_CODE, Agent, draft

BORN = builders.ANGELA.birth_date
REFERENCE = Reference("XBQ7V3")
KEYS = derive(REFERENCE, BORN, builders.REALM)
LATER = builders.NOW + timedelta(days=61)


@pytest.fixture
def request_pair(kiosk, brigade):
    """What the kiosk filed, as the centre has it: the body in plain form."""
    kiosk.leases(REFERENCE)
    return brigade.find._read_receipt(kiosk.file(draft()).qr_text).pair


@pytest.fixture
def copy(request_pair):
    return LockedCopy(KEYS.tag, lock(request_pair, KEYS, builders.REALM, builders.Counted()), LATER)


def others(count, until=LATER):
    """Copies that nobody here can open."""
    draw = builders.Counted("others")
    return [LockedCopy(draw(16), draw(700), until) for _ in range(count)]


def gets(tablet, centre, *contents):
    centre.puts(tablet, *contents)
    Agent(tablet, centre).syncs()


def refused(tablet):
    return [code for (code,) in tablet.store.connection.rows("SELECT code FROM set_aside")]


def finds(tablet, reference=REFERENCE, born=BORN):
    return tablet.find.by_reference(reference, born)


def test_a_request_is_found_in_its_copy_and_established_with_no_network(brigade, centre, copy):
    gets(brigade, centre, *others(3), copy)
    found = finds(brigade)
    assert (found.source, found.filed.mandant) == (Source.LOCKED_COPY, builders.ANGELA)
    assert (found.reference, found.decision) == (REFERENCE, None)
    assert brigade.store.connection.rows("SELECT * FROM request") == []
    brigade.validate(found.rid, CHECKED, OFFICER_CODE)
    assert brigade.store.locked_copies.count == 3
    assert brigade.store.settings.find(Setting.COPIES_GONE)
    with pytest.raises(RuleViolated, match="DEJA_DECIDEE"):
        brigade.validate(found.rid, CHECKED, OFFICER_CODE)


def test_what_was_opened_and_not_decided_goes_with_the_session_and_the_copy_stays(brigade, centre, copy):
    gets(brigade, centre, copy)
    found = finds(brigade)
    brigade.unlock.lock()
    brigade.unlock(OFFICER_CODE)
    with pytest.raises(RuleViolated, match="DEMANDE_INTROUVABLE"):
        brigade.validate(found.rid, CHECKED, OFFICER_CODE)
    assert finds(brigade).rid == found.rid


@pytest.mark.parametrize(
    ("reference", "born"),
    [("XBQ7V4", BORN), (REFERENCE, PartialDate(1962, 8, 25)), (REFERENCE, PartialDate(1962))],
)
def test_every_wrong_question_gets_one_answer_counts_and_costs_the_key(
    brigade, centre, copy, monkeypatch, reference, born
):
    derived = []
    monkeypatch.setattr(find_request, "derive", lambda *asked: derived.append(asked) or derive(*asked))
    gets(brigade, centre, copy)
    with pytest.raises(RuleViolated) as answer:
        finds(brigade, reference, born)
    assert (answer.value.code, answer.value.ids) == ("DEMANDE_INTROUVABLE", {})
    officer = brigade.station.officer.kid
    assert brigade.store.officers.misses(officer, brigade.clock.now()) == 1
    assert derived == [(reference, born, builders.REALM)]


def test_the_key_is_made_once_whether_the_reference_is_held_in_clear_or_not(brigade, centre, monkeypatch):
    """A request filed here, asked for with a wrong date, takes as long as one that nobody has."""
    brigade.leases(REFERENCE)
    brigade.file(draft())
    derived = []
    monkeypatch.setattr(find_request, "derive", lambda *asked: derived.append(asked) or derive(*asked))
    with pytest.raises(RuleViolated, match="DEMANDE_INTROUVABLE"):
        finds(brigade, born=PartialDate(1962, 8, 25))
    assert len(derived) == 1


def test_a_locked_officer_opens_no_copy_and_no_key_is_made(brigade, centre, copy, monkeypatch):
    gets(brigade, centre, copy)
    for _ in range(20):
        brigade.store.officers.add_miss(brigade.station.officer.kid, brigade.clock.now())
    monkeypatch.setattr(find_request, "derive", None)
    with pytest.raises(RuleViolated, match="TROP_D_ESSAIS"):
        finds(brigade)


def test_a_copy_of_a_kiosk_that_is_unknown_or_revoked_is_not_acted_on(world, brigade, centre, kiosk, copy):
    gets(brigade, centre, copy)
    brigade.receives(without=(kiosk,), version=2)
    with pytest.raises(RuleViolated, match="POSTE_INCONNU"):
        finds(brigade)
    assert brigade.station.officer.opened == {}


@pytest.mark.parametrize("fault", ["another body", "another reference", "another person", "damaged"])
def test_a_copy_that_is_not_what_was_asked_for_counts_as_none(brigade, kiosk, centre, request_pair, fault):
    kiosk.leases("ABCDEF")
    other = draft(mandant=replace(builders.ANGELA, birth_date=PartialDate(1963, 1, 1)))
    match fault:
        case "another body":
            pair = replace(request_pair, body=request_pair.body[:-1] + b"\x00")
        case "another reference":
            pair = brigade.find._read_receipt(kiosk.file(draft()).qr_text).pair
        case "another person":
            brigade.leases(REFERENCE)
            brigade.file(other)
            pair = brigade.store.requests.of_reference(REFERENCE)[0].pair
        case "damaged":
            pair = request_pair
    ciphertext = lock(pair, KEYS, builders.REALM, builders.Counted())
    if fault == "damaged":
        ciphertext = ciphertext[:-1] + bytes((ciphertext[-1] ^ 1,))
    gets(brigade, centre, LockedCopy(KEYS.tag, ciphertext, LATER))
    with pytest.raises(RuleViolated, match="DEMANDE_INTROUVABLE"):
        finds(brigade)


def test_a_kiosk_keeps_no_copy(kiosk, centre):
    gets(kiosk, centre, *others(2), Lease(1, ("GHJKMN",)))
    assert kiosk.store.locked_copies.count == 0
    assert refused(kiosk) == ["COPIE_SANS_BRIGADE"]
    assert (kiosk.store.leases.left, kiosk.store.settings.number(Setting.INBOX_NUMBER)) == (1, 3)


def test_copies_come_a_hundred_rows_at_a_time_with_a_pause(world, brigade, centre, monkeypatch):
    pauses, sizes = [], []
    brigade.exchange._apply._pause = pauses.append
    keep = locked_copies.LockedCopies.keep
    monkeypatch.setattr(
        locked_copies.LockedCopies,
        "keep",
        lambda self, copies, proved: sizes.append(len(copies)) or keep(self, copies, proved),
    )
    gets(brigade, centre, *others(250), Lease(1, ("GHJKMN",)), *others(1))
    assert sizes == [99, 99, 52, 1]
    assert pauses[:2] == [PAUSE_SECONDS] * 2
    assert brigade.store.locked_copies.count == 250  # the last is one of the first again
    assert brigade.store.settings.number(Setting.INBOX_NUMBER) == 252


def test_a_batch_of_copies_and_its_number_are_on_the_disk_together_or_not_at_all(
    brigade, centre, monkeypatch
):
    centre.puts(brigade, *others(150))

    def full(self, copies, proved):
        keep(self, copies, proved)
        if len(copies) < 99:
            raise RuleViolated("ESPACE_INSUFFISANT")

    keep = locked_copies.LockedCopies.keep
    monkeypatch.setattr(locked_copies.LockedCopies, "keep", full)
    with pytest.raises(RuleViolated, match="ESPACE_INSUFFISANT"):
        Agent(brigade, centre).syncs()
    assert brigade.store.locked_copies.count == 99
    assert brigade.store.settings.number(Setting.INBOX_NUMBER) == 99
    monkeypatch.undo()
    brigade.exchange.step()
    assert brigade.store.locked_copies.count == 150


def test_an_answer_that_comes_twice_changes_nothing(brigade, centre, copy):
    gets(brigade, centre, copy, *others(120))
    before = brigade.store.connection.rows("SELECT * FROM locked_copy ORDER BY tag")
    gets(brigade, centre)
    assert brigade.store.connection.rows("SELECT * FROM locked_copy ORDER BY tag") == before


def test_a_withdrawn_copy_opens_no_more_and_its_pages_are_made_again(brigade, centre, copy):
    gets(brigade, centre, copy, *others(2))
    brigade.exchange.step()
    gets(brigade, centre, replace(copy, ciphertext=b""))
    with pytest.raises(RuleViolated, match="DEMANDE_INTROUVABLE"):
        finds(brigade)
    assert brigade.store.locked_copies.count == 2
    brigade.clock.pass_(hours=1, minutes=2)
    brigade.store.connection.snapshot()
    written = (brigade.folder / "snapshot.db").stat().st_ino
    brigade.exchange.step()
    assert brigade.store.settings.find(Setting.COPIES_GONE) is None
    assert brigade.store.settings.find(Setting.SCRUB_DUE) is None
    assert (brigade.folder / "snapshot.db").stat().st_ino != written


def test_r_64_a_copy_is_deleted_at_its_date_without_the_centre(brigade, centre, copy):
    gets(brigade, centre, copy, *others(130, builders.NOW + timedelta(days=20)))
    brigade.clock.pass_(days=21)
    brigade.exchange.step()
    brigade.exchange.step()
    assert brigade.store.locked_copies.count == 1
    assert finds(brigade)
    brigade.clock.pass_(days=40)
    with pytest.raises(RuleViolated, match="DEMANDE_INTROUVABLE"):
        finds(brigade)  # at once: the sweep comes within the hour
    brigade.exchange.step()
    assert brigade.store.locked_copies.count == 0


def test_r_64_a_tablet_that_was_off_at_night_deletes_by_the_wall_clock(brigade, centre, copy):
    gets(brigade, centre, copy)
    brigade.station.close()
    brigade.clock.wall += timedelta(days=62)
    brigade.clock.boot_id, brigade.clock.ms = b"boot-two", 1_000
    brigade.starts()
    brigade.exchange.step()
    assert brigade.store.locked_copies.count == 0


def test_r_64_no_word_of_the_centre_keeps_a_copy_longer_than_two_months(brigade, centre, copy):
    gets(brigade, centre, replace(copy, delete_after=builders.NOW + timedelta(days=400)))
    ((until,),) = brigade.store.connection.rows("SELECT delete_after FROM locked_copy")
    assert until <= (brigade.clock.now() + timedelta(days=62)).timestamp()


def test_a_copy_whose_day_is_over_when_it_comes_is_not_kept(brigade, centre, copy):
    gets(brigade, centre, replace(copy, delete_after=builders.NOW - timedelta(days=1)))
    assert brigade.store.locked_copies.count == 0
    assert refused(brigade) == []


def test_beyond_what_a_tablet_holds_copies_are_left_out_and_hold_nothing_up(brigade, centre, monkeypatch):
    monkeypatch.setattr(locked_copies, "COPIES_MAX", 5)
    gets(brigade, centre, *others(8), Lease(1, ("GHJKMN",)))
    assert brigade.store.locked_copies.count == 5
    assert refused(brigade) == ["ENTREE_NON_GARDEE"]
    assert brigade.store.leases.left == 1


def test_nothing_of_a_look_up_is_written_to_the_log_of_events(brigade, centre, copy):
    """Opening a copy tells nobody which request was looked for."""
    gets(brigade, centre, copy)
    before = brigade.store.log.head.next_seq
    finds(brigade)
    assert brigade.store.log.head.next_seq == before
    assert brigade.store.log.of_kind(Kind.LOOK_UP) == []


def test_two_look_ups_at_once_make_one_key_after_the_other(brigade, monkeypatch):
    """Each key takes 64 MiB."""
    at_once, most = [], []

    def slow(*asked):
        at_once.append(asked)
        most.append(len(at_once))
        time.sleep(0.05)
        at_once.pop()
        return KEYS

    monkeypatch.setattr(find_request, "derive", slow)
    threads = [threading.Thread(target=brigade.find._unlocked, args=(REFERENCE, BORN)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1, 1, 1]
