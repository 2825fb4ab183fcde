"""Killed at any moment, the tablet has every event it acknowledged, in one whole chain (I-1)."""

import os
import random
import select
import signal
import struct
import time

import pytest

from kiosk_app.sheet import Printout
from kiosk_app.use_cases import file_request
from tests.kiosk.world import World, draft

KILLS = 46  # with those of the agent and of the centre, in tests/faults: 100
KILLS_PER_TABLET = 23
LONGEST_LIFE_SECONDS = 0.25
PATIENCE_SECONDS = 30
ACKNOWLEDGED = struct.Struct(">Q32s")


def files_until_killed(tablet, communes, report):
    """The child: starts the tablet as after a power cut, files requests, says each one the disk has."""
    # The paper is drawn after the disk has the event; without it a life has more moments to die in.
    file_request.printout = lambda *_: Printout(png=b"", pdf=b"")
    tablet.starts()
    tablet.store.tables._communes = communes  # an index of 35,000 places built once for all lives
    while True:
        receipt = tablet.file(draft())
        (event,) = tablet.store.log.of_request(receipt.rid)
        os.write(report, ACKNOWLEDGED.pack(receipt.seq, event.pair.hash))  # at once: no buffer to lose


def lives_and_dies(tablet, communes, seconds, *, is_heard):
    """One life of the program, ended by SIGKILL; returns what it acknowledged before.

    Args:
        is_heard: whether the time runs from its first acknowledgement, however slow the machine is.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            files_until_killed(tablet, communes, writing)
        finally:
            os._exit(3)  # only a failure comes here
    os.close(writing)
    if is_heard:
        select.select([reading], [], [], PATIENCE_SECONDS)
    time.sleep(seconds)  # the moment of death is the subject of this test
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    assert os.WIFSIGNALED(status), "the child failed before it was killed"
    return [ACKNOWLEDGED.unpack_from(said, at) for at in range(0, len(said), ACKNOWLEDGED.size)]


@pytest.mark.slow
@pytest.mark.fault
def test_no_acknowledged_event_is_lost_however_often_the_tablet_is_killed(tmp_path, budget):
    seed = int(os.environ.get("PROCURATION_TEST_SEED", random.randrange(2**32)))
    print(f"PROCURATION_TEST_SEED={seed}")
    chance = random.Random(seed)
    acknowledged = stored = 0
    for number in range(KILLS * budget // KILLS_PER_TABLET):
        tablet = World(tmp_path / str(number)).kiosk()
        communes = tablet.store.tables.communes
        tablet.file(draft())
        tablet.station.close()
        counts = dies_again_and_again(tablet, communes, chance)
        acknowledged, stored = acknowledged + counts[0], stored + counts[1]
    print(f"{acknowledged} acknowledged, {stored} stored")
    assert acknowledged >= KILLS * budget // 4


def dies_again_and_again(tablet, communes, chance):
    """How many events were acknowledged and how many are stored, after all the deaths of one tablet."""
    acknowledged = {}
    for _ in range(KILLS_PER_TABLET):
        seconds, is_heard = chance.uniform(0, LONGEST_LIFE_SECONDS), chance.random() < 0.5
        acknowledged.update(lives_and_dies(tablet, communes, seconds, is_heard=is_heard))
        tablet.starts()  # health of the file, chain and signatures of the whole log
        stored = {event.seq: event.pair.hash for event in tablet.store.log.events(0, 10**6)}
        assert acknowledged.items() <= stored.items()
        tablet.station.close()
    return len(acknowledged), len(stored)
