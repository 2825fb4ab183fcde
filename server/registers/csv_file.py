"""A register as a file for spreadsheets: UTF-8 with a mark, semicolons, every field quoted."""

import csv
import io
from typing import Final

from server.registers.sheet import Sheet

BYTE_ORDER_MARK: Final = "\ufeff"
_STARTS_A_FORMULA: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""What a spreadsheet may execute when a cell begins with it, whatever its quotes: people type their names."""
_STARTS_ANOTHER_CELL: Final = ("\t", "\r", "\n")


def csv_file(sheet: Sheet) -> bytes:
    """The whole register; a sheet without lines has its headers."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(sheet.headers)
    writer.writerows([disarmed(field) for field in line.fields] for line in sheet.lines)
    return (BYTE_ORDER_MARK + out.getvalue()).encode()


def disarmed(field: str) -> str:
    """The field, with an apostrophe before what a spreadsheet would take for a formula."""
    harmful = field.startswith(_STARTS_ANOTHER_CELL) or field.lstrip().startswith(_STARTS_A_FORMULA)
    return f"'{field}" if harmful else field
