"""Procurations that a stick brought: every signature checked here, then folded like at the centre.

Nothing is believed for having come: the act and its request are signed by their tablets, the officer by a
supervisor, what followed by the centre. A file that does not hold is refused whole, with a code.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from procuration.domain.events import ActRecorded, Enrolled, Filed, Kind, TakenBy, TakenIn
from procuration.domain.identifiers import LogId
from procuration.domain.people import Place
from procuration.domain.status import Status
from procuration.errors import RecordRejected
from procuration.record.chain import hash_of
from procuration.record.directory import Role
from procuration.record.event import EventPair, open_body, parse_event
from procuration.record.inbox import KINDS_ABOUT_IT, State, TownHallFile
from procuration.record.signed import Signed, Typ, verify
from server.commune.models import CentreWord, KeptFile
from server.config.centre import Centre
from server.dossiers.models import Procuration
from server.dossiers.refolding import refold
from server.ledger.known import Known, KnownDevice
from server.ledger.models import Device, Event
from server.ledger.officers import take_in_enrolments
from server.ledger.opening import Opened, open_stored
from server.ledger.own_log import EVENT_COLUMNS, event_row
from server.ledger.rows import insert_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of one file: which request, whether it was unknown before, and whether everything in it
    could be checked."""

    rid: str
    new: bool
    whole: bool


def take_in(hall: Centre, place: Place, file: TownHallFile, at: datetime) -> Taken:
    """Check one file, store what it brings, fold the dossier.

    Raises: RecordRejected DOSSIER_INVALIDE, AUTRE_COMMUNE, DEUX_HISTOIRES, MAGASIN_RESTAURE, ACTE_SANS_EFFET,
    KEY_UNKNOWN, or a code of `event` or `signed`; nothing is then stored.
    """
    known = Known(hall)
    act = _checked(known, file.act, at)
    if act.envelope.kind is not Kind.ACT or act.rid is None:
        raise RecordRejected("DOSSIER_INVALIDE")
    _check_place(act, place)
    others = list(_known_ones(known, file.others, at))
    about = [act, *(one for one in others if one.rid == act.rid and one.envelope.kind in KINDS_ABOUT_IT)]
    known_before = Procuration.objects.filter(rid=act.rid).exists()
    with transaction.atomic():
        _store_habilitations(known, [one for one in others if isinstance(one.content, Enrolled)])
        fresh = [replace(one, received_at=_received_at(act, about, at)) for one in _unknown(hall, about)]
        refold(known, {act.rid: fresh}, at)
        insert_rows(Event, EVENT_COLUMNS, (event_row(one, None) for one in fresh))
        if not Procuration.objects.filter(rid=act.rid, established_at__isnull=False).exists():
            raise RecordRejected("ACTE_SANS_EFFET")  # nothing shows here that an officer could draw it up
        ranks = [[one.ballot, one.round, one.effect, one.rule, one.doubt or ""] for one in file.ranks]
        CentreWord.objects.update_or_create(rid=act.rid, defaults={"ranks": ranks})
    return Taken(rid=act.rid, new=not known_before, whole=len(others) == len(file.others))


def _known_ones(known: Known, pairs: Iterable[EventPair], at: datetime) -> Iterator[Opened]:
    """Those whose device the directory at hand names: what another town hall said, enrolled since, must not
    hide the act. Raises: RecordRejected, for one that is false."""
    for pair in pairs:
        try:
            yield _checked(known, pair, at)
        except RecordRejected as error:
            if error.code != "KEY_UNKNOWN":
                raise


def take_in_state(state: State) -> None:
    """What the centre says of one procuration; when the law had it deleted there, it goes here too."""
    rid = state.rid.hex()
    if state.status is Status.PURGEE:
        with transaction.atomic():
            KeptFile.objects.filter(rid=rid).delete()
            Procuration.objects.filter(rid=rid).delete()
            CentreWord.objects.filter(rid=rid).delete()
            Event.objects.filter(rid=rid).update(body=None)
        return
    code = "" if state.code is None else state.code.value
    CentreWord.objects.update_or_create(rid=rid, defaults={"status": state.status.value, "code": code})


