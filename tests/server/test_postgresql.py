"""Every test of the server once more, on PostgreSQL 15: same code, same tests (DESIGN, decision 10)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests.postgres import throw_away_cluster

AGAIN = "PROCURATION_TEST_AGAIN"
MINUTES_MAX = 20


def test_these_tests_run_on_the_database_that_the_environment_names():
    named = os.environ.get("PROCURATION_DATABASE_URL", "")
    assert connection.vendor == ("postgresql" if named.startswith("postgres") else "sqlite")


def test_what_is_committed_is_on_the_disk(db):
    asked = {
        "sqlite": [("PRAGMA journal_mode", "delete"), ("PRAGMA synchronous", 3)],
        "postgresql": [("SHOW synchronous_commit", "on")],
    }
    with connection.cursor() as cursor:
        for question, answer in asked[connection.vendor]:
            cursor.execute(question)
            assert cursor.fetchone() == (answer,)


@pytest.mark.slow
@pytest.mark.skipif(AGAIN in os.environ, reason="this is the second run")
def test_the_whole_server_behaves_the_same_on_postgresql(pytestconfig):
    with throw_away_cluster() as url:
        environment = {**os.environ, "PROCURATION_DATABASE_URL": url, AGAIN: "1"}
        for name in (
            "PROCURATION_HOME",
            "PYTEST_XDIST_WORKER",
            "PYTEST_XDIST_WORKER_COUNT",
            "PYTEST_ADDOPTS",
        ):
            environment.pop(name, None)
        command = [
            sys.executable,
            "-m",
            "pytest",
            str(Path(__file__).parent),
            "-q",
            "-x",
            "-p",
            "no:cacheprovider",
        ]
        run = subprocess.run(
            command,
            cwd=pytestconfig.rootpath,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60 * MINUTES_MAX,
            check=False,
        )
    assert run.returncode == 0, run.stdout[-8000:] + run.stderr[-2000:]
