"""What the centre answered, verified and filed: receipts first, then the numbered entries, each once, in
order.

Nothing says "received" here before a checkpoint and an inclusion proof were verified against our own log.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import groupby
from typing import Final

from kiosk_app.station import OpenStore, Station
from kiosk_app.store.integrity import FORKED, RETIRED, check_heads
from kiosk_app.store.outbox import SentBundle
from kiosk_app.store.requests import Source, verify_request
from kiosk_app.store.settings import ANY_NUMBER, Setting
from kiosk_app.use_cases.follow_ledger import (
    follow,
    has_not_been_asked,
    heard_what_is_left,
    is_of_a_ledger_left,
)
from kiosk_app.use_cases.follow_tree import Seen, hold, look
from procuration.adapters.spool import AppSpool
from procuration.domain.events import SyncEvidence, SyncPoint
from procuration.errors import RecordRejected
from procuration.record.bundle import DownManifest, down_kid, read_down
from procuration.record.cose_key import VerifyingKey
from procuration.record.directory import Role
from procuration.record.enrolment import Profile
from procuration.record.inbox import (
    UNNUMBERED,
    Consistency,
    Entry,
    EntryType,
    EpochKey,
    LaterEntry,
    Lease,
    LogStopped,
    OfficerRevoked,
    Request,
    ServerTime,
    State,
    StopReason,
)
from procuration.record.limits import SEALED_BUNDLE_BYTES_MAX, SYNC_POINT_EVERY_SECONDS
from procuration.record.locked_copy import LockedCopy
from procuration.record.receipt import Level, ProvedHead, Receipt, verify_receipt
from procuration.record.sealed import Purpose, open_seal

log = logging.getLogger(__name__)

ROWS_PER_TRANSACTION_MAX: Final = 100
PAUSE_SECONDS: Final = 0.02
FRESH_ANSWER_MS: Final = 5_000
"""An answer later than this says too little about the clock: it may have travelled on a stick."""


class ApplyAnswers:
    """Takes what stands in `spool/in`; works while the officer's screen is locked."""

    def __init__(self, station: Station, spool: AppSpool, pause: Callable[[float], None]) -> None:
        self._station, self._spool, self._pause = station, spool, pause

    def __call__(self) -> bool:
        """Whether the centre should be asked again at once: news were applied, or more waits."""
        again = False
        for name in self._spool.answer_names():
            try:
                again = self._apply(self._spool.read_answer(name)) or again
            except FileNotFoundError:
                continue  # the agent replaced it: it comes back
            except RecordRejected as error:
                self._set_aside(name, error)
            self._spool.remove_answer(name)
        return again

    def _set_aside(self, name: str, error: RecordRejected) -> None:
        log.warning("answer_refused", extra={"code": error.code})
        now = self._station.clock.now()
        self._station.store.connection.set_aside(name, error.code, int(now.timestamp()))

    def _apply(self, sealed: bytes) -> bool:
        store = self._station.store
        manifest = _opened(store, sealed)
        found, fault = _proved(store, _receipts(manifest))
        _stop_if_told(store, manifest, [head for _, head in found])
        sent = store.outbox.of_hash(manifest.answered)
        if sent is None:
            raise RecordRejected("REPONSE_SANS_ENVOI")
        now = self._station.clock.now()
        if is_of_a_ledger_left(store, manifest, sent, now):
            return False
        restored = follow(store, manifest.ledger_epoch, now)
        seen = Seen() if has_not_been_asked(store, sent) else look(store, manifest, sent, now)
        for alarm in seen.alarms:  # in its own transaction: whatever the rest of the answer is worth
            log.error("alarm", extra={"code": alarm.code.value})
            store.alarms.keep(alarm)
        if fault is not None:
            raise fault
        proved = _counting(store, found, seen)
        with store.connection.transaction():
            if seen.trusted is not None and seen.note is not None:
                hold(store, seen.trusted, seen.note)
            heard_what_is_left(store, sent)
            _note_kept(store, sent)
            server_ms = _server_time(manifest)
            if server_ms is not None:
                store.settings.raise_floor(datetime.fromtimestamp(server_ms // 1000, UTC))
                store.requests.forget_epoch_keys(store.settings.floor)
                store.proved_time.keep()
            told = None if server_ms is None else store.proved_time.now()
            for receipt, head in proved:
                _keep_receipt(store, receipt, head, now, told)
            store.settings.put_instant(Setting.LAST_CONTACT, now)
            store.settings.forget(Setting.CENTRE_REFUSAL)
            store.outbox.mark_answered(sent.name)
        if seen.late:  # sealed again, it names the checkpoint held now, and the answer can be compared
            self._spool.remove_bundle(sent.name)
        applied = self._apply_numbered(manifest)
        _note_heard(store, manifest, sent)
        if server_ms is not None and store.log.stopped is None:
            self._measure_clock(store, sent, server_ms, now)
        return bool(applied) or manifest.more or seen.late or restored

    def _apply_numbered(self, manifest: DownManifest) -> int:
        """The next number only: a doubled or replayed answer changes nothing, a gap waits for what is
        missing. The first number of a restored ledger is the one that its first answer begins with.
        """
        applied, rows = 0, 0
        for batch in _batches(manifest.entries):
            due = self._due(batch)
            if not due:
                continue
            rows += self._apply_copies(due) if len(due) > 1 else self._apply_entry(due[0])
            applied += len(due)
            if rows >= ROWS_PER_TRANSACTION_MAX:
                self._pause(PAUSE_SECONDS)
                rows = 0
        return applied

    def _due(self, batch: Sequence[Entry]) -> list[Entry]:
        """Those of a batch that follow the last number applied."""
        last, due = self._station.store.settings.number(Setting.INBOX_NUMBER), []
        for entry in batch:
            if entry.number == last + 1 or last == ANY_NUMBER:
                due.append(entry)
                last = entry.number
        return due

    def _apply_copies(self, entries: Sequence[Entry]) -> int:
        """Locked copies come by the thousand: a flush for each would take minutes."""
        store = self._station.store
        copies = [entry.content for entry in entries if isinstance(entry.content, LockedCopy)]
        with store.connection.transaction():
            self._keep_copies(store, copies)
            store.settings.put_number(Setting.INBOX_NUMBER, entries[-1].number)
        return len(entries) + 1

    def _keep_copies(self, store: OpenStore, copies: Sequence[LockedCopy]) -> None:
        """Only a brigade has a use for them; what cannot be kept holds nothing up, and the paper remains."""
        if store.configuration.profile is not Profile.BRIGADE:
            self._set_aside("entry", RecordRejected("COPIE_SANS_BRIGADE"))
        elif store.locked_copies.keep(copies, store.proved_time.now()):
            self._set_aside("entry", RecordRejected("ENTREE_NON_GARDEE", type=EntryType.LOCKED_COPY.value))

    def _apply_entry(self, entry: Entry) -> int:
        """One entry and its number in one transaction; a long lease goes in before, part by part."""
        store, content = self._station.store, entry.content
        now = self._station.clock.now()
        if isinstance(content, Lease):
            for start in range(0, len(content.references), ROWS_PER_TRANSACTION_MAX):
                part = content.references[start : start + ROWS_PER_TRANSACTION_MAX]
                store.leases.add(Lease(content.lot, part))
                self._pause(PAUSE_SECONDS)
        with store.connection.transaction():
            match content:
                case Request():
                    self._keep_request(store, content, now)
                case EpochKey():
                    store.requests.add_epoch_key(content)
                case State():
                    store.requests.put_state(content, now)
                case LockedCopy():
                    self._keep_copies(store, [content])
                case OfficerRevoked(kid=kid, at=at):
                    store.officers.revoke(kid, at)
                case LaterEntry():
                    self._keep_for_later(store, entry.number, content, now)
                case Lease() | Receipt() | ServerTime() | Consistency() | LogStopped():
                    pass  # a lease is in already; the others carry no number and were read before
            store.settings.put_number(Setting.INBOX_NUMBER, entry.number)
        return 2

    def _keep_request(self, store: OpenStore, request: Request, now: datetime) -> None:
        """A request we asked for; one that is not truly signed is set aside and does not block the inbox."""
        try:
            verify_request(request.pair, store.tables.directory, store.log.realm)
            store.requests.hold(request.pair, Source.CENTRE, now)
        except RecordRejected as error:
            self._set_aside("entry", error)

    def _keep_for_later(self, store: OpenStore, number: int, content: LaterEntry, now: datetime) -> None:
        """What only a later version of this program reads waits for it, and holds nothing up."""
        if not store.later_entries.keep(number, content, now):
            self._set_aside("entry", RecordRejected("ENTREE_NON_GARDEE", type=content.type))

    def _measure_clock(self, store: OpenStore, sent: SentBundle, server_ms: int, now: datetime) -> None:
        """The offset of our clock, logged with the last tree seen, when a fresh answer gives it (section
        7).
        """
        now_ms = int(now.timestamp() * 1000)
        root = store.settings.find(Setting.TREE_ROOT)
        if root is None or not 0 <= now_ms - sent.sealed_ms <= FRESH_ANSWER_MS:
            return
        last = store.settings.instant(Setting.SYNC_POINT_AT)
        if last and timedelta(0) <= now - last < timedelta(seconds=SYNC_POINT_EVERY_SECONDS):
            return
        evidence = SyncEvidence(
            tree_size=store.settings.number(Setting.TREE_SIZE),
            root=root,
            offset_ms=server_ms - (sent.sealed_ms + now_ms) // 2,
        )
        with store.connection.transaction():
            store.log.append(SyncPoint(), sync=evidence)
            store.settings.put_instant(Setting.SYNC_POINT_AT, now)


def _batches(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    """The numbered entries in order, one by one, but locked copies as many together as a transaction takes
    with its number."""
    numbered = [entry for entry in entries if entry.number != UNNUMBERED]
    for are_copies, group in groupby(numbered, key=lambda entry: isinstance(entry.content, LockedCopy)):
        run = list(group)
        size = ROWS_PER_TRANSACTION_MAX - 1 if are_copies else 1
        yield from (run[start : start + size] for start in range(0, len(run), size))


def _opened(store: OpenStore, sealed: bytes) -> DownManifest:
    """The answer, once signed by a server key of the directory and meant for this log. Raises:
    RecordRejected.
    """
    keys = {store.sealing_key.kid: store.sealing_key}
    realm = store.log.realm
    plaintext = open_seal(sealed, keys, Purpose.DOWN, realm, max_bytes=SEALED_BUNDLE_BYTES_MAX)
    server = store.tables.directory.entry(down_kid(plaintext), Role.SERVER)
    if server.revoked_at is not None:
        raise RecordRejected("KEY_REVOKED", kid=server.kid.hex())
    manifest = read_down(plaintext, VerifyingKey(server.cose_key), realm)
    if manifest.log_id != store.log.log_id:
        raise RecordRejected("REPONSE_POUR_UN_AUTRE")
    return manifest


def _note_heard(store: OpenStore, manifest: DownManifest, sent: SentBundle) -> None:
    """What the centre had to say about our events so far is applied: a look-up among them without its request
    found nothing.
    """
    last = max((entry.number for entry in manifest.entries), default=UNNUMBERED)
    if not manifest.more and last <= store.settings.inbox_number:
        proved = store.outbox.receipted_seq(Level.RECEIVED)
        store.heard_seq = max(store.heard_seq, min(sent.last_seq, proved))


def _receipts(manifest: DownManifest) -> list[Receipt]:
    return [entry.content for entry in manifest.entries if isinstance(entry.content, Receipt)]


def _server_time(manifest: DownManifest) -> int | None:
    times = [entry.content.unix_ms for entry in manifest.entries if isinstance(entry.content, ServerTime)]
    return max(times, default=None)


def _stop_if_told(store: OpenStore, manifest: DownManifest, heads: list[ProvedHead]) -> None:
    """The centre signed that this log grows no more, or that it has another history of it, or more of it:
    nothing more is signed here. It holds whatever bundle the answer is for: an older store has forgotten
    those that a later one sent.
    """
    told = [entry.content for entry in manifest.entries if isinstance(entry.content, LogStopped)]
    try:
        for one in told:
            store.settings.put_number(Setting.APART_FROM, one.from_seq)
            code = FORKED if one.reason is StopReason.FORKED else RETIRED
            raise RecordRejected(code, seq=one.from_seq)
        check_heads(store.log, heads)
    except RecordRejected as error:
        store.stop(error)


def _note_kept(store: OpenStore, sent: SentBundle) -> None:
    """What a stopped log brought need not be sent again once the centre has answered it: it answers what it
    has committed, in the log, before a gap of it, or apart. No receipt will ever say so.
    """
    waiting = store.next_waiting
    if store.log.stopped is not None and waiting is not None and sent.first_seq <= waiting <= sent.last_seq:
        store.settings.put_number(Setting.KEPT_APART, sent.last_seq)


def _proved(
    store: OpenStore, receipts: list[Receipt]
) -> tuple[list[tuple[Receipt, ProvedHead]], RecordRejected | None]:
    """The receipts with what they prove, up to the first that proves nothing of our log, and its fault: what
    the answer shows of the tree is looked at before anything is refused.
    """
    found: list[tuple[Receipt, ProvedHead]] = []
    for receipt in receipts:
        try:
            head = store.tables.by_checkpoint_key(partial(verify_receipt, receipt, realm=store.log.realm))
        except RecordRejected as error:
            return found, error
        if head.log_id != store.log.log_id:
            return found, RecordRejected("RECU_D_UN_AUTRE")
        found.append((receipt, head))
    return found, None


def _counting(
    store: OpenStore, found: list[tuple[Receipt, ProvedHead]], seen: Seen
) -> list[tuple[Receipt, ProvedHead]]:
    """The receipts that count: under a tree that is believed, and of a log with one history."""
    if store.log.stopped not in (None, RETIRED):
        return []
    return [(receipt, head) for receipt, head in found if head.tree == seen.trusted]


def _keep_receipt(
    store: OpenStore, receipt: Receipt, head: ProvedHead, now: datetime, proved: datetime | None
) -> None:
    store.outbox.add_receipt(head.seq, receipt, now, proved)
    if head.level is Level.DURABLE:
        received = Receipt(Level.RECEIVED, receipt.checkpoint, receipt.proof)
        store.outbox.add_receipt(head.seq, received, now, proved)
