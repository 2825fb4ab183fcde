"""The transaction of one import: duplicates recognised, forks kept as proof, gaps held, new events stored
and given their effect.

Statements do not grow with the number of events. Everything here runs under the lock of the one log that
the bundle belongs to.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from procuration.domain.events import Enrolled, Kind, LookUp
from procuration.domain.identifiers import EventHash
from procuration.errors import RecordRejected
from procuration.record.chain import first_prev
from procuration.record.event import EventPair
from procuration.record.limits import BUNDLE_EVENTS_MAX, HELD_EVENTS_MAX
from server.config.centre import Centre
from server.dossiers.judgement import Pair
from server.dossiers.models import Withdrawal
from server.dossiers.refolding import Refolded, refold
from server.dossiers.withdrawals import faults_of, judge_again, take_in_withdrawals
from server.ledger.carried import known_at, pair_of
from server.ledger.checked import Checked
from server.ledger.enums import Aside, BundleOutcome, Refusal
from server.ledger.evidence import KINDS as EVIDENCE_KINDS
from server.ledger.evidence import last_evidence_seq
from server.ledger.heads import lock_head, move_head, read_state
from server.ledger.known import Known, KnownDevice
from server.ledger.leases import mark_used, references_used
from server.ledger.lookups import answer_look_ups
from server.ledger.models import CarriedPair, Event, ForkEvidence, HeldEvent, SetAside
from server.ledger.officers import take_in_enrolments, tell_known_ends
from server.ledger.opening import Opened, open_received, open_stored
from server.ledger.own_log import EVENT_COLUMNS, event_row
from server.ledger.reading import BodyKeys, Received, checked_envelope, open_own
from server.ledger.rows import insert_rows
from server.ledger.stranded import keep_apart, requests_to_fold

_REQUEST_KINDS = frozenset(
    {
        Kind.FILED,
        Kind.ACT,
        Kind.DECISION,
        Kind.TAKEN_IN,
        Kind.REFERENCE_GIVEN,
        Kind.FACT,
        Kind.RULING,
        Kind.MANDATAIRE_TOWN_HALL,
        Kind.PURGE,
        Kind.PAPER_FORM,
        Kind.REVOCATION_ASKED,
        Kind.FACT_WITHDRAWN,
    }
)


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a bundle. A code says why it was refused, or kept apart from its stopped log.

    Attributes:
        acts: what was checked of the acts that joined the ledger with it, None when there are none.
    """

    outcome: BundleOutcome
    added: int = 0
    acts: Checked | None = None
    code: Refusal | None = None


class _Fork(Exception):  # not an error: the way out, with the proof
    def __init__(self, seq: int, pair: EventPair) -> None:
        super().__init__(seq)
        self.seq = seq
        self.pair = pair


