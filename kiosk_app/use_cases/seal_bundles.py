"""What waits here, sealed for the centre into the spool: rolling bundles of events, or a poll when none
waits.

The store is the truth: a lost spool is filled again from it. As long as the newest bundle has no answer
and room
left, the next event replaces it by a larger one.
"""

import itertools
import logging
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from kiosk_app.station import OpenStore, Station
from kiosk_app.store.event_log import StoredEvent
from kiosk_app.store.outbox import SentBundle
from kiosk_app.store.settings import Setting
from kiosk_app.use_cases.announce_backlog import backlog_beside
from procuration.adapters.spool import BUNDLE, AppSpool, name_of
from procuration.record.bundle import NONCE_BYTES, UpManifest, bundle_digest, encode_up
from procuration.record.event import EventPair, parse_event
from procuration.record.limits import BUNDLE_EVENTS_MAX, ROLLING_BUNDLE_BYTES_MAX
from procuration.record.sealed import Purpose, seal

log = logging.getLogger(__name__)

MANIFEST_BYTES: Final = 512
PAIR_OVERHEAD_BYTES: Final = 8
_READ_AT_ONCE: Final = 100


class SealBundles:
    """Keeps `spool/out` in step with the log."""

    def __init__(self, station: Station, spool: AppSpool) -> None:
        self._station, self._spool = station, spool
        self._closings_told: dict[str, datetime] | None = None

    def __call__(self, *, fresh_poll: bool = False) -> None:
        """Args:
        fresh_poll: something changed that a new poll should say (inbox number, directory, more waits).
        """
        store = self._station.store
        kept = self._without_the_received(store)
        if store.settings.find(Setting.ASKS_WHAT_IS_LEFT) is None:
            self._seal_events(store, kept)
            self._seal_poll(store, fresh_poll)
        else:
            self._ask_what_is_left(store)
        self._tell_closings(store)

    def events_only(self) -> None:
        """Of a log given up: what it holds, and no question of its own."""
        store = self._station.store
        self._seal_events(store, self._without_the_received(store))

    def _tell_closings(self, store: OpenStore) -> None:
        """Which bundle first: the nearest closing of a poll that depends on each (R-55).

        A bundle is as urgent as what waits behind it: the centre holds an event, without effect, until it
        has those before it in the log.
        """
        now = self._station.clock.now()
        closings = {}
        for bundle in self._live(store):
            closing = None if bundle.is_poll else store.served_polls.nearest(bundle.first_seq, now)
            if closing is not None:
                closings[bundle.name + BUNDLE] = closing
        if closings == self._closings_told:
            return
        try:
            self._spool.write_closings(closings)
        except OSError:  # only an order of travel is lost
            log.warning("closings_not_written", extra={"code": "DISK"})
            return
        self._closings_told = closings

    def _live(self, store: OpenStore) -> list[SentBundle]:
        """Bundles of ours whose file is still there; a file we do not remember can not be answered."""
        names = set(self._spool.bundle_names())
        live = [bundle for bundle in store.outbox.bundles() if bundle.name in names]
        for name in names - {bundle.name for bundle in live}:
            self._spool.remove_bundle(name)
        return live

    def _without_the_received(self, store: OpenStore) -> list[SentBundle]:
        """The bundles that still have something to carry, in the order of the log."""
        covered = store.delivered_seq
        kept = []
        for bundle in sorted(self._live(store), key=lambda one: (one.first_seq, one.last_seq)):
            if bundle.is_poll:
                continue
            if bundle.first_seq <= _next_seq(store, covered) and bundle.last_seq > covered:
                kept.append(bundle)
                covered = bundle.last_seq
            else:
                self._spool.remove_bundle(bundle.name)
        return kept

    def _seal_events(self, store: OpenStore, kept: list[SentBundle]) -> None:
        last = store.log.head.next_seq - 1
        covered = kept[-1].last_seq if kept else store.delivered_seq
        if covered >= last:
            return
        rolling = kept[-1] if kept and not kept[-1].answered else None
        start, began = rolling.first_seq if rolling else covered + 1, 0
        while start <= last:
            events = _next_bundle(store, start)
            start = events[0].seq  # a stopped log may have lost some
            if rolling is not None and events[-1].seq == rolling.last_seq:
                rolling = None  # it is full: it stays as it is
            else:
                self._seal(store, start, events)
                began += 1
            start = events[-1].seq + 1
        if rolling is not None:
            self._spool.remove_bundle(rolling.name)
        stay = kept[:-1] if rolling is not None else kept
        if stay and (len(stay) + began).bit_length() > len(kept).bit_length():
            self._tell_again(store, stay[0])

    def _tell_again(self, store: OpenStore, first: SentBundle) -> None:
        """The bundle that goes first says again what waits behind it, whenever the number of bundles has
        doubled: a line that breaks after it has then announced at least half of the rest.
        """
        events = store.log.events(first.first_seq, first.last_seq - first.first_seq + 1)
        if first.answered or store.log.stopped is not None or events[-1].seq != first.last_seq:
            return
        self._seal(store, first.first_seq, events)
        self._spool.remove_bundle(first.name)

    def _seal_poll(self, store: OpenStore, fresh: bool) -> None:
        """One poll stands in the spool when no event waits; the agent sends it again every minute."""
        live = self._live(store)
        polls = [bundle for bundle in live if bundle.is_poll]
        events_wait = len(polls) < len(live)
        if not events_wait and (fresh or not polls):
            self._seal(store, store.log.head.next_seq, [])
        elif not events_wait:
            polls.pop()
        for poll in polls:
            self._spool.remove_bundle(poll.name)

    def _ask_what_is_left(self, store: OpenStore) -> None:
        """A restored centre says first what it still has: the whole log would otherwise go again."""
        epoch = store.settings.ledger_epoch
        live = self._live(store)
        if not any(bundle.is_poll and bundle.epoch == epoch for bundle in live):
            self._seal(store, store.log.head.next_seq, [])
            for bundle in live:
                self._spool.remove_bundle(bundle.name)

    def _seal(self, store: OpenStore, first_seq: int, events: list[StoredEvent]) -> None:
        now = self._station.clock.now()
        manifest = UpManifest(
            log_id=store.log.log_id,
            first_seq=first_seq,
            count=len(events),
            nonce=self._station.random(NONCE_BYTES),
            checkpoint_size=store.settings.number(Setting.TREE_SIZE),
            inbox_number=store.settings.inbox_number,
            directory_version=store.log.directory_version,
            backlog=backlog_beside(store, first_seq, len(events)),
        )
        pairs = tuple(EventPair(event.pair.sign1, event.pair.body) for event in events)
        plaintext = encode_up(manifest, pairs, store.signer, store.log.realm)
        sealed = seal(plaintext, store.tables.centre_key(now), Purpose.UP, store.log.realm)
        # Remembered first: a file without its row could never be answered.
        store.outbox.add(
            SentBundle(
                name=name_of(sealed),
                hash=bundle_digest(sealed),
                first_seq=first_seq,
                last_seq=first_seq + len(events) - 1,
                size=len(sealed),
                sealed_ms=int(now.timestamp() * 1000),
                tree_size=manifest.checkpoint_size,
                epoch=store.settings.ledger_epoch,
                answered=False,
            )
        )
        self._spool.put_bundle(sealed)
        log.info("bundle_sealed", extra={"events": len(events), "bytes": len(sealed)})


