"""Where sticks appear on this computer: folders of removable media, and those named when it was started."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from procuration.errors import RuleViolated

_STICKS_MAX: Final = 16
_REMOVABLE: Final = (Path("/media"), Path("/run/media"))
_DEPTH: Final = 2


@dataclass(slots=True)
class Sticks:
    """The sticks that a page may offer. Nothing else of the disk can be named from a browser.

    Attributes:
        named_at_start: folders that count as sticks, wherever they are.
    """

    named_at_start: list[Path] = field(default_factory=list)

    def found(self) -> list[str]:
        """Their folders, those named at the start first."""
        mounted = (path for root in _REMOVABLE for path in _mounted(root, _DEPTH))
        return [str(path) for path in (*self.named_at_start, *mounted) if path.is_dir()][:_STICKS_MAX]

    def named(self, folder: str) -> Path:
        """One of those. Raises: RuleViolated CLE_ABSENTE."""
        if folder not in self.found():
            raise RuleViolated("CLE_ABSENTE")
        return Path(folder)


def _mounted(folder: Path, depth: int) -> Iterator[Path]:
    try:
        with os.scandir(folder) as entries:
            inside = sorted(Path(one.path) for one in entries if one.is_dir(follow_symlinks=False))
    except OSError:  # no such folder on this system, or not ours to read: no stick there
        return
    for path in inside:
        if path.is_mount():
            yield path
        elif depth > 1:
            yield from _mounted(path, depth - 1)
