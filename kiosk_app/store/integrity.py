"""Whether the store is the one that signed last, or an older copy, or pieced together (SECURITY-DESIGN 6).

Every page of the database carries its own HMAC, but an older page of the same database carries a good one
too. So nothing that matters is believed because a table says it: events prove each other by their chain,
receipts are verified again and compared with it, and what has no proof of its own (references given away, the
floor, the directory in force) is compared with what the last events say or with the mark beside the store.
Indexes are compared with their tables by `integrity_check` when the database opens.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from kiosk_app.store.event_log import EventLog
from kiosk_app.store.high_water import HighWater, Mark
from kiosk_app.store.leases import Leases
from kiosk_app.store.outbox import Outbox
from kiosk_app.store.settings import Setting, Settings
from kiosk_app.store.tables import SignedTables
from procuration.errors import RecordRejected
from procuration.ports import Clock
from procuration.record.event import parse_event
from procuration.record.receipt import Level, ProvedHead, Receipt, verify_receipt

RESTORED: Final = "MAGASIN_RESTAURE"
BROKEN: Final = "CHAINE_ROMPUE"
FORKED: Final = "JOURNAL_BIFURQUE"
RETIRED: Final = "APPAREIL_RETIRE"
STOPPING: Final = frozenset({RESTORED, BROKEN, FORKED, RETIRED})
"""Why a log signs no more, for ever: only a new enrolment leads on."""
_WHOLE_CHAIN_EVERY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Integrity:
    """The parts that must agree with each other."""

    log: EventLog
    outbox: Outbox
    settings: Settings
    leases: Leases
    tables: SignedTables
    marks: HighWater
    clock: Clock

    def check(self) -> None:
        """At each start: marks, receipts, the chain since the last receipt; once a day the whole of it.

        Raises: RecordRejected MAGASIN_RESTAURE, CHAINE_ROMPUE, JOURNAL_BIFURQUE: nothing may then be signed.
        """
        for mark in self.marks.read(self.log.log_id):
            self._reaches(mark)
        proved = self._forget_unproved()
        self._verify_chain(proved)
        self._compare_with_last_event()

    def mark(self) -> Mark:
        """How far the log is now."""
        head = self.log.head
        return Mark(
            log_id=head.log_id, next_seq=head.next_seq, hash=head.hash, leases_taken=self.leases.taken
        )

    def _reaches(self, mark: Mark) -> None:
        if self.log.head.next_seq < mark.next_seq or self.leases.taken < mark.leases_taken:
            raise RecordRejected(RESTORED, seq=mark.next_seq - 1)
        if mark.next_seq:
            (last,) = self.log.events(mark.next_seq - 1, 1) or (None,)
            if last is None or last.pair.hash != mark.hash:
                raise RecordRejected(RESTORED, seq=mark.next_seq - 1)

    def _forget_unproved(self) -> int:
        """Compares the newest receipt of each level with the chain; a row that proves nothing of it goes,
        and what it covered is sent again.

        Returns: the last event proved to be at the centre, -1 when none is.
        """
        faults = []
        for level in Level:
            while found := self.outbox.newest_receipt(level):
                fault = self._fault_of(*found)
                if fault is None:
                    break
                faults.append(fault)
                self.outbox.forget_receipt(found[0], level)
        for fault in faults:
            if fault.code in STOPPING:
                raise fault
        return self.outbox.receipted_seq(Level.RECEIVED)

    def _fault_of(self, seq: int, receipt: Receipt) -> RecordRejected | None:
        try:
            head = self.tables.by_checkpoint_key(lambda key: verify_receipt(receipt, key, self.log.realm))
        except RecordRejected as error:
            return error
        if head.seq != seq or head.log_id != self.log.log_id:
            return RecordRejected("RECU_SANS_PREUVE")
        try:
            check_head(self.log, head)
        except RecordRejected as error:
            return error
        return None

    def _verify_chain(self, proved: int) -> None:
        now = self.clock.now()
        last = self.settings.instant(Setting.CHAIN_VERIFIED_AT)
        whole = last is None or not timedelta(0) <= now - last < _WHOLE_CHAIN_EVERY
        self.log.verify(0 if whole else proved + 1)
        if whole:
            self.settings.put_instant(Setting.CHAIN_VERIFIED_AT, now)

    def _compare_with_last_event(self) -> None:
        """The last event names the floor and the directory that the tablet relied on when it was signed."""
        seq = self.log.head.next_seq - 1
        if seq < 0:
            return
        envelope = parse_event(self.log.events(seq, 1)[0].pair.sign1)[1]
        self.settings.raise_floor(envelope.boot.floor)
        if self.tables.directory.version < envelope.directory_version:
            raise RecordRejected(RESTORED, seq=seq)


def check_head(log: EventLog, head: ProvedHead) -> None:
    """A verified receipt of this log, compared with it.

    Raises: RecordRejected MAGASIN_RESTAURE, when the centre has more of it; JOURNAL_BIFURQUE, when it has
    another event at that place.
    """
    found = log.events(head.seq, 1)
    if not found:
        raise RecordRejected(RESTORED, seq=head.seq)
    if found[0].pair.hash != head.hash:
        raise RecordRejected(FORKED, seq=head.seq)


def check_heads(log: EventLog, heads: Iterable[ProvedHead]) -> None:
    """Each of several. Raises: as `check_head`."""
    for head in heads:
        if head.log_id == log.log_id:
            check_head(log, head)