class Import:
    """One bundle of one device, within one transaction."""

    def __init__(self, centre: Centre, device: KnownDevice, received_at: datetime) -> None:
        self.centre = centre
        self.device = device
        self.received_at = received_at
        self.known = Known(centre)
        self.known.add(device)
        self.head = lock_head(device.id)
        self.state = read_state(device.id, self.head.seq)
        self._forked_at: list[tuple[int, int]] = []

    def run(self, received: Sequence[Received], note: Callable[[Imported], int]) -> Imported:
        """Store what is new, and note what became of the bundle. A refusal found here leaves the ledger as it
        was, but for the proof of a fork.
        """
        imported, fresh = self._sorted_out(received)
        bundle_id = note(imported)
        if fresh:
            self._store(fresh, bundle_id)
        return imported

    def _sorted_out(self, received: Sequence[Received]) -> tuple[Imported, list[Opened]]:
        """What becomes of the bundle, and the events that join the ledger."""
        if self.state.forked:
            return self._checked(lambda: self._kept_apart(received, Refusal.FROZEN)), []
        self.known.no_forks(self.device.id)
        try:
            fresh = self._after_duplicates(received)
            if not fresh:
                return Imported(BundleOutcome.DUPLICATE), []
            if fresh[0].envelope.seq > self.head.seq + 1:
                return self._hold(fresh, received), []
            self._check_joins(fresh[0])
            if self.state.holds:
                fresh += self._released_after(fresh)
        except _Fork as fork:
            self._keep_evidence([(self.device.id, fork.seq, fork.pair)])
            self._forget_trust_from(fork.seq)
            return self._checked(lambda: self._kept_apart(received, Refusal.FORK)), []
        except RecordRejected as error:
            return Imported(BundleOutcome.REFUSED, code=Refusal(error.code)), []
        acts = any(one.envelope.kind is Kind.ACT for one in fresh)
        return Imported(BundleOutcome.ACCEPTED, len(fresh), self.known.checked if acts else None), fresh

    # a stopped log

    @staticmethod
    def _checked(work: Callable[[], Imported]) -> Imported:
        try:
            return work()
        except RecordRejected as error:
            return Imported(BundleOutcome.REFUSED, code=Refusal(error.code))

    def _kept_apart(self, received: Sequence[Received], code: Refusal) -> Imported:
        """Nothing joins the log any more. What the bundle says of places already taken is proof of a fork;
        what lies beyond waits for a person.
        """
        there = self._hashes(received[0].seq, self.head.seq)
        others = [one for one in received if one.seq in there and there[one.seq] != one.hash]
        for one in others:
            self._check_own(one)
        opened = [open_own(self.centre, self.device, one.pair, self.received_at) for one in others]
        if others:
            self._keep_evidence((self.device.id, one.seq, one.pair) for one in others)
            self._forget_trust_from(others[0].seq)
        opened += [one.opened for one in received if one.opened is not None and one.seq > self.head.seq]
        new = keep_apart(self.device.id, opened, self.received_at)
        self._fold_again(requests_to_fold(self.device.id, new))
        return Imported(BundleOutcome.STRANDED, code=code)

    # duplicates, forks, gaps

    def _after_duplicates(self, received: Sequence[Received]) -> list[Opened]:
        """The events beyond the head; those before it must be the ones stored."""
        head = self.head.seq
        old = [one for one in received if one.seq <= head]
        if old:
            stored = self._hashes(old[0].seq, old[-1].seq)
            for one in old:
                if stored.get(one.seq) != one.hash:
                    self._check_own(one)
                    raise _Fork(one.seq, one.pair)
        new = [one.opened for one in received if one.seq > head]
        # `opened` is None only at or below a head that was already reached when the bundle was read; heads
        # never go back.
        return [opened for opened in new if opened is not None]

    def _hashes(self, first: int, last: int) -> dict[int, bytes]:
        rows = Event.objects.filter(device_id=self.device.id, seq__range=(first, last)).values_list(
            "seq", "hash"
        )
        return {seq: bytes(value) for seq, value in rows}

    def _check_own(self, one: Received) -> None:
        """Only what the device signed for that very place proves a fork."""
        if checked_envelope(self.centre, self.device, one.pair.sign1).seq != one.seq:
            raise RecordRejected(Refusal.ORDER)

    def _check_joins(self, first: Opened) -> None:
        if first.envelope.prev != (self.head.hash or first_prev(self.device.log_id)):
            raise _Fork(first.envelope.seq, EventPair(first.sign1, first.body))

    def _hold(self, fresh: Sequence[Opened], received: Sequence[Received]) -> Imported:
        bodies = {one.seq: one.pair.body for one in received}
        held = HeldEvent.objects.filter(device_id=self.device.id)
        there = {seq: bytes(value) for seq, value in held.values_list("seq", "hash")}
        for one in fresh:
            if there.get(one.envelope.seq, one.hash) != one.hash:
                raise _Fork(one.envelope.seq, EventPair(one.sign1, bodies[one.envelope.seq]))
        new = [one for one in fresh if one.envelope.seq not in there]
        if len(there) + len(new) > HELD_EVENTS_MAX:
            return Imported(BundleOutcome.REFUSED, code=Refusal.TOO_MANY_HELD)
        rows = (
            (
                self.device.id,
                one.envelope.seq,
                one.hash,
                one.sign1,
                bodies[one.envelope.seq] or b"",  # a body is never empty: none has been purged
                self.received_at,
            )
            for one in new
        )
        insert_rows(HeldEvent, ("device", "seq", "hash", "sign1", "body", "received_at"), rows)
        return Imported(BundleOutcome.HELD, 0)

    def _released_after(self, fresh: Sequence[Opened]) -> list[Opened]:
        """Held events that follow without a gap, checked once more; what a fork proves wrong is found here
        too.
        """
        last = fresh[-1]
        keys = BodyKeys(self.centre, self.device)
        for one in fresh:
            keys.learn(one)
        released: list[Opened] = []
        held = HeldEvent.objects.filter(device_id=self.device.id, seq__gt=last.envelope.seq).order_by("seq")
        for row in held.iterator(chunk_size=BUNDLE_EVENTS_MAX):
            pair = EventPair(bytes(row.sign1), bytes(row.body or b"") or None)
            if row.seq != last.envelope.seq + 1:
                break
            envelope = checked_envelope(self.centre, self.device, pair.sign1)
            if envelope.prev != last.hash:
                raise _Fork(row.seq, pair)
            last = self._opened_held(row, pair, keys)
            released.append(last)
        HeldEvent.objects.filter(device_id=self.device.id, seq__lte=last.envelope.seq).delete()
        return released

    def _opened_held(self, row: HeldEvent, pair: EventPair, keys: BodyKeys) -> Opened:
        envelope = checked_envelope(self.centre, self.device, pair.sign1)
        if pair.body is None:  # it waited for those before it longer than the law lets it be kept
            return open_stored(self.device, pair.sign1, pair.hash, None, row.received_at)
        opened = open_received(
            self.device, envelope, pair.hash, pair.sign1, pair.body, row.received_at, keys.of
        )
        keys.learn(opened)
        return opened

    def _keep_evidence(self, found: Iterable[tuple[int, int, EventPair]]) -> None:
        for device_id, seq, pair in found:
            self._forked_at.append((device_id, seq))
            ForkEvidence.objects.get_or_create(
                device_id=device_id,
                seq=seq,
                hash=pair.hash,
                defaults={"sign1": pair.sign1, "body": pair.body or b"", "found_at": self.received_at},
            )

    def _forget_trust_from(self, seq: int) -> None:
        """What stands at a place with two histories counts no longer: its request, those whose acts carried
        it, and their rivals are folded again, as a fold of everything would (I-2). Beyond it, everything but
        requests.
        """
        place = Q(device_id=self.device.id, seq=seq)
        rids = set(Event.objects.filter(place, rid__isnull=False).values_list("rid", flat=True))
        rids |= {pair_of(row)[1] for row in CarriedPair.objects.filter(place)}
        beyond, keys = self._lost_beyond(self.device.id, seq)
        self._fold_again({rid for rid in rids if rid is not None} | beyond, keys | self._withdrawn_at(place))

    def _lost_beyond(self, device_id: int, seq: int) -> tuple[set[str], set[str]]:
        """Requests whose events beyond a fork, and mandants whose résiliations there, lose their effect."""
        beyond = Q(device_id=device_id, seq__gt=seq)
        told = Event.objects.filter(beyond, ~Q(kind=Kind.FILED.value), rid__isnull=False)
        rids = {rid for rid in told.values_list("rid", flat=True) if rid is not None}
        return rids, self._withdrawn_at(beyond)

    def _withdrawn_at(self, place: Q) -> set[str]:
        """Résiliations at or beyond a fork lose their effect. Returns: the keys of their mandants."""
        found = Withdrawal.objects.filter(place)
        keys = {one.mandant_key for one in found}
        lost = [(one.device_id, one.seq, None, Aside.FORK.value) for one in found if one.rid is None]
        if lost:  # those of one request are set aside with it
            insert_rows(SetAside, ("device", "seq", "rid", "code"), lost)
        found.delete()
        return keys

    def _fold_again(self, rids: Iterable[str], keys: Collection[str] = ()) -> None:
        if rids or keys:
            refold(Known(self.centre), dict.fromkeys(sorted(rids), ()), self.received_at, keys)

    # new events

    def _store(self, fresh: Sequence[Opened], bundle_id: int) -> None:
        enrolments = [one for one in fresh if isinstance(one.content, Enrolled)]
        faults = take_in_enrolments(self.known, enrolments)
        tell_known_ends(self.known, self.device.id, enrolments)
        concerned: dict[str, list[Opened]] = {}
        for one in fresh:
            if one.rid is not None and one.envelope.kind in _REQUEST_KINDS:
                concerned.setdefault(one.rid, []).append(one)
        keys, asides = self._withdrawals(fresh)
        for one, _ in asides:  # one that names a request is set aside with it, for a person to see
            if one.rid is not None:
                concerned.setdefault(one.rid, []).append(one)
        for rid in self._proved_by(fresh):
            concerned.setdefault(rid, [])
        refolded = refold(self.known, concerned, self.received_at, keys) if concerned or keys else Refolded()
        insert_rows(Event, EVENT_COLUMNS, (event_row(one, bundle_id) for one in fresh))
        alone = [one for one in fresh if one.rid is None or one.envelope.kind not in _REQUEST_KINDS]
        self._set_aside([*(one for one in alone if one.envelope.kind is not Kind.REVOCATION), *faults])
        if alone_asides := [(one, code) for one, code in asides if one.rid is None]:
            insert_rows(SetAside, ("device", "seq", "rid", "code"), faults_of(alone_asides))
        mark_used(self.device.id, references_used(fresh))
        answer_look_ups(
            self.device, [one for one in fresh if isinstance(one.content, LookUp)], self.received_at
        )
        move_head(self.device.id, fresh[-1].envelope.seq, fresh[-1].hash)
        self._compare_with_pairs(fresh, refolded.pairs)

    def _withdrawals(self, fresh: Sequence[Opened]) -> tuple[set[str], list[tuple[Opened, Aside]]]:
        """Résiliations of the bundle; a sync point also proves more of the time of those before it."""
        for one in fresh:
            if one.envelope.kind in EVIDENCE_KINDS:
                self.known.note_evidence(one.device.id, one.sign1)
        keys, asides = take_in_withdrawals(self.known, fresh)
        if _brings_proof(fresh):
            keys |= judge_again(self.known, self.device.id, last_evidence_seq(self.device.id))
        return keys, asides

    def _proved_by(self, fresh: Sequence[Opened]) -> Iterable[str]:
        """Requests whose acts stood behind the last sync point of this log: the first new one proves their
        time, and their rivals may now be told apart (SECURITY-DESIGN 7)."""
        if not _brings_proof(fresh):
            return
        acts = Event.objects.filter(
            device_id=self.device.id, kind=Kind.ACT.value, seq__gt=last_evidence_seq(self.device.id)
        )
        yield from (rid for rid in acts.values_list("rid", flat=True) if rid is not None)

    def _set_aside(self, without_request: Sequence[Opened]) -> None:
        rows = [
            (one.device.id, one.envelope.seq, one.rid, one.fault.value)
            for one in without_request
            if one.fault is not None
        ]
        if rows:
            insert_rows(SetAside, ("device", "seq", "rid", "code"), rows)

    def _compare_with_pairs(self, fresh: Sequence[Opened], pairs: Sequence[tuple[Opened, Pair]]) -> None:
        """A request that an act carried and the same place of its own log must be one event; if not, that
        log has forked.
        """
        self._forked_at.clear()
        rids, keys = {*self._forked_by_own(fresh), *self._forked_by_carried(fresh, pairs)}, set[str]()
        for place in self._forked_at:
            beyond = self._lost_beyond(*place)
            rids, keys = rids | beyond[0], keys | beyond[1]
        self._fold_again(rids, keys)

    def _forked_by_own(self, fresh: Sequence[Opened]) -> Iterable[str]:
        """Events of this log that differ from what acts had carried: the carried ones are the evidence."""
        if not self.state.carried:
            return
        hashes = {one.envelope.seq: one for one in fresh}
        carried = CarriedPair.objects.filter(
            device_id=self.device.id, seq__range=(fresh[0].envelope.seq, fresh[-1].envelope.seq)
        )
        for row in carried:
            own = hashes[row.seq]
            if bytes(row.hash) != own.hash:
                pair, rid = pair_of(row)
                self._keep_evidence([(self.device.id, row.seq, pair)])
                yield from (one for one in (rid, own.rid) if one is not None)

    def _forked_by_carried(
        self, fresh: Sequence[Opened], pairs: Sequence[tuple[Opened, Pair]]
    ) -> Iterable[str]:
        new = {one.hash for one in fresh}
        mine = [(opened, pair) for opened, pair in pairs if opened.hash in new]
        if not mine:
            return
        known_hashes = known_at({(pair.device.id, pair.event.envelope.seq) for _, pair in mine})
        rows: dict[tuple[int, int, EventHash], tuple[object, ...]] = {}
        for opened, pair in mine:
            seq = pair.event.envelope.seq
            there = known_hashes.setdefault((pair.device.id, seq), {})
            if there and pair.event.hash not in there:
                self._keep_evidence([(pair.device.id, seq, EventPair(pair.sign1, pair.body))])
                yield from (rid for rid in there.values() if rid is not None)
                if opened.rid is not None:
                    yield opened.rid
            if pair.event.hash not in there:
                place = (pair.device.id, seq, pair.event.hash)
                rows[place] = (*place, opened.device.id, opened.envelope.seq)
            there[pair.event.hash] = opened.rid
        insert_rows(CarriedPair, ("device", "seq", "hash", "carrier_id", "carrier_seq"), rows.values())


def _brings_proof(fresh: Iterable[Opened]) -> bool:
    return any(one.envelope.kind is Kind.SYNC_POINT for one in fresh)
