"""Any printer that CUPS knows, through its own client: the page goes to `lp` by a pipe, and its job is
watched until it is done or stopped.

No file of ours is ever made. The job is named after the request, never after a person; one that does not
come out in time is cancelled with its data: it must not come out later, before somebody else.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from kiosk_app.devices import cups_status
from kiosk_app.devices.printer import PrinterState
from procuration.domain.identifiers import Rid
from procuration.errors import CarrierUnavailable

OPTIONS: Final = ("media=A4", "fit-to-page", "job-sheets=none,none", "copies=1")
TOTAL_SECONDS: Final = 45.0
"""An office printer that wakes up, and its page."""
_COMMAND_SECONDS: Final = 5.0
_POLL_SECONDS: Final = 0.5


class CupsPrinter:
    """One queue of CUPS. Where its server is, CUPS knows: /etc/cups/client.conf, or CUPS_SERVER."""

    def __init__(self, queue: str, *, total_seconds: float = TOTAL_SECONDS) -> None:
        self._queue, self._total_seconds = queue, total_seconds

    def print_receipt(self, rid: Rid, image_png: bytes, pdf: bytes) -> None:
        """Raises: CarrierUnavailable, as `print_paper`."""
        self.print_paper(f"recu-{rid[:4].hex()}", image_png, pdf)

    def print_paper(self, name: str, image_png: bytes, pdf: bytes) -> None:
        """Raises: CarrierUnavailable IMPRIMANTE_INJOIGNABLE, FILE_ARRETEE, PAPIER_FINI, CAPOT_OUVERT,
        IMPRIMANTE_EN_PANNE, IMPRIMANTE_MUETTE, IMPRESSION."""
        self._check()
        options = [word for option in OPTIONS for word in ("-o", option)]
        said = _run("lp", "-d", self._queue, "-t", name, *options, "-", given=pdf)
        job = cups_status.job_of(said)
        if job is None:
            raise CarrierUnavailable("FILE_ARRETEE")
        with _cancelled_unless_out(job):
            self._wait_until_out(job)

    def state(self) -> PrinterState:
        """Raises: CarrierUnavailable, with what stops the queue."""
        self._check()
        return PrinterState()

    def _check(self, *, waited: bool = False) -> None:
        said = _run("lpstat", "-l", "-p", self._queue)
        if not said:
            raise CarrierUnavailable("IMPRIMANTE_INJOIGNABLE")
        code = cups_status.trouble_of_queue(said, waited=waited)
        if code is not None:
            raise CarrierUnavailable(code)

    def _wait_until_out(self, job: str) -> None:
        end = time.monotonic() + self._total_seconds
        while self._is_listed(job):
            late = time.monotonic() > end
            self._check(waited=late)
            if late:
                raise CarrierUnavailable("IMPRIMANTE_MUETTE")
            time.sleep(_POLL_SECONDS)
        if cups_status.was_aborted(job, _run("lpstat", "-l", "-W", "completed", "-o", self._queue)):
            raise CarrierUnavailable("IMPRESSION")

    def _is_listed(self, job: str) -> bool:
        return cups_status.is_listed(job, _run("lpstat", "-W", "not-completed", "-o", self._queue))


@contextmanager
def _cancelled_unless_out(job: str) -> Iterator[None]:
    try:
        yield
    except CarrierUnavailable:
        _run("cancel", "-x", job)  # with its data
        raise


def _run(name: str, *words: str, given: bytes = b"") -> str:
    """What the client prints; "" when it refuses. No shell, and nothing of a person in its words.

    Raises: CarrierUnavailable IMPRIMANTE_INJOIGNABLE, without CUPS or without an answer of it.
    """
    program = shutil.which(name)
    if program is None:
        raise CarrierUnavailable("IMPRIMANTE_INJOIGNABLE")
    try:
        done = subprocess.run(
            [program, *words],
            input=given,
            capture_output=True,
            check=False,
            timeout=_COMMAND_SECONDS,
            env={**os.environ, "LC_ALL": "C"},
        )
    except (subprocess.TimeoutExpired, OSError) as error:
        raise CarrierUnavailable("IMPRIMANTE_INJOIGNABLE") from error
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""
