"""The hour of a real tablet: the floor, what it refuses, and its correction by a supervisor."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kiosk_app.use_cases.repair_clock import COPY, RepairClock
from kiosk_app.use_cases.watch_clock import WatchClock
from procuration.adapters.clock import set_system_clock
from procuration.domain.acts import Declarations
from procuration.domain.clock_evidence import ClockDoubt, doubt_of
from procuration.domain.events import Kind
from procuration.errors import CarrierUnavailable, RuleViolated
from procuration.record.event import parse_event
from tests import builders
from tests.kiosk.world import AGENT_CODE, CHECKED, OFFICER_CODE, SUPERVISOR_PHRASE, draft, utc

DAY = timedelta(days=1)


@pytest.fixture
def repair(kiosk):
    """With a machine that lets its clock be set."""
    made = RepairClock(kiosk.station, lambda at: setattr(kiosk.clock, "wall", at))
    made.keep_copy()
    return made


@pytest.mark.parametrize(
    ("days", "doubt"),
    [(-0.001, ClockDoubt.BEHIND), (0, None), (30, None), (30.001, ClockDoubt.FAR_AHEAD)],
)
def test_a_clock_is_doubted_below_the_floor_and_more_than_thirty_days_above(days, doubt):
    assert doubt_of(builders.NOW + days * DAY, builders.NOW) is doubt


@pytest.mark.parametrize("is_open", [True, False])
def test_a_wrong_hour_is_known_before_any_code(kiosk, repair, is_open):
    floor = kiosk.store.settings.floor
    if not is_open:
        kiosk.station.close()
    assert repair.shown().doubt is None
    kiosk.clock.wall = utc(2015, 1, 1)
    shown = repair.shown()
    assert (shown.doubt, shown.proved) == (ClockDoubt.BEHIND, floor)


@pytest.mark.parametrize("copy", [None, b"", b"x", b"9" * 19, b"9" * 21, b"-" * 5, "１２".encode()])
def test_a_copy_that_is_lost_or_damaged_asks_nothing_and_refuses_nothing(kiosk, repair, copy):
    kiosk.station.close()
    path = kiosk.folder / COPY
    path.unlink()
    if copy is not None:
        path.write_bytes(copy)
    kiosk.clock.wall = utc(2015, 1, 1)
    assert repair.shown().proved in (None, datetime.fromtimestamp(12, UTC))


def test_the_phrase_of_the_supervisor_corrects_the_hour_and_the_step_is_an_event(kiosk, repair):
    kiosk.station.close()
    kiosk.clock.wall = utc(2015, 1, 1)
    watch = WatchClock(kiosk.station)
    repair.correct(SUPERVISOR_PHRASE, builders.NOW)
    assert repair.shown().doubt is None
    watch.check()
    kiosk.starts()
    watch._station = kiosk.station
    watch.check()
    assert len(kiosk.store.log.of_kind(Kind.CLOCK_STEP)) == 1


@pytest.mark.parametrize(
    ("phrase", "at", "code"),
    [
        (AGENT_CODE, builders.NOW, "CODE_DU_RESPONSABLE"),
        ("000000", builders.NOW, "CODE_INCORRECT"),
        (SUPERVISOR_PHRASE, builders.NOW - 30 * DAY, "HEURE_AVANT_PREUVE"),
    ],
)
def test_nobody_else_sets_the_hour_and_nobody_sets_it_below_what_was_proved(kiosk, repair, phrase, at, code):
    kiosk.clock.wall = wall = utc(2015, 1, 1)
    with pytest.raises(RuleViolated, match=code):
        repair.correct(phrase, at)
    assert kiosk.clock.wall == wall


def test_a_machine_that_refuses_says_so(monkeypatch):
    def refuse(*_):
        raise PermissionError

    monkeypatch.setattr("time.clock_settime", refuse)
    with pytest.raises(CarrierUnavailable, match="HORLOGE_NON_REGLABLE"):
        set_system_clock(builders.NOW)


def test_the_floor_never_goes_down(kiosk):
    settings = kiosk.store.settings
    before = settings.floor
    settings.raise_floor(before - DAY)
    assert settings.floor == before
    kiosk.clock.wall += 900 * DAY
    kiosk.exchange.step()
    assert settings.floor == before


@pytest.mark.parametrize("wall", [utc(1970, 1, 2), utc(2015, 1, 1), builders.NOW - DAY])
def test_a_kiosk_goes_on_filing_whatever_its_clock_fell_back_to(kiosk, wall):
    kiosk.station.close()
    kiosk.clock.wall = wall
    kiosk.starts()
    receipt = kiosk.file(draft())
    (event,) = kiosk.store.log.of_kind(Kind.FILED)
    envelope = parse_event(event.pair.sign1)[1]
    assert receipt.qr_text
    assert envelope.wall == wall  # what was written is the raw clock: the centre knows how wrong it was
    assert kiosk.store.tables.open_scrutins(builders.NOUMEA)


def test_an_act_is_signed_again_once_the_hour_is_right(kiosk, brigade):
    found = brigade.find.by_qr(kiosk.file(draft()).qr_text)
    brigade.clock.wall -= 2 * DAY
    with pytest.raises(RuleViolated, match="HORLOGE_EN_RETARD"):
        brigade.validate(found.rid, CHECKED, OFFICER_CODE)
    RepairClock(brigade.station, lambda at: setattr(brigade.clock, "wall", at)).correct(
        SUPERVISOR_PHRASE, builders.NOW
    )
    assert brigade.validate(found.rid, CHECKED, OFFICER_CODE).at == builders.NOW


@pytest.mark.parametrize(("confirmed", "code"), [(False, "DATE_A_CONFIRMER"), (True, "ANNUAIRE_TROP_ANCIEN")])
def test_a_date_far_ahead_is_asked_about_before_the_directory_is_called_old(kiosk, brigade, confirmed, code):
    found = brigade.find.by_qr(kiosk.file(draft()).qr_text)
    mark = Declarations.DATE_CONFIRMED if confirmed else Declarations(0)
    checked = replace(CHECKED, declarations=CHECKED.declarations | mark)
    brigade.clock.wall = brigade.store.settings.floor + 31 * DAY
    for ask in (lambda: brigade.validate.check(found.rid, checked), lambda: signs(brigade, found, checked)):
        with pytest.raises(RuleViolated, match=code):
            ask()
    assert not brigade.store.log.of_kind(Kind.ACT)


def signs(brigade, found, checked):
    return brigade.validate(found.rid, checked, OFFICER_CODE)


def test_a_new_directory_proves_the_date_and_nothing_is_asked_any_more(kiosk, brigade):
    kiosk.clock.pass_(days=3)
    found = brigade.find.by_qr(kiosk.file(draft()).qr_text)
    brigade.receives(version=2, issued=brigade.clock.now())
    assert signs(brigade, found, CHECKED).at == brigade.clock.now()
