"""A small TUF repository in a folder, with keys made for one test."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata, MetaFile, Root, Snapshot, TargetFile, Targets, Timestamp

A_MONTH = timedelta(days=35)


def ed25519() -> CryptoSigner:
    return CryptoSigner.generate_ed25519()


@dataclass
class SmallRepository:
    """Root and targets signed by two keys each, snapshot and timestamp by one; consistent snapshots."""

    folder: Path
    tables: dict[str, bytes] = field(default_factory=lambda: {"directory.cbor": b"directory, version 1"})

    def __post_init__(self) -> None:
        for name in ("metadata", "targets"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        self.keys = {
            "root": [ed25519(), ed25519()],
            "targets": [ed25519(), ed25519()],
            "snapshot": [ed25519()],
            "timestamp": [ed25519()],
        }
        self.root_version = 0
        self.version = 0
        self.first_root = self.publish_root()
        self.publish()

    def publish_root(self, signers: list[CryptoSigner] | None = None) -> bytes:
        self.root_version += 1
        root = Root(version=self.root_version, expires=self._expiry(), consistent_snapshot=True)
        for role, keys in self.keys.items():
            for key in keys:
                root.add_key(key.public_key, role)
            root.roles[role].threshold = len(keys)
        return self._write(f"{self.root_version}.root.json", root, signers or self.keys["root"])

    def publish(self, *, expires_in: timedelta = A_MONTH) -> None:
        """New targets, snapshot and timestamp for the present tables."""
        self.version += 1
        expiry = self._expiry(expires_in)
        targets = Targets(version=self.version, expires=expiry)
        for name, data in self.tables.items():
            targets.targets[name] = TargetFile.from_data(name, data, ["sha256"])
            (self.folder / "targets" / f"{sha256(data).hexdigest()}.{name}").write_bytes(data)
        self._write(f"{self.version}.targets.json", targets, self.keys["targets"])
        snapshot = Snapshot(version=self.version, expires=expiry)
        snapshot.meta["targets.json"] = MetaFile(self.version)
        self._write(f"{self.version}.snapshot.json", snapshot, self.keys["snapshot"])
        timestamp = Timestamp(version=self.version, expires=expiry, snapshot_meta=MetaFile(self.version))
        self._write("timestamp.json", timestamp, self.keys["timestamp"])

    def _write(self, name: str, signed: object, signers: list[CryptoSigner]) -> bytes:
        metadata = Metadata(signed)
        for signer in signers:
            metadata.sign(signer, append=True)
        data = metadata.to_bytes()
        (self.folder / "metadata" / name).write_bytes(data)
        return data

    @staticmethod
    def _expiry(after: timedelta = A_MONTH) -> datetime:
        return (datetime.now(UTC) + after).replace(microsecond=0)

    def target_path(self, name: str) -> Path:
        return self.folder / "targets" / f"{sha256(self.tables[name]).hexdigest()}.{name}"
