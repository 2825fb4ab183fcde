"""What CUPS says of a queue and of a job, in the words of `lpstat -l` under LC_ALL=C. Pure."""

import re
from typing import Final

_JOB: Final = re.compile(r"request id is ([A-Za-z0-9_.-]{1,127}-[0-9]{1,10}) \(")
_ALERTS: Final = re.compile(r"^\s+Alerts: (.*)$", re.MULTILINE)
_REASONS: Final = (
    ("media-empty", "PAPIER_FINI"),
    ("media-needed", "PAPIER_FINI"),
    ("cover-open", "CAPOT_OUVERT"),
    ("door-open", "CAPOT_OUVERT"),
    ("media-jam", "IMPRIMANTE_EN_PANNE"),
    ("offline", "IMPRIMANTE_INJOIGNABLE"),
    ("connecting-to-device", "IMPRIMANTE_INJOIGNABLE"),
    ("shutdown", "IMPRIMANTE_INJOIGNABLE"),
)
"""Keywords of printer-state-reasons (RFC 8011, 5.4.12), with or without -error and -report behind them."""
_UNREACHED: Final = ("may not exist", "unable to locate", "not responding", "is not connected")
_PASSING: Final = "connecting-to-device"


def job_of(said: str) -> str | None:
    """The name of the job that `lp` has handed over."""
    found = _JOB.search(said)
    return found[1] if found else None


def trouble_of_queue(said: str, *, waited: bool = False) -> str | None:
    """The code of what stands in the way of a queue, None when nothing does.

    Args: waited: a job is stuck, so that a connection under way counts as none.
    """
    if " disabled since " in said.partition("\n")[0]:
        return _known(said, waited=True) or "FILE_ARRETEE"
    return _known(said, waited=waited)


def is_listed(job: str, said: str) -> bool:
    """Whether `lpstat` lists this job."""
    return any(line.split(" ")[0] == job for line in said.splitlines())


def was_aborted(job: str, said: str) -> bool:
    """Whether CUPS gave the job up, as its history tells, where it keeps one."""
    _, found, rest = f"\n{said}".partition(f"\n{job} ")
    alerts = _ALERTS.search(rest) if found else None
    return alerts is not None and "aborted" in alerts[1]


def _known(said: str, *, waited: bool) -> str | None:
    alerts = _ALERTS.search(said)
    reasons = alerts[1] if alerts else ""
    for word, code in _REASONS:
        if word in reasons and (waited or word != _PASSING):
            return code
    unreached = waited and any(words in said.lower() for words in _UNREACHED)
    return "IMPRIMANTE_INJOIGNABLE" if unreached else None
