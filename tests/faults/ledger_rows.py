"""What a centre's database holds, read with the database's own library, past all code of the centre."""

import json
import sqlite3
import subprocess
from contextlib import closing

import psycopg

EVENTS = "SELECT d.log_id, e.seq, e.hash FROM ledger_event e JOIN ledger_device d ON d.id = e.device_id"
LEAVES = "SELECT d.log_id, l.seq, l.hash FROM ledger_leaf l JOIN ledger_device d ON d.id = l.device_id"
ROOTS = "SELECT size, root FROM ledger_checkpoint"
PROCURATIONS = "SELECT count(*) FROM dossiers_procuration"


class Rows:
    """The rows of one moment."""

    def __init__(self, prepared):
        url = prepared.environment.get("PROCURATION_DATABASE_URL")
        path = prepared.folder.server / "db.sqlite3"
        with closing(psycopg.connect(url) if url else sqlite3.connect(path, timeout=20)) as database:
            self.events = [(log, seq, bytes(hash_)) for log, seq, hash_ in _all(database, EVENTS)]
            self.leaves = {(log, seq, bytes(hash_)) for log, seq, hash_ in _all(database, LEAVES)}
            self.roots = {size: bytes(root) for size, root in _all(database, ROOTS)}
            ((self.procurations,),) = _all(database, PROCURATIONS)

    def prove(self, receipts):
        """Everything a receipt says is there."""
        events = set(self.events)
        for receipt in receipts:
            head = (receipt.log_id.hex(), receipt.seq, receipt.hash)
            assert head in events
            assert head in self.leaves
            assert self.roots[receipt.tree.size] == receipt.tree.root

    def hold_once(self, senders):
        """Every event of these tablets, in its place, one time; every request one procuration."""
        ours = {sender.tablet.log_id.hex() for sender in senders}
        sent = [
            (sender.tablet.log_id.hex(), seq, pair.hash)
            for sender in senders
            for seq, pair in enumerate(sender.tablet.pairs)
        ]
        assert sorted(event for event in self.events if event[0] in ours) == sorted(sent)
        assert self.procurations == sum(len(sender.filed) for sender in senders)


def _all(database, question):
    cursor = database.cursor()
    cursor.execute(question)
    return cursor.fetchall()


def everything_stands(prepared, senders):
    """After the last kill: every receipt is proved, every event there once, nothing wrong for `verify`.

    Returns: what `verify` says.
    """
    rows = Rows(prepared)
    rows.prove([receipt for sender in senders for receipt in sender.receipts])
    rows.hold_once(senders)
    return audited(prepared)


def audited(prepared):
    """What `procuration-server verify` says; it must find nothing wrong."""
    run = subprocess.run(
        [*prepared.command, "verify", "--json"],
        env=prepared.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr[-2000:]
    said = json.loads(run.stdout)
    assert said["faults"] == []
    return said
