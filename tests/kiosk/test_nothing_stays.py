"""After the purge, no name is left on the disk of a tablet, even for who holds the key of the store.

The tablets live on a file system of their own, in an image file. The whole image is read: what the files
hold, what they held, and the blocks that nobody uses any more. SQLCipher pages are AES-256-CBC under the raw
key, so that any 16 bytes can be read with the 16 before them, wherever a page, a frame of the log or a piece
of one lies: the image is decrypted whole, at both alignments that pages can have. Where nobody may mount an
image, the files are read alone.
"""

import base64
import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from kiosk_app.store import connection
from kiosk_app.store.slots import Opened
from procuration.domain.events import Kind
from procuration.domain.people import PartialDate
from procuration.record.body_key import decrypt_body
from procuration.record.inbox import Request
from procuration.record.receipt import Level
from tests import builders
from tests.kiosk.world import AGENT_CODE, CHECKED, OFFICER_CODE, Agent, Centre, World, draft

MEBIBYTE = 1 << 20
NAMES = ("ZYGOMATIQUE", "Quetzalcóatl", "XYLOPHONISTE", "Wolframine", "mirliton")
MANDANT = replace(
    builders.ANGELA, birth_name=NAMES[0], given_names=NAMES[1], birth_date=PartialDate(1961, 7, 23)
)
MANDATAIRE = replace(builders.JEAN_CLAUDE, birth_name=NAMES[2], given_names=NAMES[3])
MARKED = draft(mandant=MANDANT, mandataire=MANDATAIRE, email=f"{NAMES[4]}@exemple.fr")


class Disk:
    """Where the tablets live, as one string of bytes whenever it is asked."""

    def __init__(self, folder, image=None):
        self.folder, self.image = folder, image

    @property
    def bytes(self):
        subprocess.run(["sync", "-f", self.folder], check=True)
        if self.image is not None:
            return self.image.read_bytes()
        files = sorted(path for path in self.folder.rglob("*") if path.is_file())
        return b"".join(_in_blocks(path.read_bytes()) for path in files)


def _in_blocks(data):
    return data + bytes(-len(data) % 4096)


def may_mount():
    return os.geteuid() == 0 and Path("/dev/loop-control").exists() and Path("/usr/sbin/mkfs.ext4").exists()


@pytest.fixture
def disk(tmp_path, monkeypatch):
    folder, image = tmp_path / "disk", tmp_path / "image"
    folder.mkdir()
    monkeypatch.setattr(connection, "FREE_BYTES_MIN", MEBIBYTE)
    if not may_mount():
        yield Disk(folder)
        return
    with image.open("wb") as file:
        file.truncate(24 * MEBIBYTE)
    subprocess.run(["/usr/sbin/mkfs.ext4", "-q", image], check=True)
    mounted = subprocess.run(["mount", "-o", "loop", image, folder], check=False).returncode == 0
    if not mounted:
        yield Disk(folder)
        return
    yield Disk(folder, image)
    subprocess.run(["umount", folder], check=True)


@pytest.fixture
def keys(monkeypatch):
    """The key of each store that is opened: what a thief of a running tablet would have."""
    found = set()
    init = Opened.__init__

    def listening(self, *values, **named):
        init(self, *values, **named)
        found.add(self.store_key)

    monkeypatch.setattr(Opened, "__init__", listening)
    return found


@pytest.fixture
def tablets(disk, keys, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(disk.folder))
    world = World(disk.folder / "tablets")
    world.folder.mkdir()
    kiosk = world.kiosk()
    brigade = world.brigade().holds_epoch_key().enrols_officer()
    yield world, kiosk, brigade, Centre(world)
    for tablet in world.tablets:
        tablet.station.close()


