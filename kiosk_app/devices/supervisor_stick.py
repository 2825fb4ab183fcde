"""The supervisor's key on a removable stick: the encrypted file that the authority made for them. It is read
for one ceremony and never copied to the tablet.
"""

from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Final

from procuration.adapters.foreign_file import read_regular
from procuration.adapters.key_file import KEY_FILE_BYTES_MAX, KeyFile, parse_key_file
from procuration.errors import CarrierUnavailable, RecordRejected

_PATTERN: Final = "superviseur-*.key"
_FILES_MAX: Final = 8
_MEMORY_KIB_MAX: Final = 512 * 1024
"""The largest cost that the authority offers: a forged file must not take all the memory of a tablet."""


class SupervisorStick:
    """A folder, looked at anew for each ceremony: the stick comes and goes. Implements
    `use_cases.ceremony.SupervisorKeys`."""

    def __init__(self, folder: Callable[[], Path | None]) -> None:
        self._folder = folder

    def __call__(self) -> list[KeyFile]:
        """The key files of the stick, those of any supervisor.

        Raises: CarrierUnavailable CLE_DU_RESPONSABLE_ABSENTE.
        """
        found = [key for path in self._paths() if (key := _read(path)) is not None]
        if not found:
            raise CarrierUnavailable("CLE_DU_RESPONSABLE_ABSENTE")
        return found

    def _paths(self) -> list[Path]:
        folder = self._folder()
        try:
            return [] if folder is None else sorted(islice(folder.glob(_PATTERN), _FILES_MAX))
        except OSError:  # pulled out while it was read: the same as not there
            return []


def _read(path: Path) -> KeyFile | None:
    """None for what is no key file: other things may lie on a stick under such a name."""
    try:
        key = parse_key_file(read_regular(path.parent, path.name, KEY_FILE_BYTES_MAX))
    except (RecordRejected, OSError):
        return None
    return key if key.cost.memory_kib <= _MEMORY_KIB_MAX else None
