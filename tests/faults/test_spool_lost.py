"""The spool is deleted, in part or whole, and half-written files stand in it: the log fills it again, and
nothing half is ever taken.
"""

import os
import shutil

import pytest

from kiosk_app.sheet import Printout
from kiosk_app.use_cases import file_request
from procuration.adapters.spool import AgentSpool
from procuration.domain.events import Kind
from procuration.errors import RecordRejected
from procuration.record.receipt import Level
from sync_agent.carriers.usb import export_to, import_from
from sync_agent.cycle import Cycle
from sync_agent.mirror import Mirror
from tests.faults.chance import seeded
from tests.kiosk.world import Centre, World, draft

ROUNDS = 60

pytestmark = [pytest.mark.slow, pytest.mark.fault]


class Line:
    """The way to the centre, which knows no tablet before its enrolment."""

    def __init__(self, tablet, centre):
        self._tablet, self._centre, self.enrolled = tablet, centre, False

    def sync(self, sealed):
        if not self.enrolled:
            raise RecordRejected("APPAREIL_INCONNU")
        return self._centre.answers(self._tablet, sealed)

    def enrol(self, sealed):
        self.enrolled = True


class Trip:
    """A kiosk, the real agent's cycle, and a centre."""

    def __init__(self, folder):
        world = World(folder)
        self.kiosk, self.centre = world.kiosk(), Centre(world)
        self.clock, self.folder = world.clock, self.kiosk.spool.folder
        self.line = Line(self.kiosk, self.centre)
        self.starts_agent()

    def starts_agent(self):
        self.agent = AgentSpool(self.folder)
        self.cycle = Cycle(self.agent, self.line, self.clock, draw=lambda _: 0)

    def turns(self, times=1):
        for _ in range(times):
            self.kiosk.exchange.step()
            self.clock.pass_(seconds=65)
            self.cycle.run(may_poll=True)
            self.kiosk.exchange.step()

    def is_whole(self):
        """The centre has the log of the tablet, event by event, and the tablet has the proof."""
        log = {event.seq: event.pair.hash for event in self.kiosk.store.log.events(0, 10**6)}
        got = {seq: pair.hash for seq, pair in self.centre.got[self.kiosk.log_id].items()}
        return got.items() <= log.items() and self.kiosk.exchange.status().kept == 0

    def arrives(self):
        self.turns(6)
        assert self.is_whole()


@pytest.fixture
def trip(tmp_path, monkeypatch):
    monkeypatch.setattr(file_request, "printout", lambda *_: Printout(png=b"", pdf=b""))
    trip = Trip(tmp_path)
    yield trip
    trip.kiosk.station.close()


def test_a_spool_deleted_before_anything_left_brings_the_enrolment_and_every_request(trip):
    trip.kiosk.file(draft())
    trip.kiosk.exchange.step()
    shutil.rmtree(trip.folder)
    trip.arrives()
    assert trip.line.enrolled
    assert (trip.folder / "root.json").exists()
    assert (trip.folder / "app-status.json").exists()


def parts_of(folder):
    return [path for path in folder.rglob("*") if path.is_file() or path.is_dir()]


def loses_a_part(trip, chance):
    path = chance.choice([trip.folder, *parts_of(trip.folder)])
    shutil.rmtree(path) if path.is_dir() else path.unlink()


def halves_a_file(trip, chance):
    files = [path for path in trip.folder.rglob("*") if path.is_file() and path.stat().st_size > 1]
    if files:
        path = chance.choice(files)
        os.truncate(path, chance.randrange(path.stat().st_size))


def leaves_half_an_answer(trip, chance):
    (trip.folder / "in").mkdir(parents=True, exist_ok=True)
    name = chance.randbytes(16).hex()
    (trip.folder / "in" / f"{name}.prb").write_bytes(chance.randbytes(chance.randrange(1, 3000)))
    (trip.folder / "in" / f".{name}.prb.0a1b2c3d.tmp").write_bytes(b"half")


def halves_the_tables(trip, chance):
    metadata = trip.folder / "in" / "tuf" / "metadata"
    metadata.mkdir(parents=True, exist_ok=True)
    (metadata / "timestamp.json").write_bytes(b'{"signed": {"_type": "timest' + chance.randbytes(4))


TROUBLES = (loses_a_part, halves_a_file, leaves_half_an_answer, halves_the_tables)


def test_whatever_happens_to_the_spool_every_request_arrives_once(trip, budget):
    chance = seeded()
    trip.arrives()
    directory = trip.kiosk.store.tables.directory
    for number in range(ROUNDS * budget):
        trip.kiosk.file(draft())
        trip.kiosk.exchange.step()
        chance.choice(TROUBLES)(trip, chance)
        if chance.random() < 0.3:
            trip.starts_agent()  # it died of what it met, or was started anew
        trip.turns()
        if number % 10 == 9:
            trip.arrives()
    trip.starts_agent()
    trip.arrives()
    assert len(trip.kiosk.store.log.of_kind(Kind.FILED)) == ROUNDS * budget
    assert trip.kiosk.store.tables.directory == directory
    trip.kiosk.store.log.verify(0)


def test_half_of_an_answer_on_a_stick_is_set_aside_and_the_whole_one_is_taken(trip, tmp_path):
    trip.turns(3)
    trip.kiosk.file(draft())
    trip.kiosk.exchange.step()
    stick = tmp_path / "stick"
    stick.mkdir()
    export_to(trip.agent, stick)
    proved = trip.kiosk.store.outbox.receipted_seq(Level.RECEIVED)
    (carried,) = (stick / "PROCU").glob("*.prb")
    answer = trip.centre.answers(trip.kiosk, carried.read_bytes())
    carried.unlink()
    mirror = Mirror(trip.agent, trip.clock)
    for length in (1, len(answer) // 2, len(answer) - 1):
        (stick / "PROCU" / f"{length}.prb").write_bytes(answer[:length])
    (stick / "PROCU" / ".answer.prb.tmp").write_bytes(answer)  # a name that is not final
    import_from(trip.agent, stick, mirror)
    trip.kiosk.exchange.step()
    assert trip.kiosk.store.outbox.receipted_seq(Level.RECEIVED) == proved
    (stick / "PROCU" / "whole.prb").write_bytes(answer)
    import_from(trip.agent, stick, mirror)
    trip.kiosk.exchange.step()
    assert trip.kiosk.store.outbox.receipted_seq(Level.RECEIVED) > proved
