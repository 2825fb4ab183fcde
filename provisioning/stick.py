"""The stick that a new tablet is installed from: the root of the authority and the signed tables.

Nothing on it is secret, and nothing on it is believed without a signature or a person who compares.
"""

import shutil
from pathlib import Path

from procuration.adapters.durable_file import sync_folder, write_durably
from procuration.adapters.foreign_file import read_regular
from procuration.adapters.spool import ROOT_BYTES_MAX
from procuration.adapters.stick import INSTALL_FOLDER, TABLES_FOLDER
from procuration.adapters.trust import realm_of, verified_targets
from procuration.domain.identifiers import fingerprint_in_groups


def write_stick(authority: Path, repository: Path, stick: Path, cache: Path) -> str:
    """Puts on the stick what a tablet reads; returns the fingerprint of the authority for its paper.

    Args:
        repository: tables as the server serves them, with its timestamp.
        cache: an empty folder of this call, where the tables are verified first.
    Raises: RecordRejected TRUST_..., when a tablet would refuse these tables; OSError, when the stick does.
    """
    root = read_regular(authority, "root.json", ROOT_BYTES_MAX)
    verified_targets(root, repository, cache)
    (stick / INSTALL_FOLDER).mkdir(parents=True, exist_ok=True)
    write_durably(stick / INSTALL_FOLDER / "root.json", root)
    for part in ("metadata", "targets"):
        (stick / TABLES_FOLDER / part).mkdir(parents=True, exist_ok=True)
        for path in sorted((repository / part).iterdir()):
            shutil.copyfile(path, stick / TABLES_FOLDER / part / path.name)
        sync_folder(stick / TABLES_FOLDER / part)
    return fingerprint_in_groups(realm_of(root))
