"""A list of electors as one indexed file (SQLite): a question costs a few look-ups, however long the list.

The file names nobody: names, birth dates and numbers are in it only as digests under a key of its own, which
is in the file too. Whoever has the file can still try a name, so it stays personal data.
"""

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b, sha256
from pathlib import Path
from typing import Final

from procuration.domain.people import Person, Place
from procuration.errors import CarrierUnavailable, RecordRejected
from server.register.electors import Elector, Standing, name_key, number_key
from server.register.electors_csv import electors_of

MAGIC: Final = b"SQLite format 3\x00"
APPLICATION_ID: Final = 0x50524547
"""« PREG », at byte 68 of the file: another program's database is not taken for a list."""
VERSION: Final = 1
ELECTORS_MAX: Final = 60_000_000
"""More than the electors of the whole country."""
SOURCE_BYTES_MAX: Final = 8 << 30
_SALT_BYTES: Final = 16
_KEY_BYTES: Final = 16
_CACHE_KIB: Final = 8 << 10
_ROWS_AT_ONCE: Final = 10_000
_BAD: Final = "REGISTRE_ILLISIBLE"
_TABLES: Final = (
    "CREATE TABLE about (salt BLOB NOT NULL, electors INTEGER NOT NULL, digest BLOB NOT NULL, built_at TEXT "
    "NOT NULL)",
    "CREATE TABLE elector (name_key BLOB NOT NULL, number_key BLOB, place TEXT NOT NULL, sex INTEGER, "
    "may_vote INTEGER NOT NULL, holds_the_maximum INTEGER NOT NULL)",
)
_INDEXES: Final = (
    "CREATE INDEX elector_by_name ON elector (name_key)",
    "CREATE INDEX elector_by_number ON elector (number_key) WHERE number_key IS NOT NULL",
)
_INSERT: Final = "INSERT INTO elector VALUES (?, ?, ?, ?, ?, ?)"
_ALL: Final = (
    "SELECT name_key, number_key, place, sex, may_vote, holds_the_maximum FROM elector ORDER BY rowid"
)
_FIND: Final = (
    "SELECT may_vote, holds_the_maximum FROM elector WHERE {key} = ?1 AND (?2 IS NULL OR place = ?2) "
    "AND (?3 IS NULL OR sex IS NULL OR sex = ?3) ORDER BY may_vote DESC LIMIT 2"
)
_BY_NAME: Final = _FIND.format(key="name_key")
_BY_NUMBER: Final = _FIND.format(key="number_key")
Row = tuple[bytes, bytes | None, str, int | None, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What an index says of itself.

    Attributes:
        built_at: as written, ISO 8601, UTC.
        bytes: of the file.
    """

    electors: int
    built_at: str
    bytes: int


class ElectorIndex:
    """Implements `electors.Lists` over one open index."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._salt = _salt_of(connection)

    def find(self, person: Person, place: Place | None) -> Sequence[Standing]:
        """See `electors.Lists`. Raises: RecordRejected REGISTRE_ILLISIBLE."""
        number = number_key(person)
        query, key = (_BY_NUMBER, number) if number else (_BY_NAME, name_key(person))
        where = None if place is None else _place(place.code, place.type)
        sex = None if person.sex is None else person.sex.value
        with _one_error():
            found = self._connection.execute(query, (_digest(self._salt, key), where, sex)).fetchall()
        return [Standing(bool(may), bool(holds)) for may, holds in found]


def build_index(source: Path, target: Path, read: Callable[[int], None]) -> About:
    """Write the index of a list aside, sync it, then rename it into place: a reader has the old one whole, or
    the new one.

    Args:
        read: told how many bytes more of the source were read.
    Raises: CarrierUnavailable REGISTRE_ABSENT, REGISTRE_NON_ECRIT; RecordRejected REGISTRE_ILLISIBLE (ids:
        line, column), REGISTRE_TROP_GRAND. Nothing is left of what failed.
    """
    aside = target.with_name(target.name + ".new")
    try:
        with source.open("rb") as file:
            if os.fstat(file.fileno()).st_size > SOURCE_BYTES_MAX:
                raise RecordRejected("REGISTRE_TROP_GRAND", maximum=SOURCE_BYTES_MAX)
            electors = _telling(electors_of(file, ELECTORS_MAX), file.tell, read)
            _write(aside, electors)
    except FileNotFoundError as error:
        raise CarrierUnavailable("REGISTRE_ABSENT") from error
    except (sqlite3.Error, OSError) as error:
        raise CarrierUnavailable("REGISTRE_NON_ECRIT") from error
    else:
        aside.replace(target)
        _sync(target.parent)
    finally:
        with suppress(FileNotFoundError):
            aside.unlink()
    return about(target)


def _telling(
    electors: Iterator[Elector], tell: Callable[[], int], read: Callable[[int], None]
) -> Iterator[Elector]:
    before = 0
    for number, elector in enumerate(electors):
        if number % _ROWS_AT_ONCE == 0:
            read(tell() - before)
            before = tell()
        yield elector
    read(tell() - before)


def _write(path: Path, electors: Iterable[Elector]) -> None:
    with suppress(FileNotFoundError):
        path.unlink()  # what an interrupted build left
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = OFF")  # nobody reads it before it is renamed
        connection.execute("PRAGMA synchronous = OFF")  # synced once, below
        fill(connection, electors)
    finally:
        connection.close()
    _sync(path)


def fill(connection: sqlite3.Connection, electors: Iterable[Elector]) -> None:
    """Write an index into an empty database."""
    salt, digest, count = os.urandom(_SALT_BYTES), sha256(), 0
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    connection.execute("BEGIN")
    for statement in _TABLES:
        connection.execute(statement)
    for rows in _by(_ROWS_AT_ONCE, (_row(salt, one) for one in electors)):
        connection.executemany(_INSERT, rows)
        digest.update(b"".join(map(_bytes_of, rows)))
        count += len(rows)
    for statement in _INDEXES:
        connection.execute(statement)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    connection.execute("INSERT INTO about VALUES (?, ?, ?, ?)", (salt, count, digest.digest(), at))
    connection.execute("COMMIT")


def _by(size: int, rows: Iterable[Row]) -> Iterator[list[Row]]:
    held: list[Row] = []
    for row in rows:
        held.append(row)
        if len(held) == size:
            yield held
            held = []
    if held:
        yield held


def _row(salt: bytes, one: Elector) -> Row:
    person, (code, kind) = one.person, one.place
    number = number_key(person)
    return (
        _digest(salt, name_key(person)),
        None if number is None else _digest(salt, number),
        _place(code, kind),
        None if person.sex is None else person.sex.value,
        int(one.may_vote),
        int(one.holds_the_maximum),
    )


def _digest(salt: bytes, key: str) -> bytes:
    return blake2b(key.encode(), key=salt, digest_size=_KEY_BYTES).digest()


def _place(code: str, kind: int) -> str:
    return f"{int(kind)}|{code}"


def _bytes_of(row: Row) -> bytes:
    name, number, place, sex, may_vote, holds = row
    return name + (number or b"") + f"{place}|{sex}|{may_vote}|{holds}\n".encode()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def open_index(path: Path) -> Iterator[ElectorIndex]:
    """An index, read only. Raises: CarrierUnavailable REGISTRE_ABSENT; RecordRejected REGISTRE_ILLISIBLE."""
    with _opened(path) as connection:
        yield ElectorIndex(connection)


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    if not path.is_file():
        raise CarrierUnavailable("REGISTRE_ABSENT")
    with _one_error():
        # Immutable: it is replaced by another file, never written; no lock and no journal is looked for.
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        with _one_error():
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
            marks = [
                connection.execute(f"PRAGMA {mark}").fetchone()[0]
                for mark in ("application_id", "user_version")
            ]
        if marks != [APPLICATION_ID, VERSION]:
            raise RecordRejected(_BAD)
        yield connection
    finally:
        connection.close()


@contextmanager
def _one_error() -> Iterator[None]:
    """What SQLite says of a file that is no index. Raises: RecordRejected REGISTRE_ILLISIBLE."""
    try:
        yield
    except (sqlite3.Error, ValueError, TypeError) as error:
        raise RecordRejected(_BAD) from error


def _salt_of(connection: sqlite3.Connection) -> bytes:
    with _one_error():
        row = connection.execute("SELECT salt FROM about").fetchone()
    if row is None or not isinstance(row[0], bytes) or len(row[0]) != _SALT_BYTES:
        raise RecordRejected(_BAD)
    return row[0]


def about(path: Path) -> About:
    """What an index says of itself, without reading it whole. Raises: those of `open_index`."""
    with _opened(path) as connection, _one_error():
        electors, built_at = connection.execute("SELECT electors, built_at FROM about").fetchone()
        return About(electors=int(electors), built_at=str(built_at), bytes=path.stat().st_size)


def check_index(path: Path, read: Callable[[int], None]) -> About:
    """Read every line of an index again, and compare with what was written when it was built.

    Args:
        read: told how many lines more were read.
    Raises: those of `open_index`; RecordRejected REGISTRE_ABIME: it changed since.
    """
    said = about(path)
    with _opened(path) as connection, _one_error():
        digest, count = sha256(), 0
        rows = connection.execute(_ALL)
        while chunk := rows.fetchmany(_ROWS_AT_ONCE):
            digest.update(b"".join(map(_bytes_of, chunk)))
            count += len(chunk)
            read(len(chunk))
        sound = connection.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok"
        written = connection.execute("SELECT digest FROM about").fetchone()[0]
    if not sound or count != said.electors or digest.digest() != written:
        raise RecordRejected("REGISTRE_ABIME")
    return said
