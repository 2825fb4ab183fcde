"""What is freed leaves the process. Each in a process of its own: the allocator is set once for all."""

import os
import subprocess
import sys

COUNTING = """
import ctypes
from kiosk_app.memory import give_back_freed_memory, keep_memory_small

libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p

def taken(number, size):
    blocks = [libc.malloc(ctypes.c_size_t(size)) for _ in range(number)]
    for block in blocks:
        ctypes.memset(block, 1, size)
    return blocks

def free(blocks):
    for block in blocks:
        libc.free(ctypes.c_void_p(block))

def resident_mib():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * 4 // 1024
"""


def printed(script):
    # The suite's other settings of malloc would answer in the place of ours.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MALLOC_")}
    done = subprocess.run(
        [sys.executable, "-c", COUNTING + script],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return int(done.stdout)


def test_a_large_block_leaves_at_once_even_after_a_larger_one():
    kept = printed("""
keep_memory_small()
free(taken(1, 24 << 20))
wall = taken(1, 100_000)
before = resident_mib()
large, wall_above = taken(1, 16 << 20), taken(1, 100_000)
free(large)
print(resident_mib() - before)
""")
    assert kept < 4


def test_small_blocks_leave_when_they_are_given_back_even_below_one_that_stays():
    kept = printed("""
keep_memory_small()
before = resident_mib()
blocks = taken(1000, 64 << 10)
free(blocks[:-1])
give_back_freed_memory()
print(resident_mib() - before)
""")
    assert kept < 4


CODE = """
import ctypes, mmap
from kiosk_app.memory import let_code_go

def code_kib():
    kib, of_code = 0, False
    for line in open("/proc/self/smaps"):
        first, second = line.split()[:2]
        if not first.endswith(":"):
            of_code = second == "r-xp" and "/" in line
        elif first == "Rss:" and of_code:
            kib += int(second)
    return kib
"""


def test_code_that_nobody_runs_any_more_is_left_to_the_cache_of_files():
    kept_percent = printed(f"""{CODE}
import decimal, sqlite3, ssl  # their libraries
before = code_kib()
let_code_go()
print(100 * code_kib() // before)
""")
    assert kept_percent < 60


def test_code_that_was_compiled_in_memory_stays():
    """Kivy's window has the shaders there: no file could give them back."""
    first_byte = printed(f"""{CODE}
compiled = mmap.mmap(-1, mmap.PAGESIZE, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
compiled.write(bytes([195]))
address = ctypes.c_void_p(ctypes.addressof(ctypes.c_char.from_buffer(compiled)))
libc.mprotect(address, mmap.PAGESIZE, mmap.PROT_READ | mmap.PROT_EXEC)
let_code_go()
print(compiled[0])
""")
    assert first_byte == 195
