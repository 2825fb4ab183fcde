"""Older pages of the same encrypted database put into today's file: each carries a good HMAC, so only what
the rows say of each other can tell (SECURITY-DESIGN 6)."""

import shutil

import pytest

from kiosk_app.store.integrity import FORKED, RESTORED
from kiosk_app.store.settings import Setting
from procuration.errors import RecordRejected
from procuration.record.receipt import Level
from tests.kiosk.world import AGENT_CODE
from tests.scenarios import pages
from tests.scenarios.test_two_histories import code_of
from tests.scenarios.world import copy_of, hashes_here, kept_whole, pages_of, splice, starts_stopped

DAMAGED = "MAGASIN_ENDOMMAGE"
TREES = {
    "event": ("event", "sqlite_autoindex_event_1", "event_of_request", "event_of_kind"),
    "rows of event": ("event",),
    "index of kinds": ("event_of_kind",),
    "index of requests": ("event_of_request",),
    "receipt": ("receipt",),
    "setting": ("setting",),
    "lease": ("lease", "lease_free", "sqlite_autoindex_lease_1"),
    "rows of lease": ("lease",),
    "target": ("target",),
}


class Disk:
    """A tablet with a disk as it was, and the trees of its database."""

    def __init__(self, scene, tablet):
        self.scene, self.tablet = scene, tablet
        self.key = tablet.station.slots.open(AGENT_CODE).store_key
        self.now()
        self.then = pages_of(tablet)
        self.trees = dict(self._roots)
        tablet.starts(code_of(tablet))

    def now(self):
        """Everything in the database file, and its program stopped."""
        roots = self.tablet.store.connection.rows("SELECT name, rootpage FROM sqlite_master")
        self._roots = [(name, root) for name, root in roots if root]
        self.tablet.station.close()

    def pages_of(self, trees, source):
        found = set()
        for name in trees:
            found |= pages.tree_of(source, dict(self._roots)[name], self.key)
        return found

    def puts_back(self, *trees):
        """The older pages of these trees come into today's file."""
        self.now()
        today = pages_of(self.tablet)
        names = [name for tree in trees for name in TREES[tree]]
        older = self.pages_of(names, self.then)
        changed = {number for number in older if self.then[number - 1] != today[number - 1]}
        assert changed, "nothing of it has changed since"
        splice(self.tablet, {number - 1: self.then[number - 1] for number in older})

    def forgets_its_marks(self):
        for folder in (self.tablet.folder, self.tablet.spool.folder):
            (folder / "high-water.cbor").unlink()

    def fault(self):
        try:
            return starts_stopped(self.tablet, code_of(self.tablet))
        except RecordRejected as error:
            return error.code


@pytest.fixture
def disk(scene, tablet):
    scene.works(tablet)
    scene.syncs(tablet)
    made = Disk(scene, tablet)
    for _ in range(3):
        scene.clock.pass_(minutes=1)
        scene.works(tablet)
        scene.syncs(tablet)
    scene.works(tablet)
    return made


@pytest.fixture
def kiosk_disk(scene):
    tablet = scene.kiosk()
    scene.works(tablet)
    scene.syncs(tablet)
    made = Disk(scene, tablet)
    scene.works(tablet)
    scene.syncs(tablet)
    return made


def test_older_events_are_found_when_the_database_opens(disk):
    disk.puts_back("event")
    disk.forgets_its_marks()
    assert disk.fault() == DAMAGED  # today's other pages belong to nothing any more


def test_an_older_database_with_today_s_receipts_is_found_at_the_start_without_any_mark(disk):
    disk.now()
    today = pages_of(disk.tablet)
    receipts = pages.tree_of(today, dict(disk._roots)["receipt"], disk.key)
    assert receipts <= set(range(1, len(disk.then) + 1)), "no page of it is new"
    (disk.tablet.folder / "store.db").write_bytes(b"".join(disk.then))
    splice(disk.tablet, {number - 1: today[number - 1] for number in receipts})
    disk.forgets_its_marks()
    assert disk.fault() == RESTORED
    disk.scene.syncs(disk.tablet)
    assert kept_whole(disk.tablet)


@pytest.mark.parametrize("tree", ["rows of event", "index of kinds"])
def test_rows_and_indexes_of_different_ages_are_found_when_the_database_opens(disk, tree):
    disk.puts_back(tree)
    assert disk.fault() == DAMAGED


def test_older_rows_of_references_alone_are_found_when_the_database_opens(kiosk_disk):
    kiosk_disk.puts_back("rows of lease")
    assert kiosk_disk.fault() == DAMAGED


def test_references_given_away_are_not_given_twice(kiosk_disk):
    kiosk_disk.puts_back("lease")
    assert kiosk_disk.fault() == RESTORED


def test_older_receipts_cost_only_another_journey(disk):
    proved = disk.tablet.store.outbox.receipted_seq(Level.RECEIVED)
    disk.puts_back("receipt")
    assert disk.fault() is None
    assert disk.tablet.store.outbox.receipted_seq(Level.RECEIVED) < proved
    disk.tablet.exchange.ask_again()
    disk.scene.syncs(disk.tablet)
    assert disk.tablet.store.log.stopped is None
    assert kept_whole(disk.tablet)


