"""What the machine itself says: room on the disks, the certificate, the signed tables, the backups. No
database."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, Root, Snapshot, Targets, Timestamp

from procuration.adapters.tuf_repository import read_metadata
from procuration.errors import RecordRejected

UNFINISHED: Final = ".part"
_CERTIFICATE_BYTES_MAX: Final = 64 * 1024
_SIGNED: Final[dict[str, type]] = {
    "root": Root,
    "targets": Targets,
    "snapshot": Snapshot,
    "timestamp": Timestamp,
}


@dataclass(frozen=True, slots=True)
class Room:
    """How much of a disk is free, in bytes and in whole percent."""

    free: int
    percent: int

    @property
    def words(self) -> str:
        """In the unit that reads best."""
        gib = self.free / (1 << 30)
        return f"{gib:.0f}\u00a0Gio" if gib >= 1 else f"{self.free >> 20}\u00a0Mio"


def room_on(folder: Path) -> Room | None:
    """Of the disk of a folder; None when it is not there."""
    try:
        usage = shutil.disk_usage(folder)
    except OSError:
        return None
    return Room(usage.free, usage.free * 100 // max(1, usage.total))


def certificate_end(path: Path) -> datetime | None:
    """Until when a PEM certificate holds, the first of the file; None when there is none to read."""
    try:
        with path.open("rb") as file:
            data = file.read(_CERTIFICATE_BYTES_MAX)
        return x509.load_pem_x509_certificate(data).not_valid_after_utc
    except (OSError, ValueError):
        return None


def signed_ends(repository: Path) -> Iterator[tuple[str, datetime | None]]:
    """Each of the four signed lists of the repository and when it expires; None when it cannot be read."""
    for role, kind in _SIGNED.items():
        name = _newest(repository / "metadata", role)
        try:
            signed = Metadata[kind].from_bytes(read_metadata(repository, name)).signed  # type: ignore[valid-type]
            yield role, signed.expires
        except (OSError, RepositoryError, RecordRejected):
            yield role, None


def _newest(folder: Path, role: str) -> str:
    """timestamp.json, or the one of the highest number: 12.targets.json."""
    numbered = [path.name for path in folder.glob(f"*.{role}.json") if path.name.partition(".")[0].isdigit()]
    return max(numbered, key=lambda name: int(name.partition(".")[0]), default=f"{role}.json")


def newest_backup(folder: Path) -> datetime | None:
    """When the last whole backup was finished; None when there is none."""
    try:
        found = [
            path.stat().st_mtime
            for path in folder.iterdir()
            if path.name[:8].isdigit() and not path.name.endswith(UNFINISHED)
        ]
    except OSError:
        return None
    return datetime.fromtimestamp(max(found), UTC) if found else None


def whole_days(span: timedelta) -> int:
    """Rounded down: what ends in 23 hours ends in 0 days."""
    return span // timedelta(days=1)
