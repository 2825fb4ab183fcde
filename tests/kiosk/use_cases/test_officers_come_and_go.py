"""Officers come, stay, forget their code and leave, at a tablet that no network reaches (R-14)."""

import shutil
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk_app.station import Station
from kiosk_app.store import attempts, slots
from kiosk_app.store.connection import Connection
from kiosk_app.use_cases.ceremony import TwoCodes
from kiosk_app.use_cases.list_officers import Standing
from kiosk_app.use_cases.reset_code import NewCode
from procuration.domain.events import Enrolled, Kind, SlotChange, SlotOperation, TwoPeople
from procuration.errors import CarrierUnavailable, ProcurationError, RuleViolated
from procuration.record.directory import Role
from procuration.record.enrolment import verify_enrolment
from procuration.record.event import open_body, parse_event
from tests import builders
from tests.kiosk.officers_world import KEY_PHRASE, NEW_CODE, TWO, Office, new_officer
from tests.kiosk.world import (
    AGENT_CODE,
    CHEAP,
    CHECKED,
    OFFICER_CODE,
    SERVICE_KEY,
    SUPERVISOR_PHRASE,
    Tablet,
    draft,
    tables,
)

LATER = NewCode("161803")


@pytest.fixture
def office(brigade):
    return Office(brigade)


def contents(tablet, kind):
    return [
        open_body(parse_event(event.pair.sign1)[1], event.pair.body)
        for event in tablet.store.log.of_kind(kind)
    ]


def officer_kid(tablet, code):
    return tablet.unlock(code).kid


def validates(tablet, kiosk, code):
    tablet.unlock(code)
    found = tablet.find.by_qr(kiosk.file(draft()).qr_text)
    return tablet.validate(found.rid, CHECKED, code)


# coming


def test_r_14_an_officer_enrolled_with_no_network_acts_at_once(kiosk, brigade, office):
    done = office.enrol(TWO, new_officer())
    validates(brigade, kiosk, NEW_CODE)
    assert brigade.unlock(NEW_CODE).name == "Élie WAMYTAN"
    assert brigade.station.session.kid == done.kid


def test_the_enrolment_stands_in_the_log_before_the_first_act_and_is_the_supervisor_s(brigade, office):
    done = office.enrol(TWO, new_officer())
    enrolled = contents(brigade, Kind.ENROLMENT)[-1]
    directory = brigade.store.tables.directory
    enrolment = verify_enrolment(enrolled.signed_enrolment, directory, builders.REALM)
    assert (enrolment.kid, enrolment.role, enrolment.unit) == (done.kid, Role.OFFICER, "test")
    assert enrolment.designation.designation.startswith("Premier président")
    assert enrolment.not_after == done.not_after


def test_the_log_names_both_people_and_writes_no_name(brigade, office):
    second = brigade.station.slots.open(AGENT_CODE).slot.slot_id
    done = office.enrol(TWO, new_officer())
    change = contents(brigade, Kind.SLOT_CHANGE)[-1]
    assert (change.operation, change.kid) == (SlotOperation.ADDED, done.kid)
    assert change.by == TwoPeople(supervisor=builders.key("supervisor").kid, second_slot=second)


def test_the_private_key_of_the_supervisor_is_nowhere_on_the_tablet(brigade, office):
    office.enrol(TWO, new_officer())
    brigade.station.close()
    seed = builders.key("supervisor").seed
    assert not [path for path in brigade.folder.rglob("*") if path.is_file() and seed in path.read_bytes()]
    brigade.starts()
    values = brigade.store.connection.rows("SELECT value FROM setting")
    assert not [value for (value,) in values if seed in value]


@pytest.mark.parametrize("days", [90, -1])
def test_r_14_no_habilitation_is_longer_than_ninety_days_or_over_before_it_begins(brigade, office, days):
    before = brigade.store.log.head.next_seq
    with pytest.raises(RuleViolated, match="OFFICER_PERIOD"):
        office.enrol(TWO, new_officer(last_day=(builders.NOW + timedelta(days=days, hours=11)).date()))
    assert brigade.store.log.head.next_seq == before


@pytest.mark.parametrize(
    ("field", "typed", "code"),
    [
        ("nom", " ", "NOM_MANQUANT"),
        ("prenoms", "", "PRENOMS_MANQUANT"),
        ("qualite", " ", "QUALITE_MANQUANTE"),
        ("designation", "", "DESIGNATION_MANQUANTE"),
        ("designation", "TPI\u202e", "DESIGNATION_MANQUANTE"),
        ("code", "12345", "CODE_TROP_COURT"),
        ("code", OFFICER_CODE, "CODE_DEJA_PRIS"),
    ],
)
def test_r_14_what_is_missing_is_said_and_nothing_is_written(brigade, office, field, typed, code):
    before = brigade.store.log.head.next_seq, len(brigade.station.slots.listed())
    with pytest.raises(RuleViolated, match=code):
        office.enrol(TWO, new_officer(**{field: typed}))
    assert (brigade.store.log.head.next_seq, len(brigade.station.slots.listed())) == before


