"""`procuration-server serve`: two gunicorn servers and the background jobs, each its own process, under one
parent.

Agents are answered over TLS 1.3 on an address of their own, where no page, session or form exists; browsers
in plain HTTP for the TLS proxy before them (or for a demonstration on one machine). When one of the three
stops, all stop: a supervisor restarts the whole.
"""

import os
import signal
import ssl
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from gunicorn.app.base import BaseApplication

from server.config.options import Options
from server.config.server_log import ServerLogger

FACES = ("agents", "browsers", "jobs")
_STOP_SECONDS = 20


class Gunicorn(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn with our settings and nothing from files or the command line."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Hand gunicorn every setting."""
        for name, value in self._settings.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The WSGI application, imported in each worker."""
        from server.config.wsgi import application  # after the fork: no connection is shared

        return application


def _tls_1_3(_config: object, default: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
    context = default()
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    return context


def _worker_ended(_server: object, _worker: object) -> None:
    from server.health.latency import keep_what_ended  # needs Django set up

    keep_what_ended()


def gunicorn_settings(options: Options, face: str) -> dict[str, Any]:
    """Settings of one of the two web servers."""
    settings: dict[str, Any] = {
        **common_settings(),
        "bind": options.device_address if face == "agents" else options.browser_address,
        "workers": options.workers,
        "threads": options.threads,
        "proc_name": f"procuration-{face}",
        "forwarded_allow_ips": options.trusted_proxies,
        "child_exit": _worker_ended,
    }
    if face == "agents":
        keys = options.home / "keys"
        settings |= {
            "certfile": str(keys / "tls.pem"),
            "keyfile": str(keys / "tls.key"),
            "ssl_context": _tls_1_3,
        }
    return settings


def common_settings() -> dict[str, Any]:
    """What every web server of ours has in common."""
    return {
        "worker_class": "gthread",
        "timeout": 120,  # a bundle of 4 MiB over a 2G line takes its time; threads, not workers, wait for it
        "graceful_timeout": 15,
        "keepalive": 5,
        "max_requests": 20_000,
        "max_requests_jitter": 2_000,
        "limit_request_line": 2048,
        "limit_request_fields": 40,
        # a heartbeat file, no data
        "worker_tmp_dir": "/dev/shm" if Path("/dev/shm").is_dir() else None,  # noqa: S108
        "control_socket_disable": True,
        "accesslog": None,  # addresses asked for may hold a reference
        "errorlog": "-",
        "logger_class": ServerLogger,
        "loglevel": "warning",
    }


def serve_face(options: Options, face: str) -> None:
    """Run one of the three in this process until it is told to stop.

    Raises: CarrierUnavailable REGISTRE_RESTAURE: a backup was put back, and nobody has said so.
    """
    from server.config.centre import current_centre  # needs Django set up
    from server.ledger.ledger_head import refuse_a_backup

    refuse_a_backup(current_centre())
    if face == "jobs":
        from server.config.jobs import run_jobs  # needs Django set up

        run_jobs(options.home)
    else:
        if face == "browsers":
            from server.pages.static_files import publish  # needs Django set up

            publish()
        _worker_ended(None, None)  # those of the last run
        Gunicorn(gunicorn_settings(options, face)).run()


def serve(options: Options) -> int:
    """Start the three, wait, and stop the others as soon as one ends.

    Returns: 0 after SIGTERM or SIGINT, 3 when one ended by itself.
    """
    children = {face: _start(options.home, face) for face in FACES}
    asked_to_stop: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        asked_to_stop.append(number)
        _tell(children.values(), signal.SIGTERM)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    ended, _status = os.wait()
    _tell((child for child in children.values() if child.pid != ended), signal.SIGTERM)
    for child in children.values():
        _reap(child)
    return 0 if asked_to_stop else 3


def _start(home: Path, face: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PROCURATION_HOME": str(home), "PROCURATION_SERVER_FACE": face}
    return subprocess.Popen([sys.executable, "-m", "server", "serve", "--face", face], env=environment)


def _tell(children: Any, number: int) -> None:
    for child in children:
        if child.poll() is None:
            child.send_signal(number)


def _reap(child: subprocess.Popen[bytes]) -> None:
    try:
        child.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
