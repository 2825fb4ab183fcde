"""How this process holds memory: little is kept in reserve, what was freed goes back to the system.

Decides how the C library is set (mallopt(3), malloc_trim(3)). Left alone, it keeps freed pages for later: the
tablet would carry the memory of its busiest moment all day, and those pages would keep what was written on
them. The kernel empties a page before it gives it to anybody again.
"""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_M_TRIM_THRESHOLD: Final = -1
_M_MMAP_THRESHOLD: Final = -3
_M_ARENA_MAX: Final = -8

LARGE_BYTES: Final = 128 * 1024
"""From this size on a block has pages of its own, which leave with it. glibc begins there too, but raises it
to the largest block it ever saw freed: the memory of a picture, or of a whole table.
"""
RESERVE_BYTES: Final = 4 * 1024 * 1024
"""What may stay free at the end of the heap: drawing a page takes and frees some of it in each frame."""


def keep_memory_small() -> None:
    """Set the allocator; before any thread begins, for each would have a heap of its own."""
    libc = ctypes.CDLL(None)
    settings = ((_M_ARENA_MAX, 1), (_M_MMAP_THRESHOLD, LARGE_BYTES), (_M_TRIM_THRESHOLD, RESERVE_BYTES))
    accepted = [libc.mallopt(setting, value) for setting, value in settings]
    assert all(accepted), "glibc knows these settings since 2.10"


@contextmanager
def heap_of_this_size() -> Iterator[None]:
    """Meanwhile whatever has no room in the heap gets pages of its own, and the heap stays as it is."""
    libc = ctypes.CDLL(None)
    libc.malloc_trim(0)  # nothing is left at its end but the rest of one page
    libc.mallopt(_M_MMAP_THRESHOLD, 0)
    try:
        yield
    finally:
        libc.mallopt(_M_MMAP_THRESHOLD, LARGE_BYTES)


def give_back_freed_memory() -> None:
    """Return every freed page to the system, also from the middle of the heap; some milliseconds."""
    ctypes.CDLL(None).malloc_trim(0)
