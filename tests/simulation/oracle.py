"""After a run: every invariant of DESIGN 8 that can be seen from outside, against what was said to people.

It believes neither the dossiers nor the columns of the ledger: it compares them with its own notes, with the
signatures, and with a fresh fold.
"""

from collections import Counter, defaultdict
from random import Random

from django.db import connection, transaction

from procuration.domain.acts import ActDecision
from procuration.domain.events import ActRecorded, Kind
from procuration.domain.refusal import RefusalCode
from procuration.domain.status import ESTABLISHED, Status
from procuration.errors import ProcurationError, RecordRejected
from procuration.record.act import verify_act
from procuration.record.cose_key import VerifyingKey
from procuration.record.event import open_body, parse_event, verify_event
from procuration.record.receipt import Level
from server.dossiers.models import Procuration
from server.dossiers.rebuilding import rebuild_all
from server.ledger.models import Event, ForkEvidence, HeldEvent, Leaf, ReferenceLease, StrandedEvent
from server.ledger.verifying import verify_ledger
from tests import builders
from tests.simulation.simulator import Simulator

_AGAINST = frozenset(
    {Status.REFUSEE, Status.INVALIDEE, Status.NULLE_L73, Status.RESILIEE, Status.ANNULEE_L77}
)


def judge(world: Simulator) -> list[str]:
    """Everything that does not hold, in words; empty when all is well."""
    oracle = Oracle(world)
    if world.centre.is_false:  # nothing else can be asked of a centre that rewrites its history
        oracle.who_was_deceived_knows()
        return world.told.faults
    for check in (
        oracle.no_alarm_is_false,
        oracle.nothing_said_is_lost,
        oracle.nothing_is_believed_that_is_not_there,
        oracle.nothing_is_deleted_too_early,
        oracle.what_the_centre_told_arrived_once,
        oracle.no_effect_without_an_officer,
        oracle.both_histories_are_kept,
        oracle.the_ledger_verifies,
        oracle.no_effect_is_doubled,
        oracle.no_reference_is_given_twice,
        oracle.no_ceiling_is_passed,
        oracle.no_refusal_without_a_reason,
        oracle.the_order_never_mattered,
    ):
        check()
    return world.told.faults


