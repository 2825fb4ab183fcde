"""Figures for Prometheus, read from the database and the files when they are asked for: any worker answers
the same. How long requests take is counted as they are answered (`latency`). No name, no rid, no address;
labels come from closed lists.
"""

import hmac
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from django.db.models import F, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from server.config.centre import Centre, Tables, current_centre
from server.config.options import Options
from server.config.settings import OPTIONS
from server.console import kept
from server.console.pressing import urgently_silent
from server.console.selectors import tablets
from server.console.tablets import announced_by_departement
from server.console.thresholds import thresholds_of
from server.health.latency import added_to
from server.health.models import JobRun
from server.health.state import LATE_AFTER, look
from server.ledger.enums import BundleOutcome
from server.ledger.models import Checkpoint, Device, ForkEvidence, HeldEvent
from server.notices.enums import NoticeState

_TOKEN_BYTES_MAX: Final = 4_096
_TOKEN_BYTES_MIN: Final = 16


class CentreCollector(Collector):
    """Everything, read anew at each scrape."""

    def __init__(self, centre: Centre, options: Options) -> None:
        self._centre, self._options = centre, options

    def collect(self) -> Iterator[Metric]:
        """The families, in a fixed order."""
        now = self._centre.clock.now()
        yield from _ledger(now)
        yield from _devices(self._options, self._centre.tables, now)
        yield _by_label("procuration_notices", "Messages to electors", "state", _notices(now))
        yield from _jobs(now)
        yield self._state()

    def _state(self) -> Metric:
        family = GaugeMetricFamily(
            "procuration_health_level", "0 to note, 1 well, 2 watch, 3 alarm", labels=["check", "about"]
        )
        for check in look(self._centre, self._options):
            family.add_metric([check.name, check.about], int(check.level))
        return family


def _ledger(now: datetime) -> Iterator[Metric]:
    events = Device.objects.aggregate(all=Sum(F("head_seq") + 1))["all"]
    yield GaugeMetricFamily("procuration_events", "Events of the ledger", value=events or 0)
    outcomes = kept.bundles(now)
    yield _by_label(
        "procuration_bundles",
        "Bundles of known tablets",
        "outcome",
        {outcome: outcomes.get(outcome, 0) for outcome in BundleOutcome.values},
    )
    newest = Checkpoint.objects.order_by("-size").values_list("size", "signed_at").first()
    yield GaugeMetricFamily(
        "procuration_receipts", "Leaves of the tree: heads with a receipt", value=newest[0] if newest else 0
    )
    if newest:
        age = (now - newest[1]).total_seconds()
        yield GaugeMetricFamily("procuration_checkpoint_age_seconds", "Of the newest checkpoint", value=age)
    yield GaugeMetricFamily(
        "procuration_held_events", "Events that wait for those before them", value=HeldEvent.objects.count()
    )
    forked = ForkEvidence.objects.values("device").distinct().count()
    yield GaugeMetricFamily("procuration_forked_logs", "Logs with two histories", value=forked)


def _devices(options: Options, tables: Tables, now: datetime) -> Iterator[Metric]:
    limits, silent, known = thresholds_of(options), 0, 0
    for role, last_contact in tablets().values_list("role", "last_contact"):
        known += 1
        silent += limits.is_silent(role, last_contact, now)
    yield GaugeMetricFamily("procuration_devices", "Tablets enrolled", value=known)
    yield GaugeMetricFamily("procuration_devices_silent", "Tablets that should have spoken", value=silent)
    lost = tablets().filter(urgently_silent(limits, tables, now), not_after__gte=now).count()
    yield GaugeMetricFamily(
        "procuration_devices_silent_with_backlog", "Of them, with a backlog in a ballot's week", value=lost
    )
    announced = sum(announced_by_departement(tablets()).values())
    yield GaugeMetricFamily("procuration_events_announced", "Events that tablets still hold", value=announced)


def _notices(now: datetime) -> dict[str, int]:
    counts = kept.messages(now)
    return {state: counts.get(state, 0) for state in NoticeState.values}


def _jobs(now: datetime) -> Iterator[Metric]:
    family = GaugeMetricFamily("procuration_job_age_seconds", "Since a job last ended well", labels=["job"])
    ended = dict(JobRun.objects.values_list("name", "ended_at"))
    for name in LATE_AFTER:
        at = ended.get(name)
        if at is not None:
            family.add_metric([name], (now - at).total_seconds())
    yield family


def _by_label(name: str, meaning: str, label: str, values: dict[str, int]) -> Metric:
    family = GaugeMetricFamily(name, meaning, labels=[label])
    for value, count in values.items():
        family.add_metric([str(value)], count)
    return family


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """GET /metrics with the token of the setting. Raises: Http404 without it, or when there is none."""
    token = _token(OPTIONS.metrics_token_file)
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").encode()
    if token is None or not hmac.compare_digest(given, token):
        raise Http404
    registry = CollectorRegistry()
    registry.register(CentreCollector(current_centre(), OPTIONS))
    with added_to(registry):
        return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _token(file: str) -> bytes | None:
    """None when there is none, or it is too short to be one."""
    if not file:
        return None
    with Path(file).open("rb") as opened:
        token = opened.read(_TOKEN_BYTES_MAX).strip()
    return token if len(token) >= _TOKEN_BYTES_MIN else None
