"""A tablet whose log signs no more becomes a new one: new log, new keys, a new request for enrolment. Its old
store stays beside the new one, closed, until the centre has everything that is in it.

Every step may be cut by a crash and taken again by the same command.
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from kiosk_app import installation
from kiosk_app.second_secrets import NO_KEEPERS, Keepers
from kiosk_app.station import Station
from kiosk_app.store.integrity import STOPPING
from kiosk_app.store.old_logs import OLD_LOGS_MAX, PREFIX, OldLog, old_logs, written
from kiosk_app.store.settings import Setting
from kiosk_app.store.slots import Argon2Cost, SecondSecret, SlotKind
from kiosk_app.use_cases.finish_old_logs import Share
from kiosk_app.use_cases.seal_bundles import SealBundles
from procuration.adapters.durable_file import sync_folder
from procuration.adapters.foreign_file import read_regular
from procuration.adapters.spool import AppSpool
from procuration.domain.identifiers import LogId
from procuration.errors import RecordRejected, RuleViolated
from procuration.ports import Clock
from procuration.record.enrolment import read_enrolment
from procuration.record.limits import ENROLMENT_BYTES_MAX
from procuration.record.signed import parse_signed

_STAYS: Final = frozenset({"trust", "ballast", "turn", "kivy"})
"""What belongs to the tablet and not to a log: the newest tables it has seen, room on the disk, the lock."""
_LAST: Final = "enrolment.cbor"
_DAMAGED: Final = "MAGASIN_ENDOMMAGE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """What a new start of one tablet needs.

    Attributes:
        second_secret: the service key of the old codes, and of the new one.
        keepers: the TPM and the token of this tablet.
    """

    folder: Path
    spool: AppSpool
    clock: Clock
    second_secret: SecondSecret
    cost: Argon2Cost
    keepers: Keepers = field(default_factory=lambda: NO_KEEPERS)

    def __call__(self, root: bytes, old_code: str, codes: installation.Codes) -> bytes:
        """Returns: the request for the new enrolment.

        Raises: RuleViolated POSTE_EN_SERVICE, when the log may still sign; POSTE_NON_PREPARE; as
        `Station.open` and `installation.prepare`.
        """
        if (self.folder / _LAST).exists():
            self._put_aside(old_code)
        else:  # a crash came between two steps: the old store is aside already, the new one was never used
            _clear(self.folder)
        kept = self._kept(old_code)
        secret = self.second_secret() if codes.kind is SlotKind.SERVICE_KEY else b""
        if secret is None:
            raise RuleViolated("CLE_DE_SERVICE_ABSENTE")
        carried: Mapping[Setting, bytes] = {Setting.OLD_LOGS: written(kept[-OLD_LOGS_MAX:])}
        return installation.prepare(
            self.folder, root, codes, secret, self.clock, self.cost, carried=carried, keepers=self.keepers
        )

    def _station(self, folder: Path) -> Station:
        return Station(
            folder, self.clock, second_secret=self.second_secret, cost=self.cost, keepers=self.keepers
        )

    def _put_aside(self, code: str) -> None:
        """Seals what still waits, then moves everything of the old log; its enrolment last."""
        aside = self.folder / f"{PREFIX}{_log_id(self.folder).hex()}"
        if not aside.exists():  # else a crash cut this short, once all was sealed
            station = self._station(self.folder)
            try:
                self._kept_of(station, code)
            finally:
                station.close()
            aside.mkdir(mode=0o700)
        moved = [path for path in self.folder.iterdir() if not _stays(path)]
        for path in sorted(moved, key=lambda one: one.name == _LAST):
            path.replace(aside / path.name)
        sync_folder(aside)
        sync_folder(self.folder)

    def _kept_of(self, station: Station, code: str) -> list[OldLog]:
        """The logs that this one was to finish, and itself. A store that cannot be read any more has left
        its sealed bundles in the spool, and nothing else can be had from it.
        """
        opened = station.slots.open(code)
        this = OldLog(station.identity.log_id, opened.store_key)
        try:
            station.open(code)
        except RecordRejected as error:
            if error.code == _DAMAGED:
                return [this]
            if error.code not in STOPPING:
                raise
            before = old_logs(station.store.settings)
            others = {name for one in before for name in one.bundles}
            share = Share(self.spool, owns=lambda name: name not in others, opens=lambda _: False, told=True)
            SealBundles(station, share).events_only()
            return [*before, this]
        station.close()
        raise RuleViolated("POSTE_EN_SERVICE")

    def _kept(self, code: str) -> list[OldLog]:
        """The old logs, the newest last, with the bundles of it that stand in the spool."""
        asides = sorted(self.folder.glob(f"{PREFIX}*"), key=lambda one: one.stat().st_mtime_ns)
        if not asides:
            raise RecordRejected("POSTE_NON_PREPARE")
        station = self._station(asides[-1])
        try:
            *before, this = self._kept_of(station, code)
        finally:
            station.close()
        return [*before, replace(this, bundles=tuple(self.spool.bundle_names()))]


def _log_id(folder: Path) -> LogId:
    """Of the enrolment beside the store."""
    signed = parse_signed(read_regular(folder, _LAST, ENROLMENT_BYTES_MAX), max_bytes=ENROLMENT_BYTES_MAX)
    log_id = read_enrolment(signed.payload).log_id
    assert log_id is not None, "a tablet has a log"
    return log_id


def _stays(path: Path) -> bool:
    return path.name in _STAYS or path.name.startswith(PREFIX)


def _clear(folder: Path) -> None:
    """What a crash left of a new store that was never installed: without an enrolment nothing was signed."""
    for path in folder.iterdir():
        if not _stays(path):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    sync_folder(folder)
