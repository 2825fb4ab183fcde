"""What the registers read: the established procurations of one place that serve a round; the acts of a unit.

A town hall only ever asks for its own place (I-8).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, QuerySet

from procuration.domain.acts import Act, ActPlaceKind
from procuration.domain.competence import Authority
from procuration.domain.events import ActRecorded, Envelope, Filed, Kind
from procuration.domain.facts import Revocation
from procuration.domain.people import PartialDate, Person, Place, PlaceType, Sex
from procuration.domain.register import AuthorityAct, Registered, order_of_acts
from procuration.domain.validity import OneScrutin, Period, Rounds, Validity
from procuration.errors import RecordRejected
from procuration.record.directory import Role
from procuration.record.event import open_body, parse_event
from procuration.record.officer_signature import unverified_act
from server.config.centre import Tables
from server.dossiers.listing import is_received, pattern_of, was_accepted
from server.dossiers.models import Procuration
from server.ledger.models import Device, Event, SetAside
from server.registers.polls import Poll, effect_in, serves

ACT_KINDS: Final = (Kind.ACT, Kind.REVOCATION)
ROWS_PER_PAGE: Final = 50
_CALENDAR_MOVES: Final = timedelta(days=2)


def established(place: Place) -> QuerySet[Procuration]:
    """The procurations of a place that an authority established, whatever became of them since."""
    return Procuration.objects.filter(
        place_code=place.code, place_type=int(place.type), established_at__isnull=False
    )


def count_by_poll(place: Place, polls: Iterable[Poll]) -> Counter[Poll]:
    """How many established procurations serve each of these polling days, whatever they are worth in it. The
    database counts those of one set of days together: there are few sets."""
    counts: Counter[Poll] = Counter()
    every = list(polls)
    together = established(place).order_by().values_list("polling_days").annotate(n=Count("pk"))
    for days, number in together:
        for poll in every:
            if poll.day.isoformat() in days:
                counts[poll] += number
    return counts


def rows_of(place: Place, poll: Poll) -> list[Procuration]:
    """The rows behind the registers of one round.

    The closings of a row are those of the calendar when it was folded: an hour added since must lose nobody.
    """
    near = established(place).filter(
        first_closing__lte=poll.closes_at + _CALENDAR_MOVES,
        last_closing__gte=poll.closes_at - _CALENDAR_MOVES,
    )
    return [row for row in near if serves(row, poll)]


def listed_rids(place: Place, poll: Poll, letter: str) -> QuerySet[Procuration, str] | None:
    """The rids of one list of a round in its order: `PUBLIC`, `MARKING`, or all without a letter.

    None when a row of the place does not say yet on which lists it stands (it was written by an earlier
    version): the whole must be read then.
    """
    rows = established(place).order_by("register_order", "rid")
    if rows.filter(register_lists__isnull=True).exists():
        return None
    wanted = pattern_of(letter, poll.day.isoformat(), poll.number)
    return rows.filter(register_lists__regex=wanted).values_list("rid", flat=True)


def registered(rows: Iterable[Procuration], poll: Poll, tables: Tables) -> list[Registered]:
    """The rows as the rules of the registers read them."""
    return [_registered(row, poll, tables) for row in rows]


def _registered(row: Procuration, poll: Poll, tables: Tables) -> Registered:
    assert row.established_at is not None, "only established procurations are asked for"
    assert row.act_place_kind is not None, "an act says where it was drawn up"
    effect, why = effect_in(row, poll)
    accepted = was_accepted(vars(row))
    return Registered(
        rid=bytes.fromhex(row.rid),
        reference=row.reference,
        mandant=_person(row, "mandant", None),
        mandataire=_person(row, "mandataire", _enrolment(row)),
        vote_place=Place(code=row.place_code, type=PlaceType(row.place_type), cog_year=row.place_cog_year),
        authority=Authority(
            nom=row.officer_nom,
            prenoms=row.officer_prenoms,
            qualite=row.officer_qualite,
            unit_name=row.officer_unit,
        ),
        established_at=row.established_at,
        established_on=row.established_at.astimezone(zone_of_place(row.act_place_code, tables)).date(),
        established_in=row.act_place_code,
        place_kind=ActPlaceKind(row.act_place_kind),
        validity=_validity(row),
        received=is_received(vars(row)),
        accepted=accepted,
        effect=effect,
        code=row.code if accepted is False else why,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
    )


def zone_of_place(code: str, tables: Tables, kind: PlaceType = PlaceType.COMMUNE) -> ZoneInfo:
    """The clock of a place; Paris when the table does not know it."""
    commune = tables.communes.get((code, int(kind)))
    return ZoneInfo(commune.zone if commune else "Europe/Paris")


def _person(row: Procuration, role: str, enrolment: Place | None) -> Person:
    birth, given, used, number = (
        str(getattr(row, f"{role}_{part}")) or None
        for part in ("birth_name", "given_names", "used_name", "elector_number")
    )
    sex = getattr(row, f"{role}_sex")
    year, month, day = (int(part) for part in str(getattr(row, f"{role}_birth_date")).split("-"))
    return Person(
        birth_date=PartialDate(year, month, day),
        birth_name=birth,
        given_names=given,
        used_name=used,
        sex=None if sex is None else Sex(sex),
        elector_number=number,
        enrolment=enrolment,
    )


def _enrolment(row: Procuration) -> Place | None:
    if not row.mandataire_place_code or row.mandataire_place_type is None:
        return None
    return Place(
        code=row.mandataire_place_code,
        type=PlaceType(row.mandataire_place_type),
        cog_year=row.place_cog_year,
    )


def _validity(row: Procuration) -> Validity:
    if row.period_first is not None and row.period_last is not None:
        return Period(first_day=row.period_first, last_day=row.period_last)
    assert row.rounds is not None, "one scrutin or a period"
    return OneScrutin(scrutin_id=row.scrutin_id, rounds=Rounds(row.rounds))


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A brigade or a commissariat: one or several tablets with one register.

    Attributes:
        place: INSEE code of where it stands, for its clock; empty when its enrolment does not say.
    """

    code: str
    name: str
    place: str
    tablets: int


