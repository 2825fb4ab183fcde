"""Somebody moves the clock: it is written down."""

from datetime import timedelta

from kiosk_app.use_cases.watch_clock import WatchClock
from procuration.domain.events import Kind
from procuration.record.event import open_body, parse_event


def steps(tablet):
    events = tablet.store.log.of_kind(Kind.CLOCK_STEP)
    return [open_body(parse_event(event.pair.sign1)[1], event.pair.body).step_ms for event in events]


def test_a_step_over_two_seconds_is_an_event_and_a_small_one_is_not(kiosk):
    told = []
    watch = WatchClock(kiosk.station, told.append)
    kiosk.clock.pass_(hours=5)
    watch.check()
    kiosk.clock.wall += timedelta(seconds=1)
    watch.check()
    kiosk.clock.wall -= timedelta(days=1)
    watch.check()
    watch.check()
    assert steps(kiosk) == [1000 - 86_400_000]
    assert told == steps(kiosk)


def test_small_steps_that_add_up_are_noticed(kiosk):
    watch = WatchClock(kiosk.station)
    for _ in range(3):
        kiosk.clock.wall += timedelta(seconds=1)
        watch.check()
    assert steps(kiosk) == [3000]


def test_a_step_seen_while_the_tablet_is_closed_is_written_when_it_opens(kiosk):
    watch = WatchClock(kiosk.station)
    kiosk.station.close()
    kiosk.clock.wall += timedelta(minutes=3)
    watch.check()
    station = kiosk.station
    station.open("270401")
    watch.check()
    kiosk.store = station.store
    assert steps(kiosk) == [180_000]
