"""Processes that share a folder take turns in it."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Waits until nobody else holds this lock file, which is made when it is missing. A process that dies
    gives its turn away. Raises: OSError.
    """
    with lock.open("w", encoding="ascii") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield
