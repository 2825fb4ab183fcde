"""The encrypted database of the tablet: opened with fixed settings, checked, or not opened at all.

Decides how SQLCipher is configured and when the disk is too full; what the tables hold is decided elsewhere.
"""

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import BinaryIO, Final

from sqlcipher3 import dbapi2 as sqlcipher

from kiosk_app.store.full_disk import free_bytes, refused_when_full
from kiosk_app.store.wal_damage import check_wal
from procuration.adapters.durable_file import sync_folder
from procuration.errors import RecordRejected, RuleViolated

KEY_BYTES: Final = 32
BALLAST_BYTES: Final = 16 * 1024 * 1024
FREE_BYTES_MIN: Final = 200 * 1024 * 1024
DATABASE_NAME: Final = "store.db"
SNAPSHOT_NAME: Final = "snapshot.db"
_BALLAST_NAME: Final = "ballast"
_SECTOR_BYTES: Final = 512
_WRITTEN_AT_ONCE: Final = 1 << 20
_PLAIN_HEADER: Final = b"SQLite format 3\x00"
_SAFE_WAL_VERSION: Final = (3, 51, 3)

Value = int | str | bytes | None
Row = tuple[Value, ...]


class Connection:
    """One open, verified database. One writer, one reader: calls from several threads take turns."""

    def __init__(self, database: sqlcipher.Connection, folder: Path) -> None:
        self._database = database
        self.folder = folder
        self._turn = threading.RLock()
        self._depth = 0

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, one flush at the end. Inside another transaction it is part of that one.

        Raises: RuleViolated ESPACE_INSUFFISANT; nothing is then written.
        """
        with self._turn:
            if self._depth:
                yield
                return
            with refused_when_full(self.folder):
                self._database.execute("BEGIN IMMEDIATE")
                self._depth = 1
                try:
                    yield
                    self._database.execute("COMMIT")
                except BaseException:
                    if self._database.in_transaction:
                        self._database.execute("ROLLBACK")
                    raise
                finally:
                    self._depth = 0

    def rows(self, sql: str, values: Sequence[Value] = ()) -> list[Row]:
        with self._turn, refused_when_full(self.folder):
            found: list[Row] = self._database.execute(sql, tuple(values)).fetchall()
            return found

    def row(self, sql: str, values: Sequence[Value] = ()) -> Row | None:
        with self._turn, refused_when_full(self.folder):
            found: Row | None = self._database.execute(sql, tuple(values)).fetchone()
            return found

    def write(self, sql: str, values: Sequence[Value] = ()) -> int:
        """One statement; a transaction of its own when none is open. Returns the number of rows touched."""
        with self.transaction():
            touched: int = self._database.execute(sql, tuple(values)).rowcount
            return touched

    def check_space(self) -> None:
        """Refuses new entries before the disk is full: a full disk cannot even be read.

        Raises: RuleViolated ESPACE_INSUFFISANT.
        """
        free = free_bytes(self.folder)
        if free < FREE_BYTES_MIN:
            raise RuleViolated("ESPACE_INSUFFISANT", free_bytes=free)

    def has_room_for_a_copy(self) -> bool:
        """Whether a snapshot would leave the reserve of the disk alone."""
        return free_bytes(self.folder) - (self.folder / DATABASE_NAME).stat().st_size >= FREE_BYTES_MIN

    def truncate_wal(self) -> None:
        self.rows("PRAGMA wal_checkpoint(TRUNCATE)")

    def snapshot(self) -> None:
        """An encrypted copy of the store beside it, under the same key; one is kept. The one before it is
        overwritten, so that no old page stays in the freed blocks of the disk."""
        path, aside = self.folder / SNAPSHOT_NAME, self.folder / f".{SNAPSHOT_NAME}"
        overwrite(aside)
        aside.unlink(missing_ok=True)
        self.rows("VACUUM INTO ?", (str(aside),))
        with _kept_open(path) as old:
            aside.replace(path)
            sync_folder(self.folder)
            if old is not None:
                _fill_with_zeros(old)

    def scrub_wal(self) -> None:
        """Empties the write-ahead log, its bytes overwritten first: what was deleted stands there as it was.

        Once every frame is in the database and nobody reads, SQLite never looks at them again.
        """
        with self._turn:
            busy, frames, moved = self.rows("PRAGMA wal_checkpoint(RESTART)")[0]
            if not busy and frames == moved:
                overwrite(self.folder / f"{DATABASE_NAME}-wal")
            self.truncate_wal()

    def set_aside(self, name: str, code: str, at: int) -> None:
        """Notes foreign bytes that were refused: a code, never the bytes."""
        self.write("INSERT INTO set_aside (at, name, code) VALUES (?, ?, ?)", (at, name, code))

    def close(self) -> None:
        """SQLite would delete the write-ahead log as it stands, and its bytes with it only by name."""
        with self._turn:
            try:
                self.scrub_wal()
            finally:
                self._database.close()


def create_store(folder: Path, key: bytes) -> Connection:
    """A new, empty store in an existing folder.

    Raises: RuleViolated MAGASIN_EXISTANT.
    """
    path = folder / DATABASE_NAME
    if path.exists():
        raise RuleViolated("MAGASIN_EXISTANT")
    _keep_ballast(folder)
    connection = _connect(path, key)
    schema = resources.files("kiosk_app.store").joinpath("schema.sql").read_text("utf-8")
    connection._database.executescript(schema)
    connection.truncate_wal()
    sync_folder(folder)
    _refuse_plain_file(path)
    return connection


def open_store(folder: Path, key: bytes) -> Connection:
    """The store of this tablet, after its health check.

    Raises: RecordRejected MAGASIN_ABSENT, MAGASIN_NON_CHIFFRE, MAGASIN_ENDOMMAGE. A wrong key gives
    MAGASIN_ENDOMMAGE too: SQLite cannot tell them apart, so the slot is always tested first.
    RuleViolated ESPACE_INSUFFISANT, when not even the ballast was room enough.
    """
    path = folder / DATABASE_NAME
    if not path.exists():
        raise RecordRejected("MAGASIN_ABSENT")
    _refuse_plain_file(path)
    _keep_ballast(folder)
    check_wal(folder / f"{DATABASE_NAME}-wal")
    try:
        with refused_when_full(folder):
            connection = _connect(path, key)
            _check_health(connection)
    except sqlcipher.DatabaseError as error:
        raise RecordRejected("MAGASIN_ENDOMMAGE") from error
    return connection


def release_ballast(folder: Path) -> None:
    """Gives 16 MiB back on a full disk, where even DELETE frees nothing; written again at the next start."""
    (folder / _BALLAST_NAME).unlink(missing_ok=True)


def make_room(folder: Path) -> None:
    """Gives the ballast back when the disk is full: before anything else is tried on it."""
    if free_bytes(folder) < BALLAST_BYTES:
        release_ballast(folder)


def overwrite(path: Path) -> None:
    """Fills a file with zeros where its bytes stand, if it is there."""
    with _kept_open(path) as file:
        if file is not None:
            _fill_with_zeros(file)


@contextmanager
def _kept_open(path: Path) -> Iterator[BinaryIO | None]:
    if not path.exists():
        yield None
        return
    with path.open("r+b") as file:
        yield file


def _fill_with_zeros(file: BinaryIO) -> None:
    """The first sector is on the disk before the others: a write-ahead log without its header counts as
    empty, one that lost anything else would look damaged, or bring old pages back, after a power cut."""
    left = os.fstat(file.fileno()).st_size
    file.seek(0)
    left -= file.write(bytes(min(left, _SECTOR_BYTES)))
    file.flush()
    os.fsync(file.fileno())
    while left > 0:
        left -= file.write(bytes(min(left, _WRITTEN_AT_ONCE)))
        file.flush()
    os.fsync(file.fileno())


def _connect(path: Path, key: bytes) -> Connection:
    if len(key) != KEY_BYTES:
        raise RecordRejected("CLE_DU_MAGASIN_ANORMALE")
    database = sqlcipher.connect(str(path), isolation_level=None, check_same_thread=False)
    database.execute("PRAGMA cipher_memory_security = ON")  # first: it must cover the key itself
    database.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    _refuse_unencrypted_library(database)
    for setting in ("journal_mode = WAL", "synchronous = FULL", "busy_timeout = 5000"):
        database.execute(f"PRAGMA {setting}")
    for setting in ("foreign_keys = ON", "trusted_schema = OFF", "secure_delete = ON"):
        database.execute(f"PRAGMA {setting}")
    database.enable_load_extension(False)
    os.chmod(path, 0o600)
    return Connection(database, path.parent)


def _refuse_unencrypted_library(database: sqlcipher.Connection) -> None:
    """Plain SQLite ignores `PRAGMA key` in silence and would write everything in the clear."""
    if database.execute("PRAGMA cipher_version").fetchone() is None:
        raise RecordRejected("MAGASIN_NON_CHIFFRE")
    if sqlcipher.sqlite_version_info < _SAFE_WAL_VERSION:
        raise RecordRejected("SQLITE_TROP_ANCIEN")


def _refuse_plain_file(path: Path) -> None:
    with path.open("rb") as file:
        if file.read(len(_PLAIN_HEADER)) == _PLAIN_HEADER:
            raise RecordRejected("MAGASIN_NON_CHIFFRE")


def _check_health(connection: Connection) -> None:
    """Raises: RecordRejected MAGASIN_ENDOMMAGE.

    Before the checkpoint the cipher check would report false damage.
    """
    healthy = connection.rows("PRAGMA integrity_check") == [("ok",)]
    connection.scrub_wal()
    if not healthy or connection.rows("PRAGMA cipher_integrity_check"):
        connection.close()
        raise RecordRejected("MAGASIN_ENDOMMAGE")


def _keep_ballast(folder: Path) -> None:
    """Gives the ballast back when the disk is full, writes it when there is room for entries again."""
    make_room(folder)
    path = folder / _BALLAST_NAME
    if free_bytes(folder) >= FREE_BYTES_MIN and not path.exists():
        with path.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, BALLAST_BYTES)
