"""The columns of a dossier that say who drew the procuration up, where and on which checks (R-23)."""

from collections.abc import Mapping
from typing import Final

from procuration.domain.events import RecordedEvent
from procuration.domain.identifiers import EventHash
from procuration.domain.status import Standing, legal_order

Row = dict[str, object]


def act_columns(standing: Standing, events: Mapping[EventHash, RecordedEvent]) -> Row:
    """Columns of the act that counts: the first that established it, else the last one that decided
    something.
    """
    acts = sorted((event for event in events.values() if event.act is not None), key=legal_order)
    first = events[standing.act_hashes[0]] if standing.act_hashes else (acts[-1] if acts else None)
    if first is None or first.act is None:
        return dict(NO_ACT)
    act = first.act
    return {
        "established_at": standing.established_at,
        "act_log": act.log_id.hex(),
        "act_hash": first.hash.hex(),
        "officer_nom": act.authority.nom,
        "officer_prenoms": act.authority.prenoms,
        "officer_qualite": act.authority.qualite,
        "officer_unit": act.authority.unit_name,
        "act_place_kind": act.place.kind.value,
        "act_place_code": act.place.insee_code,
        "identity_document": None if act.identity_document is None else act.identity_document.value,
        "declarations": act.declarations.value,
    }


NO_ACT: Final[Row] = {
    "established_at": None,
    "act_log": "",
    "act_hash": "",
    "officer_nom": "",
    "officer_prenoms": "",
    "officer_qualite": "",
    "officer_unit": "",
    "act_place_kind": None,
    "act_place_code": "",
    "identity_document": None,
    "declarations": None,
}
