"""The guard of the clock."""

from datetime import timedelta

import pytest

from sync_agent.guard import ClockGuard


@pytest.mark.parametrize("seconds", [-365 * 86400, -3, 3, 365 * 86400])
def test_a_step_of_the_wall_clock_is_noticed_once(clock, seconds):
    guard = ClockGuard(clock)
    clock.pass_seconds(1)
    clock.wall += timedelta(seconds=seconds)
    assert guard.step_ms() == seconds * 1000
    clock.pass_seconds(1)
    assert guard.step_ms() == 0


def test_time_that_passes_is_no_step(clock):
    guard = ClockGuard(clock)
    clock.pass_seconds(3600)
    assert guard.step_ms() == 0


def test_a_slow_drift_never_becomes_a_step(clock):
    guard = ClockGuard(clock)
    for _ in range(100):
        clock.pass_seconds(1)
        clock.wall += timedelta(milliseconds=500)
        assert guard.step_ms() == 0
