"""The encrypted store opens with its own key and its own settings, or not at all."""

import os
import shutil
import sqlite3
from contextlib import suppress
from itertools import pairwise

import pytest

from kiosk_app.store import connection as store
from procuration.errors import RecordRejected, RuleViolated
from tests.faults.chance import seeded

KEY = bytes(range(32))


@pytest.fixture
def folder(tmp_path):
    store.create_store(tmp_path, KEY).close()
    return tmp_path


def test_the_store_opens_again_with_its_key_and_keeps_what_was_written(folder):
    opened = store.open_store(folder, KEY)
    opened.write("INSERT INTO setting VALUES ('a', x'01')")
    opened.close()
    again = store.open_store(folder, KEY)
    assert again.row("SELECT value FROM setting WHERE name = 'a'") == (b"\x01",)
    again.close()


@pytest.mark.parametrize(
    ("pragma", "expected"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("busy_timeout", 5000),
        ("foreign_keys", 1),
        ("trusted_schema", 0),
        ("cipher_memory_security", "1"),
        ("mmap_size", 0),
        ("temp_store", 0),
    ],
)
def test_every_connection_has_the_settings_of_the_security_design(folder, tmp_path_factory, pragma, expected):
    for connection in (
        store.open_store(folder, KEY),
        store.create_store(tmp_path_factory.mktemp("new"), KEY),
    ):
        assert connection.rows(f"PRAGMA {pragma}") == [(expected,)]
        connection.close()


def test_memory_is_protected_before_the_key_is_given_and_the_log_is_set_after(folder, monkeypatch):
    said = []

    class Listening(store.sqlcipher.Connection):
        def execute(self, sql, *values):
            said.append(sql.split("=")[0].strip())
            return super().execute(sql, *values)

    def connect(*arguments, **named):
        return Listening(*arguments, **named)

    monkeypatch.setattr(store.sqlcipher, "connect", connect)
    store.open_store(folder, KEY).close()
    assert said[:2] == ["PRAGMA cipher_memory_security", "PRAGMA key"]
    assert said.index("PRAGMA journal_mode") < said.index("PRAGMA integrity_check")
    assert said.index("PRAGMA integrity_check") < said.index("PRAGMA wal_checkpoint(TRUNCATE)")
    assert said.index("PRAGMA wal_checkpoint(TRUNCATE)") < said.index("PRAGMA cipher_integrity_check")


def test_no_extension_can_be_loaded(folder):
    opened = store.open_store(folder, KEY)
    with pytest.raises(store.sqlcipher.OperationalError, match="not authorized"):
        opened.rows("SELECT load_extension('any')")
    opened.close()


def test_no_byte_of_the_file_is_readable_without_the_key(folder):
    opened = store.open_store(folder, KEY)
    opened.write("INSERT INTO setting VALUES ('a', ?)", (b"MARQUEUR" * 40,))
    opened.close()
    assert all(b"MARQUEUR" not in path.read_bytes() for path in folder.iterdir())


def test_a_wrong_store_key_is_refused_and_changes_nothing(folder):
    before = (folder / store.DATABASE_NAME).read_bytes()
    with pytest.raises(RecordRejected, match="MAGASIN_ENDOMMAGE"):
        store.open_store(folder, bytes(32))
    assert (folder / store.DATABASE_NAME).read_bytes() == before


def test_an_unencrypted_file_is_refused(tmp_path):
    plain = sqlite3.connect(tmp_path / store.DATABASE_NAME)
    plain.execute("CREATE TABLE setting (name TEXT)")
    plain.commit()
    plain.close()
    with pytest.raises(RecordRejected, match="MAGASIN_NON_CHIFFRE"):
        store.open_store(tmp_path, KEY)


def test_a_library_without_encryption_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(store.sqlcipher, "connect", sqlite3.connect)
    with pytest.raises(RecordRejected, match="MAGASIN_NON_CHIFFRE"):
        store.create_store(tmp_path, KEY)
    path = tmp_path / store.DATABASE_NAME
    assert not path.exists() or not path.stat().st_size