# who must be there


@pytest.mark.parametrize(
    ("why", "phrase", "second", "code"),
    [
        ("the supervisor twice", KEY_PHRASE, KEY_PHRASE, "SECONDE_PERSONNE"),
        ("with the phrase of the installation", KEY_PHRASE, SUPERVISOR_PHRASE, "SECONDE_PERSONNE"),
        ("a wrong phrase", "une autre phrase de passe", AGENT_CODE, "PHRASE_INCORRECTE"),
        ("a wrong code", KEY_PHRASE, "000000", "CODE_INCORRECT"),
    ],
)
def test_nobody_enrols_alone(brigade, office, why, phrase, second, code):
    before = brigade.store.log.head.next_seq
    with pytest.raises(RuleViolated, match=code):
        office.enrol(TwoCodes(phrase, second), new_officer())
    assert brigade.store.log.head.next_seq == before, why


def test_without_the_stick_of_the_supervisor_nothing_begins(brigade, office):
    shutil.rmtree(office.stick)
    with pytest.raises(CarrierUnavailable, match="CLE_DU_RESPONSABLE_ABSENTE"):
        office.enrol(TWO, new_officer())


def supervisor(**changes):
    return replace(builders.entry("supervisor", Role.SUPERVISOR), **changes)


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (None, "RESPONSABLE_INCONNU"),
        (supervisor(role=Role.SERVER), "RESPONSABLE_INCONNU"),
        (supervisor(not_after=builders.NOW - timedelta(days=1)), "RESPONSABLE_TERMINE"),
        (supervisor(not_before=builders.NOW + timedelta(days=1)), "RESPONSABLE_TERMINE"),
        (supervisor(revoked_at=builders.NOW - timedelta(days=1)), "RESPONSABLE_RETIRE"),
    ],
)
def test_a_supervisor_who_is_not_in_office_enrols_nobody(world, brigade, office, entry, code):
    listed = world.directory(version=2)
    others = tuple(one for one in listed.entries if one.kid != builders.key("supervisor").kid)
    changed = replace(listed, entries=(*others, *([] if entry is None else [entry])))
    brigade.store.tables.put(tables(changed))
    with pytest.raises(RuleViolated, match=code):
        office.enrol(TWO, new_officer())


# the end comes near


@pytest.mark.parametrize(
    ("days", "standing"), [(7, Standing.ENDING), (8, Standing.IN_OFFICE), (0, Standing.ENDING)]
)
def test_r_14_the_end_is_said_a_week_before(brigade, office, days, standing):
    office.enrol(TWO, new_officer(last_day=(builders.NOW + timedelta(days=days, hours=11)).date()))
    brigade.unlock(NEW_CODE)
    assert office.listed.signed_in().days_left == days
    assert {one.nom: one.standing for one in office.listed()}["WAMYTAN"] is standing


def test_whoever_has_no_officer_key_is_no_officer(brigade, office):
    brigade.unlock(SUPERVISOR_PHRASE)
    assert not office.listed.signed_in().is_officer


def test_r_14_after_the_end_nothing_is_signed_until_the_supervisor_renews(world, kiosk, brigade, office):
    kid = office.enrol(TWO, new_officer(last_day=(builders.NOW + timedelta(days=2)).date())).kid
    world.clock.pass_(days=3)
    with pytest.raises(RuleViolated, match="HABILITATION_TERMINEE"):
        validates(brigade, kiosk, NEW_CODE)
    done = office.renew(TWO, kid, (world.clock.now() + timedelta(days=30)).date())
    assert done.kid == kid
    validates(brigade, kiosk, NEW_CODE)


# leaving


def test_r_14_who_was_withdrawn_opens_nothing_and_the_log_says_since_when(brigade, office):
    kid = officer_kid(brigade, OFFICER_CODE)
    slot = brigade.station.session.slot_id
    office.enrol(TWO, new_officer())
    done = office.revoke(TWO, kid)
    with pytest.raises(RuleViolated, match="CODE_INCORRECT"):
        brigade.unlock(OFFICER_CODE)
    ended = contents(brigade, Kind.ENROLMENT)[-1]
    directory = brigade.store.tables.directory
    enrolment = verify_enrolment(ended.signed_enrolment, directory, builders.REALM)
    assert (enrolment.kid, enrolment.not_after) == (kid, done.not_after)
    change = contents(brigade, Kind.SLOT_CHANGE)[-1]
    assert (change.slot_id, change.operation) == (slot, SlotOperation.REMOVED)
    assert brigade.store.officers.find(kid).wrapped == b""


