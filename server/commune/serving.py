"""The pages of the town hall, on this machine only, in one process, while its program runs."""

from typing import Final

from apscheduler.schedulers.background import BackgroundScheduler
from django.db import connections

from server.commune import views
from server.config.centre import current_centre
from server.config.jobs import guarded
from server.config.serving import Gunicorn, common_settings

REGISTERS_EVERY_SECONDS: Final = 30
"""A decision made here is in the register file within a minute; what a stick brings, at once."""
_THREADS: Final = 4


class Pages(Gunicorn):
    """One worker: the key of the store never leaves this process and its child."""

    def load(self) -> object:
        """The pages, and the job that keeps the register files true."""
        scheduler = BackgroundScheduler(timezone="UTC")
        scheduler.add_job(
            guarded("register_files", write_register_files),
            "interval",
            seconds=REGISTERS_EVERY_SECONDS,
            coalesce=True,
            misfire_grace_time=None,
            max_instances=1,
        )
        scheduler.start()
        return super().load()


def write_register_files() -> None:
    """Once more, if something changed."""
    views.write_registers(current_centre())


def serve(address: str) -> int:
    """Answer until the program is stopped. Returns: 0."""
    connections.close_all()  # the worker opens its own
    print(f"Ouvrez cette adresse, sur cette machine : http://{address}/ouvrir/{views.TOKEN}/", flush=True)
    settings = {**common_settings(), "bind": address, "workers": 1, "threads": _THREADS}
    Pages(settings).run()
    return 0
