"""The unit's service key: 32 bytes in a file on a removable stick, without which no short code opens a store.

Key slots of kind 3 (SECURITY-DESIGN 11).
"""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from procuration.adapters.durable_file import write_durably
from procuration.adapters.foreign_file import read_regular
from procuration.errors import CarrierUnavailable, RecordRejected, RuleViolated
from procuration.ports import TypedCode

SERVICE_KEY_BYTES: Final = 32
_OWNER_ONLY: Final = 0o600


def service_key(path: Path, *, create: bool = False) -> bytes:
    """The 32 bytes on the unit's removable stick; no link leads there, and nothing longer is read.

    Raises: CarrierUnavailable CLE_DE_SERVICE_ABSENTE, also when the stick is pulled while it is read;
    RecordRejected CLE_DE_SERVICE_ANORMALE.
    """
    if create and not path.exists():
        write_durably(path, os.urandom(SERVICE_KEY_BYTES), _OWNER_ONLY)
    try:
        secret = read_regular(path.parent, path.name, SERVICE_KEY_BYTES)
    except OSError as error:
        raise CarrierUnavailable("CLE_DE_SERVICE_ABSENTE") from error
    except RecordRejected as error:
        raise RecordRejected("CLE_DE_SERVICE_ANORMALE") from error
    if len(secret) != SERVICE_KEY_BYTES:
        raise RecordRejected("CLE_DE_SERVICE_ANORMALE")
    return secret


class ServiceKey:
    """One secret for every slot of a unit. Implements `ports.SecretKeeper`; nothing is held beside a slot."""

    def __init__(self, read: Callable[[], bytes | None]) -> None:
        """Args: read: the secret, looked for at each code since the stick moves; None while it is away."""
        self._read = read

    def concerns(self, held: bytes, code: str) -> bool:
        """Any code: a stick counts nothing."""
        return True

    def find(self, held: bytes) -> None:
        """Raises: RuleViolated CLE_DE_SERVICE_ABSENTE, CLE_DE_SERVICE_ANORMALE."""
        self._secret()

    def make(self, typed: TypedCode, others: Sequence[bytes]) -> tuple[bytes, bytes]:
        """The same secret as for the slots before."""
        return self._secret(), b""

    def recall(self, held: bytes, typed: TypedCode) -> bytes:
        """Right or wrong, the code is judged by the slot."""
        return self._secret()

    def _secret(self) -> bytes:
        try:
            secret = self._read()
        except (CarrierUnavailable, RecordRejected) as error:
            raise RuleViolated(error.code) from error
        if secret is None or len(secret) != SERVICE_KEY_BYTES:
            raise RuleViolated("CLE_DE_SERVICE_ABSENTE")
        return secret