def test_who_is_withdrawn_while_signed_in_signs_nothing_more(kiosk, brigade, office):
    brigade.unlock(OFFICER_CODE)
    found = brigade.find.by_qr(kiosk.file(draft()).qr_text)
    office.revoke(TWO, brigade.station.session.kid)
    with pytest.raises(RuleViolated, match="HABILITATION_RETIREE"):
        brigade.validate(found.rid, CHECKED, OFFICER_CODE)


def test_two_codes_that_open_are_always_left(brigade, office):
    kid = officer_kid(brigade, OFFICER_CODE)
    for slot in brigade.station.slots.listed():  # nobody knows the agent's code and the phrase any more
        if slot.kid is None:
            counts = brigade.station.attempts._counts()
            brigade.station.attempts._write({**counts, slot.slot_id: attempts.Count(10, b"boot", 0)})
    with pytest.raises(RuleViolated, match="DERNIERS_CODES"):
        office.revoke(TwoCodes(KEY_PHRASE, OFFICER_CODE), kid)
    brigade.unlock(OFFICER_CODE)


def test_a_key_that_was_withdrawn_is_never_used_again(brigade, office):
    kid = officer_kid(brigade, OFFICER_CODE)
    office.revoke(TWO, kid)
    last_day = new_officer().last_day
    for again in (
        lambda: office.renew(TWO, kid, last_day),
        lambda: office.reset(TWO, kid, LATER),
        lambda: office.revoke(TWO, kid),
    ):
        with pytest.raises(RuleViolated, match="HABILITATION_RETIREE"):
            again()


def test_whom_the_centre_has_withdrawn_still_loses_their_code(brigade, office):
    kid = officer_kid(brigade, OFFICER_CODE)
    brigade.store.officers.revoke(kid, builders.NOW - timedelta(hours=1))
    office.revoke(TWO, kid)
    with pytest.raises(RuleViolated, match="CODE_INCORRECT"):
        brigade.unlock(OFFICER_CODE)


# a forgotten code


def blocks(tablet, code):
    slot_id = tablet.station.slots.open(code).slot.slot_id
    for _ in range(10):
        with pytest.raises(RuleViolated):
            tablet.station.slots.open("000000", slot_id)
        tablet.clock.pass_(minutes=10)
    with pytest.raises(RuleViolated, match="ACCES_BLOQUE"):
        tablet.station.slots.open(code, slot_id)


def test_a_blocked_officer_gets_a_new_code_a_new_key_and_the_same_term(kiosk, brigade, office):
    kid = officer_kid(brigade, OFFICER_CODE)
    end = brigade.station.session.enrolment.not_after
    blocks(brigade, OFFICER_CODE)
    assert [one.standing for one in office.listed()] == [Standing.BLOCKED]
    done = office.reset(TWO, kid, LATER)
    assert (done.kid == kid, done.not_after) == (False, end)
    validates(brigade, kiosk, LATER.code)
    assert brigade.unlock(LATER.code).name == "Maëva Rose TAHUA"
    with pytest.raises(RuleViolated, match="CODE_INCORRECT"):
        brigade.unlock(OFFICER_CODE)


def test_a_new_code_ends_the_old_key_in_the_log(brigade, office):
    kid = officer_kid(brigade, OFFICER_CODE)
    done = office.reset(TWO, kid, LATER)
    first, ended, new = contents(brigade, Kind.ENROLMENT)
    directory = brigade.store.tables.directory
    read = [verify_enrolment(one.signed_enrolment, directory, builders.REALM) for one in (first, ended, new)]
    assert [one.kid for one in read] == [kid, kid, done.kid]
    assert read[1].not_after < read[0].not_after == read[2].not_after
    assert [one.operation for one in contents(brigade, Kind.SLOT_CHANGE)[-2:]] == [
        SlotOperation.ADDED,
        SlotOperation.REMOVED,
    ]


def test_a_supervisor_from_elsewhere_gives_the_post_its_phrase_back(brigade, office):
    phrase = "trois mots faciles et un rire"
    office.replace_phrase(TwoCodes(KEY_PHRASE, OFFICER_CODE), phrase)
    brigade.unlock(phrase)
    with pytest.raises(RuleViolated, match="CODE_INCORRECT"):
        brigade.unlock(SUPERVISOR_PHRASE)
    with pytest.raises(RuleViolated, match="SECONDE_PERSONNE"):  # it is that supervisor's own now
        office.enrol(TwoCodes(KEY_PHRASE, phrase), new_officer())


# power cuts


