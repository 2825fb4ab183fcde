"""Where the processes of one machine count together how long they take (see `server.health.latency`)."""

import os
from pathlib import Path
from typing import Final

from server.config.options import Options

FOLDER_VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"
FOLDER: Final = "latences"


def share_figures(options: Options) -> None:
    """Before `prometheus_client` is imported, which then reads the environment. A folder that is named there
    already, on a disk in memory for instance, stays; without a token for the figures there is none.
    """
    if options.metrics_token_file and FOLDER_VARIABLE not in os.environ:
        folder = options.home / FOLDER
        folder.mkdir(mode=0o700, exist_ok=True)
        os.environ[FOLDER_VARIABLE] = str(folder)


def shared_folder() -> Path | None:
    """The folder; None for a process that counts alone."""
    named = os.environ.get(FOLDER_VARIABLE)
    return Path(named) if named else None
