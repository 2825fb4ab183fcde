"""A file that is whole or absent: written aside, flushed to the disk, then renamed over its name.

Decides how a file reaches the disk; its callers decide what is in it and who may read it.
"""

import os
import secrets
from pathlib import Path

PUBLIC = 0o644
PRIVATE = 0o400


def write_durably(path: Path, data: bytes, mode: int = PUBLIC) -> None:
    """Put `data` under `path` so that a crash leaves the old file or the new one, never a part.

    Raises: OSError, when the disk refuses; the temporary file is then removed.
    """
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        aside.replace(path)
    except OSError:
        aside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
