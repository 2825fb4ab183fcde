"""Writes over what this process has freed: after the wipe no name may be read in it, not even in a copy of
its memory that somebody takes later.

Freed memory keeps its bytes until somebody needs the room. Two allocators keep such room: Python's own, for
what is smaller than 513 bytes (pools of 16 KiB, one size each: Objects/obmalloc.c), and the C library's
(chunks of any size, and a small cache for each thread: malloc/malloc.c). Both are asked for the very blocks
that they hold free, which come back full of zeros.
"""

import ctypes
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

_BYTES_HEADER: Final = sys.getsizeof(b"")
_SMALL_MAX: Final = 512
_STEP: Final = 16
_BYTES_MIN: Final = 48  # the smallest size that holds a byte beside the header
_POOL: Final = 16 * 1024
_POOL_HEADER: Final = 48
_ARENA_POOLS: Final = 64
_BLOCKS_MAX: Final = 4_000_000
"""Of one size: 64 MiB of the smallest. Our own bug must not take all the memory."""

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
    """Of both allocators, and of the cache of the thread that calls. Collect what is dead first."""
    _write_over_pools()
    for _ in range(2):  # the first time, the list of what was taken lies in a chunk that nobody has emptied
        _write_over_chunks()
    write_over_cached_blocks()


def write_over_cached_blocks() -> None:
    """Only the C library's cache of this thread, which no other thread can reach; about a millisecond."""
    for size in range(_CHUNK_MIN, _CACHED_MAX + 1, _STEP):
        _give_back(_taken(size) for _ in range(_CACHED_OF_A_SIZE))


# ---- Python's allocator
def _write_over_pools() -> None:
    """The blocks of every size, then the pools that belong to no size: in the smallest size they are written
    over to their last byte."""
    held: list[object] = []
    for size in range(_BYTES_MIN, _SMALL_MAX + 1, _STEP):
        _fill(held, size, partial(bytes, size - _BYTES_HEADER), pools=2)
    _fill(held, _STEP, object, pools=2 * _ARENA_POOLS)


def _fill(held: list[object], size: int, block: Callable[[], object], pools: int) -> None:
    """Take blocks until so many pools in a row were found empty: then nothing that was freed is left. One
    alone may be the unused end of a pool, or of an arena, and the beginning of the next."""
    blocks = (_POOL - _POOL_HEADER) // size
    wanted, fresh, last = pools * (blocks - 1), 0, 0
    seen: set[int] = set()
    for _ in range(_BLOCKS_MAX):
        one = block()
        held.append(one)
        here = id(one)
        seen.add(here & -_POOL)
        fresh = fresh + 1 if 0 < here - last <= size + _SMALL_MAX else 0
        last = here
        if fresh > wanted:
            break
    rest = _POOL - _POOL_HEADER - blocks * size
    for pool in seen if rest else ():  # what is too short for a block keeps what an earlier size left there
        ctypes.memset(pool + _POOL - rest, 0, rest)


# ---- the C library's allocator
def _write_over_chunks() -> None:
    """Chunks below the top of the heap, the largest first: a small one would be cut from a large one."""
    end = _libc.sbrk(0) or 0
    top = end - _libc.mallinfo2().keepcost
    _give_back(address for size in _sizes() for address in _free_chunks(size, top))


def _sizes() -> Iterator[int]:
    size = _CHUNK_MAX - 4096
    while size > _CACHED_MAX:
        yield size
        size = size * 7 // 8 // _STEP * _STEP + 8
    yield from range(_CACHED_MAX, _CHUNK_MIN - 1, -_STEP)


def _free_chunks(size: int, top: int) -> Iterator[int]:
    """Every free chunk that has this size, until one would be cut from the top."""
    for _ in range(_CHUNKS_MAX):
        address = _taken(size)
        if address >= top:
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
