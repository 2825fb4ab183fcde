"""Folds the whole ledger again, writes nothing, and names every row of the dossiers that is not what the
fold says (`procuration-server verify`).

A part, some requests or one log, is audited alone, so that several processes share the work. Comparisons with
rivals read their stored rows: a false one may so be named together with its neighbours.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.db.models import JSONField, Model

from procuration.domain.events import Enrolled, Kind
from procuration.errors import RecordRejected
from server.config.centre import Centre
from server.dossiers.fold import COLUMNS, Dossier, dossier_of
from server.dossiers.models import Procuration, Withdrawal
from server.dossiers.refolding import judge_all, stored_events
from server.dossiers.relations import Keys, relate
from server.dossiers.taking_over import taken_over_among
from server.dossiers.withdrawals import judged_withdrawal
from server.ledger.auditing import Audit
from server.ledger.enums import Aside
from server.ledger.known import Known, KnownDevice
from server.ledger.models import Device, Event, OfficerEnrolment, SetAside, StrandedEvent
from server.ledger.officers import enrolment_row, judge_enrolment
from server.ledger.opening import Opened, open_stored

REQUESTS_AT_ONCE: Final = 500
_EVENTS_AT_ONCE: Final = 2_000
_JSON: Final = frozenset(one.name for one in Procuration._meta.fields if isinstance(one, JSONField))
_OFFICER: Final = tuple(one.attname for one in OfficerEnrolment._meta.fields if one.name != "id")
_WITHDRAWAL: Final = tuple(one.attname for one in Withdrawal._meta.fields if one.name != "id")

Aside4 = tuple[int, int, str | None, str]


@dataclass(frozen=True, slots=True)
class Requests:
    """The requests after one identifier and up to another, both in hexadecimal."""

    after: str
    upto: str


def parts_of_requests() -> Iterator[Requests]:
    """Every possible request, in parts of some hundred that the ledger speaks of."""
    after = ""
    for rids in _rids_in_order():
        yield Requests(after, rids[-1])
        after = rids[-1]
    yield Requests(after, "g")  # after the last hexadecimal digit: rows that nobody filed


def single_requests(part: Requests) -> list[Requests]:
    """The same requests, each alone, and the rows between them."""
    parts, after = [], part.after
    for rid in _rids(part.after, part.upto):
        parts.append(Requests(after, rid))
        after = rid
    return [*parts, Requests(after, part.upto)] if after != part.upto else parts


def _rids_in_order() -> Iterator[list[str]]:
    after = ""
    while rids := _rids(after, "g", REQUESTS_AT_ONCE):
        yield rids
        after = rids[-1]


def _rids(after: str, upto: str, most: int | None = None) -> list[str]:
    found: set[str] = set()
    for model in (Event, StrandedEvent):
        inside = model.objects.filter(rid__gt=after, rid__lte=upto).order_by("rid")
        found.update(str(rid) for rid in inside.values_list("rid", flat=True).distinct()[:most])
    return sorted(found)[:most]


def audit_requests(centre: Centre, part: Requests, audit: Audit) -> None:
    """The dossiers of some requests, and what was set aside in them."""
    rids = _rids(part.after, part.upto)
    known = Known(centre)
    judged = judge_all(stored_events(rids, known), known) if rids else {}
    fresh: dict[str, Dossier] = {}
    asides: set[Aside4] = set()
    gone = taken_over_among(judged)
    for rid, of_rid in judged.items():
        dossier = dossier_of(rid, of_rid, centre.tables, taken_over=rid in gone)
        if dossier is not None:
            fresh[rid] = dossier
        asides.update(
            (one.opened.device.id, one.opened.envelope.seq, rid, one.verdict.code.value)
            for one in of_rid
            if one.verdict.code is not None and not one.opened.apart
        )
    relate({rid: one for rid, one in fresh.items() if one.own.rival is not None}, Keys(), centre.tables)
    inside = {"rid__gt": part.after, "rid__lte": part.upto}
    stored = {row["rid"]: row for row in Procuration.objects.filter(**inside).values(*COLUMNS)}
    _compare_dossiers(fresh, stored, audit)
    _compare_asides(asides, SetAside.objects.filter(**inside), audit)
    audit.dossiers += len(fresh)


def _compare_dossiers(
    fresh: Mapping[str, Dossier], stored: Mapping[str, Mapping[str, Any]], audit: Audit
) -> None:
    table = Procuration._meta.db_table
    for rid in sorted(fresh.keys() | stored.keys()):
        if rid not in stored:
            audit.fault("LIGNE_ABSENTE", table=table, rid=rid)
        elif rid not in fresh:
            audit.fault("LIGNE_EN_TROP", table=table, rid=rid)
        else:
            row = fresh[rid].row
            for name in COLUMNS:
                if stored[rid][name] != _plain(name, row[name]):
                    audit.fault("ETAT_DIFFERENT", table=table, rid=rid, column=name)


def _plain(name: str, value: object) -> object:
    """A value as the database gives it back."""
    return json.loads(json.dumps(value)) if name in _JSON else value


def _compare_asides(fresh: set[Aside4], stored: Any, audit: Audit) -> None:
    there = set(stored.values_list("device_id", "seq", "rid", "code"))
    logs = dict(Device.objects.values_list("pk", "log_id")) if there != fresh else {}
    for code, rows in (("LIGNE_ABSENTE", fresh - there), ("LIGNE_EN_TROP", there - fresh)):
        for device_id, seq, _, said in sorted(rows, key=lambda row: row[:2]):
            log_id = logs.get(device_id, device_id)
            audit.fault(code, table=SetAside._meta.db_table, log=log_id, seq=seq, code=said)


# what belongs to one log


def audit_device(centre: Centre, device_id: int, audit: Audit) -> None:
    """Habilitations, résiliations, and what is set aside without a request."""
    known = Known(centre)
    known.load_devices([device_id])
    officers: dict[int, dict[str, Any]] = {}
    asides: set[Aside4] = set()
    for events in _events(known, device_id, rid=None):
        for one in events:
            opened = one
            if isinstance(one.content, Enrolled):
                judged = judge_enrolment(centre, one)
                if isinstance(judged, Aside):
                    opened = replace(one, fault=judged)
                else:
                    row = enrolment_row(one, judged)
                    officers[one.envelope.seq] = {name: getattr(row, name) for name in _OFFICER}
            if opened.fault is not None:
                asides.add((device_id, one.envelope.seq, None, opened.fault.value))
    withdrawals: dict[int, dict[str, Any]] = {}
    for events in _events(known, device_id, kind=Kind.REVOCATION.value):
        _fold_withdrawals(known, events, withdrawals, asides)
    log_id = Device.objects.values_list("log_id", flat=True).get(pk=device_id)
    _compare_rows(OfficerEnrolment, device_id, log_id, officers, _OFFICER, audit)
    _compare_rows(Withdrawal, device_id, log_id, withdrawals, _WITHDRAWAL, audit)
    _compare_asides(asides, SetAside.objects.filter(device_id=device_id, rid=None), audit)


def _fold_withdrawals(
    known: Known, events: Sequence[Opened], rows: dict[int, dict[str, Any]], asides: set[Aside4]
) -> None:
    known.load_for({(one.device.id, one.envelope.seq) for one in events})
    for one in events:
        try:
            rows[one.envelope.seq] = judged_withdrawal(one, known)
        except RecordRejected as error:
            if one.rid is None and one.fault is None:
                asides.add((one.device.id, one.envelope.seq, None, error.code))


def _events(known: Known, device_id: int, **which: object) -> Iterator[list[Opened]]:
    last, device = -1, known.device_by_id(device_id)
    while True:
        found = Event.objects.filter(device_id=device_id, seq__gt=last, **which).order_by("seq")
        rows = list(found[:_EVENTS_AT_ONCE])
        if not rows:
            return
        yield [opened for row in rows if (opened := _opened(device, row)) is not None]
        last = rows[-1].seq


def _opened(device: KnownDevice, row: Event) -> Opened | None:
    """None for bytes that are no event any more: the audit of the log names them."""
    body = None if row.body is None else bytes(row.body)
    try:
        return open_stored(device, bytes(row.sign1), bytes(row.hash), body, row.received_at)
    except RecordRejected:
        return None


def _compare_rows(
    model: type[Model],
    device_id: int,
    log_id: str,
    fresh: Mapping[int, Mapping[str, Any]],
    columns: Sequence[str],
    audit: Audit,
) -> None:
    stored = {row["seq"]: row for row in model._default_manager.filter(device_id=device_id).values(*columns)}
    for seq in sorted(fresh.keys() | stored.keys()):
        where = {"table": model._meta.db_table, "log": log_id, "seq": seq}
        if seq not in stored:
            audit.fault("LIGNE_ABSENTE", **where)
        elif seq not in fresh:
            audit.fault("LIGNE_EN_TROP", **where)
        else:
            for name in columns:
                value = stored[seq][name]
                if (bytes(value) if isinstance(value, memoryview) else value) != fresh[seq][name]:
                    audit.fault("ETAT_DIFFERENT", **where, column=name)
