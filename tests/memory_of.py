"""What a running process holds in its memory, to be searched for what should not be there."""

import re
from pathlib import Path

OWN_PAGES = 1 << 18
"""A buffer of this size leaves with its pages: who searches itself must find no copy of its own."""


def memory_of(pid):
    """Every page that the process may write, one area after another."""
    areas = re.findall(r"^([0-9a-f]+)-([0-9a-f]+) rw", Path(f"/proc/{pid}/maps").read_text(), re.MULTILINE)
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for first, end in areas:
            start, size = int(first, 16), int(end, 16) - int(first, 16)
            buffer = bytearray(max(size, OWN_PAGES))
            try:
                memory.seek(start)
                memory.readinto(memoryview(buffer)[:size])
            except (OSError, ValueError, OverflowError):  # an area of the kernel's own
                continue
            yield buffer
