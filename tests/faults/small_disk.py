"""A real, small file system that fills up: a tmpfs in a mount namespace of its own, gone with its process."""

import ctypes
import os
import traceback
from collections.abc import Callable
from pathlib import Path

MIB = 1 << 20
_NEW_MOUNTS, _NEW_USER = 0x00020000, 0x10000000
_PRIVATE_BELOW = 0x4000 | 0x40000  # MS_REC | MS_PRIVATE
_FILLING = "filling"


class NoSmallDisk(RuntimeError):
    """Neither root nor user namespaces: this machine cannot mount anything, and these tests cannot run."""


def on_a_small_disk(folder: Path, mebibytes: int, story: Callable[[Path], None]) -> None:
    """Tells a story in a process of its own that sees a disk of this size at `folder`.

    Raises: AssertionError, with what went wrong there.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(reading)
            _mount(folder, mebibytes)
            story(folder)
            status = 0
        except BaseException:  # noqa: BLE001  told to the test
            os.write(writing, traceback.format_exc().encode()[-8000:])
        finally:
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read().decode()
    _, status = os.waitpid(child, 0)
    assert status == 0, said


def _mount(folder: Path, mebibytes: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    user, group = os.geteuid(), os.getegid()
    if libc.unshare(_NEW_MOUNTS | (_NEW_USER if user else 0)):
        raise NoSmallDisk(os.strerror(ctypes.get_errno()))
    if user:
        Path("/proc/self/setgroups").write_text("deny", "ascii")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1", "ascii")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1", "ascii")
    options = f"size={mebibytes}m,mode=0700".encode()
    if libc.mount(b"none", b"/", None, _PRIVATE_BELOW, None) or libc.mount(
        b"tmpfs", str(folder).encode(), b"tmpfs", 0, options
    ):
        raise NoSmallDisk(os.strerror(ctypes.get_errno()))


def free_bytes(folder: Path) -> int:
    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_frsize


def fill(folder: Path, *, leave: int = 0) -> None:
    """Somebody else's file takes the room, down to this many bytes."""
    with (folder / _FILLING).open("ab") as file:
        needless = free_bytes(folder) - leave
        if needless > 0:
            os.posix_fallocate(file.fileno(), file.tell(), needless)
    assert free_bytes(folder) <= leave


def empty(folder: Path) -> None:
    (folder / _FILLING).unlink()
