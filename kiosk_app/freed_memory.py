"""Writes over what this process has freed: after the wipe no name may be read in it, not even in a copy of
its memory that somebody takes later.

Freed memory keeps its bytes until somebody needs the room. Two allocators keep such room: Python's own, for
what is smaller than 513 bytes (pools of 16 KiB, one size each: Objects/obmalloc.c), and the C library's
(chunks of any size, and a small cache for each thread: malloc/malloc.c). Both are asked for the very blocks
that they hold free, which come back full of zeros.
"""

import ctypes
import io
import mmap
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from kiosk_app.memory import heap_of_this_size

_BYTES_HEADER: Final = sys.getsizeof(b"")
_SMALL_MAX: Final = 512
"""Every allocator here counts in steps of 16 bytes."""
_POOL: Final = 16 * 1024
_POOL_HEADER: Final = 48
_ARENA: Final = 1 << 20
"""What Python asks the system for, 64 pools at once."""
_TAKEN_MAX: Final = 128 << 20
"""Bytes of one size. Our own bug must not take all the memory."""

_CACHED_MAX: Final = 1032
_CACHED_OF_A_SIZE: Final = 7
_CHUNK_MIN: Final = 24
_CHUNK_MAX: Final = 128 * 1024
"""Larger blocks have pages of their own, which leave with them (`memory`)."""
_CHUNKS_MAX: Final = 100_000

_libc = ctypes.CDLL(None)
_libc.malloc.restype = _libc.sbrk.restype = ctypes.c_void_p
_libc.malloc.argtypes = (ctypes.c_size_t,)
_libc.free.argtypes = (ctypes.c_void_p,)
_libc.free.restype = None
_libc.malloc_usable_size.argtypes = (ctypes.c_void_p,)
_libc.malloc_usable_size.restype = ctypes.c_size_t
_libc.sbrk.argtypes = (ctypes.c_ssize_t,)
_libc.malloc_trim.argtypes = (ctypes.c_size_t,)


class _Holdings(ctypes.Structure):
    """`struct mallinfo2`."""

    _fields_ = tuple(
        (name, ctypes.c_size_t)
        for name in (
            "arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks", "fordblks",
            "keepcost",
        )
    )  # fmt: skip


_libc.mallinfo2.restype = _Holdings


def write_over_freed_memory() -> None:
    """Of both allocators, and of the cache of the thread that calls. Collect what is dead first.

    To write over a free block is to touch it: whole free pages go back to the system afterwards, or the
    process would keep the room of its largest moment for ever.
    """
    _write_over_pools()
    with heap_of_this_size():
        for _ in range(2):  # the first time, the list of what was taken lies in a chunk nobody has emptied
            _write_over_chunks()
        write_over_cached_blocks()
    _libc.malloc_trim(0)


def write_over_cached_blocks() -> None:
    """Only the C library's cache of this thread, which no other thread can reach; about a millisecond."""
    for size in range(_CHUNK_MIN, _CACHED_MAX + 1, 16):
        _give_back(_taken(size) for _ in range(_CACHED_OF_A_SIZE))


# ---- Python's allocator
def _write_over_pools() -> None:
    """First the pools that belong to no size, in the smallest one, which writes them over to their last byte.
    They are let go at once: as long as they are held, whatever another thread keeps would get room of its own
    in a new arena, and hold it. Then the blocks of every size, for which those empty pools are there.
    """
    _fill_free_pools()
    held: list[object] = []  # beyond 128 KiB it has pages of its own, which leave with it
    _take_blocks(held, 16, object)
    _take_blocks(held, 32, complex)
    for size in range(48, _SMALL_MAX + 1, 16):
        _take_blocks(held, size, partial(bytes, size - _BYTES_HEADER))


def _take_blocks(held: list[object], size: int, block: Callable[[], object]) -> None:
    """Every free block of a size, until one pool gives as many in a row as it can hold: it was free as a
    whole, and those that are free only in part are asked before it.
    """
    in_a_pool = (_POOL - _POOL_HEADER) // size
    rest = _POOL - _POOL_HEADER - in_a_pool * size
    pool, in_a_row = 0, 0
    for _ in range(_TAKEN_MAX // size):
        one = block()
        held.append(one)
        last, pool = pool, id(one) & -_POOL
        in_a_row = in_a_row + 1 if pool == last else 1
        if pool != last:  # what is too short for a block keeps what an earlier size left there
            ctypes.memset(pool + _POOL - rest, 0, rest)
        if in_a_row == in_a_pool:
            return


def _fill_free_pools() -> None:
    """Every pool that is free as a whole, until Python asks the system for more room."""
    held: list[object] = []
    with open("/proc/self/statm", "rb", buffering=0) as pages:
        before = _mapped(pages)
        for _ in range(_TAKEN_MAX // _POOL):
            held.extend(object() for _ in range(_POOL // 16))
            now = _mapped(pages) - sys.getsizeof(held)  # which grows too, in pages of its own
            if now - before >= _ARENA // 2:
                return
            before = now


def _mapped(pages: io.FileIO) -> int:
    """Bytes of address space that this process has."""
    pages.seek(0)
    return int(pages.read(32).split()[0]) * mmap.PAGESIZE


# ---- the C library's allocator
def _write_over_chunks() -> None:
    """The largest first: a small one would be cut from a large one. The heap may not grow meanwhile: what it
    grew by would be kept for this thread, used later, and hold a little more of it after each wipe.
    """
    end = _libc.sbrk(0) or 0
    begin = end - _libc.mallinfo2().arena
    _give_back(address for size in _sizes() for address in _free_chunks(size, begin, end))


def _sizes() -> Iterator[int]:
    size = _CHUNK_MAX - 4096
    while size > _CACHED_MAX:
        yield size
        size = size * 7 // 8 // 16 * 16 + 8
    yield from range(_CACHED_MAX, _CHUNK_MIN - 1, -16)


def _free_chunks(size: int, begin: int, end: int) -> Iterator[int]:
    """Every free chunk of the heap that has this size, until one has to have pages of its own."""
    for _ in range(_CHUNKS_MAX):
        address = _taken(size)
        if not begin <= address < end:
            _libc.free(address)
            return
        yield address


def _taken(size: int) -> int:
    """A block full of zeros."""
    address: int | None = _libc.malloc(size)
    if address is None:
        raise MemoryError
    ctypes.memset(address, 0, _libc.malloc_usable_size(address))  # a little more than was asked, at times
    return address


def _give_back(addresses: Iterator[int]) -> None:
    for address in list(addresses):
        _libc.free(address)
