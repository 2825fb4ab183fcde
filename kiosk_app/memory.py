"""How this process holds memory: little is kept in reserve, what was freed goes back to the system.

Decides how the C library is set (mallopt(3), malloc_trim(3)). Left alone, it keeps freed pages for later: the
tablet would carry the memory of its busiest moment all day, and those pages would keep what was written on
them. The kernel empties a page before it gives it to anybody again.

Code that ran once stays mapped too, though the files of the libraries hold it: the compiler of shaders alone
is 46 MiB, and has nothing more to do once each kind of page was drawn.
"""

import ctypes
import mmap
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_M_TRIM_THRESHOLD: Final = -1
_M_MMAP_THRESHOLD: Final = -3
_M_ARENA_MAX: Final = -8
_CODE: Final = "r-xp"
"""Nobody writes there, so that every page is as the file has it."""

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


def let_code_go() -> None:
    """Leave the code of programs and libraries to the system's cache of files, from where each page that runs
    again comes back by itself; some milliseconds.
    """
    madvise = ctypes.CDLL(None, use_errno=True).madvise
    madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    for begin, end in _code_of_files():
        if madvise(begin, end - begin, mmap.MADV_DONTNEED) != 0:
            raise OSError(ctypes.get_errno(), "madvise")


def _code_of_files() -> Iterator[tuple[int, int]]:
    """Where code is mapped from a file (proc(5), maps); what was compiled in memory has no file."""
    with open("/proc/self/maps", encoding="utf-8", errors="replace") as lines:
        mappings = [line.split(maxsplit=5) for line in lines]
    for place, rights, _, _, _, *name in mappings:
        if rights == _CODE and name and name[0].startswith("/"):
            begin, end = place.split("-")
            yield int(begin, 16), int(end, 16)
