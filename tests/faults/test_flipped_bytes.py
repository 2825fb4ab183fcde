"""One byte of the store changes on the disk: the tablet never shows a wrong record, and says what to do."""

import shutil
from copy import copy

import pytest

from kiosk_app.command_texts import sentence
from kiosk_app.languages import wording
from kiosk_app.sheet import Printout
from kiosk_app.store import connection as store_file
from kiosk_app.store.wal_damage import check_wal
from kiosk_app.use_cases import file_request
from procuration.domain.events import Kind
from procuration.errors import RecordRejected
from tests.faults.chance import seeded
from tests.kiosk.world import AGENT_CODE, Agent, Centre, World, draft

PAGES = 200
PAGE_BYTES = 4096
TABLES = ("event", "setting", "receipt", "sent", "lease", "target", "request", "officer")

pytestmark = [pytest.mark.slow, pytest.mark.fault]


@pytest.fixture
def kiosk(tmp_path, monkeypatch):
    """A kiosk with a history, the centre has half of it."""
    monkeypatch.setattr(file_request, "printout", lambda *_: Printout(png=b"", pdf=b""))
    world = World(tmp_path)
    kiosk, centre = world.kiosk(), Centre(world)
    agent = Agent(kiosk, centre)
    for _ in range(3):
        kiosk.file(draft())
    agent.syncs()
    for _ in range(3):
        kiosk.file(draft())
    kiosk.exchange.step()
    kiosk.agent = agent
    yield kiosk
    kiosk.station.close()


@pytest.fixture
def key(kiosk):
    return kiosk.station.slots.open(AGENT_CODE).store_key


def truth(connection):
    """Every row of every table, as it was written."""
    return {table: sorted(map(repr, connection.rows(f"SELECT * FROM {table}"))) for table in TABLES}


def flipped(content, page, chance):
    """The same bytes but one, in one page."""
    damaged = bytearray(content)
    damaged[page * PAGE_BYTES + chance.randrange(PAGE_BYTES)] ^= 1 << chance.randrange(8)
    return damaged


def test_a_byte_changed_in_any_page_is_found_before_anything_is_shown(kiosk, key, tmp_path, budget):
    before = truth(kiosk.store.connection)
    kiosk.station.close()
    content = (kiosk.folder / store_file.DATABASE_NAME).read_bytes()
    pages = len(content) // PAGE_BYTES
    assert pages >= PAGES
    chance = seeded()
    chosen = [page for _ in range(budget) for page in chance.sample(range(pages), PAGES)]
    found = 0
    for page in chosen:
        folder = tmp_path / "damaged"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        (folder / store_file.DATABASE_NAME).write_bytes(flipped(content, page, chance))
        try:
            opened = store_file.open_store(folder, key)
        except RecordRejected as error:
            assert error.code in ("MAGASIN_ENDOMMAGE", "MAGASIN_NON_CHIFFRE")  # noqa: PT017
            found += 1
            continue
        assert truth(opened) == before
        opened.close()
    print(f"{len(chosen)} pages of {pages} damaged, {found} refused")
    assert found >= len(chosen) * 0.9


def dead(kiosk, tmp_path):
    """The folder as kill -9 leaves it: what was written last stands in the write-ahead log only."""
    left = tmp_path / "dead"
    left.mkdir()
    for path in kiosk.folder.iterdir():
        if path.is_file() and path.name != "turn":
            shutil.copy(path, left)
    return left


def stopped(kiosk, folder):
    """Why the log of this folder signs no more, once the whole program has started on it."""
    other = copy(kiosk)
    other.folder = folder
    other.starts()
    code = other.store.log.stopped
    other.station.close()
    return code


def test_a_byte_changed_in_the_write_ahead_log_is_found_whichever_it_is(kiosk, key, tmp_path, budget):
    before = [event.pair.hash for event in kiosk.store.log.events(0, 1000)]
    wal = (dead(kiosk, tmp_path) / "store.db-wal").read_bytes()
    chance, found, whole, shorter = seeded(), 0, 0, 0
    for _ in range(PAGES * budget):
        folder = tmp_path / "damaged"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(tmp_path / "dead", folder)
        damaged = bytearray(wal)
        damaged[chance.randrange(len(wal))] ^= 1 << chance.randrange(8)
        (folder / "store.db-wal").write_bytes(damaged)
        try:
            opened = store_file.open_store(folder, key)
        except RecordRejected as error:
            assert error.code == "MAGASIN_ENDOMMAGE"  # noqa: PT017
            assert (folder / "store.db-wal").read_bytes() == damaged, "the evidence is kept"
            found += 1
            continue
        shown = [hash_ for (hash_,) in opened.rows("SELECT hash FROM event ORDER BY seq")]
        assert shown in (before, before[:-1])
        opened.close()
        if (
            shown != before
        ):  # the last transaction could have been torn: the mark beside the store knows better
            assert stopped(kiosk, folder) == "MAGASIN_RESTAURE"
        whole, shorter = whole + (shown == before), shorter + (shown != before)
    print(f"{PAGES * budget} bytes: {found} refused, {whole} whole, {shorter} stopped without the last")
    assert found > PAGES * budget // 2


def test_a_log_that_nothing_changed_is_believed(kiosk, key, tmp_path):
    folder = dead(kiosk, tmp_path)
    wal = (folder / "store.db-wal").read_bytes()
    opened = store_file.open_store(folder, key)
    assert truth(opened) == truth(kiosk.store.connection)
    opened.close()
    for end in range(0, len(wal), 1000):  # as a disk that was never asked to flush could hold it
        (folder / "store.db-wal").write_bytes(wal[:end])
        check_wal(folder / "store.db-wal")


def test_a_person_is_told_what_to_do_with_a_damaged_tablet():
    error = RecordRejected("MAGASIN_ENDOMMAGE")
    assert "administrateur" in wording().of_error(error)
    assert "renew" in sentence(error)


def test_the_copy_beside_a_damaged_store_opens_but_signs_nothing_once_the_centre_knows_more(kiosk, key):
    for _ in range(12):
        kiosk.file(draft())
    kiosk.agent.syncs()
    at_the_centre = {event.seq: event.pair.hash for event in kiosk.store.log.of_kind(Kind.FILED)}
    kiosk.station.close()
    folder = kiosk.folder
    shutil.copy(folder / store_file.SNAPSHOT_NAME, folder / store_file.DATABASE_NAME)
    try:
        kiosk.starts()
        kiosk.exchange.ask_again()
        kiosk.agent.syncs()
    except RecordRejected as error:
        assert error.code == "MAGASIN_RESTAURE"  # noqa: PT017
        return
    kept = {event.seq: event.pair.hash for event in kiosk.store.log.of_kind(Kind.FILED)}
    assert kept.items() < at_the_centre.items()
    with pytest.raises(RecordRejected, match="MAGASIN_RESTAURE"):
        kiosk.file(draft())