def decrypted(raw, key):
    """Every block of the disk as it would read if it were of a page under this key, at both alignments."""
    for shift in (0, 8):
        shifted = raw[shift : len(raw) - (16 - shift) % 16]
        reader = Cipher(algorithms.AES(key), modes.CBC(bytes(16))).decryptor()
        yield reader.update(shifted[: len(shifted) // 16 * 16])


def forms(marks):
    """A mark as it might stand: plain, in two bytes a letter, in hexadecimal, in Base64 at any place."""
    for mark in marks:
        plain = mark.encode() if isinstance(mark, str) else mark
        yield plain
        yield plain.hex().encode()
        yield plain.hex().upper().encode()
        for lead in range(3):
            yield base64.b64encode(b"\0" * lead + plain)[4 if lead else 0 : -4]
        if isinstance(mark, str):
            yield mark.encode("utf-16-le")
            yield mark.casefold().encode()


def found_on(disk, keys, marks):
    """The marks that can be read on the disk, by who holds these keys."""
    raw = disk.bytes
    readings = [raw, *(reading for key in keys for reading in decrypted(raw, key))]
    return {mark for mark in marks for form in forms([mark]) for reading in readings if form in reading}


def stopped(tablets, then):
    """Nothing is open while the disk is read; then the programs start again."""
    world, *_ = tablets
    for tablet in world.tablets:
        tablet.station.close()
    result = then()
    for tablet in world.tablets:
        tablet.starts(AGENT_CODE)
    return result


def look(tablets, disk, keys, marks):
    return stopped(tablets, lambda: found_on(disk, keys, marks))


def establishes(tablets):
    """A request at the kiosk, found by look-up and established, both logs at the centre for certain."""
    _, kiosk, brigade, centre = tablets
    kiosk.leases("XBQ7V3")
    receipt = kiosk.file(MARKED)
    brigade.unlock(OFFICER_CODE)
    pair = brigade.find._read_receipt(receipt.qr_text).pair
    brigade.find.by_centre(receipt.reference, MANDANT.birth_date)
    agent = Agent(brigade, centre)
    agent.syncs(level=Level.DURABLE)
    centre.puts(brigade, Request(pair))
    brigade.exchange.ask_again()
    agent.syncs(level=Level.DURABLE)
    found = brigade.find.poll()
    brigade.validate(found.rid, CHECKED, OFFICER_CODE)
    for tablet in (kiosk, brigade):
        tablet.exchange.ask_again()
        Agent(tablet, centre).syncs(level=Level.DURABLE)
    return receipt


def purge(tablets):
    world, kiosk, brigade, _ = tablets
    world.clock.pass_(hours=49)
    for _ in range(3):
        for tablet in (kiosk, brigade):
            world.clock.pass_(minutes=2)
            tablet.exchange.step()


def sealed_bodies(kiosk):
    return [event.pair.body for event in kiosk.store.log.of_kind(Kind.FILED) if event.pair.body]


def test_names_are_found_before_the_purge_and_nowhere_after_it(tablets, disk, keys):
    establishes(tablets)
    assert found_on(disk, (), NAMES) == set()  # nothing is in the clear, ever
    assert look(tablets, disk, keys, NAMES) == set(NAMES)
    purge(tablets)
    assert look(tablets, disk, keys, NAMES) == set()


def test_what_an_officer_saw_and_did_not_decide_is_nowhere_after_the_session(tablets, disk, keys):
    _, kiosk, brigade, centre = tablets
    kiosk.leases("XBQ7V3")
    receipt = kiosk.file(MARKED)
    brigade.unlock(OFFICER_CODE)
    centre.puts(brigade, Request(brigade.find._read_receipt(receipt.qr_text).pair))
    Agent(brigade, centre).syncs()
    assert brigade.find.by_reference(receipt.reference, MANDANT.birth_date)
    brigade.store.connection.snapshot()
    assert found_on(disk, keys, NAMES) == set(NAMES)
    brigade.unlock.lock()
    brigade.clock.pass_(minutes=2)
    brigade.exchange.step()
    assert look(tablets, disk, keys, NAMES) == set()


def test_a_kiosk_cannot_read_its_own_past_and_keeps_not_even_the_sealed_form(tablets, disk, keys):
    _, kiosk, _, _ = tablets
    body_key = kiosk.store.body_keys.current()._key
    receipt = establishes(tablets)
    (sealed,) = sealed_bodies(kiosk)
    assert NAMES[0].encode() in decrypt_body(sealed, body_key, receipt.rid)
    brigade_folder = tablets[2].folder
    assert brigade_folder.exists()
    marks = [sealed[20:60]]
    assert look(tablets, disk, keys, marks) == set(marks)
    assert sealed_bodies(kiosk) == [sealed]
    purge(tablets)
    assert sealed_bodies(kiosk) == []
    assert look(tablets, disk, keys, marks) == set()


def test_no_row_of_any_table_names_anybody_after_the_purge(tablets, disk):
    establishes(tablets)
    purge(tablets)
    for tablet in tablets[1:3]:
        database = tablet.store.connection
        tables = [name for (name,) in database.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
        assert len(tables) > 10
        values = [value for name in tables for row in database.rows(f"SELECT * FROM {name}") for value in row]
        dump = b"\n".join(value if isinstance(value, bytes) else str(value).encode() for value in values)
        assert not [form for form in forms(NAMES) if form in dump]
        tablet.store.log.verify(0)


@pytest.mark.skipif(not may_mount(), reason="only root may mount an image: the freed blocks cannot be seen")
@pytest.mark.parametrize("forgotten", ["snapshot", "wal", "pages"])
def test_the_search_sees_what_a_purge_without_its_last_steps_would_leave(
    tablets, disk, keys, monkeypatch, forgotten
):
    """The search can fail: each thing that the purge does beside deleting rows is needed."""
    establishes(tablets)
    _, kiosk, brigade, _ = tablets
    brigade.store.connection.snapshot()
    match forgotten:
        case "snapshot":
            monkeypatch.setattr(connection.Connection, "snapshot", lambda self: None)
        case "wal":
            monkeypatch.setattr(connection, "overwrite", lambda path: None)
        case "pages":
            for tablet in (kiosk, brigade):
                tablet.store.connection.rows("PRAGMA secure_delete = OFF")
    purge(tablets)
    assert look(tablets, disk, keys, NAMES)