def test_older_settings_do_not_bring_back_an_older_floor(disk):
    floor = disk.tablet.store.settings.floor
    disk.puts_back("setting")
    assert disk.fault() is None
    assert disk.tablet.store.settings.floor >= floor
    disk.tablet.exchange.ask_again()
    disk.scene.syncs(disk.tablet)
    assert disk.tablet.store.log.stopped is None
    assert kept_whole(disk.tablet)


def test_an_older_directory_is_found_by_the_version_that_the_last_event_relied_on(disk):
    disk.scene.world.version += 1
    disk.tablet.receives()
    disk.scene.works(disk.tablet)
    disk.puts_back("target")
    assert disk.fault() == RESTORED


@pytest.mark.parametrize("trees", [("event", "receipt", "setting", "lease", "target")])
def test_everything_older_at_once_is_found_by_the_mark_or_else_at_first_contact(disk, trees):
    history = hashes_here(disk.tablet)
    disk.now()
    (disk.tablet.folder / "store.db").write_bytes(b"".join(disk.then))
    with_marks = copy_of(disk.tablet, "with-marks", with_spool=True)
    assert starts_stopped(with_marks, code_of(with_marks)) == RESTORED
    with_marks.station.close()
    disk.forgets_its_marks()
    assert disk.fault() is None
    disk.scene.works(disk.tablet)
    disk.tablet.exchange.ask_again()
    disk.scene.syncs(disk.tablet)
    assert disk.tablet.store.log.stopped == FORKED
    assert kept_whole(disk.tablet)
    assert len(history) > 0


def test_receipts_of_a_clone_are_not_taken_for_ours(scene, tablet):
    scene.works(tablet)
    scene.syncs(tablet)
    ours = Disk(scene, tablet)
    tablet.station.close()
    twin = copy_of(tablet, "clone")
    twin.starts(code_of(twin))
    scene.works(twin)
    scene.syncs(twin)
    theirs = pages_of_closed(twin)
    tablet.starts(code_of(tablet))
    unsent = scene.works(tablet)
    ours.now()
    numbers = ours.pages_of(("receipt",), theirs)
    splice(tablet, {number - 1: theirs[number - 1] for number in numbers})
    assert ours.fault() in (FORKED, RESTORED)
    seq = tablet.store.log.of_request(unsent)[-1].seq
    assert tablet.store.outbox.receipted_seq(Level.RECEIVED) < seq
    scene.syncs(tablet)
    assert kept_whole(tablet)


def pages_of_closed(tablet):
    tablet.station.close()
    return pages_of(tablet)


@pytest.mark.parametrize("how", ["rows deleted", "log of writes deleted"])
def test_a_tail_cut_off_is_found_by_the_mark_and_what_is_left_is_sent(scene, tablet, how):
    """The disk alone cannot know: nothing of the tail was receipted."""
    first = scene.works(tablet)
    if how == "rows deleted":
        scene.works(tablet)
        tablet.exchange.step()
        database = tablet.store.connection
        database.write("DROP TRIGGER event_is_never_deleted")
        database.rows("PRAGMA foreign_keys = OFF")
        database.write("DELETE FROM event WHERE seq >= ?", (tablet.store.log.head.next_seq - 1,))
        database.truncate_wal()
    else:
        tablet.store.connection.truncate_wal()
        scene.works(tablet)
        tablet.exchange.step()
        without = tablet.folder.parent / "without-wal"
        shutil.copytree(tablet.folder, without, ignore=shutil.ignore_patterns("*-wal", "*-shm", "*.tmp"))
        tablet.station.close()
        shutil.rmtree(tablet.folder)
        without.rename(tablet.folder)
    tablet.store.high_water._folders = ()  # the program that lost its tail has not written since
    tablet.station.close()
    assert starts_stopped(tablet) == RESTORED
    scene.syncs(tablet)
    assert tablet.store.log.of_request(first)
    assert kept_whole(tablet)


@pytest.mark.parametrize("cut_bytes", [1, 4096, 3 * 4096])
def test_a_file_that_ends_too_early_is_not_opened(scene, tablet, cut_bytes):
    scene.works(tablet)
    tablet.station.close()
    path = tablet.folder / "store.db"
    data = path.read_bytes()
    path.write_bytes(data[:-cut_bytes])
    with pytest.raises(RecordRejected, match=DAMAGED):
        tablet.starts()


def test_the_code_of_a_stop_that_was_spliced_away_is_found_again_at_the_next_contact(scene, tablet):
    scene.works(tablet)
    scene.syncs(tablet)
    disk = Disk(scene, tablet)
    tablet.station.close()
    twin = copy_of(tablet, "clone")
    twin.starts(code_of(twin))
    tablet.starts(code_of(tablet))
    scene.works(twin)
    scene.syncs(twin)
    twin.station.close()
    scene.works(tablet)
    scene.syncs(tablet)
    assert tablet.store.log.stopped == FORKED
    disk.puts_back("setting")
    starts_stopped(tablet, code_of(tablet))
    assert tablet.store.settings.find(Setting.STOPPED) is None
    tablet.exchange.ask_again()
    scene.syncs(tablet)
    assert tablet.store.log.stopped == FORKED
