"""A town hall keys in a paper form that it received: the request and what the authority drew up, two events
that the centre signs for the account (R-58). From then on it competes with every other procuration (L. 73;
R-39).
"""

import os
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction

from procuration.domain.acts import ActPlace, ActPlaceKind
from procuration.domain.competence import Authority, Where
from procuration.domain.establishment import Tables as LawTables
from procuration.domain.establishment import where_of
from procuration.domain.events import Authentication, Channel, Filed, PaperForm
from procuration.domain.identifiers import EventHash, Rid
from procuration.domain.instants import Interval, local_day
from procuration.domain.paper_form import check_form
from procuration.domain.people import Person, Place, PlaceType, fold_name
from procuration.domain.status import Status
from procuration.domain.validity import Validity
from procuration.errors import RuleViolated
from server.config.centre import Centre, current_centre
from server.dossiers.fold import date_text
from server.dossiers.models import Procuration
from server.dossiers.refolding import refold
from server.dossiers.services import Account, take_in_established
from server.ledger.known import Known
from server.ledger.models import Event
from server.ledger.own_log import Entry, append, lock_own_log
from server.ledger.tree import append_due_leaves
from server.pages.places import zone_of_place

SAME_PERSON_MAX: Final = 20
"""How many other procurations of one person are shown before a form is keyed in."""
_RID_BYTES: Final = 16
WITH_ARRONDISSEMENTS: Final = {"75056": "Paris", "69123": "Lyon", "13055": "Marseille"}
"""By INSEE code: courts sit there, electors are enrolled in their arrondissements."""
_NOTICE_NOT_SHOWN: Final = 0
"""Declaration version of a form: no screen showed anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedForm:
    """What stands on the form (R. 75-I). The mandant votes in the commune of the account.

    Attributes:
        hour: as written on it, None when it has none.
        insee_code: of the commune of établissement; 99 and the code of the country abroad.
    """

    mandant: Person
    mandataire: Person
    validity: Validity
    authority: Authority
    day: date
    hour: time | None
    insee_code: str = field(default="")
    place: ActPlaceKind = ActPlaceKind.UNIT


def new_rid() -> str:
    """The name of a form that is being keyed in: sent twice, it is recorded once."""
    return os.urandom(_RID_BYTES).hex()


def check(form: KeyedForm, account: Account) -> None:
    """The law allows what the form says. Raises: RuleViolated COMMUNE_INCONNUE, or as `check_form`."""
    centre = current_centre()
    _check(form, account, centre, centre.clock.now())


def key_in(rid: str, form: KeyedForm, account: Account) -> Procuration:
    """Record a form; the same rid again changes nothing.

    Raises: RuleViolated DOSSIER_INCONNU, when the rid names anything else; and as `check`.
    """
    centre = current_centre()
    mine = Procuration.objects.filter(place_code=account.place_code, place_type=account.place_type)
    with transaction.atomic():
        log = lock_own_log(centre)
        at = centre.clock.now()
        if Event.objects.filter(rid=rid).exists():
            before = mine.filter(rid=rid, channel=Channel.PAPER).first()
            if before is None:
                raise RuleViolated("DOSSIER_INCONNU")
            return before
        filed = _check(form, account, centre, at)
        name = Rid(bytes.fromhex(rid))
        request = append(centre, log, [Entry(filed, name)], at)
        drawn_up = append(centre, log, [Entry(_paper(form, account, centre, request[0].hash), name)], at)
        refold(Known(centre), {rid: [*request, *drawn_up]}, at)
    take_in_established(centre)
    append_due_leaves(centre)
    return mine.get(rid=rid)


def others_of(form: KeyedForm, account: Account) -> list[Procuration]:
    """What is already known of the same mandant in the same commune, by whatever channel, the newest first
    (DOMAIN 9.25). It informs: the law decides between them, or a person."""
    found = Procuration.objects.filter(
        place_code=account.place_code,
        place_type=account.place_type,
        mandant_birth_date=date_text(form.mandant.birth_date),
    ).exclude(status=Status.PURGEE)
    same = (one for one in found.order_by("-filed_at") if _has_names_of(one, form.mandant))
    return list(islice(same, SAME_PERSON_MAX))


def _has_names_of(one: Procuration, person: Person) -> bool:
    """Birth name and given names are the same once folded; a used name, which no form asks for, is not
    compared."""
    names = (one.mandant_birth_name, one.mandant_given_names)
    return [fold_name(name) for name in names] == [
        fold_name(name or "") for name in (person.birth_name, person.given_names)
    ]


def _check(form: KeyedForm, account: Account, centre: Centre, at: datetime) -> Filed:
    tables = centre.tables
    place = _place_of(account)
    for named in (place, form.mandataire.enrolment):
        if named is not None and (named.code, named.type.value) not in tables.communes:
            raise RuleViolated("COMMUNE_INCONNUE")
    filed = Filed(
        reference=None,
        mandant=form.mandant,
        mandataire=form.mandataire,
        vote_place=place,
        validity=form.validity,
        email=None,
        declaration_version=_NOTICE_NOT_SHOWN,
        authentication=Authentication.NONE,
        channel=Channel.PAPER,
    )
    paper = _paper(form, account, centre, EventHash(bytes(32)))
    zone = zone_of_place(tables, place.code, place.type)
    check_form(filed, paper, at, zone, LawTables(tables.law, tables.calendar))
    return filed


def _place_of(account: Account) -> Place:
    return Place(code=account.place_code, type=PlaceType(account.place_type), cog_year=account.place_cog_year)


def _paper(form: KeyedForm, account: Account, centre: Centre, filed_hash: EventHash) -> PaperForm:
    place = ActPlace(kind=form.place, site_id=None, insee_code=form.insee_code)
    drawn_up = _interval(form, place, centre)
    return PaperForm(
        filed_hash=filed_hash,
        authority=form.authority,
        earliest=drawn_up.earliest,
        latest=drawn_up.latest,
        place=place,
        account=account.in_records(),
    )


def _interval(form: KeyedForm, place: ActPlace, centre: Centre) -> Interval:
    """The minute, or the day, that the form names, by the clock of the place where it was drawn up; abroad
    the day anywhere on Earth, since no table here has those clocks.

    Raises: RuleViolated COMMUNE_INCONNUE.
    """
    if where_of(place) is Where.ABROAD:
        return local_day(form.day)
    kinds = (PlaceType.COMMUNE.value, PlaceType.ARRONDISSEMENT_MUNICIPAL.value)
    kind = next((kind for kind in kinds if (place.insee_code, kind) in centre.tables.communes), None)
    if kind is None and place.insee_code not in WITH_ARRONDISSEMENTS:
        raise RuleViolated("COMMUNE_INCONNUE")
    zone = zone_of_place(centre.tables, place.insee_code, kind or 0)
    if form.hour is not None:
        return _up_to(form.day, form.hour, timedelta(seconds=59), zone)
    return _up_to(form.day, time(), timedelta(days=1, seconds=-1), zone)


def _up_to(day: date, hour: time, length: timedelta, zone: ZoneInfo) -> Interval:
    local = datetime.combine(day, hour, zone)
    return Interval(local.astimezone(UTC), (local + length).astimezone(UTC))