def _checked(known: Known, pair: EventPair, at: datetime) -> Opened:
    """An event signed by a device or a server key of the directory, in the log of that key, its body true.

    Raises: RecordRejected.
    """
    signed, envelope = parse_event(pair.sign1)
    device = _device_of(known, signed, envelope.log_id)
    verify(signed, device.key, Typ.EVENT, known.centre.realm)
    if pair.body is None:
        raise RecordRejected("DOSSIER_INVALIDE")
    return open_stored(device, pair.sign1, hash_of(pair.sign1), pair.body, at)


def _device_of(known: Known, signed: Signed, log_id: LogId) -> KnownDevice:
    """Who writes that log, as the directory says. Raises: RecordRejected."""
    known.load_logs({log_id})
    device = known.device(log_id)
    if device is None:  # a server that was restored writes another log with the same key
        entry = known.centre.tables.directory.entry(signed.kid, Role.SERVER)
        Device.objects.create(
            log_id=log_id.hex(),
            kid=entry.kid.hex(),
            cose_key=entry.cose_key,
            role=entry.role.value,
            unit=entry.unit,
            not_before=entry.not_before,
            not_after=entry.not_after,
            enrolled_at=known.centre.clock.now(),
        )
        known.load_logs({log_id})
        device = known.device(log_id)
    if device is None:
        raise RecordRejected("KEY_UNKNOWN", kid=signed.kid.hex())
    return device


def _check_place(act: Opened, place: Place) -> None:
    """I-8: what is not of this commune is not shown here, whoever sent it."""
    if not isinstance(act.content, ActRecorded):
        raise RecordRejected("DOSSIER_INVALIDE")
    filed = open_body(parse_event(act.content.filed_sign1)[1], act.content.filed_body)
    if not isinstance(filed, Filed):
        raise RecordRejected("DOSSIER_INVALIDE")
    if (filed.vote_place.code, filed.vote_place.type) != (place.code, place.type):
        raise RecordRejected("AUTRE_COMMUNE")


def _received_at(act: Opened, about: Iterable[Opened], at: datetime) -> datetime:
    """When the centre had the act, by its own signed word: a device retired since, on the long way here,
    wrote it before, and the clock of this computer may be wrong."""
    said = [
        one.envelope.wall
        for one in about
        if isinstance(one.content, TakenIn)
        and one.content.by is TakenBy.CENTRE
        and one.content.act_hash == act.hash
        and one.device.role is Role.SERVER
    ]
    return min(said, default=at)


def _store_habilitations(known: Known, events: list[Opened]) -> None:
    fresh = _unknown(known.centre, events)
    if any(one.device.role not in (Role.BRIGADE, Role.SERVER) for one in fresh):
        raise RecordRejected("DOSSIER_INVALIDE")
    if fresh:
        take_in_enrolments(known, fresh)
        insert_rows(Event, EVENT_COLUMNS, (event_row(one, None) for one in fresh))


def _unknown(hall: Centre, events: Iterable[Opened]) -> list[Opened]:
    """Those that are not stored yet; each once. Raises: RecordRejected DEUX_HISTOIRES, MAGASIN_RESTAURE."""
    fresh: dict[bytes, Opened] = {}
    for one in events:
        row = Event.objects.filter(device_id=one.device.id, seq=one.envelope.seq).first()
        if row is None:
            if one.device.log_id == hall.log_id:  # the centre has more of our log than we do
                raise RecordRejected("MAGASIN_RESTAURE")
            fresh[one.hash] = one
        elif bytes(row.hash) != one.hash:
            raise RecordRejected("DEUX_HISTOIRES")
    return list(fresh.values())
