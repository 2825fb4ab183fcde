"""A real centre killed with kill -9 while tablets send: what it answered stays proved, the rest is sent again
(I-1, I-2).
"""

import os
import signal
import time
from pathlib import Path

import pytest

from tests.conftest import BUDGET
from tests.faults.chance import seeded
from tests.faults.ledger_rows import Rows, everything_stands
from tests.faults.senders import Sender, Working
from tests.postgres import throw_away_cluster
from tests.server.api.served import prepared_centre

KILLS = 20  # of these one in five hits the whole group of processes, the others one worker
WHOLE_EVERY = 5
SENDERS = 3
LONGEST_LIFE_SECONDS = 0.6

pytestmark = [pytest.mark.slow, pytest.mark.fault]


# In `make test` it is PostgreSQL itself that is killed: see test_postgresql_killed.
DATABASES = ("sqlite", "postgresql") if BUDGET >= 10 else ("sqlite",)


@pytest.fixture(params=DATABASES)
def prepared(request, tmp_path):
    if request.param == "sqlite":
        yield prepared_centre(tmp_path, database_url="")
    else:
        with throw_away_cluster() as url:
            yield prepared_centre(tmp_path, database_url=url)


def whole_group(process):
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def one_worker(process):
    """The process of gunicorn that answers agents: the parent starts another one."""
    for number in _descendants(process.pid):
        words = Path(f"/proc/{number}/cmdline").read_bytes().split(b"\0")
        parent = _parent(number)
        if b"agents" in words and b"agents" in Path(f"/proc/{parent}/cmdline").read_bytes().split(b"\0"):
            os.kill(number, signal.SIGKILL)
            return
    raise AssertionError("no worker to kill")


def _descendants(root):
    found, parents = (
        [root],
        {int(path.name): _parent(int(path.name)) for path in Path("/proc").glob("[0-9]*")},
    )
    for number in found:
        found += [child for child, parent in parents.items() if parent == number]
    return found[1:]


def _parent(number):
    try:
        return int(Path(f"/proc/{number}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return -1


def grows(senders, told):
    """Waits until somebody was given a receipt again: the centre is back."""
    ends = time.monotonic() + 60
    while sum(len(sender.receipts) for sender in senders) <= told:
        assert time.monotonic() < ends, "the centre never answered again"
        time.sleep(0.02)


def test_a_centre_killed_again_and_again_keeps_what_it_answered_and_takes_nothing_twice(prepared, budget):
    chance, kills = seeded(), KILLS * budget // len(DATABASES)
    served = prepared.starts(alone=True)
    try:
        senders = [Sender(served, f"tablet {number}") for number in range(SENDERS)]
        with Working(senders):
            for number in range(kills):
                grows(senders, sum(len(sender.receipts) for sender in senders))
                time.sleep(chance.uniform(0, LONGEST_LIFE_SECONDS))  # the moment of death is the subject
                if number % WHOLE_EVERY:
                    one_worker(served.process)
                else:
                    whole_group(served.process)
                    given = [receipt for sender in senders for receipt in sender.receipts]
                    Rows(prepared).prove(given)
                    served = prepared.starts(alone=True)
            grows(senders, sum(len(sender.receipts) for sender in senders))
        for sender in senders:
            sender.sends()
            assert sender.refused == []
    finally:
        whole_group(served.process)
    said = everything_stands(prepared, senders)
    print(f"{kills} kills, {sum(len(one.receipts) for one in senders)} receipts, {said['events']} events")
