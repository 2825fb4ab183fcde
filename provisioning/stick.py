"""The stick that a new tablet is installed from: the root of the authority and the signed tables.

Nothing on it is secret, and nothing on it is believed without a signature or a person who compares.
"""

import shutil
from pathlib import Path
from typing import Final

from procuration.adapters.durable_file import sync_folder, write_durably
from procuration.adapters.foreign_file import read_regular
from procuration.adapters.spool import ROOT_BYTES_MAX
from procuration.adapters.trust import realm_of, verified_targets

INSTALL: Final = Path("PROCU", "install")
TABLES: Final = Path("PROCU", "tuf")


def write_stick(authority: Path, repository: Path, stick: Path, cache: Path) -> str:
    """Puts on the stick what a tablet reads; returns the fingerprint of the authority for its paper.

    Args:
        repository: tables as the server serves them, with its timestamp.
        cache: an empty folder of this call, where the tables are verified first.
    Raises: RecordRejected TRUST_..., when a tablet would refuse these tables; OSError, when the stick does.
    """
    root = read_regular(authority, "root.json", ROOT_BYTES_MAX)
    verified_targets(root, repository, cache)
    (stick / INSTALL).mkdir(parents=True, exist_ok=True)
    write_durably(stick / INSTALL / "root.json", root)
    for part in ("metadata", "targets"):
        (stick / TABLES / part).mkdir(parents=True, exist_ok=True)
        for path in sorted((repository / part).iterdir()):
            shutil.copyfile(path, stick / TABLES / part / path.name)
        sync_folder(stick / TABLES / part)
    return grouped(realm_of(root))


def grouped(fingerprint: bytes) -> str:
    """« 3F2A 91BC … »: as tablet and paper show it, to be compared by eye."""
    digits = fingerprint.hex().upper()
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))
