"""What a given-up log still holds reaches the centre by its own key, while today's log is at work.

One spool serves both: each side sees its own files only (`Share`). The old store goes 48 hours after the
centre has answered for everything in it: as long as a brigade keeps a proved body (SECURITY-DESIGN 12).
"""

import logging
import shutil
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from kiosk_app.station import OpenStore, Station
from kiosk_app.store.acts_to_confirm import ActToConfirm
from kiosk_app.store.old_logs import OldLog, old_logs, written
from kiosk_app.store.requests import Source
from kiosk_app.store.settings import Setting
from kiosk_app.use_cases.apply_answers import ApplyAnswers
from kiosk_app.use_cases.seal_bundles import SealBundles
from procuration.adapters.spool import AppSpool
from procuration.domain.events import ActRecorded, Kind
from procuration.domain.identifiers import Kid
from procuration.errors import RecordRejected
from procuration.record.event import EventPair, open_body, parse_event
from procuration.record.limits import SEALED_BUNDLE_BYTES_MAX
from procuration.record.sealed import Purpose, seal_kid

log = logging.getLogger(__name__)

KEPT_AFTER_ANSWER: Final = timedelta(hours=48)
COPIES_MOVED_AT_ONCE: Final = 99
_CARRIED_TABLES: Final = ("request", "request_state", "epoch_key")
"""What an officer needs to go on: requests held here, what is known of them, keys that open receipts."""


class Share(AppSpool):
    """The part of a spool that belongs to one log."""

    def __init__(
        self, spool: AppSpool, *, owns: Callable[[str], bool], opens: Callable[[Kid], bool], told: bool
    ) -> None:
        """
        Args:
            owns: whether a bundle of this name is ours.
            opens: whether an answer sealed to this key is ours.
            told: whether this side says which file is urgent.
        """
        super().__init__(spool.folder)
        self._owns, self._opens, self._told = owns, opens, told

    def bundle_names(self) -> list[str]:
        """Ours only."""
        return [name for name in super().bundle_names() if self._owns(name)]

    def answer_names(self) -> list[str]:
        """Those that our key opens."""
        return [name for name in super().answer_names() if self._is_ours(name)]

    def refusals(self) -> dict[str, str]:
        """Of our bundles only."""
        return {name: code for name, code in super().refusals().items() if self._owns(name)}

    def write_closings(self, closings: Mapping[str, datetime]) -> None:
        """Today's log alone says what is urgent."""
        if self._told:
            super().write_closings(closings)

    def _is_ours(self, name: str) -> bool:
        try:
            kid, _ = seal_kid(self.read_answer(name), purpose=Purpose.DOWN, max_bytes=SEALED_BUNDLE_BYTES_MAX)
        except (FileNotFoundError, RecordRejected):
            return self._told  # today's log sets aside what is no answer
        return self._opens(kid)


class _Old:
    """One old log, opened."""

    def __init__(self, station: Station, spool: AppSpool, pause: Callable[[float], None]) -> None:
        self.station = station
        store = station.store
        self.share = Share(spool, owns=self.owns, opens=lambda kid: kid == store.sealing_key.kid, told=False)
        self._apply, self._seal = ApplyAnswers(station, self.share, pause), SealBundles(station, self.share)

    def owns(self, name: str) -> bool:
        return any(bundle.name == name for bundle in self.station.store.outbox.bundles())

    def step(self) -> bool:
        """Whether the centre has everything now."""
        self._apply()
        for name, code in self.share.refusals().items():
            log.warning("bundle_refused", extra={"code": code})
            self.share.remove_bundle(name)
            self.share.remove_refusal(name)
        self._seal.events_only()
        return self.station.store.next_waiting is None