def units(page: int) -> "tuple[Page[Unit], list[Unit]]":
    """Units whose tablets may act, by name: one page of them, and what is on it."""
    found = Paginator(_units(Device.objects.filter(role=Role.BRIGADE)), ROWS_PER_PAGE).get_page(page)
    return found, list(found.object_list)


def find_unit(code: str) -> Unit | None:
    """A unit by its code, None when no enrolled tablet is of it."""
    if "\0" in code:
        return None  # PostgreSQL refuses even the question
    return next(iter(_units(Device.objects.filter(role=Role.BRIGADE, unit=code))), None)


def _units(devices: QuerySet[Device]) -> list[Unit]:
    grouped = devices.values("unit").annotate(shown=Max("unit_name"), where=Max("place"), tablets=Count("pk"))
    return [
        Unit(code=row["unit"], name=row["shown"] or row["unit"], place=row["where"], tablets=row["tablets"])
        for row in grouped.order_by("shown", "unit")
    ]


def places_of(unit: Unit) -> list[int]:
    """The numbers of the events in which the tablets of a unit recorded an act, with or without effect, in
    the order of its register (R-25). No content is read."""
    rows = _events_of(unit).values_list("pk", "device__log_id", "seq", "wall")
    keys = {(log_id, seq): (pk, wall) for pk, log_id, seq, wall in rows}
    return [keys[place][0] for place in order_of_acts((*place, wall) for place, (_, wall) in keys.items())]


def acts_of(unit: Unit, places: Sequence[int] | None = None) -> list[AuthorityAct]:
    """Every act of a unit in the order of its register (R-25), or those of some `places_of` it."""
    wanted = places_of(unit) if places is None else places
    events = _events_of(unit) if places is None else _events_of(unit).filter(pk__in=places)
    aside = {
        (device, seq): code
        for device, seq, code in SetAside.objects.filter(**_of_unit(unit)).values_list(
            "device_id", "seq", "code"
        )
    }
    columns = ("pk", "device_id", "device__log_id", "seq", "sign1", "body")
    found = {
        pk: _act(
            log_id, seq, bytes(sign1), None if body is None else bytes(body), aside.get((device, seq), "")
        )
        for pk, device, log_id, seq, sign1, body in events.values_list(*columns)
    }
    return [found[place] for place in wanted if place in found]


def _of_unit(unit: Unit) -> dict[str, object]:
    return {"device__unit": unit.code, "device__role": Role.BRIGADE}


def _events_of(unit: Unit) -> QuerySet[Event]:
    return Event.objects.filter(kind__in=ACT_KINDS, **_of_unit(unit))


def _act(log_id: str, seq: int, sign1: bytes, body: bytes | None, without_effect: str) -> AuthorityAct:
    """One act as its tablet wrote it. The device's signature was checked on arrival; what does not
    hold of the officer's stands beside it as the reason why the act is without effect."""
    envelope = parse_event(sign1)[1]
    act, mandant = _content(envelope, body)
    return AuthorityAct(
        at=envelope.wall if act is None else act.wall,
        log_id=log_id,
        seq=seq,
        decision=None if act is None else act.decision,
        code=act.refusal_code.value if act is not None and act.refusal_code else "",
        place_code=None if act is None else act.place.insee_code,
        authority=None if act is None else act.authority,
        mandant=mandant,
        without_effect=without_effect,
    )


def _content(envelope: Envelope, body: bytes | None) -> tuple[Act | None, Person | None]:
    """The act and the mandant, as far as they can be read: a content is erased at its date, and what could
    never be read keeps its number in the register."""
    act = None
    try:
        recorded = None if body is None else open_body(envelope, body)
        match recorded:
            case Revocation(signed_act=signed, subject=subject):
                return unverified_act(signed), subject.mandant
            case ActRecorded(signed_act=signed):
                act = unverified_act(signed)
                filed = open_body(parse_event(recorded.filed_sign1)[1], recorded.filed_body)
                return act, filed.mandant if isinstance(filed, Filed) else None
    except RecordRejected:
        return act, None  # the code it was set aside for stands beside it
    return None, None
