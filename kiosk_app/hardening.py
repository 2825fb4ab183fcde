"""What this process gives up at start, so that its memory stays in memory."""

import ctypes
import os
import resource
from typing import Final

from procuration.errors import CarrierUnavailable

_PR_SET_DUMPABLE: Final = 4


def keep_memory_private() -> None:
    """No core dump, no other process of this account reading our memory; files for their owner only.

    Raises: CarrierUnavailable DURCISSEMENT, when the kernel refuses.
    """
    os.umask(0o007)  # the spool is shared with the agent's group
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
        raise CarrierUnavailable("DURCISSEMENT")
