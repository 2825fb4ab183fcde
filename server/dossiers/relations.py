"""Compares procurations with their rivals: those of one mandant, of one mandataire, of one officer at one
second.

A change touches the dossiers that share a person with it, and theirs; nothing else is read. Their rows are
locked by the keys that relate them, so that two imports cannot each overlook the other.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from django.db import connection
from django.db.models import Q

from procuration.domain.identifiers import EventHash, LogId, Rid
from procuration.domain.instants import Interval
from procuration.domain.outcome import Rival, Withdrawal, settle
from procuration.domain.status import Standing, Status
from server.config.centre import Tables
from server.dossiers.fold import Dossier, settle_row
from server.dossiers.holders import note_held
from server.dossiers.models import Procuration
from server.dossiers.models import Withdrawal as WithdrawalRow
from server.dossiers.own import place_of_row, read, validity_of

KEYS: Final = ("mandant_key", "mandataire_key", "moment_key", "act_log")
SETTLED: Final = ("status", "code", "rule", "effects")
HELD: Final = "mandataire_held"
_STRIPES: Final = 256
_LOCK_CLASS: Final = 0x52494401  # advisory locks of this module


@dataclass(slots=True)
class Related:
    """What a comparison changed.

    Attributes:
        others: dossiers that were not folded now and whose row differs since.
        recounted: others whose mandataire holds another number now, and nothing else differs: nobody is told.
    """

    others: list[Dossier] = field(default_factory=list)
    recounted: list[Dossier] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Keys:
    """What relates dossiers.

    Attributes:
        people: mandants and mandataires.
        moments: an officer's second, and the log that already knows of it: only another tablet can hold a
        second
            act of that second in another place.
    """

    people: frozenset[str] = frozenset()
    moments: frozenset[tuple[str, str]] = frozenset()

    def __or__(self, other: "Keys") -> "Keys":
        return Keys(self.people | other.people, self.moments | other.moments)

    def __sub__(self, other: "Keys") -> "Keys":
        return Keys(self.people - other.people, self.moments - other.moments)

    def __bool__(self) -> bool:
        return bool(self.people or self.moments)


def keys_in(rows: Iterable[Mapping[str, Any]]) -> Keys:
    """The keys of these rows, those that they have."""
    told = list(rows)
    return Keys(
        frozenset(key for row in told for name in ("mandant_key", "mandataire_key") if (key := row[name])),
        frozenset((row["moment_key"], row["act_log"]) for row in told if row["moment_key"]),
    )


def relate(folded: Mapping[str, Dossier], keys: Keys, tables: Tables) -> Related:
    """Settle the folded dossiers, and every stored one that shares a key with them, or did before.

    The folded rows are changed in place; the stored ones are returned when they differ, not yet written.
    """
    keys = keys | keys_in(dossier.row for dossier in folded.values())
    if not keys:
        return Related()
    others = {rid: row for rid, row in _component(keys).items() if rid not in folded}
    dossiers = {**folded, **{rid: _stored(row, tables) for rid, row in others.items()}}
    standings: dict[Rid, Standing] = {}
    rivals: dict[Rid, Rival] = {}
    for rid, dossier in dossiers.items():
        name = Rid(bytes.fromhex(rid))
        standings[name] = dossier.own.standing
        if dossier.own.rival is not None:
            rivals[name] = dossier.own.rival
    settled = settle(standings, rivals, _withdrawals(rivals), tables.ballots)
    before = {rid: dict(dossiers[rid].row) for rid in others}
    for rid, dossier in dossiers.items():
        settle_row(dossier, settled[Rid(bytes.fromhex(rid))])
    note_held(dossier.row for dossier in dossiers.values())
    return _changed(before, dossiers)


def _changed(before: Mapping[str, Mapping[str, Any]], dossiers: Mapping[str, Dossier]) -> Related:
    """Args: before: the rows of those that were not folded now, as they were stored."""
    result = Related()
    for rid, row in before.items():
        dossier = dossiers[rid]
        if any(row[name] != dossier.row[name] for name in SETTLED):
            result.others.append(dossier)
        elif row[HELD] != dossier.row[HELD]:
            result.recounted.append(dossier)
    return result


def _component(keys: Keys) -> dict[str, dict[str, Any]]:
    """Every stored row that is related to these keys, directly or through others."""
    found: dict[str, dict[str, Any]] = {}
    asked = Keys()
    while new := keys - asked:
        _lock({*new.people, *(moment for moment, _ in new.moments)})
        asked = asked | new
        for row in Procuration.objects.filter(_related(new)).values():
            found[row["rid"]] = dict(row)
        keys = keys | keys_in(found.values())
    return found


def _related(keys: Keys) -> Q:
    related = Q(mandant_key__among=keys.people) | Q(mandataire_key__among=keys.people)
    logs: dict[str, set[str]] = {}
    for moment, log in keys.moments:
        logs.setdefault(log, set()).add(moment)
    for log, moments in logs.items():
        related |= Q(moment_key__among=moments) & ~Q(act_log=log)
    return related


def _lock(keys: Iterable[str]) -> None:
    """Hold the stripes of these keys until the transaction ends. SQLite has one writer at a time already."""
    stripes = sorted({int(key[:2], 16) % _STRIPES for key in keys})
    if stripes and connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(%s, stripe) FROM unnest(%s::int[]) AS stripe",
                [_LOCK_CLASS, stripes],
            )


def _stored(row: dict[str, Any], tables: Tables) -> Dossier:
    own = read(row, tables)
    return Dossier(dict(row), Status(row["status"]), row["act_hash"], own)


def _withdrawals(rivals: Mapping[Rid, Rival]) -> list[Withdrawal]:
    mandants = {rival.candidate.mandant for rival in rivals.values()}
    rids = {rid.hex() for rid in rivals}
    if not rivals:
        return []
    found = WithdrawalRow.objects.filter(Q(mandant_key__among=mandants) | Q(rid__among=rids))
    return [_withdrawal(row) for row in found.select_related("device")]


def _withdrawal(row: WithdrawalRow) -> Withdrawal:
    columns = {
        "scrutin_id": row.scrutin_id,
        "rounds": row.rounds,
        "period_first": row.period_first,
        "period_last": row.period_last,
        "place_code": row.place_code,
        "place_type": row.place_type,
        "place_cog_year": row.place_cog_year,
    }
    return Withdrawal(
        hash=EventHash(bytes.fromhex(row.hash)),
        log_id=LogId(bytes.fromhex(row.device.log_id)),
        seq=row.seq,
        when=Interval(row.earliest, row.latest),
        rid=None if row.rid is None else Rid(bytes.fromhex(row.rid)),
        mandant=row.mandant_key,
        vote_place=place_of_row(columns),
        validity=validity_of(columns) if row.scrutin_id or row.period_first else None,
    )


def write_settled(dossiers: Iterable[Dossier]) -> None:
    """Write what changed in rows that are already stored."""
    for dossier in dossiers:
        settled = {name: dossier.row[name] for name in (*SETTLED, "register_lists", HELD)}
        Procuration.objects.filter(rid=str(dossier.row["rid"])).update(**settled)


def cause_of_change(dossier: Dossier, trigger: str) -> str:
    """A name for a change that came from somebody else's event, for messages that must leave once."""
    status = f"{dossier.row['status']} {dossier.row['code']}"
    return sha256(f"{trigger} {dossier.row['rid']} {status}".encode()).hexdigest()