def test_one_damaged_page_is_noticed_at_start(folder):
    opened = store.open_store(folder, KEY)
    with opened.transaction():
        for number in range(200):
            opened.write("INSERT INTO setting VALUES (?, ?)", (str(number), os.urandom(600)))
    opened.close()
    path = folder / store.DATABASE_NAME
    damaged = bytearray(path.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    path.write_bytes(damaged)
    with pytest.raises(RecordRejected, match="MAGASIN_ENDOMMAGE"):
        store.open_store(folder, KEY)


def test_a_store_is_never_created_over_another(folder):
    with pytest.raises(RuleViolated, match="MAGASIN_EXISTANT"):
        store.create_store(folder, KEY)


def test_an_entry_is_refused_below_200_mib_free_and_the_ballast_can_be_given_back(folder, monkeypatch):
    opened = store.open_store(folder, KEY)
    assert (folder / "ballast").stat().st_size == store.BALLAST_BYTES
    monkeypatch.setattr(store, "FREE_BYTES_MIN", 2**62)
    with pytest.raises(RuleViolated, match="ESPACE_INSUFFISANT"):
        opened.check_space()
    store.release_ballast(folder)
    assert not (folder / "ballast").exists()
    opened.close()


def test_a_tablet_that_starts_on_a_full_disk_gives_its_ballast_back_first(folder, monkeypatch):
    full = os.statvfs(folder)
    room = {"bytes": 0}

    class Disk:
        f_frsize = full.f_frsize

        @property
        def f_bavail(self):
            return room["bytes"] // self.f_frsize

    monkeypatch.setattr(store.os, "statvfs", lambda _: Disk())
    store.open_store(folder, KEY).close()
    assert not (folder / "ballast").exists()
    room["bytes"] = store.BALLAST_BYTES * 2
    store.open_store(folder, KEY).close()
    assert not (folder / "ballast").exists()
    room["bytes"] = store.FREE_BYTES_MIN
    store.open_store(folder, KEY).close()
    assert (folder / "ballast").stat().st_size == store.BALLAST_BYTES


def test_a_transaction_is_all_or_nothing(folder):
    opened = store.open_store(folder, KEY)
    with pytest.raises(ZeroDivisionError), opened.transaction():
        opened.write("INSERT INTO setting VALUES ('a', x'01')")
        raise ZeroDivisionError
    assert opened.rows("SELECT * FROM setting") == []
    opened.close()


@pytest.mark.parametrize(
    "change",
    ["UPDATE event SET sign1 = x'00'", "UPDATE event SET body = x'00'", "DELETE FROM event"],
)
def test_the_log_only_grows(folder, change):
    opened = store.open_store(folder, KEY)
    opened.write("INSERT INTO event VALUES (0, ?, 1, NULL, 0, x'01', x'02')", (bytes(32),))
    with pytest.raises(store.sqlcipher.IntegrityError, match=r"an event is never|a body is only"):
        opened.write(change)
    opened.write("UPDATE event SET body = NULL")
    opened.close()


@pytest.mark.parametrize("flushes", [0, 1, 2])
def test_a_power_cut_while_the_log_is_overwritten_loses_nothing(
    folder, tmp_path_factory, monkeypatch, flushes
):
    """What stands on the disk after each flush is a whole store: the header goes first."""
    opened = store.open_store(folder, KEY)
    for number in range(40):
        opened.write("INSERT INTO setting VALUES (?, ?)", (f"name {number}", bytes(900)))
        opened.write("UPDATE setting SET value = ? WHERE name = 'name 0'", (bytes([number]) * 900,))
    done = []

    def cut(descriptor):
        if len(done) == flushes:
            raise OSError("power")
        done.append(descriptor)
        os.fdatasync(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr(store.os, "fsync", cut)
        with suppress(OSError):
            opened.scrub_wal()
    after = tmp_path_factory.mktemp("after") / "store"
    shutil.copytree(folder, after)
    again = store.open_store(after, KEY)
    assert again.row("SELECT count(*) FROM setting") == (40,)
    assert again.row("SELECT value FROM setting WHERE name = 'name 0'") == (bytes([39]) * 900,)
    again.close()
    opened.close()


def test_whichever_sectors_were_overwritten_when_the_power_went_nothing_is_lost(
    folder, tmp_path_factory, monkeypatch
):
    """Between two flushes a disk may write sectors in any order."""
    opened = store.open_store(folder, KEY)
    for number in range(6):
        opened.write("INSERT INTO setting VALUES (?, ?)", (f"name {number}", bytes(900)))
    wal = f"{store.DATABASE_NAME}-wal"
    stages = [(folder / wal).read_bytes()]
    with monkeypatch.context() as patch:
        patch.setattr(store.os, "fsync", lambda _: stages.append((folder / wal).read_bytes()))
        patch.setattr(store.Connection, "truncate_wal", lambda _: None)
        opened.scrub_wal()
    after, chance = tmp_path_factory.mktemp("after") / "store", seeded()
    shutil.copytree(folder, after)
    for before, later in [*pairwise(stages)] * 12:
        (after / wal).write_bytes(
            b"".join(
                (later if chance.random() < 0.5 else before)[start : start + 512]
                for start in range(0, len(before), 512)
            )
        )
        again = store.open_store(after, KEY)
        assert again.row("SELECT count(*) FROM setting") == (6,)
        again.close()
    opened.close()


def test_the_log_is_zeros_before_it_is_cut(folder, monkeypatch):
    opened = store.open_store(folder, KEY)
    opened.write("INSERT INTO setting VALUES ('a', ?)", (bytes(9000),))
    seen = []
    wal = folder / f"{store.DATABASE_NAME}-wal"
    monkeypatch.setattr(store.Connection, "truncate_wal", lambda self: seen.append(wal.read_bytes()))
    opened.scrub_wal()
    assert len(seen[0]) > 9000
    assert not any(seen[0])
    monkeypatch.undo()
    opened.close()
