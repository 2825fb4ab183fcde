"""The service when the wall clock is set: the scheduler must neither stop nor run wild."""

from datetime import UTC, datetime, timedelta

import pytest

from sync_agent.cycle import Cycle
from sync_agent.mirror import Mirror
from sync_agent.service import MIRROR_JOB_SECONDS, POLL_JOB_SECONDS, REPORT_JOB_SECONDS, Service


@pytest.fixture
def service(agent, carrier, clock):
    service = Service(agent, Cycle(agent, carrier, clock), Mirror(agent, clock), lambda: carrier, clock)
    service._scheduler.start(paused=True)
    for name, (job, seconds) in service._jobs.items():
        service._scheduler.add_job(job, "interval", seconds=seconds, id=name)
    yield service
    service._scheduler.shutdown()


def test_jobs_come_as_often_as_the_design_says():
    assert (POLL_JOB_SECONDS, MIRROR_JOB_SECONDS, REPORT_JOB_SECONDS) == (30, 60, 30)


def test_jobs_that_were_missed_run_once_and_however_late(service):
    for job in service._scheduler.get_jobs():
        assert (job.coalesce, job.misfire_grace_time, job.max_instances) == (True, None, 1)


@pytest.mark.parametrize("step", [timedelta(days=-365), timedelta(days=365)])
def test_after_a_step_of_the_clock_every_job_is_due_within_its_interval(service, clock, step):
    for job in service._scheduler.get_jobs():  # as the scheduler remembers it from before the step
        job.trigger.start_date -= step
        job.modify(next_run_time=job.next_run_time - step)
    clock.wall += step
    service._guard_clock()
    now = datetime.now(UTC)
    for job in service._scheduler.get_jobs():
        assert now < job.next_run_time <= now + timedelta(seconds=MIRROR_JOB_SECONDS)


def test_after_a_step_of_the_clock_news_is_asked_for(service, clock):
    clock.wall += timedelta(days=1)
    service._guard_clock()
    assert service._poll.is_set()
