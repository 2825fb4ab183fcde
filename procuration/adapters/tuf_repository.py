"""The signed tables as the centre serves them: a TUF repository in a folder, kept fresh with two keys.

The people of the authority sign `root` and `targets` away from the network (provisioning/repository.py);
the server only signs `snapshot` and `timestamp`, which say which of these are the newest. A server broken
into can therefore hold back a table for 35 days at most, never change one. Layout: `metadata/` and
`targets/`, consistent snapshots.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.serialization import load_pem_private_key
from securesystemslib.signer import CryptoSigner
from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, MetaFile, Root, Snapshot, Targets, Timestamp

from procuration.adapters.durable_file import write_durably
from procuration.errors import RecordRejected, RuleViolated
from procuration.record.limits import TABLE_BYTES_MAX

FRESH_FOR = timedelta(days=35)
RENEW_BEFORE = timedelta(days=28)  # renewed once a week: four missed weeks still leave a valid repository
METADATA_BYTES_MAX = 1 << 20
TARGETS_MAX = 64


@dataclass(frozen=True, slots=True)
class OnlineKeys:
    """The two TUF keys a server holds."""

    snapshot: CryptoSigner
    timestamp: CryptoSigner

    @classmethod
    def of_home(cls, home: Path) -> "OnlineKeys":
        """The keys in the `keys` folder of a server home."""
        return cls(*(_load_signer(home / "keys" / f"{role}.pem") for role in ("snapshot", "timestamp")))


def _load_signer(path: Path) -> CryptoSigner:
    key = load_pem_private_key(path.read_bytes(), None)
    return CryptoSigner(key)


def read_metadata(repository: Path, name: str) -> bytes:
    """One metadata file, its size checked before it is read.

    Raises: RecordRejected TUF_TOO_LARGE.
    """
    return _read_capped(repository / "metadata" / name, METADATA_BYTES_MAX)


def _read_capped(path: Path, bytes_max: int) -> bytes:
    with path.open("rb") as file:
        data = file.read(bytes_max + 1)
    if len(data) > bytes_max:
        raise RecordRejected("TUF_TOO_LARGE")
    return data


def newest_version(repository: Path, role: str) -> int:
    """The largest version of a role in the folder; 0 when there is none."""
    names = (
        path.name.removesuffix(f".{role}.json") for path in (repository / "metadata").glob(f"*.{role}.json")
    )
    return max((int(name) for name in names if name.isascii() and name.isdigit()), default=0)


def trusted_root(repository: Path, first_root: bytes) -> Metadata[Root]:
    """The newest root of the folder, each step from the first verified with the keys of the step before.

    Raises: RecordRejected TUF_ROOT, when a step is not signed by enough of the old and of the new keys.
    """
    try:
        root = Metadata[Root].from_bytes(first_root)
        root.signed.verify_delegate(Root.type, root.signed_bytes, root.signatures)
        for version in range(root.signed.version + 1, newest_version(repository, Root.type) + 1):
            following = Metadata[Root].from_bytes(read_metadata(repository, f"{version}.root.json"))
            if following.signed.version != version:
                raise RecordRejected("TUF_ROOT", version=version)
            for judge in (root, following):
                judge.signed.verify_delegate(Root.type, following.signed_bytes, following.signatures)
            root = following
    except (RepositoryError, FileNotFoundError) as error:
        raise RecordRejected("TUF_ROOT") from error
    return root


def verified_targets(repository: Path, root: Root) -> Metadata[Targets]:
    """The newest table list of the folder, signed by enough holders of the directory keys.

    Raises: RecordRejected TUF_TARGETS, when it is missing or not signed so.
    """
    version = newest_version(repository, Targets.type)
    try:
        targets = Metadata[Targets].from_bytes(read_metadata(repository, f"{version}.targets.json"))
        root.verify_delegate(Targets.type, targets.signed_bytes, targets.signatures)
    except (RepositoryError, FileNotFoundError) as error:
        raise RecordRejected("TUF_TARGETS", version=version) from error
    if targets.signed.version != version:
        raise RecordRejected("TUF_TARGETS", version=version)
    return targets


def read_target(repository: Path, targets: Targets, name: str) -> bytes:
    """The bytes of one table, checked against the signed list.

    Raises: RecordRejected TUF_TARGET, when it is unknown, missing or altered.
    """
    if name not in targets.targets:
        raise RecordRejected("TUF_TARGET")
    entry = targets.targets[name]
    path = repository / "targets" / entry.get_prefixed_paths()[0]
    try:
        data = _read_capped(path, TABLE_BYTES_MAX)
        entry.verify_length_and_hashes(data)
    except (RepositoryError, FileNotFoundError) as error:
        raise RecordRejected("TUF_TARGET") from error
    return data


def sign_snapshot(repository: Path, targets_version: int, keys: OnlineKeys, now: datetime) -> None:
    """Say that this version of the table list is the newest: one more snapshot, then one more timestamp."""
    expires = (now + FRESH_FOR).replace(microsecond=0)
    current = _timestamp_of(repository)
    version = newest_version(repository, Snapshot.type) + 1
    snapshot = Snapshot(version=version, expires=expires, meta={"targets.json": MetaFile(targets_version)})
    signed = Metadata(snapshot)
    signed.sign(keys.snapshot)
    raw = signed.to_bytes()
    timestamp = Timestamp(
        version=current.version + 1 if current else 1,
        expires=expires,
        snapshot_meta=MetaFile(version, len(raw), {"sha256": sha256(raw).hexdigest()}),
    )
    signed_timestamp = Metadata(timestamp)
    signed_timestamp.sign(keys.timestamp)
    write_durably(repository / "metadata" / f"{version}.snapshot.json", raw)
    write_durably(repository / "metadata" / "timestamp.json", signed_timestamp.to_bytes())


def _timestamp_of(repository: Path) -> Timestamp | None:
    try:
        return Metadata[Timestamp].from_bytes(read_metadata(repository, "timestamp.json")).signed
    except FileNotFoundError:
        return None


def refresh_timestamp(home: Path, now: datetime) -> bool:
    """Sign snapshot and timestamp again, once a week, so that what a server home serves stays valid.

    Returns: whether there was anything to renew. Safe to call at any interval.
    Raises: RecordRejected, when the tables in the home are not those the authority signed: nothing is signed.
    """
    repository = home / "tuf"
    current = _timestamp_of(repository)
    if current is not None and current.expires - now > RENEW_BEFORE:
        return False
    root = trusted_root(repository, (repository / "root.json").read_bytes())
    targets = verified_targets(repository, root.signed)
    sign_snapshot(repository, targets.signed.version, OnlineKeys.of_home(home), now)
    return True


def install_publication(home: Path, publication: Path, now: datetime) -> int:
    """Bring what the authority signed into a server home: roots, tables and their list, then a new snapshot.

    The order matters to clients that read meanwhile: tables first, the timestamp that names them last.

    Returns: the version of the table list now served.
    Raises: RecordRejected, when a signature or a table is wrong; RuleViolated TUF_ROLL_BACK, when the list is
    older than the one served. Nothing is then changed.
    """
    repository = home / "tuf"
    root = trusted_root(publication, (repository / "root.json").read_bytes())
    targets = verified_targets(publication, root.signed)
    if targets.signed.version < newest_version(repository, Targets.type):
        raise RuleViolated("TUF_ROLL_BACK", version=targets.signed.version)
    if len(targets.signed.targets) > TARGETS_MAX:
        raise RecordRejected("TUF_TARGETS")
    tables = {name: read_target(publication, targets.signed, name) for name in targets.signed.targets}
    for name, data in tables.items():
        write_durably(repository / "targets" / targets.signed.targets[name].get_prefixed_paths()[0], data)
    for version in range(1, root.signed.version + 1):
        raw = read_metadata(publication, f"{version}.root.json")
        write_durably(repository / "metadata" / f"{version}.root.json", raw)
    raw = read_metadata(publication, f"{targets.signed.version}.targets.json")
    write_durably(repository / "metadata" / f"{targets.signed.version}.targets.json", raw)
    sign_snapshot(repository, targets.signed.version, OnlineKeys.of_home(home), now)
    return targets.signed.version
