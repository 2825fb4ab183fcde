"""The file of one table: deterministic CBOR `{0: 1, 1: version, 2: issued, 3: rows}` (docs/reference-data.md)."""

import os
from pathlib import Path

from procuration.record import canonical

TABLE_FORMAT = 1


def write_table(path: Path, *, version: int, issued: int, rows: list[canonical.Value]) -> int:
    """Write the table aside, sync it, then rename it into place; answer its size in bytes."""
    data = canonical.encode({0: TABLE_FORMAT, 1: version, 2: issued, 3: rows})
    aside = path.with_name(path.name + ".new")
    with aside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    return len(data)
