"""The documented settings of production: Django's own check finds nothing, and every page carries its
headers."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from tests.server.townhall import Story, administrator, agent_of

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = ROOT / "provisioning" / "server" / "server.toml"


def check(home: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PROCURATION_")}
    environment = {**kept, "PYTHONPATH": str(ROOT), **changes}
    command = [
        sys.executable,
        "-m",
        "server",
        "--home",
        str(home),
        "check",
        "--deploy",
        "--fail-level",
        "WARNING",
    ]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


def test_the_documented_settings_pass_the_deployment_check(tmp_path):
    (tmp_path / "server.toml").write_text(EXAMPLE.read_text("utf-8"))
    run = check(tmp_path)
    assert (run.returncode, "no issues" in run.stdout) == (0, True), run.stdout + run.stderr


def test_the_check_speaks_when_a_setting_of_the_example_is_missing(tmp_path):
    (tmp_path / "server.toml").write_text(EXAMPLE.read_text("utf-8"))
    run = check(tmp_path, PROCURATION_SECURE_COOKIES="false", PROCURATION_HSTS_SECONDS="0")
    assert run.returncode != 0
    for warning in ("security.W004", "security.W012", "security.W016"):
        assert warning in run.stderr


def test_the_example_names_only_settings_that_exist():
    from server.config.options import Options

    assert set(tomllib.loads(EXAMPLE.read_text("utf-8"))) <= set(Options.__dataclass_fields__)


HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
PAGES = ("pages:sign_in", "pages:session_ended", "mairie:waiting", "registers:polls", "console:overview")


@pytest.mark.parametrize("who", ["nobody", "agent", "administrator"])
def test_every_answer_carries_the_headers_whatever_it_says(story: Story, who: str):
    browser = {"nobody": Client, "agent": agent_of, "administrator": administrator}[who]()
    addresses = [reverse(name) for name in PAGES]
    for address in (*addresses, "/lieux/", "/nulle-part/", "/v1/health"):
        answer = browser.get(address)
        for name, value in HEADERS.items():
            assert answer.headers.get(name) == value, (address, answer.status_code, name)
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert "unsafe" not in answer["Content-Security-Policy"]


def test_over_https_browsers_are_told_to_come_back_that_way(world, settings):
    settings.SECURE_HSTS_SECONDS = 31_536_000
    answer = Client().get("/connexion/", secure=True)
    assert answer["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
