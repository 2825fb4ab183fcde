"""On a disk that is full, a tablet takes nothing in, opens, goes on proving what it has, and recovers."""

import pytest

from kiosk_app.languages import wording
from kiosk_app.sheet import Printout
from kiosk_app.store import connection
from kiosk_app.use_cases import file_request
from procuration.domain.events import Kind
from procuration.errors import RuleViolated
from tests.faults.small_disk import MIB, empty, fill, free_bytes, on_a_small_disk
from tests.kiosk.world import Agent, Centre, World, draft

DISK_MIB = 260  # the ballast, the 200 MiB below which nothing new is taken, and some room

pytestmark = [pytest.mark.slow, pytest.mark.fault]


def told(tell):
    """A story about one kiosk, with the real ballast, on a small disk."""

    def story(folder):
        connection.BALLAST_BYTES = 16 * MIB
        file_request.printout = lambda *_: Printout(png=b"", pdf=b"")  # drawn in memory: not the subject
        tablet = World(folder).kiosk()
        tell(folder, tablet)

    def test(tmp_path):
        on_a_small_disk(tmp_path, DISK_MIB, story)

    test.__doc__ = tell.__doc__
    return test


def acknowledged(tablet, count):
    return {tablet.file(draft()).seq for _ in range(count)}


def kept(tablet):
    return {event.seq for event in tablet.store.log.of_kind(Kind.FILED)}


def is_refused_for_want_of_room(work):
    with pytest.raises(RuleViolated, match="ESPACE_INSUFFISANT") as refused:
        work()
    return refused.value


@told
def test_below_200_mib_a_request_is_refused_with_a_sentence_and_all_else_goes_on(folder, tablet):
    before = acknowledged(tablet, 3)
    fill(folder, leave=199 * MIB)
    refusal = is_refused_for_want_of_room(lambda: tablet.file(draft()))
    said = wording().of_error(refusal)
    assert said.startswith("Cette tablette est pleine. Rien n’est enregistré.")
    Agent(tablet, Centre(tablet.world)).syncs()
    assert tablet.exchange.status().received == 3
    tablet.station.close()
    tablet.starts()
    assert kept(tablet) == before
    empty(folder)
    assert kept(tablet) | acknowledged(tablet, 1) == kept(tablet)
    assert len(kept(tablet)) == 4


@told
def test_a_tablet_that_was_off_when_its_disk_filled_up_opens_with_everything(folder, tablet):
    before = acknowledged(tablet, 3)
    tablet.station.close()
    assert (folder / "kiosk" / "ballast").stat().st_blocks * 512 == 16 * MIB
    fill(folder)
    tablet.starts()
    assert not (folder / "kiosk" / "ballast").exists()
    assert kept(tablet) == before
    tablet.store.log.verify(0)
    is_refused_for_want_of_room(lambda: tablet.file(draft()))
    Agent(tablet, Centre(tablet.world)).syncs()
    assert tablet.exchange.status().received == 3
    empty(folder)
    tablet.station.close()
    tablet.starts()
    assert (folder / "kiosk" / "ballast").exists()
    acknowledged(tablet, 1)
    assert len(kept(tablet)) == 4


@told
def test_a_disk_that_fills_up_under_an_open_tablet_costs_nothing_that_was_acknowledged(folder, tablet):
    before = acknowledged(tablet, 3)
    fill(folder)
    is_refused_for_want_of_room(lambda: tablet.file(draft()))
    agent = Agent(tablet, Centre(tablet.world))
    is_refused_for_want_of_room(tablet.exchange.step)  # gives the ballast back
    agent.syncs()
    assert tablet.exchange.status().received == 3
    assert kept(tablet) == before
    tablet.station.close()
    tablet.starts()
    assert kept(tablet) == before


@told
def test_with_no_room_left_at_all_a_code_is_neither_tried_nor_the_store_called_damaged(folder, tablet):
    before = acknowledged(tablet, 2)
    tablet.station.close()
    connection.release_ballast(folder / "kiosk")
    fill(folder)
    is_refused_for_want_of_room(tablet.starts)
    is_refused_for_want_of_room(tablet.starts)
    empty(folder)
    tablet.starts()
    assert kept(tablet) == before


@told
def test_a_write_that_meets_the_end_of_the_disk_leaves_the_store_as_it_was(folder, tablet):
    before = acknowledged(tablet, 2)
    head = tablet.store.log.head
    fill(folder)
    large = b"x" * MIB

    def write_too_much():
        tablet.store.connection.write("INSERT INTO target (name, value) VALUES ('large', ?)", (large,))

    is_refused_for_want_of_room(write_too_much)
    assert tablet.store.log.head == head
    empty(folder)
    write_too_much()
    assert kept(tablet) == before
    assert free_bytes(folder) > 0
