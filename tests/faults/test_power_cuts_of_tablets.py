"""The power of a tablet is cut after any call to its disk: nothing that somebody was told of is lost (I-1).

A kiosk and a brigade tablet live under strace; their folder is then built again as a disk could hold it after
a cut at each point of that life, and opened by the real program.
"""

import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk_app.station import Station
from kiosk_app.store import connection as store_file
from kiosk_app.use_cases.exchange import Exchange
from kiosk_app.use_cases.unlock import Unlock
from procuration.adapters.spool import AgentSpool, AppSpool, AppStatus
from procuration.errors import ProcurationError, RecordRejected
from procuration.record.bundle import read_up, verify_up
from procuration.record.cose_key import VerifyingKey
from procuration.record.receipt import Level
from procuration.record.sealed import Purpose, open_seal
from tests import builders
from tests.faults.chance import seeded
from tests.faults.recording import Recording, python, record
from tests.kiosk.world import AGENT_CODE, CHEAP, SERVICE_KEY, MovedClock

CUTS = {"accueil": 200, "brigade": 150}
LONG_FACTOR = 2  # `make test-long` asks for ten times as much: 10,000 cuts are twenty times
MEMORY = Path("/dev/shm")

pytestmark = [pytest.mark.slow, pytest.mark.fault]


@pytest.fixture(scope="module")
def workshop():
    """A folder in memory where there is one."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        yield Path(folder)


@pytest.fixture(scope="module", params=sorted(CUTS))
def life(request, workshop, tmp_path_factory):
    """The recorded life of one tablet."""
    base = tmp_path_factory.mktemp(request.param)
    (base / "tree").mkdir()
    trace, marks = workshop / f"{request.param}.trace", base / "marks"
    record(python("tests.faults.tablet_life", base / "tree", marks, request.param), trace)
    recording = Recording(trace, base / "tree", marks)
    trace.unlink()
    return request.param, recording


class Promises:
    """What the marks until a cut say that must still be there."""

    def __init__(self, marks):
        self.installed = any("installed" in said for said in marks)
        self.events = {said["seq"]: said["hash"] for said in marks if "seq" in said}
        self.answers = {said["answer"]: said["size"] for said in marks if "answer" in said}
        self.slots = max((said["slots"] for said in marks if "slots" in said), default=2 * self.installed)
        told = [said["failures"] for said in marks if "failures" in said]
        self.wrong_code_counted = bool(told) and told[-1]


def opened(folder):
    """The tablet as its next start finds it."""
    clock = MovedClock()
    clock.boot_id, clock.wall = b"boot-two", builders.NOW + timedelta(days=2)
    station = Station(folder / "tablet", clock, second_secret=lambda: SERVICE_KEY, cost=CHEAP)
    if station.declared_profile() is None:  # as the program asks before it shows a screen
        raise RecordRejected("POSTE_NON_INSTALLE")
    return station


def check_what_is_readable_before_the_code(station, promised):
    counts = station.attempts._counts().values()
    assert not promised.wrong_code_counted or any(count.failures for count in counts)
    assert len(station.slots.listed()) >= promised.slots


def check_the_store(store, promised):
    events = {event.seq: event.pair.hash.hex() for event in store.log.events(0, 10**6)}
    assert promised.events.items() <= events.items()
    assert sorted(events) == list(range(len(events)))
    store.log.verify(0)
    assert store.outbox.receipted_seq(Level.RECEIVED) < len(events)


def check_the_spool(folder, promised):
    """No half file is taken for a whole one."""
    spool = AgentSpool(folder / "tablet-spool")
    for file in spool.out_files():
        spool.read_out(file.name)
    for path in (folder / "tablet-spool" / "in").glob("*.prb"):
        assert path.stat().st_size == promised.answers.get(path.stem, path.stat().st_size)
    status = folder / "tablet-spool" / "app-status.json"
    assert not status.exists() or AppStatus.from_json(status.read_bytes())


def check_the_snapshot(folder, key, known):
    """The copy of the store is whole, and tells the same history as far as it goes."""
    path = folder / "tablet" / store_file.SNAPSHOT_NAME
    if not path.exists():
        return
    aside = folder / "restored"
    aside.mkdir()
    shutil.copy(path, aside / store_file.DATABASE_NAME)
    copy = store_file.open_store(aside, key)
    rows = dict(copy.rows("SELECT seq, hash FROM event"))
    copy.close()
    assert rows.items() <= known.items()


def check_that_work_goes_on(station, folder):
    """The next step of the exchange seals what the centre has not proved to have, down to the last event."""
    store, spool = station.store, AppSpool(folder / "tablet-spool")
    exchange = Exchange(station, spool, pause=lambda _: None)
    exchange.step()
    exchange.step()  # the first may have purged, which is an event too
    key = builders.sealing_key("server")
    last = store.outbox.receipted_seq(Level.RECEIVED)
    for name in spool.bundle_names():
        sealed = (folder / "tablet-spool" / "out" / f"{name}.prb").read_bytes()
        up = read_up(open_seal(sealed, {key.kid: key}, Purpose.UP, builders.REALM, max_bytes=1 << 23))
        manifest = verify_up(up, VerifyingKey(store.signer.cose_key), builders.REALM)
        assert manifest.first_seq <= last + 1
        last = max(last, manifest.first_seq + manifest.count - 1)
    assert last == store.log.head.next_seq - 1


def check(folder, promised, *, snapshot):
    station = opened(folder)
    check_what_is_readable_before_the_code(station, promised)
    check_the_spool(folder, promised)
    key = station.slots.open(AGENT_CODE).store_key
    Unlock(station)(AGENT_CODE)
    try:
        check_the_store(station.store, promised)
        if snapshot:
            known = dict(station.store.connection.rows("SELECT seq, hash FROM event"))
            check_the_snapshot(folder, key, known)
        check_that_work_goes_on(station, folder)
    finally:
        station.close()


def numbers_for(recording, wanted, chance):
    """After how many calls the power is cut: every number when there are enough, later ones more often."""
    calls = len(recording.calls)
    every = list(range(1, calls + 1)) if wanted >= calls else []
    return every + [int(calls * chance.triangular(0, 1, 1)) for _ in range(wanted - len(every))]


def emptied(folder):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def test_no_power_cut_makes_a_tablet_lose_what_a_person_was_told(life, workshop, budget):
    name, recording = life
    chance = seeded()
    wanted = CUTS[name] * budget * (LONG_FACTOR if budget >= 10 else 1)
    opened_images = 0
    for cut in recording.cuts(numbers_for(recording, wanted, chance), chance):
        folder, promised = emptied(workshop / "image"), Promises(cut.marks)
        cut.write(folder)
        try:
            check(folder, promised, snapshot=chance.random() < 0.25)
            opened_images += 1
        except ProcurationError:
            if promised.installed:  # before that, a refusal with a code is all that is asked
                raise
    print(f"{name}: {len(recording.calls)} calls, {wanted} cuts, {opened_images} opened")
    assert opened_images > wanted // 3


def test_a_tablet_that_never_flushes_its_disk_would_be_caught(life, workshop):
    _, recording = life
    chance, lost = seeded(1), 0
    calls = len(recording.calls)
    for cut in recording.without_syncs().cuts([calls - place for place in range(40)], chance):
        folder = emptied(workshop / "image")
        cut.write(folder)
        try:
            check(folder, Promises(cut.marks), snapshot=False)
        except (ProcurationError, AssertionError):
            lost += 1
    assert lost >= 20
