"""Each kind of message about invented procurations: what the console shows before anybody is written to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Final

from procuration.domain.acts import ActPlaceKind
from procuration.domain.candidates import Effect
from procuration.domain.law import ControlRegime
from procuration.domain.people import PlaceType
from procuration.domain.refusal import RefusalCode
from procuration.domain.status import Status
from server.config.centre import Tables
from server.dossiers.models import Procuration
from server.ledger.enums import Aside
from server.notices.enums import MessageKind

_FILED: Final = datetime(2027, 3, 30, 22, 15, tzinfo=UTC)
_ESTABLISHED: Final = _FILED + timedelta(days=1, hours=10)
_DECIDED: Final = _ESTABLISHED + timedelta(hours=5)
_ROUNDS: Final = ("2027-04-11", "2027-04-25")
_OF_REGISTER: Final = MappingProxyType(
    {"place_code": "02408", "act_place_code": "02408", "regime": ControlRegime.REU}
)


@dataclass(frozen=True, slots=True)
class Sample:
    """A message, and what its procuration is like."""

    kind: MessageKind
    status: Status
    changes: Mapping[str, object] = field(default_factory=dict)


def _ended(kind: MessageKind, status: Status, code: RefusalCode, rule: str, **more: object) -> Sample:
    return Sample(kind, status, {"code": code.value, "rule": rule, "decided_at": _DECIDED, **more})


_LOST: Final = [
    {"ballot": "2027-04-presidentielle", "round": 1, "day": _ROUNDS[0], "effect": Effect.NULLE_L73.value},
    {"ballot": "2027-04-presidentielle", "round": 2, "day": _ROUNDS[1], "effect": Effect.STANDS.value},
]

SAMPLES: Final[Mapping[str, Sample]] = {
    "m1": Sample(MessageKind.M1, Status.DEMANDE),
    "m1-repertoire": Sample(MessageKind.M1, Status.DEMANDE, _OF_REGISTER),
    "m2": Sample(MessageKind.M2, Status.TRANSMISE),
    "m2-repertoire": Sample(MessageKind.M2, Status.TRANSMISE, _OF_REGISTER),
    "m3-validee": Sample(MessageKind.M3, Status.VALIDEE, {"decided_at": _DECIDED}),
    "m3-refusee": _ended(MessageKind.M3, Status.INVALIDEE, RefusalCode.MANDATAIRE_SANS_DROITS, "R-03"),
    "m3-repertoire": Sample(MessageKind.M3, Status.VALIDEE, {**_OF_REGISTER, "decided_at": _DECIDED}),
    "m3-repertoire-refusee": _ended(
        MessageKind.M3, Status.INVALIDEE, RefusalCode.MANDATAIRE_INTROUVABLE, "R-26", **_OF_REGISTER
    ),
    "m4": _ended(MessageKind.M4, Status.NULLE_L73, RefusalCode.PLAFOND_DEPASSE, "R-39"),
    "m4-deplacee": _ended(MessageKind.M4, Status.NULLE_L73, RefusalCode.PLAFOND_DEPASSE, "R-44"),
    "m4-partie": Sample(MessageKind.M4, Status.VALIDEE, {"effects": _LOST, "decided_at": _DECIDED}),
    "m6": _ended(MessageKind.M6, Status.ANNULEE_L77, RefusalCode.DECES_OU_DROITS, "R-51"),
    "m7": _ended(MessageKind.M7, Status.RESILIEE, RefusalCode.RESILIEE, "R-46"),
    "m7-remplacee": _ended(MessageKind.M7, Status.RESILIEE, RefusalCode.RESILIEE, "R-49"),
    "de-nouveau": Sample(MessageKind.AGAIN, Status.VALIDEE, {"decided_at": _DECIDED}),
    "ecartee": Sample(
        MessageKind.SET_ASIDE,
        Status.DEMANDE,
        {"established_at": None, "aside": [[Aside.HABILITATION_RETIREE.value, ""]]},
    ),
    "ecartee-lieu": Sample(
        MessageKind.SET_ASIDE,
        Status.DEMANDE,
        {"established_at": None, "aside": [[Aside.LIEU_NON_AUTORISE.value, ""]]},
    ),
    "retiree": Sample(
        MessageKind.SET_ASIDE,
        Status.REFUSEE,
        {"code": RefusalCode.ERREUR_DE_SAISIE.value, "aside": []},
    ),
}
"""By name, as addresses have it. M5 is what the town hall says itself; M8 is sent by another service
(decision note 0035)."""


def invented(name: str, tables: Tables) -> tuple[MessageKind, Procuration]:
    """A kind of message and the invented procuration it is about; nothing is written in the database.

    Raises: KeyError, for a name that is not in `SAMPLES`.
    """
    sample = SAMPLES[name]
    columns: dict[str, object] = {
        "rid": "0" * 32,
        "reference": "XBQ7V3",
        "status": sample.status.value,
        "regime": ControlRegime.MAIRIE,
        "place_code": "98818",
        "place_type": PlaceType.COMMUNE.value,
        "place_cog_year": 2026,
        "scrutin_id": _scrutin(tables),
        "rounds": 3,
        "polling_days": list(_ROUNDS),
        "filed_at": _FILED,
        "established_at": _ESTABLISHED,
        "officer_nom": "TAHUA",
        "officer_prenoms": "Maëva Rose",
        "officer_qualite": "Maréchale des logis-cheffe, OPJ",
        "officer_unit": "Brigade territoriale de Nouméa",
        "act_place_kind": ActPlaceKind.UNIT.value,
        "act_place_code": "98818",
    }
    return sample.kind, Procuration(**{**columns, **sample.changes})


def _scrutin(tables: Tables) -> str:
    """A ballot that the calendar knows on those days, so that it is called by its name."""
    found = (scrutin.id for scrutin in tables.calendar if "presidentielle" in scrutin.elections)
    return next(found, "presidentielle")
