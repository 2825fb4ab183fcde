"""The power of a centre on SQLite is cut after any call to its disk: each receipt stays provable (I-2)."""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.faults.chance import seeded
from tests.faults.recording import Recording, files_under, python, record

CUTS = 150
RETRIED = 0.25  # of the images: the same bundles come again
LONG_FACTOR = 2  # as for the tablets
MEMORY = Path("/dev/shm")
ROOT = Path(__file__).parents[2]

pytestmark = [pytest.mark.slow, pytest.mark.fault]


def environment(home):
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PROCURATION_")}
    return {**ours, "PROCURATION_HOME": str(home), "DJANGO_SETTINGS_MODULE": "server.config.settings"}


@pytest.fixture(scope="module")
def workshop():
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return tmp_path_factory.mktemp("centre")


@pytest.fixture(scope="module")
def life(base, workshop):
    """The recorded life of one centre, from an empty database on."""
    home, trace = base / "home", workshop / "trace"
    home.mkdir()
    subprocess.run(
        python("tests.faults.centre_life", "prepare", base), env=environment(home), cwd=ROOT, check=True
    )
    before = files_under(home)
    record(python("tests.faults.centre_life", "live", base), trace, environment=environment(home))
    return Recording(trace, home, base / "marks", before)


class Auditor:
    """A process of the centre's own code that opens one image after the other."""

    def __init__(self, base):
        self._process = subprocess.Popen(
            python("tests.faults.centre_life", "audit", base),
            env={**environment(base / "home"), "PROCURATION_LOG_LEVEL": "ERROR"},
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def opens(self, database, *, again=False):
        """Args:
        again: whether all bundles come once more, as the tablets send them.
        """
        self._process.stdin.write(f"{database} again\n" if again else f"{database}\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the auditor failed"
        found = json.loads(line)
        return found["before"], found["after"]

    def close(self):
        self._process.communicate()


@pytest.fixture
def auditor(base, life):
    auditor = Auditor(base)
    yield auditor
    auditor.close()


def image_of(cut, workshop):
    folder = workshop / "image"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    cut.write(folder)
    return folder / "db.sqlite3"


def lost(marks, found):
    """What answers and receipts said and the database does not hold: an agent forgets an enrolment that was
    answered.
    """
    enrolled = [log for said in marks for log in said.get("enrolled", ()) if log not in found["devices"]]
    receipts = [said for said in marks if "seq" in said]
    events = [
        said for said in receipts if found["events"].get(f"{said['log']} {said['seq']}") != said["hash"]
    ]
    roots = [said for said in receipts if found["checkpoints"].get(str(said["size"])) != said["root"]]
    return enrolled + events + roots


def of_tablets(found, logs):
    return {place: hash_ for place, hash_ in found["events"].items() if place.split()[0] in logs}


def test_no_power_cut_makes_a_centre_lose_what_a_receipt_proves(life, workshop, auditor, budget):
    chance, calls = seeded(), len(life.calls)
    wanted = CUTS * budget * (LONG_FACTOR if budget >= 10 else 1)
    every = list(range(1, calls + 1)) if wanted >= calls else []
    (last,) = life.cuts([calls], chance)
    _, whole = auditor.opens(image_of(last, workshop), again=True)
    logs = {said["log"] for said in last.marks if "log" in said}
    told = [
        number for number, call in enumerate(life.calls, 1) if life.is_mark(call)
    ]  # the moments that count
    some = [chance.choice(told) + chance.randint(0, 20) for _ in range((wanted - len(every)) // 2)]
    some += [chance.randint(1, calls) for _ in range(wanted - len(every) - len(some))]
    for cut in life.cuts(every + [min(number, calls) for number in some], chance):
        again = chance.random() < RETRIED
        before, after = auditor.opens(image_of(cut, workshop), again=again)
        assert not before["faults"]
        assert not lost(cut.marks, before), f"after {cut.calls} calls of {calls}"
        assert not after["faults"]
        if again:
            assert of_tablets(after, logs) == of_tablets(whole, logs), "a bundle is taken once"
            assert after["dossiers"] == whole["dossiers"]
    print(f"centre: {calls} calls, {wanted} cuts, {len(of_tablets(whole, logs))} events")


def test_a_centre_that_never_flushes_its_disk_would_be_caught(life, workshop, auditor):
    chance, calls = seeded(1), len(life.calls)
    found = 0
    for cut in life.without_syncs().cuts([calls - place for place in range(20)], chance):
        try:
            found += bool(lost(cut.marks, auditor.opens(image_of(cut, workshop))[0]))
        except AssertionError:
            return  # the file is not even a database any more
    assert found
