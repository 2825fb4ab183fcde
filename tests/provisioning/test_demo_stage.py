"""What the demonstration decides before its programs start."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from provisioning.demo.stage import ZONE, local_day
from provisioning.server_home import CLOCK_TOLERANCE


@pytest.mark.parametrize("hour", range(24))
def test_the_officer_of_the_demo_begins_when_the_supervisor_counts_at_any_hour(hour):
    now = datetime(2026, 11, 26, hour, 59, tzinfo=UTC)
    begins = datetime.combine(local_day(now), time.min, ZoneInfo(ZONE))
    supervisor_counts_from = now - timedelta(minutes=1) - CLOCK_TOLERANCE
    assert supervisor_counts_from < begins <= now
