"""A real agent killed with kill -9 while it carries bundles to a real centre: each arrives, with its effect
once, and no half file is ever seen.
"""

import os
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest

from procuration.adapters.spool import AgentSpool, AppSpool
from procuration.errors import RecordRejected
from procuration.record.bundle import bundle_digest
from procuration.record.sealed import Purpose, seal
from tests.faults.chance import seeded
from tests.faults.ledger_rows import Rows, audited
from tests.faults.recording import python
from tests.faults.senders import Sender
from tests.server.api.served import prepared_centre

KILLS = 34  # with those of the app (tests/kiosk/test_sudden_death) and of the centre: 100
LONGEST_LIFE_SECONDS = 0.5
LOOK_SECONDS = 0.003
PATIENCE_SECONDS = 60
ROOT = Path(__file__).parents[2]

pytestmark = [pytest.mark.slow, pytest.mark.fault]


class Nursery:
    """Agents of one spool, one after the other."""

    def __init__(self, spool, served, log):
        words = (spool.folder, f"https://127.0.0.1:{served.agent_port}", served.folder.path / "ca.pem")
        self._process = subprocess.Popen(
            python("tests.faults.agent_nursery", *words),
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )

    def starts(self):
        return int(self._asks())

    def kills(self, agent):
        os.kill(agent, signal.SIGKILL)
        assert int(self._asks()) == -signal.SIGKILL, "it had ended by itself"

    def _asks(self):
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return self._process.stdout.readline()

    def close(self):
        self._process.communicate()


class Watch:
    """Reads every file of the spool that has a final name, again and again: each is whole."""

    def __init__(self, folder, whole):
        self._folder, self._whole, self.seen = folder, whole, {}
        self._stop, self.half = threading.Event(), []
        self._thread = threading.Thread(target=self._run)

    def _run(self):
        while not self._stop.wait(LOOK_SECONDS):
            self.look()

    def look(self):
        for path in (self._folder / "in").glob("*.prb"):
            content = path.read_bytes()
            if self.seen.get(path.name) != content:
                self.seen[path.name] = content
                if not self._whole(path.stem, content):
                    self.half.append(path.name)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join()


@pytest.fixture
def served(tmp_path):
    prepared = prepared_centre(tmp_path, database_url="")
    served = prepared.starts(alone=True)
    yield prepared, served
    os.killpg(served.process.pid, signal.SIGKILL)
    served.process.wait()


def test_an_agent_killed_again_and_again_brings_every_bundle_once(served, tmp_path, budget):
    prepared, served = served
    chance, kills = seeded(), KILLS * budget
    sender, app = Sender(served, "carried tablet"), AppSpool(tmp_path / "spool")
    sealed = {}

    def seals():
        """The tablet writes while the agent lives and dies."""
        first = len(sender.tablet.pairs)
        sender.files()
        plain = sender.tablet.bundle(tuple(sender.tablet.pairs[first:]), first_seq=first)
        bundle = seal(plain, sender.centre_key, Purpose.UP, served.realm)
        sealed[app.put_bundle(bundle)] = bundle

    def whole(name, answer):
        """An answer is whole when its seal opens and it answers this bundle."""
        try:
            sender.receipts += sender.proofs_in(sealed[name], answer)
        except RecordRejected:
            return False
        return True

    with (tmp_path / "agent.log").open("wb") as log, Watch(app.folder, whole) as watch:
        nursery = Nursery(app, served, log)
        try:
            for _ in range(kills):
                seals()
                agent = nursery.starts()
                time.sleep(chance.uniform(0, LONGEST_LIFE_SECONDS))  # the moment of death is the subject
                nursery.kills(agent)
                for file in AgentSpool(app.folder).out_files():
                    assert AgentSpool(app.folder).read_out(file.name)
            killed_before_the_last = len(app.answer_names())
            agent = nursery.starts()
            ends = time.monotonic() + PATIENCE_SECONDS
            while set(app.answer_names()) != set(sealed):
                assert time.monotonic() < ends, "a bundle never arrived"
                time.sleep(0.05)
            nursery.kills(agent)
        finally:
            nursery.close()
        watch.look()
    assert not watch.half
    assert {bundle_digest(sealed[name]) for name in app.answer_names()} == set(
        map(bundle_digest, sealed.values())
    )
    rows = Rows(prepared)
    rows.prove(sender.receipts)
    rows.hold_once([sender])
    said = audited(prepared)
    assert killed_before_the_last, "the agents died too soon to carry anything"
    print(f"{kills} kills of the agent, {len(sealed)} bundles, {said['events']} events")
