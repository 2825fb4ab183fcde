"""`durable` is said of what a synchronous standby has on its disk, and of nothing less."""

import json
import os
import subprocess
import sys

import pytest

from server.ledger.standby import standby_has, standby_is_configured
from tests.postgres import throw_away_cluster


@pytest.fixture(scope="module")
def said_with_postgres_standby(tmp_path_factory):
    with throw_away_cluster() as url:
        settings = {
            "PROCURATION_DATABASE_URL": url,
            "PROCURATION_HOME": str(tmp_path_factory.mktemp("home")),
            "DJANGO_SETTINGS_MODULE": "server.config.settings",
        }
        run = subprocess.run(
            [sys.executable, "-m", "tests.server.ledger.standby_story"],
            env={**os.environ, **settings},
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
    assert run.returncode == 0, run.stderr[-3000:]
    return json.loads(run.stdout.splitlines()[-1])


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("no standby", ["RECEIVED", "none"]),
        ("connected, not waited for", ["RECEIVED", "none"]),
        ("waited for", ["DURABLE", "standby"]),
        ("behind", False),
        ("waited for, but not on its disk", ["RECEIVED", "none"]),
        ("waited for until applied", ["DURABLE", "standby"]),
        ("away", [True, False, "standby_away"]),
    ],
)
def test_the_level_follows_the_standby(said_with_postgres_standby, moment, expected):
    assert said_with_postgres_standby[moment] == expected


def test_a_database_without_a_standby_has_none(db):
    assert not standby_is_configured()
    assert not standby_has()