class FinishOldLogs:
    """Called at each step of the exchange; without an old log it does nothing."""

    def __init__(self, station: Station, spool: AppSpool, pause: Callable[[float], None]) -> None:
        self._station, self._spool, self._pause = station, spool, pause
        self._open: dict[bytes, _Old] = {}
        self._damaged: dict[bytes, OldLog] = {}
        self._of: OpenStore | None = None
        station.closing.append(self.close)

    def share_of_today(self) -> AppSpool:
        """The spool without what belongs to old logs."""
        return Share(self._spool, owns=self._is_of_today, opens=self._opens_today, told=True)

    def step(self) -> None:
        store = self._station.store
        if self._of is not store:
            self._start(store)
        for old in [one for one in old_logs(store.settings) if one.log_id in self._open]:
            theirs = self._open[old.log_id]
            answered = theirs.step()
            list_acts(theirs.station.store, store)
            theirs.station.store.locked_copies.move_to(store.locked_copies, COPIES_MOVED_AT_ONCE)
            if answered:
                self._finish(store, old)
        self._take_back_answered()

    def _take_back_answered(self) -> None:
        """Of a store that cannot be read, an answer to a bundle is all that can be known."""
        ours = {name for one in self._damaged.values() for name in one.bundles}
        for name in ours.intersection(self._spool.answer_names()) if ours else ():
            self._spool.remove_answer(name)
            self._spool.remove_bundle(name)

    def close(self) -> None:
        """Closes the old stores."""
        for one in self._open.values():
            one.station.close()
        self._open, self._of = {}, None

    def sealing_kids(self) -> frozenset[Kid]:
        """To whom answers of old logs are sealed; of a store that cannot be read nobody knows."""
        return frozenset(one.station.store.sealing_key.kid for one in self._open.values())

    def _is_of_today(self, name: str) -> bool:
        if any(name in one.bundles for one in self._damaged.values()):
            return False
        return not any(one.owns(name) for one in self._open.values())

    def _opens_today(self, kid: Kid) -> bool:
        return not any(kid == one.station.store.sealing_key.kid for one in self._open.values())

    def _start(self, store: OpenStore) -> None:
        self.close()
        self._damaged = {}
        for old in old_logs(store.settings):
            station = Station(
                old.folder_in(self._station.folder), self._station.clock, random=self._station.random
            )
            try:
                station.open_given_up(old.store_key)
            except RecordRejected as error:
                log.warning("old_log_unreadable", extra={"code": error.code})
                self._damaged[old.log_id] = old
                continue
            _bring_tables(store, station.store)
            carry_over(station.store, store)
            self._open[old.log_id] = _Old(station, self._spool, self._pause)
        self._of = store

    def _finish(self, store: OpenStore, old: OldLog) -> None:
        """The centre has answered for all of it; two days later its store goes."""
        theirs = self._open[old.log_id].station
        now, answered = self._station.clock.now(), theirs.store.settings.instant(Setting.ALL_ANSWERED_AT)
        if answered is None:
            theirs.store.settings.put_instant(Setting.ALL_ANSWERED_AT, now)
        elif now - answered >= KEPT_AFTER_ANSWER:
            theirs.close()
            del self._open[old.log_id]
            left = [one for one in old_logs(store.settings) if one.log_id != old.log_id]
            store.settings.put(Setting.OLD_LOGS, written(left))
            shutil.rmtree(old.folder_in(self._station.folder))
            log.info("old_log_gone", extra={"log_id": old.log_id.hex()})


def _bring_tables(store: OpenStore, old: OpenStore) -> None:
    """Today's verified tables: the keys of the centre may have changed since."""
    try:
        old.tables.put(store.tables.all())
    except RecordRejected as error:
        log.warning("tables_refused", extra={"code": error.code})


def list_acts(old: OpenStore, store: OpenStore) -> None:
    """Acts to which the centre gives no effect by itself; their requests are at hand again."""
    first = old.settings.find(Setting.APART_FROM)
    if first is None or old.settings.find(Setting.ACTS_LISTED) is not None:
        return
    at = store.integrity.clock.now()
    for event in old.log.of_kind(Kind.ACT):
        if event.seq < old.settings.number(Setting.APART_FROM) or event.pair.body is None:
            continue
        content = open_body(parse_event(event.pair.sign1)[1], event.pair.body)
        assert isinstance(content, ActRecorded), "an act of ours"
        held = store.requests.hold(EventPair(content.filed_sign1, content.filed_body), Source.CENTRE, at)
        signed_at = datetime.fromtimestamp(event.at, UTC)
        store.acts_to_confirm.put(ActToConfirm(rid=held.rid, reference=held.filed.reference, at=signed_at))
    old.settings.put(Setting.ACTS_LISTED, b"\x01")


def carry_over(old: OpenStore, store: OpenStore) -> None:
    """What an officer had at hand, once: a row that is here already stays as it is."""
    if old.settings.find(Setting.CARRIED_OVER) is not None:
        return
    for table in _CARRIED_TABLES:
        rows = old.connection.rows(f"SELECT * FROM {table}")  # noqa: S608  one of three names
        with store.connection.transaction():
            for row in rows:
                marks = ", ".join("?" for _ in row)
                store.connection.write(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", row)  # noqa: S608
    old.settings.put(Setting.CARRIED_OVER, b"\x01")
