"""The file of one table: `{0: 1, 1: version, 2: issued, 3: rows}` (docs/reference-data.md)."""

import os
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from procuration.record.tables import encode_table


class UnusableSource(Exception):
    """The source says something that cannot be a table."""


def exit_status(build: Callable[[], None]) -> int:
    """Run a build script: 0 when the table is written, 1 with a reason when the source is unusable."""
    try:
        build()
    except (UnusableSource, OSError, ValueError, KeyError) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    return 0


def write_table(path: Path, *, version: int, issued: datetime, rows: Sequence[object]) -> int:
    """Write the table aside, sync it, then rename it into place; answer its size in bytes."""
    data = encode_table(version, issued, rows)
    aside = path.with_name(path.name + ".new")
    with aside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    return len(data)
