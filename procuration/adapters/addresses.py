"""To whom sealed files are addressed, as far as a tablet knows: by the key ids that seals carry in the clear.

The app writes it into the spool (`addresses.json`); the agent, which opens nothing, tells with it which files
of a stick are for this tablet, which for the centre, and which it only carries. Key ids are in the signed
directory: they say nothing of anybody. Without this file, names help (`stick.DOWN`).
"""

import json
import re
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from procuration.adapters.durable_file import write_durably
from procuration.adapters.foreign_file import read_regular
from procuration.adapters.spool import GROUP_READABLE, SEALED_BYTES_MAX
from procuration.adapters.stick import DOWN
from procuration.domain.identifiers import Kid
from procuration.errors import RecordRejected
from procuration.record.sealed import Purpose, seal_kid

NAME: Final = "addresses.json"
BYTES_MAX: Final = 16_384
_KIDS_MAX: Final = 64
_KID: Final = re.compile(r"[0-9a-f]{16}")


class Way(Enum):
    """Where a sealed file goes."""

    HERE = 1
    UP = 2
    AWAY = 3


@dataclass(frozen=True, slots=True)
class Addresses:
    """Key ids of this tablet, old logs included, and of the centre."""

    ours: frozenset[Kid]
    centre: frozenset[Kid]

    def to_json(self) -> bytes:
        """The content of addresses.json."""
        fields = {
            "version": 1,
            "ours": sorted(kid.hex() for kid in self.ours),
            "centre": sorted(kid.hex() for kid in self.centre),
        }
        return json.dumps(fields).encode()

    @classmethod
    def from_json(cls, data: bytes) -> "Addresses":
        """Read addresses.json. Raises: RecordRejected ADDRESSES_MALFORMED."""
        try:
            fields = json.loads(data)
            if set(fields) != {"version", "ours", "centre"} or fields["version"] != 1:
                raise RecordRejected("ADDRESSES_MALFORMED")
            return cls(_kids(fields["ours"]), _kids(fields["centre"]))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise RecordRejected("ADDRESSES_MALFORMED") from error


def _kids(values: object) -> frozenset[Kid]:
    if not isinstance(values, list) or len(values) > _KIDS_MAX:
        raise ValueError
    if not all(isinstance(value, str) and _KID.fullmatch(value) for value in values):
        raise ValueError
    return frozenset(Kid(bytes.fromhex(value)) for value in values)


def write_addresses(spool: Path, addresses: Addresses) -> None:
    """Tell the agent. Raises: OSError."""
    write_durably(spool / NAME, addresses.to_json(), GROUP_READABLE)


def has_addresses(spool: Path) -> bool:
    """Whether the agent can still read them."""
    return (spool / NAME).is_file()


def read_addresses(spool: Path) -> Addresses | None:
    """What the app said; None without an app, or when it cannot be read."""
    try:
        return Addresses.from_json(read_regular(spool, NAME, BYTES_MAX))
    except (OSError, RecordRejected):
        return None


def way_of(name: str, sealed: bytes, addresses: Addresses | None) -> Way:
    """Where a file of a stick goes: what its seal says counts, its name only when no key is known.

    Raises: RecordRejected, when it is no whole sealed file.
    """
    kid, _ = seal_kid(sealed, purpose=Purpose.UP, max_bytes=SEALED_BYTES_MAX)
    if addresses is None:
        return Way.AWAY if name.endswith(DOWN) else Way.UP
    if kid in addresses.ours:
        return Way.HERE
    return Way.UP if kid in addresses.centre else Way.AWAY