class Cuts:
    """Copies of the folder of a tablet, one after each thing that reached its disk."""

    def __init__(self, tablet, monkeypatch):
        self.tablet, self.copies = tablet, []
        for module in (slots, attempts):
            monkeypatch.setattr(module, "write_durably", self._then_cut(module.write_durably))
        monkeypatch.setattr(Connection, "transaction", self._transaction(Connection.transaction))

    def _then_cut(self, write):
        def written(*arguments):
            write(*arguments)
            self._copy()

        return written

    def _transaction(self, original):
        @contextmanager
        def transaction(connection):
            outer = connection._depth == 0
            with original(connection):
                yield
            if outer:
                self._copy()

        return transaction

    def _copy(self):
        copy = self.tablet.folder.parent / f"cut-{len(self.copies)}"
        shutil.copytree(self.tablet.folder, copy)
        self.copies.append(copy)

    def starts(self, copy, code):
        """The tablet after that cut, opened with this code; None when the code opens nothing."""
        station = Station(copy, self.tablet.clock, second_secret=lambda: SERVICE_KEY, cost=CHEAP)
        try:
            station.open(code)
        except ProcurationError:
            station.close()
            return None
        return station


CHANGES = {
    "coming": (lambda office, kid: office.enrol(TWO, new_officer()), OFFICER_CODE, NEW_CODE),
    "leaving": (lambda office, kid: office.revoke(TWO, kid), None, None),
    "new code": (lambda office, kid: office.reset(TWO, kid, LATER), OFFICER_CODE, LATER.code),
    "longer": (
        lambda office, kid: office.renew(TWO, kid, new_officer().last_day), OFFICER_CODE, OFFICER_CODE,
    ),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("first", ["the agent", "the officer"])
def test_a_power_cut_leaves_the_old_state_or_the_new_and_never_a_locked_tablet(
    brigade, office, monkeypatch, change, first
):
    do, _, new_code = CHANGES[change]
    kid = officer_kid(brigade, OFFICER_CODE)
    before, slot_events = brigade.store.log.head.next_seq, len(contents(brigade, Kind.SLOT_CHANGE))
    with monkeypatch.context() as patched:
        cuts = Cuts(brigade, patched)
        done = do(office, kid)
    states = []
    for copy in cuts.copies:
        if first == "the officer":  # whoever comes first after the cut, with a code that may not count
            for code in {OFFICER_CODE, new_code} - {None}:
                if (station := cuts.starts(copy, code)) is not None:
                    station.close()
        station = cuts.starts(copy, AGENT_CODE)
        assert station is not None
        states.append(state_of(station, before, slot_events))
        station.close()
    assert set(states) <= {"old", "new"}
    assert states == sorted(states, key=("old", "new").index)
    assert states[-1] == "new"
    assert done.seq >= before


def state_of(station, before, slot_events):
    """Old or new, when log, table and file of slots say the same."""
    station.store.log.verify(0)
    events = [
        event for event in station.store.log.events(before, 100)
        if event.kind in (Kind.ENROLMENT, Kind.SLOT_CHANGE)
    ]  # fmt: skip
    counted = {}
    for event in station.store.log.of_kind(Kind.SLOT_CHANGE):
        change = open_body(parse_event(event.pair.sign1)[1], event.pair.body)
        assert isinstance(change, SlotChange)
        counted[change.slot_id] = change.operation is SlotOperation.ADDED
    here = {slot.slot_id for slot in station.slots.listed()}
    assert here == {slot_id for slot_id, added in counted.items() if added}
    working = [row for row in station.store.officers.listed() if row.wrapped]
    assert {row.slot_id for row in working} <= here
    signed = [
        open_body(parse_event(event.pair.sign1)[1], event.pair.body).signed_enrolment
        for event in station.store.log.of_kind(Kind.ENROLMENT)
    ]
    assert {row.enrolment for row in station.store.officers.listed()} <= set(signed)
    return "new" if events else "old"


def test_what_fails_half_way_leaves_no_slot_behind(brigade, office, monkeypatch):
    def full(self, content, **others):
        if isinstance(content, Enrolled):
            raise RuleViolated("ESPACE_INSUFFISANT")
        return append(self, content, **others)

    append = type(brigade.store.log).append
    before = [slot.slot_id for slot in brigade.station.slots.listed()]
    monkeypatch.setattr(type(brigade.store.log), "append", full)
    with pytest.raises(RuleViolated, match="ESPACE_INSUFFISANT"):
        office.enrol(TWO, new_officer())
    assert [slot.slot_id for slot in brigade.station.slots.listed()] == before
    assert [one.nom for one in office.listed()] == ["TAHUA"]


def test_a_tablet_without_an_officer_gets_its_first_one(world):
    tablet = world.brigade("new")
    assert isinstance(tablet, Tablet)
    Office(tablet).enrol(TWO, new_officer())
    assert tablet.unlock(NEW_CODE).kid is not None
