"""Writes the dossiers that a set of events touches: reads what the ledger has of each, folds, replaces the
rows.

One transaction, a constant number of statements whatever the number of requests. The caller holds the lock
of the log it writes; here the requests are locked too, in stripes taken in one order, because a kiosk and a
brigade may bring events of one request at once.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from operator import itemgetter
from typing import Any, Final

from django.db import connection

from procuration.domain.events import ActRecorded, Kind
from procuration.domain.identifiers import EventHash, LogId, Rid
from procuration.domain.refusal import RefusalCode
from procuration.domain.status import Status
from procuration.errors import RecordRejected
from procuration.record import canonical
from procuration.record.directory import Role
from procuration.record.inbox import Entry, EntryType, State, entry_value
from server.config.centre import Centre, Tables
from server.dossiers.fold import COLUMNS, Dossier, Judged, dossier_of
from server.dossiers.judgement import Pair, Verdict, judge, parsed, with_confirmations
from server.dossiers.models import Procuration, Withdrawal
from server.dossiers.relations import KEYS, Keys, cause_of_change, keys_in, relate, write_settled
from server.dossiers.taking_over import also_concerned, taken_over_among
from server.dossiers.town_hall_checks import within_their_commune
from server.ledger.enums import REVOKED, Aside
from server.ledger.fields import among
from server.ledger.known import Known
from server.ledger.models import Device, Event, InboxEntry, SetAside
from server.ledger.opening import Opened, read_stored
from server.ledger.rows import insert_rows
from server.ledger.stranded import stranded_events
from server.notices import outbox
from server.notices.undone import set_aside_acts

_STRIPES: Final = 64
_LOCK_CLASS: Final = 0x52494400  # advisory locks of this module
_ACTS: Final = (Kind.ACT, Kind.REVOCATION)
_IN_ORDER: Final = itemgetter(*COLUMNS)
_TOLD: Final = ("status", "code", "effects")
_ASIDE: Final = "aside"
"""What a change must touch for anybody to be told."""
_TOLD_ROLES: Final = (Role.KIOSK.value, Role.BRIGADE.value)


@dataclass(slots=True)
class Refolded:
    """What a refold found out besides the rows."""

    pairs: list[tuple[Opened, Pair]] = field(default_factory=list)
    changed: list[Dossier] = field(default_factory=list)


def lock_requests(rids: Iterable[str]) -> None:
    """Hold the stripes of these requests until the transaction ends. SQLite has one writer at a time
    already.
    """
    stripes = sorted({int(rid[:2], 16) % _STRIPES for rid in rids})
    if stripes and connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(%s, stripe) FROM unnest(%s::int[]) AS stripe",
                [_LOCK_CLASS, stripes],
            )


def stored_events(rids: Sequence[str], known: Known) -> dict[str, list[Opened]]:
    """What the ledger has of these requests, and what was kept apart of them."""
    in_ledger, apart = _any_stored(rids)
    if not (in_ledger or apart):
        return {}
    columns = ("rid", "device_id", "sign1", "hash", "body", "received_at")
    rows = list(Event.objects.filter(rid__among=rids).order_by("id").values_list(*columns))
    known.load_devices(row[1] for row in rows)
    found: dict[str, list[Opened]] = {}
    for rid, device_id, sign1, event_hash, body, received_at in rows:
        assert rid is not None, "the filter asks for it"
        pair = bytes(sign1), None if body is None else bytes(body)
        said = known.checked.once(("read", *pair), partial(read_stored, *pair))
        device, name = known.device_by_id(device_id), EventHash(bytes(event_hash))
        opened = Opened(device, said[0], name, *pair, *said[1:], received_at)
        found.setdefault(rid, []).append(opened)
    if apart:
        for rid, opened in stranded_events(rids, known):
            found.setdefault(rid, []).append(opened)
    return found


def _any_stored(rids: Sequence[str]) -> tuple[bool, bool]:
    """Written out: most bundles bring new requests only, and this is all that they ask of the past."""
    condition, value = among("rid", rids, connection.vendor)
    question = (
        f"SELECT EXISTS (SELECT 1 FROM ledger_event WHERE {condition}), "  # noqa: S608  two constants
        f"EXISTS (SELECT 1 FROM ledger_strandedevent WHERE {condition})"
    )
    with connection.cursor() as cursor:
        cursor.execute(question, [value, value])
        in_ledger, apart = cursor.fetchone()
    return bool(in_ledger), bool(apart)


def judge_all(events: Mapping[str, Sequence[Opened]], known: Known) -> dict[str, list[Judged]]:
    """A verdict on each event, everything needed for them fetched first."""
    every = [opened for of_rid in events.values() for opened in of_rid]
    _load_for(every, known)
    judged = {}
    for rid, of_rid in events.items():
        verdicts = [(opened, judge(opened, known)) for opened in of_rid]
        if any(opened.envelope.kind is Kind.ACT for opened in of_rid):
            verdicts = with_confirmations(verdicts, known)
            for opened in of_rid:  # what an act does is soon read again: received here
                said = opened.envelope, opened.content, opened.fault
                known.checked.know(("read", opened.sign1, opened.body), said)
        verdicts = within_their_commune(verdicts, known.centre.tables)
        judged[rid] = [Judged(opened, verdict) for opened, verdict in _with_lost_bodies(verdicts)]
    return judged


def _with_lost_bodies(verdicts: Sequence[tuple[Opened, Verdict]]) -> list[tuple[Opened, Verdict]]:
    """A body that the law had deleted asks nothing of anybody. One that came without, because its tablet had
    deleted it before a restored centre asked again, is listed."""
    if any(opened.envelope.kind is Kind.PURGE for opened, _ in verdicts):
        return list(verdicts)
    lost = Verdict(code=Aside.PURGED)
    return [(opened, lost if opened.fault is Aside.PURGED else verdict) for opened, verdict in verdicts]


def _load_for(every: Sequence[Opened], known: Known) -> None:
    carried: set[tuple[LogId, int]] = set()
    for opened in every:
        known.add(opened.device)
        if isinstance(opened.content, ActRecorded):
            try:
                envelope = parsed(opened.content.filed_sign1, known)[1]
                carried.add((envelope.log_id, envelope.seq))
            except RecordRejected:
                continue  # `judge` gives it its code
    known.load_logs({log_id for log_id, _ in carried})
    places = {(device.id, seq) for log_id, seq in carried if (device := known.device(log_id)) is not None}
    kiosks = {device_id for device_id, _ in places}
    known.load_receptions(places)
    known.load_for({(one.device.id, one.envelope.seq) for one in every if one.envelope.kind in _ACTS})
    known.load_forks(kiosks | {one.device.id for one in every})


def refold(
    known: Known, fresh: Mapping[str, Sequence[Opened]], at: datetime, withdrawn: Collection[str] = ()
) -> Refolded:
    """Fold again every request that has fresh events (already stored or about to be in this transaction)
    and write its row, then those of the procurations that it changes.

    Args:
        fresh: by request; none for one whose evidence changed.
        withdrawn: keys of the mandants whose résiliations changed.
    """
    fresh = {**fresh, **dict.fromkeys(also_concerned(fresh), ())}
    rids = list(fresh)
    lock_requests(rids)
    events = stored_events(rids, known)
    had_events = set(events)
    for rid, opened in fresh.items():
        seen = {one.hash for one in events.get(rid, ())}
        events.setdefault(rid, []).extend(one for one in opened if one.hash not in seen)
    judged = judge_all(events, known)
    result = Refolded()
    result.pairs = [
        (one.opened, one.verdict.pair) for of in judged.values() for one in of if one.verdict.pair is not None
    ]
    before = _rows_before(rids) if had_events else {}
    written = _write_rows(
        judged, before, Keys(frozenset(withdrawn)) | keys_in(before.values()), known.centre.tables
    )
    _write_asides(judged, had_events)
    mine = [one for one in written.folded if _settled_before(before, one) != _settled_now(one)]
    _name_causes(mine, written.others, fresh, at)
    result.changed = [*mine, *written.others]
    known_before = had_events | {str(one.row["rid"]) for one in written.others}
    _tell(result.changed, known_before, before, _logs_set_aside(judged), at)
    return result


def _logs_set_aside(judged: Mapping[str, Sequence[Judged]]) -> dict[str, set[str]]:
    """The logs whose acts were drawn up after a revocation, by request: their units are told."""
    found: dict[str, set[str]] = {}
    for rid, of_rid in judged.items():
        for one in of_rid:
            if one.verdict.code in REVOKED and one.opened.envelope.kind is Kind.ACT:
                found.setdefault(rid, set()).add(one.opened.device.log_id.hex())
    return found


def _rows_before(rids: Sequence[str]) -> dict[str, dict[str, Any]]:
    found = Procuration.objects.filter(rid__among=rids).values("rid", *_TOLD, _ASIDE, *KEYS)
    return {row["rid"]: row for row in found}


def _settled_before(before: Mapping[str, Mapping[str, Any]], dossier: Dossier) -> list[Any] | None:
    row = before.get(str(dossier.row["rid"]))
    return None if row is None else [*(row[name] for name in _TOLD), set_aside_acts(row)]


def _settled_now(dossier: Dossier) -> list[Any]:
    return [*(dossier.row[name] for name in _TOLD), set_aside_acts(dossier.row)]


def _name_causes(
    mine: Iterable[Dossier], others: Iterable[Dossier], fresh: Mapping[str, Sequence[Opened]], at: datetime
) -> None:
    """A change that came from somebody else's event, or from a proof of time, has a cause of its own: told
    once, and told again when it comes back."""
    trigger = f"{at.isoformat()} {max((one.hash.hex() for of in fresh.values() for one in of), default='')}"
    for dossier in (*(one for one in mine if not fresh[str(one.row["rid"])]), *others):
        dossier.cause = cause_of_change(dossier, trigger)


@dataclass(frozen=True, slots=True)
class Written:
    """The dossiers whose rows were written: those folded, and those that these changed."""

    folded: list[Dossier]
    others: list[Dossier]


def _write_rows(
    judged: Mapping[str, Sequence[Judged]],
    before: Collection[str],
    keys: Keys,
    tables: Tables,
) -> Written:
    """Fold each request and write its row as it comes: the database takes in some while others are folded.
    Those that have rivals wait until they are compared. A request that nobody is known to have filed has
    none.
    """
    if before:
        Procuration.objects.filter(rid__among=before).delete()
    alone: list[Dossier] = []
    rivals: dict[str, Dossier] = {}
    gone = taken_over_among(judged)

    def rows() -> Iterator[tuple[object, ...]]:
        for rid, of_rid in judged.items():
            dossier = dossier_of(rid, of_rid, tables, taken_over=rid in gone)
            if dossier is None:
                continue
            if dossier.own.rival is not None:
                rivals[rid] = dossier
                continue
            alone.append(dossier)
            yield _IN_ORDER(dossier.row)

    insert_rows(Procuration, COLUMNS, rows())
    related = relate(rivals, keys, tables)
    if rivals:
        insert_rows(Procuration, COLUMNS, (_IN_ORDER(dossier.row) for dossier in rivals.values()))
    write_settled([*related.others, *related.recounted])
    return Written([*alone, *rivals.values()], related.others)


def _write_asides(judged: Mapping[str, Sequence[Judged]], had_events: set[str]) -> None:
    if had_events:
        SetAside.objects.filter(rid__among=had_events).delete()
    rows = [
        (one.opened.device.id, one.opened.envelope.seq, rid, one.verdict.code.value)
        for rid, of_rid in judged.items()
        for one in of_rid
        if one.verdict.code is not None and not one.opened.apart
    ]
    if rows:
        insert_rows(SetAside, ("device", "seq", "rid", "code"), rows)


def _tell(
    changed: Sequence[Dossier],
    had_events: set[str],
    before: Mapping[str, Mapping[str, Any]],
    set_aside: Mapping[str, set[str]],
    at: datetime,
) -> None:
    """Owe the messages that the changes call for, and put the new state into the inboxes of who filed, who
    acted, whose act was set aside, and who ended it with the request at hand.
    """
    if not changed:
        return
    outbox.queue([_news(d, str(d.row["rid"]) not in had_events, before) for d in changed], at)
    # A filing is proved by its receipt; of a purge there is nothing to say to anybody.
    silent = (Status.DEMANDE, Status.PURGEE)
    told = [d for d in changed if d.status not in silent or str(d.row["rid"]) in set_aside]
    ended = _logs_that_ended(told)
    concerned = {
        rid: {str(d.row["filed_log"]), str(d.row["act_log"])}
        | set_aside.get(rid, set())
        | ended.get(rid, set())
        for d in told
        for rid in (str(d.row["rid"]),)
    }
    logs = {log for of_rid in concerned.values() for log in of_rid if log}
    devices = (
        dict(Device.objects.filter(log_id__in=logs, role__in=_TOLD_ROLES).values_list("log_id", "pk"))
        if logs
        else {}
    )
    entries = [
        (devices[log], EntryType.STATE.value, state, at)
        for d in told
        if (logs := concerned[str(d.row["rid"])] & devices.keys())
        for state in (_state(d),)
        for log in sorted(logs)
    ]
    if entries:
        insert_rows(InboxEntry, ("device", "type", "value", "created_at"), entries)


def _logs_that_ended(told: Sequence[Dossier]) -> dict[str, set[str]]:
    """The logs whose résiliations named these requests; one by identity alone learns nothing of them."""
    rids = [str(d.row["rid"]) for d in told if d.status is Status.RESILIEE]
    found: dict[str, set[str]] = {}
    if rids:
        named = Withdrawal.objects.filter(rid__among=rids).values_list("rid", "device__log_id")
        for rid, log_id in named:
            found.setdefault(str(rid), set()).add(log_id)
    return found


def _news(dossier: Dossier, first: bool, before: Mapping[str, Mapping[str, Any]]) -> outbox.News:
    """What the messages to the mandant need to know of a change."""
    row = dossier.row
    rid = str(row["rid"])
    was = Status(before[rid]["status"]) if rid in before else Status.INCONNUE
    return outbox.News(
        rid=rid,
        state=outbox.state_of(row),
        filed_hash=str(row["filed_hash"]),
        act_hash=str(row["act_hash"]),
        cause=dossier.cause,
        has_email=bool(row["email"]),
        first=first,
        before=was,
        was_set_aside=rid in before and bool(set_aside_acts(before[rid])),
    )


def _state(dossier: Dossier) -> bytes:
    code = str(dossier.row["code"])
    refusal = RefusalCode(code) if code in tuple(RefusalCode) else None
    if dossier.status is Status.DEMANDE:  # told only when an act came after a revocation
        refusal = RefusalCode.HABILITATION_INVALIDE
    state = State(Rid(bytes.fromhex(str(dossier.row["rid"]))), dossier.status, refusal)
    return canonical.encode(entry_value(Entry(0, state))[2])


def rebuild(centre: Centre, rids: Sequence[str]) -> list[Dossier]:
    """Fold these requests from the ledger alone and write their rows; nobody is told anything.

    Returns: the dossiers, for whoever compares.
    """
    known = Known(centre)
    lock_requests(rids)
    events = stored_events(rids, known)
    more = also_concerned(events)
    lock_requests(more)
    events |= stored_events(more, known)
    judged = judge_all(events, known)
    before = _rows_before([*rids, *more])
    written = _write_rows(judged, before, keys_in(before.values()), centre.tables)
    _write_asides(judged, set(judged))
    return written.folded


def compare_again(centre: Centre, rids: Sequence[str]) -> int:
    """Compare these stored dossiers with their rivals as they are today; nobody is told anything.

    Returns: how many rows, theirs or their rivals', were not what the comparison says.
    """
    keys = keys_in(_rows_before(rids).values())
    related = relate({}, keys, centre.tables)
    write_settled([*related.others, *related.recounted])
    return len(related.others)
