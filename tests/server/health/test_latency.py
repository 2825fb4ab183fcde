"""How long requests take, by the name of a route: no address, no reference, no label that a visitor chooses;
the same figures from whichever process is asked."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpResponse
from django.test import Client, RequestFactory
from prometheus_client.parser import text_string_to_metric_families

from server.config.figures import FOLDER, FOLDER_VARIABLE, share_figures
from server.config.settings import OPTIONS
from server.health import latency, metrics
from tests.server.townhall import Story, agent_of

TOKEN = "un-secret-de-trente-caracteres"
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def scraped(world, monkeypatch, tmp_path):
    """A centre whose figures may be read; a function that reads those of the requests."""
    (tmp_path / "token").write_text(TOKEN)
    options = replace(OPTIONS, metrics_token_file=str(tmp_path / "token"))
    for module in (metrics, latency):
        monkeypatch.setattr(module, "OPTIONS", options)
    latency.LATENCY.clear()

    def read() -> str:
        return Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).content.decode()

    yield read
    latency.LATENCY.clear()  # the figures are the process's: other tests read them too


def counts(page: str) -> dict[tuple[str, str, str], float]:
    """How many requests, by route, method and class of status."""
    return {
        (sample.labels["route"], sample.labels["method"], sample.labels["status"]): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
        if sample.name == "procuration_request_seconds_count"
    }


def test_a_page_is_counted_by_the_name_of_its_route_and_nothing_that_was_asked_is_written(
    story: Story, scraped
):
    rid = story.established(1)
    agent = agent_of()
    for _ in range(2):
        assert agent.get(f"/mairie/procurations/{rid}/?reference=XBQ7V3").status_code == 200
    agent.post(f"/mairie/procurations/{rid}/valider/")
    Client().get("/secret-du-visiteur/XBQ7V3/")
    Client().generic("PROPFIND", "/mairie/")
    page = scraped()
    found = counts(page)
    assert found["mairie:procuration", "GET", "2xx"] == 2
    assert found["none", "GET", "4xx"] == 1
    assert {method for _, method, _ in found} <= {"GET", "POST", "other"}
    assert sum(found.values()) == 5
    for secret in (rid, "XBQ7V3", "secret", "PROPFIND", "/mairie"):
        assert secret not in page.partition("procuration_request_seconds")[2]


def test_the_promise_of_a_page_is_one_of_the_bounds(scraped):
    request = RequestFactory().get("/")
    for seconds in (0.29, 0.31):
        latency.note(request, 200, seconds)
    buckets = {
        sample.labels["le"]: sample.value
        for family in text_string_to_metric_families(scraped())
        for sample in family.samples
        if sample.name == "procuration_request_seconds_bucket" and sample.labels["route"] == "none"
    }
    assert (buckets["0.2"], buckets["0.3"], buckets["0.5"]) == (0, 1, 2)


def test_the_address_of_the_agents_is_measured_too(scraped, settings):
    settings.ROOT_URLCONF = "server.config.urls_agents"
    settings.MIDDLEWARE = ["server.health.latency.measure"]
    assert Client().post("/v1/sync", b"x", content_type="application/octet-stream").status_code == 422
    settings.ROOT_URLCONF = "server.config.urls"
    assert counts(scraped())["server.api.views.SyncView", "POST", "4xx"] == 1


def test_nothing_is_measured_where_nobody_may_read_it():
    assert OPTIONS.metrics_token_file == ""
    with pytest.raises(MiddlewareNotUsed):
        latency.measure(lambda _: HttpResponse())


def test_processes_share_a_folder_only_when_somebody_reads_the_figures(monkeypatch, tmp_path):
    monkeypatch.delenv(FOLDER_VARIABLE, raising=False)
    share_figures(replace(OPTIONS, home=tmp_path))
    assert FOLDER_VARIABLE not in os.environ
    with_token = replace(OPTIONS, home=tmp_path, metrics_token_file="token")
    monkeypatch.setenv(FOLDER_VARIABLE, "/run/elsewhere")
    share_figures(with_token)
    assert os.environ[FOLDER_VARIABLE] == "/run/elsewhere"
    monkeypatch.delenv(FOLDER_VARIABLE)
    share_figures(with_token)
    assert os.environ[FOLDER_VARIABLE] == str(tmp_path / FOLDER)
    monkeypatch.delenv(FOLDER_VARIABLE)


WORKERS = """
import os, pathlib
from prometheus_client import CollectorRegistry, generate_latest
from server.health import latency

def works(times):
    child = os.fork()
    if not child:
        for _ in range(times):
            latency.LATENCY.labels(route="mairie:list", method="GET", status="2xx").observe(0.2)
        os._exit(0)
    os.waitpid(child, 0)

def shown():
    registry = CollectorRegistry()
    with latency.added_to(registry):
        page = generate_latest(registry).decode()
    return [line.split()[-1] for line in page.splitlines() if "_count{" in line]

folder = pathlib.Path(os.environ["PROMETHEUS_MULTIPROC_DIR"])
works(2), works(3)
print(shown(), len(list(folder.glob("*.db"))))
latency.keep_what_ended()
print(shown(), len(list(folder.glob("*.db"))))
works(4)
(folder / "histogram_999999999.db").write_bytes(b"\\xff" * 64)
latency.keep_what_ended()
print(shown(), len(list(folder.glob("*.db"))))
"""


def test_several_processes_count_together_and_one_that_ended_is_not_forgotten(tmp_path):
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PROCURATION_")},
        "PYTHONPATH": str(ROOT),
        "PROCURATION_HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "server.config.settings",
        FOLDER_VARIABLE: str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-c", WORKERS], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["['5.0'] 2", "['5.0'] 1", "['9.0'] 1"]
    assert "figures_unreadable" in done.stderr or done.stderr == ""
