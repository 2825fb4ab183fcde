"""The clock of the machine."""

from datetime import UTC, datetime, timedelta

from procuration.adapters.clock import SystemClock


def test_the_wall_clock_is_aware_utc():
    now = SystemClock().now()
    assert now.tzinfo is UTC
    assert abs(now - datetime.now(UTC)) < timedelta(minutes=1)


def test_monotonic_time_never_goes_back():
    clock = SystemClock()
    readings = [clock.monotonic_ms() for _ in range(100)]
    assert readings == sorted(readings)
    assert readings[0] > 0


def test_the_boot_has_a_name_of_8_bytes_that_stays_until_the_next_boot():
    assert SystemClock().boot_id == SystemClock().boot_id
    assert len(SystemClock().boot_id) == 8
