"""How long requests take, by route: a histogram for Prometheus, counted where they are answered.

A route is the resolver's name for a view, never the address asked for: an address may hold a reference. The
labels come from closed lists. What is measured ends with the first byte of the answer, inside our program:
the proxy and the line come on top. Without a token for the figures nothing is measured.

With several processes each counts into a file of its own, in one folder, and whichever is asked adds all of
them up (`prometheus_client`, multiprocess mode); the counts of a process that ended go on in one file, so
that no figure ever goes back. The folder is on this machine: two machines are two scrapes.
"""

import logging
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Final

from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponseBase
from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.mmap_dict import MmapedDict
from prometheus_client.multiprocess import MultiProcessCollector

from procuration.adapters.turns import alone
from server.config.figures import shared_folder
from server.config.settings import OPTIONS

log = logging.getLogger(__name__)

BUCKETS: Final = (0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds; 0.3 is what every page promises."""
NO_ROUTE: Final = "none"
"""Files of the pages, and addresses that do not exist."""
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
_ENDED: Final = "histogram_0.db"
_TURN: Final = "turn"

REGISTRY: Final = CollectorRegistry()
LATENCY: Final = Histogram(
    "procuration_request_seconds",
    "Until the first byte of an answer",
    ["route", "method", "status"],
    buckets=BUCKETS,
    registry=REGISTRY,
)

_Answer = Callable[[HttpRequest], HttpResponseBase]


def measure(get_response: _Answer) -> _Answer:
    """Middleware, the outermost. Raises: MiddlewareNotUsed, when nobody may read the figures."""
    if not OPTIONS.metrics_token_file:
        raise MiddlewareNotUsed

    def answer(request: HttpRequest) -> HttpResponseBase:
        began = perf_counter()
        response = get_response(request)
        note(request, response.status_code, perf_counter() - began)
        return response

    return answer


def note(request: HttpRequest, status: int, seconds: float) -> None:
    """One answer, under labels that a visitor cannot choose."""
    found = request.resolver_match
    LATENCY.labels(
        route=NO_ROUTE if found is None else found.view_name,
        method=request.method if request.method in _METHODS else "other",
        status=f"{status // 100}xx",
    ).observe(seconds)


@contextmanager
def added_to(registry: CollectorRegistry) -> Iterator[None]:
    """The figures of all processes, while nobody adds up those of an ended one."""
    folder = shared_folder()
    if folder is None:
        registry.register(LATENCY)
        yield
        return
    with alone(folder / _TURN):
        MultiProcessCollector(registry, path=str(folder))  # type: ignore[no-untyped-call]  # registers itself
        yield


def keep_what_ended() -> None:
    """Add the counts of processes that ended to one file, and delete theirs: else every worker that is ever
    replaced would leave one."""
    folder = shared_folder()
    if folder is None:
        return
    with alone(folder / _TURN):
        for file in sorted(folder.glob("histogram_*.db")):
            pid = file.stem.removeprefix("histogram_")
            if file.name != _ENDED and not Path("/proc", pid).exists():
                _add(file, folder / _ENDED)
                file.unlink()


def _add(file: Path, to: Path) -> None:
    try:
        counts = list(MmapedDict.read_all_values_from_file(str(file)))  # type: ignore[no-untyped-call]
    except (
        ValueError,
        UnicodeDecodeError,
        struct.error,
        RuntimeError,
        OSError,
    ):  # cut by a power cut: figures, no proof
        log.warning("figures_unreadable", extra={"code": "FORM"})
        return
    total = MmapedDict(str(to))  # type: ignore[no-untyped-call]
    try:
        for key, value, timestamp, _ in counts:
            before, _at = total.read_value(key)  # type: ignore[no-untyped-call]
            total.write_value(key, before + value, timestamp)  # type: ignore[no-untyped-call]
    finally:
        total.close()  # type: ignore[no-untyped-call]
