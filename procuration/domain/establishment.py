"""Everything the law asks of an act that establishes a procuration, or collects the request for one, beyond
its signatures (R. 72-1 to R. 75).

The tablet asks it before the officer signs, the centre before the act takes effect: the same answer on both
sides. Leaves the term of the designation to `competence.check_competence` (R-14) and the préfet's list to
`sites.check_place` (R-16), which need what this tablet or centre knows of its officers and places.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from procuration.domain.acts import (
    Act,
    ActDecision,
    ActPlace,
    ActPlaceKind,
    missing_to_establish,
    missing_to_revoke,
)
from procuration.domain.competence import Form, Power, Where, authority_kind_of, check_authority
from procuration.domain.documents import check_document, document_rules
from procuration.domain.events import Filed
from procuration.domain.law import Law
from procuration.domain.people import Place, PlaceType, check_mandant, check_mandataire, same_person
from procuration.domain.scrutin import Scrutin, scrutins_of
from procuration.domain.status import add_months
from procuration.domain.teleprocedure import check_elections, check_mandataire_reachable, form_of
from procuration.domain.validity import OneScrutin, Period, check_period, check_scrutin
from procuration.errors import RuleViolated

_INSEE_CODE: Final = re.compile(r"(?:(?!99)[0-9]{2}|2[AB])[0-9]{3}")
"""Of a commune of France; 99 begins the codes of other countries."""
_WHERE: Final = {
    ActPlaceKind.UNIT: Where.UNIT,
    ActPlaceKind.HOME: Where.HOME,
    ActPlaceKind.LISTED_PUBLIC_PLACE: Where.LISTED_PUBLIC_PLACE,
}

CODES: Final[dict[str, str]] = {
    "DECLARATION_MANQUANTE": "R-18",
    "AUTORITE_INCOMPLETE": "R-23",
    "AUTORITE_INCOMPETENTE": "R-12",
    "DELEGUE_RECUEILLE_SEULEMENT": "R-15",
    "PIECE_MANQUANTE": "R-18",
    "PIECE_NON_LISTEE": "R-19",
    "DEMANDE_EXPIREE": "R-64",
    "MANDATAIRE_EST_LE_MANDANT": "R-08",
    "MANDATAIRE_IDENTIFICATION": "R-26",
    "NUMERO_EN_NOUVELLE_CALEDONIE": "R-74",
    "TELEPROCEDURE_NON_APPLICABLE": "R-73",
    "SCRUTIN_HORS_TELEPROCEDURE": "R-79",
    "SCRUTIN_INCONNU": "R-28",
    "TOURS": "R-28",
    "SCRUTIN_PASSE": "R-36",
    "PERIODE_INVERSEE": "R-29",
    "PERIODE_PASSEE": "R-36",
    "DUREE_EXCESSIVE": "R-29",
}
"""Each code that `check_establishment` raises of its own, and its rule; an error's ids may name a nearer
one. Codes of one datum of a person (a name, a date, a number) belong to R-26; LOI_INCONNUE means that the
table is silent."""


def rule_of(error: RuleViolated) -> str:
    """The rule behind a refusal of this module."""
    return str(error.ids.get("rule") or CODES.get(error.code, "R-26"))


@dataclass(frozen=True, slots=True)
class Tables:
    """The law and the calendar that an act is judged by."""

    law: Law
    calendar: Sequence[Scrutin]


def where_of(place: ActPlace) -> Where:
    """Where an act was drawn up; a place without an INSEE code is outside France (R-20, R-38)."""
    return _WHERE[place.kind] if _INSEE_CODE.fullmatch(place.insee_code) else Where.ABROAD


def check_establishment(filed: Filed, filed_at: datetime, act: Act, zone: tzinfo, tables: Tables) -> None:
    """The law allows this act, at its own instant and on its local day: not on the day of the request.

    Args:
        filed_at: the wall time of the filed event.
        zone: where the act was drawn up; only its local day is taken from it.
    Raises: RuleViolated, one of `CODES`, the code of a datum of a person at fault, or LOI_INCONNUE.
    """
    assert act.decision in (ActDecision.ESTABLISHED, ActDecision.COLLECTED), "a refusal needs no leave"
    today, law = act.wall.astimezone(zone).date(), tables.law
    _check_declared(act)
    check_authority_of(act, form_of(filed.channel))
    check_document(act.identity_document, None, None, today, document_rules(law, filed.vote_place, today))
    months = law.number("request_expiry_months", filed.vote_place, filed_at.astimezone(zone).date())
    if act.wall > add_months(filed_at, months):
        raise RuleViolated("DEMANDE_EXPIREE")
    check_people(filed, act, zone, law)
    check_validity(filed, act, zone, tables)


def check_withdrawal(act: Act, vote_place: Place, zone: tzinfo, law: Law) -> None:
    """The law allows this résiliation: before the same authorities, in the same forms, without a motive
    (L. 75, R. 78; R-46). Neither the calendar nor the age of anything stands against it.

    Raises: RuleViolated DECLARATION_MANQUANTE, PIECE_MANQUANTE, PIECE_NON_LISTEE, LOI_INCONNUE, or as
    `check_authority_of`.
    """
    assert act.decision is ActDecision.REVOKED, "another act is checked by what it is"
    missing = missing_to_revoke(act.declarations, act.place.kind)
    if missing:
        raise RuleViolated("DECLARATION_MANQUANTE", missing=missing.value, rule="R-46")
    check_authority_of(act, Form.TELEPROCEDURE)
    today = act.wall.astimezone(zone).date()
    check_document(act.identity_document, None, None, today, document_rules(law, vote_place, today))


def check_authority_of(act: Act, form: Form) -> None:
    """Who acts is named in full (R-23) and has the power for it, there and on that form (R-11 to R-15,
    R-20); also asked of a résiliation (R-46).

    Raises: RuleViolated AUTORITE_INCOMPLETE, AUTORITE_INCOMPETENTE (ids: rule), DELEGUE_RECUEILLE_SEULEMENT.
    """
    by = act.authority
    if not all(part.strip() for part in (by.nom, by.prenoms, by.qualite, by.unit_name, act.place.insee_code)):
        raise RuleViolated("AUTORITE_INCOMPLETE")
    power = Power.COLLECT if act.decision is ActDecision.COLLECTED else Power.ESTABLISH
    check_authority(authority_kind_of(by.qualite), form, where_of(act.place), power)


def check_people(filed: Filed, act: Act, zone: tzinfo, law: Law) -> None:
    """Mandant and mandataire are identified as R. 75 wants and are two persons (R-08, R-26, R-74), and the
    télé-procédure may link their places (R-73).

    Raises: RuleViolated.
    """
    today = act.wall.astimezone(zone).date()
    check_mandant(filed.mandant, today, filed.vote_place)
    if form_of(filed.channel) is Form.PAPER:
        _check_mandataire_on_paper(filed)
        return
    check_mandataire(filed.mandataire, filed.mandant, filed.vote_place, today)
    check_mandataire_reachable(filed.vote_place, filed.mandataire, law, today)


def _check_mandataire_on_paper(filed: Filed) -> None:
    """A form may hold the number beside the names, but the one of Nouvelle-Calédonie has none (R. 213-1)."""
    places = (filed.vote_place, filed.mandataire.enrolment)
    if filed.mandataire.elector_number and any(one and one.in_nouvelle_caledonie for one in places):
        raise RuleViolated("NUMERO_EN_NOUVELLE_CALEDONIE")
    if same_person(filed.mandant, filed.mandataire):
        raise RuleViolated("MANDATAIRE_EST_LE_MANDANT")


def check_validity(filed: Filed, act: Act, zone: tzinfo, tables: Tables) -> None:
    """The validity asked for is one that may be given at the instant of the act (R-28 to R-36, R-79).

    Raises: RuleViolated SCRUTIN_INCONNU, TOURS, SCRUTIN_PASSE, SCRUTIN_HORS_TELEPROCEDURE, PERIODE_INVERSEE,
    PERIODE_PASSEE, DUREE_EXCESSIVE (ids: years).
    """
    match filed.validity:
        case OneScrutin(scrutin_id=chosen):
            check_scrutin(filed.validity, tables.calendar, filed.vote_place, act.wall)
            if form_of(filed.channel) is Form.TELEPROCEDURE:
                for scrutin in scrutins_of(filed.vote_place, tables.calendar):
                    if scrutin.id == chosen:
                        check_elections(scrutin, filed.vote_place, tables.law)
        case Period():
            today = act.wall.astimezone(zone).date()
            years = tables.law.period_years_max(filed.vote_place, today)
            check_period(filed.validity, years, today)


def zone_name_of(place: ActPlace, calendar: Sequence[Scrutin]) -> str | None:
    """The IANA name of the time zone of an act, from any ballot held in its commune; None abroad."""
    where = Place(code=place.insee_code, type=PlaceType.COMMUNE, cog_year=0)
    if where_of(place) is Where.ABROAD:
        return None
    return next((scrutin.zone for scrutin in scrutins_of(where, calendar)), None)


def _check_declared(act: Act) -> None:
    """The mandant is present and identified, chooses freely, and no case of L. 72-1 was seen (R-07, R-17,
    R-18)."""
    missing = missing_to_establish(act.declarations, act.place.kind)
    if missing:
        raise RuleViolated("DECLARATION_MANQUANTE", missing=missing.value)
