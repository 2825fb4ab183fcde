"""Which tablet a folder belongs to, known before any code opens its store."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from procuration.adapters.durable_file import write_durably
from procuration.adapters.foreign_file import read_regular
from procuration.domain.identifiers import LogId, Realm
from procuration.errors import RecordRejected
from procuration.record.canonical import decode, encode
from procuration.record.shape import fields, octets

_IDENTITY: Final = "identity.cbor"
_OWNER_ONLY: Final = 0o600


@dataclass(frozen=True, slots=True)
class Identity:
    """What must be known before the store opens: it takes part in every key slot. Nothing secret."""

    realm: Realm
    log_id: LogId

    def write(self, folder: Path) -> None:
        write_durably(folder / _IDENTITY, encode({0: 1, 1: self.realm, 2: self.log_id}), _OWNER_ONLY)

    @classmethod
    def read(cls, folder: Path) -> "Identity":
        """Raises: RecordRejected POSTE_NON_PREPARE."""
        try:
            value = fields(decode(read_regular(folder, _IDENTITY, 256), max_bytes=256), 3)
        except (FileNotFoundError, RecordRejected) as error:
            raise RecordRejected("POSTE_NON_PREPARE") from error
        return cls(Realm(octets(value[1], length=16)), LogId(octets(value[2], length=8)))
