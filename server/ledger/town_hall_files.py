"""What is due to a town hall without network: each established procuration of its electors with everything
that is signed about it, again whenever what it is worth changed (SECURITY-DESIGN 8, entry type 9).

Derived from the dossiers when the town hall speaks: nothing is missed by whatever changed them, and a row of
`TownHallFileSent` that is lost only sends a file once more.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from procuration.domain.candidates import Effect
from procuration.domain.events import ActRecorded
from procuration.domain.identifiers import Rid
from procuration.domain.refusal import RefusalCode
from procuration.domain.status import Doubt, Status
from procuration.record import canonical
from procuration.record.event import EventPair
from procuration.record.inbox import FILE_EVENTS_MAX, KINDS_ABOUT_IT, EntryContent, State, TownHallFile
from procuration.record.officer_signature import signer_of
from procuration.record.ranks import RANKS_MAX, RoundRank
from server.config.centre import Centre
from server.dossiers.models import Procuration
from server.ledger.models import Device, Event, OfficerEnrolment, TownHallFileSent
from server.ledger.opening import read_stored

_AT_ONCE: Final = 500
"""Files of one answer; the rest waits for the next poll."""
_TOLD: Final = ("rid", "status", "code", "effects", "history", "act_log", "act_hash")
_SAID_OF_PURGED: Final = hashlib.sha256(b"purged").digest()


def files_due(centre: Centre, device: Device) -> list[EntryContent]:
    """What this town hall must still be told, noted as told: call it in the transaction that queues it."""
    mine = Procuration.objects.filter(
        place_code=device.place, place_type=device.place_type or 0, established_at__isnull=False
    )
    rows = {str(row["rid"]): row for row in mine.order_by("established_at", "rid").values(*_TOLD)}
    sent = {one.rid: one for one in TownHallFileSent.objects.filter(device=device)}
    changed = [
        row for rid, row in rows.items() if rid not in sent or bytes(sent[rid].digest) != digest_of(row)
    ][:_AT_ONCE]
    found: list[EntryContent] = []
    for row in changed:
        file = _file_of(row)
        if file is not None:  # an act whose body is lost cannot be shown to anybody
            found += [file, _state_of(row)]
        _note(device, str(row["rid"]), digest_of(row))
    for rid in sent.keys() - rows.keys():
        if bytes(sent[rid].digest) != _SAID_OF_PURGED:
            found.append(State(Rid(bytes.fromhex(rid)), Status.PURGEE, None))
            _note(device, rid, _SAID_OF_PURGED)
    return found


def digest_of(row: Mapping[str, Any]) -> bytes:
    """Changes with what the dossier is worth, and with each event about it."""
    told = [row["status"], row["code"], [entry["hash"] for entry in row["history"]]]
    ranks = [[one["ballot"], one["round"], one["effect"], one["because"]] for one in row["effects"]]
    return hashlib.sha256(canonical.encode([*told, ranks])).digest()


def _note(device: Device, rid: str, digest: bytes) -> None:
    TownHallFileSent.objects.update_or_create(device=device, rid=rid, defaults={"digest": digest})


def _state_of(row: Mapping[str, Any]) -> State:
    code = RefusalCode(row["code"]) if row["code"] in tuple(RefusalCode) else None
    return State(Rid(bytes.fromhex(row["rid"])), Status(row["status"]), code)


def _file_of(row: Mapping[str, Any]) -> TownHallFile | None:
    about = Event.objects.filter(
        rid=row["rid"], kind__in=[kind.value for kind in KINDS_ABOUT_IT], body__isnull=False
    )
    events = list(about.order_by("id"))
    act = next((one for one in events if bytes(one.hash).hex() == row["act_hash"]), None)
    if act is None:
        return None
    others = [*_habilitations(events), *(one for one in events if one is not act)]
    return TownHallFile(
        act=_pair(act),
        ranks=tuple(_rank(one) for one in row["effects"][:RANKS_MAX]),
        others=tuple(_pair(one) for one in others[:FILE_EVENTS_MAX]),
    )


def _pair(event: Event) -> EventPair:
    return EventPair(bytes(event.sign1), None if event.body is None else bytes(event.body))


def _rank(effect: Mapping[str, Any]) -> RoundRank:
    return RoundRank(
        ballot=effect["ballot"],
        round=effect["round"],
        effect=Effect(effect["effect"]),
        rule=effect["rule"],
        doubt=Doubt(effect["doubt"]) if effect["doubt"] else None,
        position=1 + len(effect["because"]),
    )


def _habilitations(events: Sequence[Event]) -> Iterable[Event]:
    """The events that entitled the officers of these acts: the directory does not name officers."""
    places = dict.fromkeys(place for one in events if (place := _entitled_at(one)) is not None)
    for device_id, seq in places:
        found = Event.objects.filter(device_id=device_id, seq=seq, body__isnull=False).first()
        if found is not None:
            yield found


def _entitled_at(event: Event) -> tuple[int, int] | None:
    content = read_stored(bytes(event.sign1), None if event.body is None else bytes(event.body))[1]
    if not isinstance(content, ActRecorded):
        return None
    kid = signer_of(content.signed_act).hex()
    before = OfficerEnrolment.objects.filter(device_id=event.device_id, kid=kid, seq__lt=event.seq)
    seq = before.order_by("-seq").values_list("seq", flat=True).first()
    return None if seq is None else (event.device_id, seq)
