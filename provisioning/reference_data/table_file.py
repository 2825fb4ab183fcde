"""The file of one table: `{0: 1, 1: version, 2: issued, 3: rows}` (docs/reference-data.md)."""

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from procuration.record.tables import encode_table


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
