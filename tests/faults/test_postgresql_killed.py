"""PostgreSQL killed with kill -9 in the middle of imports: nothing answered is lost, nothing is doubled."""

import time

import pytest

from tests.faults.chance import seeded
from tests.faults.ledger_rows import Rows, everything_stands
from tests.faults.senders import Sender, Working
from tests.faults.test_centre_killed import grows, whole_group
from tests.postgres import killable_cluster
from tests.server.api.served import prepared_centre

KILLS = 5
LONG_FACTOR = 0.5  # `make test-long` asks for ten times as much: 25 kills are five times
SENDERS = 4
LONGEST_LIFE_SECONDS = 1.5

pytestmark = [pytest.mark.slow, pytest.mark.fault]


def test_a_database_killed_in_the_middle_of_imports_loses_nothing_and_doubles_nothing(tmp_path, budget):
    chance, kills = seeded(), int(KILLS * budget * (LONG_FACTOR if budget >= 10 else 1))
    with killable_cluster() as cluster:
        prepared = prepared_centre(tmp_path, database_url=cluster.url)
        served = prepared.starts(alone=True)
        try:
            senders = [Sender(served, f"tablet {number}") for number in range(SENDERS)]
            with Working(senders):
                for _ in range(kills):
                    grows(senders, sum(len(sender.receipts) for sender in senders))
                    time.sleep(chance.uniform(0, LONGEST_LIFE_SECONDS))  # the moment of death is the subject
                    cluster.is_killed()
                    given = [receipt for sender in senders for receipt in sender.receipts]
                    cluster.starts()
                    Rows(prepared).prove(given)
                grows(senders, sum(len(sender.receipts) for sender in senders))
            for sender in senders:
                sender.sends()
                assert sender.refused == []
        finally:
            whole_group(served.process)
        said = everything_stands(prepared, senders)
    receipts = sum(len(sender.receipts) for sender in senders)
    print(f"{kills} kills of PostgreSQL, {receipts} receipts, {said['events']} events")
