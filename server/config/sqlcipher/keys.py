"""The keys of the encrypted databases that this process has unlocked; memory only."""

from pathlib import Path
from typing import Final

from procuration.errors import RecordRejected

KEY_BYTES: Final = 32
_given: dict[str, bytes] = {}


def give(database: Path, key: bytes) -> None:
    """Let this process open a database. Raises: RecordRejected CLE_DU_MAGASIN_ANORMALE."""
    if len(key) != KEY_BYTES:
        raise RecordRejected("CLE_DU_MAGASIN_ANORMALE")
    _given[str(database)] = key


def key_of(database: object) -> bytes:
    """Raises: RecordRejected MAGASIN_FERME, before its code was given."""
    found = _given.get(str(database))
    if found is None:
        raise RecordRejected("MAGASIN_FERME")
    return found