def _next_bundle(store: OpenStore, start: int) -> list[StoredEvent]:
    """The events from `start` that fit one rolling bundle; one event always does."""
    events: list[StoredEvent] = []
    size = MANIFEST_BYTES
    for event in itertools.islice(_events_from(store, start), BUNDLE_EVENTS_MAX):
        if events and store.log.stopped is not None and not _joins(events[-1], event):
            break  # the centre refuses a bundle whole when its chain does not hold
        size += len(event.pair.sign1) + len(event.pair.body or b"") + PAIR_OVERHEAD_BYTES
        if events and size > ROLLING_BUNDLE_BYTES_MAX:
            break
        events.append(event)
    return events


def _next_seq(store: OpenStore, covered: int) -> int:
    """A stopped log may have lost some events."""
    events = store.log.events(covered + 1, 1) if store.log.stopped is not None else []
    return events[0].seq if events else covered + 1


def _joins(before: StoredEvent, event: StoredEvent) -> bool:
    return event.seq == before.seq + 1 and parse_event(event.pair.sign1)[1].prev == before.pair.hash


def _events_from(store: OpenStore, start: int) -> Iterator[StoredEvent]:
    while batch := store.log.events(start, _READ_AT_ONCE):
        yield from batch
        start = batch[-1].seq + 1
