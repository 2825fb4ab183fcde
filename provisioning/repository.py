"""What the people of the authority sign, away from the network: the root of trust and the list of tables.

Root and table list need two of three holders. The server's keys for snapshot and timestamp are named in the
root; what they sign is in procuration/adapters/tuf_repository.py.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from securesystemslib.signer import CryptoSigner, SSlibKey
from tuf.api.metadata import Metadata, Role, Root, Snapshot, TargetFile, Targets, Timestamp

from procuration.adapters.durable_file import write_durably
from procuration.adapters.tuf_repository import newest_version, read_metadata

ROOT_LIFE = timedelta(days=730)
TARGETS_LIFE = timedelta(days=365)
THRESHOLD = 2


@dataclass(frozen=True, slots=True)
class TrustedKeys:
    """The public keys that the root metadata names, one list a role."""

    root: Sequence[Ed25519PublicKey]
    targets: Sequence[Ed25519PublicKey]
    snapshot: Ed25519PublicKey
    timestamp: Ed25519PublicKey

    def by_role(self) -> dict[str, list[SSlibKey]]:
        """The same keys as TUF names them."""
        roles = {
            Root.type: self.root,
            Targets.type: self.targets,
            Snapshot.type: [self.snapshot],
            Timestamp.type: [self.timestamp],
        }
        return {role: [SSlibKey.from_crypto(key) for key in keys] for role, keys in roles.items()}


def make_root(keys: TrustedKeys, version: int, now: datetime) -> Root:
    """The root metadata: who may sign what, and how many of them are needed."""
    named = keys.by_role()
    roles = {
        role: Role([key.keyid for key in of_role], THRESHOLD if role in (Root.type, Targets.type) else 1)
        for role, of_role in named.items()
    }
    by_id = {key.keyid: key for of_role in named.values() for key in of_role}
    expires = (now + ROOT_LIFE).replace(microsecond=0)
    return Root(version=version, expires=expires, keys=dict(by_id), roles=roles, consistent_snapshot=True)


def sign_with(signed: Metadata[Root] | Metadata[Targets], holders: Iterable[Ed25519PrivateKey]) -> bytes:
    """The metadata file with the signature of each holder present."""
    for holder in holders:
        signed.sign(CryptoSigner(holder), append=True)
    return signed.to_bytes()


def write_root(repository: Path, root: Root, holders: Iterable[Ed25519PrivateKey]) -> bytes:
    """Sign a root and put it in the repository under its version."""
    raw = sign_with(Metadata(root), holders)
    write_durably(repository / "metadata" / f"{root.version}.root.json", raw)
    return raw


def write_tables(
    repository: Path, tables: Mapping[str, bytes], holders: Iterable[Ed25519PrivateKey], now: datetime
) -> int:
    """Put tables in the repository and sign their list: all of them, the unchanged ones too.

    Returns: the version of the list.
    """
    version = newest_version(repository, Targets.type) + 1
    entries = {name: TargetFile.from_data(name, data, ["sha256"]) for name, data in tables.items()}
    targets = Targets(version=version, expires=(now + TARGETS_LIFE).replace(microsecond=0), targets=entries)
    raw = sign_with(Metadata(targets), holders)
    for name, data in tables.items():
        write_durably(repository / "targets" / entries[name].get_prefixed_paths()[0], data)
    write_durably(repository / "metadata" / f"{version}.targets.json", raw)
    return version


def same_online_keys(
    root: Root, holders: Sequence[Ed25519PublicKey], directory: Sequence[Ed25519PublicKey]
) -> TrustedKeys:
    """The keys of a following root: other holders, the same two keys of the server."""
    snapshot, timestamp = (
        Ed25519PublicKey.from_public_bytes(
            bytes.fromhex(root.keys[root.roles[role].keyids[0]].keyval["public"])
        )
        for role in (Snapshot.type, Timestamp.type)
    )
    return TrustedKeys(holders, directory, snapshot, timestamp)


def newest_root(repository: Path) -> Root:
    """The root metadata in force in the authority's own repository."""
    version = newest_version(repository, Root.type)
    return Metadata[Root].from_bytes(read_metadata(repository, f"{version}.root.json")).signed
