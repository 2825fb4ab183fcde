"""A disk without room is a refusal that a person can understand, never a fault of the store or of ours."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlcipher3 import dbapi2 as sqlcipher

from procuration.errors import RuleViolated

_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_FULL: Final = "database or disk is full"
_INPUT_OUTPUT: Final = "disk I/O error"  # what SQLite says when its shared memory cannot grow
_ROOM_OF_A_PAGE: Final = 1 << 16


@contextmanager
def refused_when_full(folder: Path) -> Iterator[None]:
    """What fails inside for want of room is refused.

    Raises: RuleViolated ESPACE_INSUFFISANT (ids: free_bytes).
    """
    try:
        yield
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        raise _refusal(folder) from error
    except sqlcipher.OperationalError as error:
        if not _is_for_want_of_room(error, folder):
            raise
        raise _refusal(folder) from error


def _is_for_want_of_room(error: sqlcipher.OperationalError, folder: Path) -> bool:
    text = str(error)
    return text == _FULL or (text == _INPUT_OUTPUT and free_bytes(folder) < _ROOM_OF_A_PAGE)


def free_bytes(folder: Path) -> int:
    """What this program may still write on the disk of a folder."""
    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_frsize


def _refusal(folder: Path) -> RuleViolated:
    return RuleViolated("ESPACE_INSUFFISANT", free_bytes=free_bytes(folder))
