"""The server's home folder: the keys born there, and those that replace them in time.

The authority only ever sees the public parts. Keys with a term: the QR epoch (28 days, the next one published
when the present one begins, deleted 84 days after its first) and the key that receives bundles (90 days,
readable 90 days more, then deleted).
"""

import os
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from procuration.adapters.durable_file import PRIVATE, write_durably
from procuration.adapters.foreign_file import read_regular
from procuration.adapters.keys import SoftwareKey, read_key_file
from procuration.adapters.tuf_repository import read_target, trusted_root, verified_targets
from procuration.domain.identifiers import LogId
from procuration.record.canonical import encode
from procuration.record.directory import (
    NO_LOG,
    Directory,
    Entry,
    Epoch,
    Role,
    ServerSealingKey,
    read_directory,
)
from procuration.record.sealed import SUITE2_PRIVATE_BYTES, X25519_BYTES, SealingPrivateKey, SuiteId
from provisioning.tls import issue_server_certificate

KEY_LIFE: Final = timedelta(days=365)
SEALING_LIFE: Final = timedelta(days=90)
SEALING_RENEWED_BEFORE: Final = timedelta(days=30)
EPOCH_LIFE: Final = timedelta(days=28)
CLOCK_TOLERANCE: Final = timedelta(days=1)  # a tablet a few hours late must find the keys already valid
SIGNING_KEYS: Final = ("signing", "checkpoint", "snapshot", "timestamp")
UNIT: Final = "centre"


def create_server_home(home: Path, names: list[str], now: datetime) -> bytes:
    """A home with its signing keys, its certificate and its log number; its tables come with the first
    publication.

    Returns: the certificate authority that agents must trust, PEM.
    """
    for folder in ("keys", "tuf/metadata", "tuf/targets"):
        (home / folder).mkdir(parents=True, mode=0o700)
    for name in SIGNING_KEYS:
        write_durably(home / "keys" / f"{name}.pem", SoftwareKey.generate().pem(), PRIVATE)
    certificate = issue_server_certificate(names, now)
    write_durably(home / "keys" / "tls.key", certificate.private_key, PRIVATE)
    write_durably(home / "keys" / "tls.pem", certificate.certificate)
    write_durably(home / "server-log.cbor", encode({0: 1, 1: os.urandom(8)}))
    return certificate.authority


def public_key_of(home: Path, name: str) -> SoftwareKey:
    """One of the server's signing keys. Raises: CarrierUnavailable KEY_FILE, RecordRejected KEY_FORM."""
    return read_key_file(home / "keys" / f"{name}.pem")


def server_entries(home: Path, log_id: LogId, now: datetime) -> tuple[Entry, Entry]:
    """The two entries of the directory for a server: what signs its events, what signs its checkpoints."""
    first, last = now - CLOCK_TOLERANCE, now + KEY_LIFE
    return (
        Entry(
            cose_key=public_key_of(home, "signing").cose_key,
            role=Role.SERVER,
            unit=UNIT,
            not_before=first,
            not_after=last,
            revoked_at=None,
            log_id=log_id,
        ),
        Entry(
            cose_key=public_key_of(home, "checkpoint").cose_key,
            role=Role.CHECKPOINT,
            unit=UNIT,
            not_before=first,
            not_after=last,
            revoked_at=None,
            log_id=NO_LOG,
        ),
    )


def renew(home: Path, directory: Directory, now: datetime) -> Directory:
    """The directory with what the server needs next; new private parts are written in the home first.

    Run twice before a publication, it gives the same keys: what is not published yet is used again.
    """
    return _with_epochs(home, _with_sealing_key(home, directory, now), now)


def _with_sealing_key(home: Path, directory: Directory, now: datetime) -> Directory:
    published = directory.server_sealing_keys
    if any(key.last - now > SEALING_RENEWED_BEFORE for key in published):
        return directory
    key = _unpublished_sealing_key(home, {key.key.kid for key in published})
    if key is None:
        key = SealingPrivateKey.generate(SuiteId.MLKEM768_X25519, os.urandom)
        write_durably(home / "keys" / f"sealing-{key.kid.hex()}.key", key.private, PRIVATE)
    added = ServerSealingKey(key=key.public, first=now - CLOCK_TOLERANCE, last=now + SEALING_LIFE)
    kept = tuple(old for old in published if old.last + SEALING_LIFE > now)
    for old in set(published) - set(kept):  # also, or it would pass for a new one at a later renewal
        _forget(home, f"sealing-{old.key.kid.hex()}.key")
    return replace(directory, server_sealing_keys=(*kept, added))


def _unpublished_sealing_key(home: Path, published: set[bytes]) -> SealingPrivateKey | None:
    for path in sorted((home / "keys").glob("sealing-*.key")):
        raw = read_regular(path.parent, path.name, SUITE2_PRIVATE_BYTES)
        key = SealingPrivateKey(SuiteId.MLKEM768_X25519, raw)
        if key.kid not in published:
            return key
    return None


def _with_epochs(home: Path, directory: Directory, now: datetime) -> Directory:
    epochs = list(directory.epochs)
    if not epochs:
        epochs.append(_epoch(home, 1, now - CLOCK_TOLERANCE))
    while epochs[-1].first <= now:
        # A service that slept for months begins again now: nobody needs the epochs in between.
        epochs.append(_epoch(home, epochs[-1].number + 1, max(epochs[-1].last, now - EPOCH_LIFE)))
    kept = tuple(epoch for epoch in epochs if epoch.last + 2 * EPOCH_LIFE > now)
    for old in set(epochs) - set(kept):
        _forget(home, f"epoch-{old.number}.key")
    return replace(directory, epochs=kept)


def _forget(home: Path, name: str) -> None:
    """A private part whose time is over opens nothing any more: not what was recorded, not a found paper."""
    (home / "keys" / name).unlink(missing_ok=True)


def _epoch(home: Path, number: int, first: datetime) -> Epoch:
    path = home / "keys" / f"epoch-{number}.key"
    if path.exists():
        key = SealingPrivateKey(SuiteId.X25519, read_regular(path.parent, path.name, X25519_BYTES))
    else:
        key = SealingPrivateKey.generate(SuiteId.X25519, os.urandom)
        write_durably(path, key.private, PRIVATE)
    return Epoch(number=number, key=key.public, first=first, last=first + EPOCH_LIFE)


def published_directory(home: Path) -> Directory:
    """The directory this server serves, verified. Raises: RecordRejected."""
    repository = home / "tuf"
    root = trusted_root(repository, (repository / "root.json").read_bytes())
    targets = verified_targets(repository, root.signed)
    return read_directory(read_target(repository, targets.signed, "directory.cbor"))


def public_parts(directory: Directory) -> Directory:
    """What a server hands to the authority: its keys with a term, and nothing else."""
    return replace(directory, version=0, entries=(), min_suite=())


def with_server_keys(directory: Directory, parts: Directory) -> Directory:
    """The next directory with the keys that a server handed over."""
    return replace(directory, server_sealing_keys=parts.server_sealing_keys, epochs=parts.epochs)
