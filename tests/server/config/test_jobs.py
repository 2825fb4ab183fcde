"""The jobs that nobody has to start: the purge runs each night, and holds no other job back."""

from apscheduler.schedulers.background import BackgroundScheduler

from procuration.domain.status import Status
from server.config import jobs
from server.dossiers.models import Procuration
from tests.server.dossiers.test_purge import DAY, TWO_MONTHS, at


def test_the_purge_runs_each_night_in_a_thread_of_its_own(story, world, tmp_path, monkeypatch):
    made = []

    class Listening(BackgroundScheduler):
        def start(self):
            made.append(self)

        def shutdown(self):
            return None

    monkeypatch.setattr(jobs, "BackgroundScheduler", Listening)
    monkeypatch.setattr(jobs.signal, "signal", lambda *_: None)
    monkeypatch.setattr(jobs.threading.Event, "wait", lambda self: True)
    jobs.run_jobs(tmp_path)
    (scheduler,) = made
    (nightly,) = [job for job in scheduler.get_jobs() if job.executor == "purge"]
    assert str(nightly.trigger) == "cron[hour='2']"
    story.filed()
    centre = at(world, TWO_MONTHS + DAY)
    monkeypatch.setattr(jobs, "current_centre", lambda: centre)
    monkeypatch.setattr(jobs, "close_old_connections", lambda: None)
    nightly.func()
    assert Procuration.objects.get().status == Status.PURGEE
