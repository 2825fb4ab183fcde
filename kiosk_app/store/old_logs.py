"""The logs that this tablet had to give up, until the centre has everything that was in them.

Each keeps its own closed store in a folder of its own beside today's; what opens it is kept here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kiosk_app.store.connection import KEY_BYTES
from kiosk_app.store.settings import Setting, Settings
from procuration.domain.identifiers import LogId
from procuration.record.canonical import decode, encode
from procuration.record.shape import octets, sequence, text

PREFIX: Final = "old-log-"
OLD_LOGS_MAX: Final = 16
_BUNDLES_MAX: Final = 5_000
_BYTES_MAX: Final = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class OldLog:
    """A log given up.

    Attributes:
        store_key: of its store.
        bundles: names of its sealed bundles that stood in the spool when it was given up.
    """

    log_id: LogId
    store_key: bytes = field(repr=False)
    bundles: tuple[str, ...] = ()

    def folder_in(self, store: Path) -> Path:
        """Where its store lies."""
        return store / f"{PREFIX}{self.log_id.hex()}"


def written(logs: Iterable[OldLog]) -> bytes:
    """As a setting holds them."""
    return encode([[one.log_id, one.store_key, list(one.bundles)] for one in logs])


def old_logs(settings: Settings) -> tuple[OldLog, ...]:
    """The oldest first; none for a tablet that never had to start again. Raises: RecordRejected."""
    stored = settings.find(Setting.OLD_LOGS)
    if stored is None:
        return ()
    rows = sequence(decode(stored, max_bytes=_BYTES_MAX), maximum=OLD_LOGS_MAX)
    return tuple(_read(row) for row in rows)


def _read(row: object) -> OldLog:
    log_id, key, names = sequence(row, 3)
    return OldLog(
        log_id=LogId(octets(log_id, length=8)),
        store_key=octets(key, length=KEY_BYTES),
        bundles=tuple(text(name, maximum=32) for name in sequence(names, maximum=_BUNDLES_MAX)),
    )
