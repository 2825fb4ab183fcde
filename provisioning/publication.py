"""One publication: the next directory and the tables, signed by two holders, then served."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from procuration.adapters.durable_file import write_durably
from procuration.adapters.foreign_file import read_regular
from procuration.adapters.trust import verified_targets
from procuration.adapters.tuf_repository import (
    install_publication,
    newest_version,
    read_metadata,
    read_target,
    trusted_root,
)
from procuration.adapters.tuf_repository import verified_targets as signed_tables
from procuration.errors import RecordRejected, RuleViolated
from procuration.record.directory import Directory, encode_directory, read_directory
from procuration.record.limits import DIRECTORY_BYTES_MAX, TABLE_BYTES_MAX
from procuration.record.places import check_places
from procuration.record.tables import Table, encode_table, read_calendar, read_law, read_sites, read_table
from provisioning import repository, server_home
from provisioning.folder import DIRECTORY, AuthorityFolder
from provisioning.pass_phrases import PassPhrases

DIRECTORY_LIFE: Final = timedelta(
    days=35
)  # how long a tablet may still file with it; officers stop at 14 days
TABLES: Final = ("calendar", "law", "policy", "sites", "communes", "places")
REFERENCE_DATA: Final = Path(__file__).parent / "reference_data"
SHIPPED: Final[Mapping[str, str]] = {
    "calendar": "calendar-demo.cbor",
    "law": "law.cbor",
    "communes": "communes-2026.cbor",
}
DEFAULT_POLICY: Final = (("directory_days_max", 14, "*"), ("offline_request", "dematerialised", "*"))


@dataclass(frozen=True, slots=True)
class Published:
    """What was signed: version and term of the directory, version of the table list."""

    directory: Directory
    targets_version: int


def read_registry(folder: AuthorityFolder) -> Directory:
    """The next directory, not yet signed. Raises: RecordRejected."""
    return read_directory(read_regular(folder.path, "registry.cbor", DIRECTORY_BYTES_MAX))


def write_registry(folder: AuthorityFolder, directory: Directory) -> None:
    """Keep the next directory."""
    write_durably(folder.registry, encode_directory(directory))


def first_tables(given: Mapping[str, Path], now: datetime) -> dict[str, bytes]:
    """The tables of a new authority: the files given, else those of the program.

    Raises: RecordRejected TABLE_FORMAT.
    """
    tables = {
        "policy": encode_table(1, now, [list(row) for row in DEFAULT_POLICY]),
        "sites": encode_table(1, now, []),
        "places": encode_table(1, now, []),
        **{name: (REFERENCE_DATA / file).read_bytes() for name, file in SHIPPED.items()},
    }
    for name, path in given.items():
        tables[name] = checked_table(name, path)
    return tables


def checked_table(name: str, path: Path) -> bytes:
    """A table's file, read as a tablet would read it. Raises: RecordRejected TABLE_FORMAT."""
    data = read_regular(path.parent, path.name, TABLE_BYTES_MAX)
    try:
        table = read_table(data)
        checks: dict[str, Callable[[Table], object]] = {
            "calendar": read_calendar,
            "law": read_law,
            "sites": read_sites,
            "places": lambda read: check_places(read.rows),
        }
        checks.get(name, read_table_only)(table)
    except RecordRejected as error:
        raise RecordRejected("TABLE_FORMAT") from error
    return data


def read_table_only(table: object) -> object:
    """For tables whose rows only the programs that use them judge."""
    return table


def replace_table(folder: AuthorityFolder, name: str, path: Path, now: datetime) -> int:
    """Keep a new version of a table for the next publication; tablets refuse a version that goes back.

    Returns: its version.
    """
    current = read_table(folder.table(name).read_bytes())
    rows = read_table(checked_table(name, path)).rows
    write_durably(folder.table(name), encode_table(current.version + 1, now, rows))
    return current.version + 1


def present_holders(folder: AuthorityFolder, pass_phrases: PassPhrases, but: str = "") -> list[str]:
    """Two holders who take part. Raises: RuleViolated HOLDERS_FEW."""
    able = [holder for holder in folder.holders() if holder != but]
    present = pass_phrases.present(able, repository.THRESHOLD)
    if len(present) < repository.THRESHOLD:
        raise RuleViolated("HOLDERS_FEW", needed=repository.THRESHOLD, present=len(present))
    return present


def sign_publication(
    folder: AuthorityFolder, signers: Sequence[Ed25519PrivateKey], directory: Directory, now: datetime
) -> Published:
    """Sign the next directory and every table into the authority's repository."""
    following = replace(directory, version=directory.version + 1, issued=now, expires=now + DIRECTORY_LIFE)
    tables = {f"{name}.cbor": folder.table(name).read_bytes() for name in TABLES}
    tables["directory.cbor"] = encode_directory(following)
    version = repository.write_tables(folder.repository, tables, signers, now)
    write_registry(folder, following)
    return Published(following, version)


def publish(
    folder: AuthorityFolder,
    pass_phrases: PassPhrases,
    now: datetime,
    home: Path | None = None,
    server_keys: Directory | None = None,
) -> Published:
    """Sign a publication and, when the server's home is at hand, serve it."""
    directory = read_registry(folder)
    if server_keys is not None:
        directory = server_home.with_server_keys(directory, server_keys)
    if home is not None:
        check_same_realm(folder, home)
        directory = server_home.renew(home, directory, now)
    holders = present_holders(folder, pass_phrases)
    signers = [folder.open_key(f"{DIRECTORY}-{holder}", pass_phrases) for holder in holders]
    published = sign_publication(folder, signers, directory, now)
    if home is not None:
        serve(folder, home, now)
    return published


def check_same_realm(folder: AuthorityFolder, home: Path) -> None:
    """Raises: RuleViolated REALM_DIFFERS, when the home is another authority's."""
    if (home / "tuf" / "root.json").read_bytes() != (folder.path / "root.json").read_bytes():
        raise RuleViolated("REALM_DIFFERS")


def serve(folder: AuthorityFolder, home: Path, now: datetime) -> None:
    """Install a publication in a home, then keep its snapshot beside it: a tablet may be installed from
    there."""
    install_publication(home, folder.repository, now)
    version = newest_version(home / "tuf", "snapshot")
    for name in (f"{version}.snapshot.json", "timestamp.json"):
        write_durably(folder.repository / "metadata" / name, read_metadata(home / "tuf", name))


def signed_directory(folder: AuthorityFolder) -> Directory:
    """The newest directory two holders signed, and every table with it. Raises: RecordRejected."""
    root = trusted_root(folder.repository, (folder.path / "root.json").read_bytes())
    targets = signed_tables(folder.repository, root.signed)
    return _read_all(
        {name: read_target(folder.repository, targets.signed, name) for name in targets.signed.targets}
    )


def seen_by_a_tablet(folder: AuthorityFolder, home: Path) -> Directory:
    """The directory a tablet would believe from a server, and every table with it. Raises: RecordRejected."""
    with tempfile.TemporaryDirectory() as cache:
        first_root = (folder.path / "root.json").read_bytes()
        return _read_all(verified_targets(first_root, home / "tuf", Path(cache)))


def _read_all(tables: Mapping[str, bytes]) -> Directory:
    if missing := {f"{name}.cbor" for name in (*TABLES, "directory")} - set(tables):
        raise RecordRejected("TUF_TARGET", missing=len(missing))
    for name in TABLES:
        read_table(tables[f"{name}.cbor"])
    read_calendar(read_table(tables["calendar.cbor"]))
    read_law(read_table(tables["law.cbor"]))
    return read_directory(tables["directory.cbor"])