class Oracle:
    """The checks, each a sentence."""

    def __init__(self, world: Simulator):
        self.world, self.told = world, world.told
        self.events: dict[bytes, dict[int, Event]] = defaultdict(dict)
        for event in Event.objects.select_related("device"):
            self.events[bytes.fromhex(event.device.log_id)][event.seq] = event
        self.by_log: dict[bytes, list] = defaultdict(list)
        for tablet in world.tablets:
            self.by_log[bytes(tablet.log_id)].append(tablet)

    def who_was_deceived_knows(self) -> None:
        """A tablet that held proof of what the centre left out shows an alarm that nobody can dismiss."""
        for tablet in self.world.tablets:
            if tablet.number in self.told.deceived and tablet.works and not tablet.is_stopped:
                self.told.counts["deceived and warned"] += 1
                if tablet.store.alarms.standing is None:
                    self.told.fault("deceived and not warned", tablet=tablet.number)

    def no_alarm_is_false(self) -> None:
        """Nobody is told that an honest centre cheats, unless somebody did with its key."""
        for tablet in self.world.tablets:
            standing = tablet.store.alarms.standing if tablet.works else None
            if standing is not None and not self.told.counts["forged"]:
                self.told.fault("an alarm without a cause", tablet=tablet.number, code=standing.code)

    def nothing_said_is_lost(self) -> None:
        """I-1, for every tablet that somebody still has. Of a log with one history each event is in the
        ledger; of a stopped one each event that a working machine still has is there, or kept apart.
        """
        kept_apart = self._kept_apart()
        there = {
            (log_id, seq, bytes(event.hash))
            for log_id, log in self.events.items()
            for seq, event in log.items()
        }
        for said in self.told.said:
            place = (said.log_id, said.seq, said.hash)
            if self._is_owed(said.log_id):
                lost = place not in there
            else:
                lost = self._is_still_held(said) and place not in there | kept_apart
            if lost:
                self.told.fault(
                    "I-1 said to a person and lost", tablet=said.tablet, seq=said.seq, kind=said.kind
                )
            elif place in there | kept_apart:
                self.told.counts["acknowledged and there"] += 1
            else:
                self.told.counts["acknowledged and gone with their machine"] += 1
        for tablet in self.world.tablets:
            if self._is_owed(bytes(tablet.log_id)) and not (tablet.works and tablet.is_quiet()):
                self.told.fault("I-1 never at rest", tablet=tablet.number, works=tablet.works)

    def _kept_apart(self) -> set[tuple[bytes, int, bytes]]:
        """What is at the centre but not in its log: a second history, what waits for a gap to be filled."""
        rows = [
            row
            for model in (StrandedEvent, HeldEvent, ForkEvidence)
            for row in model.objects.values_list("device__log_id", "seq", "hash")
        ]
        return {(bytes.fromhex(log), seq, bytes(value)) for log, seq, value in rows}

    def _is_still_held(self, said) -> bool:
        """Whether a machine that works has the event; a backup put back takes away what came after it."""
        for tablet in self.by_log[said.log_id]:
            if tablet.works and not tablet.lost:
                found = tablet.store.log.events(said.seq, 1)
                if found and (found[0].seq, bytes(found[0].pair.hash)) == (said.seq, said.hash):
                    return True
        return False

    def _is_owed(self, log_id: bytes) -> bool:
        """Whether every event of a log must be in it: nobody lost the tablet, and nothing stopped the log."""
        return not any(one.lost or one.is_stopped for one in self.by_log[log_id])

    def nothing_is_believed_that_is_not_there(self) -> None:
        """What a tablet calls received is at the centre, the same to the byte (DESIGN, decision 9); of a
        stopped log it may be kept apart.
        """
        kept_apart = self._kept_apart()
        for tablet in self.world.tablets:
            if not tablet.works:
                continue
            log_id, proved = bytes(tablet.log_id), tablet.proved()
            for event in tablet.events():
                place = (log_id, event.seq, bytes(event.pair.hash))
                row = self.events[log_id].get(event.seq)
                there = row is not None and bytes(row.hash) == place[2]
                if event.seq <= proved and not there and not (tablet.is_stopped and place in kept_apart):
                    self.told.fault("I-1 called received and is not", tablet=tablet.number, seq=event.seq)

    def nothing_is_deleted_too_early(self) -> None:
        """I-4: a log has no gap, and no body is missing above the last durable receipt."""
        archived = self.world.centre.archived()
        for tablet in self.world.tablets:
            if not tablet.works:
                continue
            durable, events = tablet.proved(Level.DURABLE), tablet.events()
            if [event.seq for event in events] != list(range(len(events))):
                self.told.fault("I-4 a log with a gap", tablet=tablet.number)
            for event in events:
                if event.pair.body is not None:
                    continue
                self.told.counts["bodies deleted on tablets"] += 1
                place = (bytes(tablet.log_id), event.seq, bytes(event.pair.hash))
                if event.seq > durable or place not in archived:
                    self.told.fault("I-4 deleted before it was durable", tablet=tablet.number, seq=event.seq)

    def what_the_centre_told_arrived_once(self) -> None:
        """A tablet has each reference that was lent to it, and no time later than what it really is."""
        for tablet in self.world.tablets:
            if not tablet.works or not self._is_owed(bytes(tablet.log_id)):
                continue
            lent = ReferenceLease.objects.filter(device__log_id=bytes(tablet.log_id).hex())
            held = tablet.store.connection.rows("SELECT reference FROM lease")
            missing = set(lent.values_list("reference", flat=True)) ^ {row[0] for row in held}
            if missing and not self.world.centre.was_restored:  # it may not know any more what it lent
                self.told.fault("told and not arrived", tablet=tablet.number, held=len(held))
            if max(tablet.store.settings.floor, tablet.store.proved_time.now()) > self.world.time.now:
                self.told.fault("a floor that nobody proved", tablet=tablet.number)

    def no_effect_without_an_officer(self) -> None:
        """I-3: what is established was tried by an honest officer, and both signatures verify now."""
        for row in Procuration.objects.filter(status__in=[*ESTABLISHED]):
            event = Event.objects.select_related("device").filter(hash=bytes.fromhex(row.act_hash)).first()
            if event is None:
                self.told.fault("I-3 established by nothing", rid=row.rid)
                continue
            log_id, rid = bytes.fromhex(event.device.log_id), bytes.fromhex(row.rid)
            if (log_id, rid) not in self.told.tried:
                self.told.fault("I-3 established by nobody", rid=row.rid)
            else:
                self._check_signatures(event, log_id)

    def _check_signatures(self, event: Event, log_id: bytes) -> None:
        tablet = self.by_log[log_id][0]
        try:
            envelope = verify_event(bytes(event.sign1), VerifyingKey(tablet.cose_key), builders.REALM)
            content = open_body(envelope, bytes(event.body))
            assert isinstance(content, ActRecorded)
            act = verify_act(content.signed_act, VerifyingKey(tablet.officer_key), envelope, builders.REALM)
        except ProcurationError as error:
            self.told.fault("I-3 an effect that nobody signed", seq=event.seq, code=error.code)
            return
        if (bytes(act.log_id), act.seq) != (log_id, event.seq) or act.decision is not ActDecision.ESTABLISHED:
            self.told.fault("I-3 an act out of its place", seq=event.seq)

    def both_histories_are_kept(self) -> None:
        """I-5: where two histories of a log part, both stand in the ledger; no other log is called forked."""
        first: dict[bytes, int] = {}
        for log_id, seq in self.world.centre.two_histories:
            first[log_id] = min(seq, first.get(log_id, seq))
        kept = self._kept_apart()
        for log_id, seq in first.items():
            there = {hash_ for log, place, hash_ in kept if (log, place) == (log_id, seq)}
            if seq in self.events[log_id]:
                there.add(bytes(self.events[log_id][seq].hash))
            if len(self.world.centre.heard[log_id][seq] & there) < 2:
                self.told.fault("I-5 a history was thrown away", log=log_id.hex(), seq=seq)
        for log in ForkEvidence.objects.values_list("device__log_id", flat=True).distinct():
            log_id = bytes.fromhex(log)
            if not any(tablet.copied for tablet in self.by_log[log_id]):
                self.told.fault("I-5 a log with one writer is called forked", log=log_id.hex())

    def the_ledger_verifies(self) -> None:
        """I-7: chains, signatures, tree and checkpoints, and every receipt that a tablet keeps."""
        audit = verify_ledger(self.world.centre.product, lambda _: None)
        for found in audit.faults:
            if not found.startswith("JOURNAL_BIFURQUE"):
                self.told.fault(f"I-7 {found}")
        leaves = {(bytes.fromhex(one.device.log_id), one.seq): bytes(one.hash)
                  for one in Leaf.objects.select_related("device")}  # fmt: skip
        for tablet in self.world.tablets:
            if tablet.works and tablet.proved() >= 0:
                event = tablet.events()[tablet.proved()] if tablet.proved() < len(tablet.events()) else None
                leaf = leaves.get((bytes(tablet.log_id), tablet.proved()))
                if leaf is None or (event is not None and leaf != bytes(event.pair.hash)):
                    self.told.fault("I-7 a receipt without its leaf", tablet=tablet.number)

    def no_effect_is_doubled(self) -> None:
        """One mail, one decision, one reference: each at most once."""
        mails = Counter(mail["Message-ID"] for mail in self.world.centre.mails)
        taken_in, decided = Counter(), Counter()
        for log in self.events.values():
            for event in log.values():
                if event.kind == Kind.TAKEN_IN.value:
                    content = open_body(parse_event(bytes(event.sign1))[1], bytes(event.body))
                    taken_in[event.rid, bytes(content.act_hash), content.by] += 1
                if event.kind == Kind.DECISION.value:
                    content = open_body(parse_event(bytes(event.sign1))[1], bytes(event.body))
                    decided[event.rid, bytes(content.act_hash)] += 1
        for what, counted in (("mail", mails), ("reception", taken_in), ("decision", decided)):
            for key, times in counted.items():
                again = what == "mail" and self.world.centre.was_restored  # under the same Message-ID
                if times > 1 and not again:
                    self.told.fault(f"doubled: a {what} {times} times", key=key)

    def no_reference_is_given_twice(self) -> None:
        """A reference names one request, acknowledged or not."""
        given = defaultdict(set)
        for log_id, log in self.events.items():
            for event in log.values():
                if event.kind != Kind.FILED.value or not self._is_owed(log_id):
                    continue
                try:
                    content = open_body(parse_event(bytes(event.sign1))[1], bytes(event.body))
                except RecordRejected as error:
                    self.told.fault(
                        "I-1 there, and nobody can read it", log=log_id, seq=event.seq, why=error.code
                    )
                else:
                    given[content.reference].add(event.rid)
        given.pop(None, None)
        for reference, rids in given.items():
            if len(rids) > 1:
                self.told.fault("doubled: one reference for two requests", reference=reference)

    def no_ceiling_is_passed(self) -> None:
        """I-9: two procurations at most stand for one mandataire and round, one of them drawn up in France
        (L. 73)."""
        standing = Counter()
        for row in Procuration.objects.filter(status__in=(Status.VALIDEE, Status.RECUE, Status.TRANSMISE)):
            for one in row.effects:
                if one["effect"] == "STANDS":
                    standing[row.mandataire_key, one["ballot"], one["round"]] += 1
        for (mandataire, ballot, round_), count in standing.items():
            if count > 1:  # every act of the simulation is drawn up in France
                self.told.fault(
                    "I-9 above the ceiling", who=mandataire, ballot=ballot, round=round_, count=count
                )

    def no_refusal_without_a_reason(self) -> None:
        """I-10: a code and a rule."""
        codes = {code.value for code in RefusalCode}
        for row in Procuration.objects.filter(status__in=_AGAINST):
            if row.code not in codes or not row.rule:
                self.told.fault("I-10 refused without a reason", rid=row.rid, status=Status(row.status).name)

    def the_order_never_mattered(self) -> None:
        """I-2: a fresh fold says the same, and so does one of the same events in another order."""
        for shuffled in (False, True):
            with transaction.atomic():
                if shuffled:
                    _shuffle(Random(self.world.plan.seed))
                rebuilt = rebuild_all(self.world.centre.product, lambda _: None)
                if rebuilt.differed:
                    self.told.fault("I-2 a fresh fold differs", rows=rebuilt.differed, shuffled=shuffled)
                transaction.set_rollback(True)


def _shuffle(chance: Random) -> None:
    """The rows of the ledger as if the events had come in another order."""
    ids = list(Event.objects.values_list("pk", flat=True))
    above = max(ids, default=0) + 1
    places = ids.copy()
    chance.shuffle(places)
    with connection.cursor() as cursor:
        rows = [(above + place, old) for place, old in zip(places, ids, strict=True)]
        cursor.executemany("UPDATE ledger_event SET id = %s WHERE id = %s", rows)
