"""What may be asked of the dossiers. A town hall only ever asks for its own place (I-8)."""

from datetime import datetime

from django.db.models import QuerySet

from procuration.domain.law import ControlRegime, Law
from procuration.domain.people import Place, PlaceType
from procuration.domain.status import Standing, Status, status_at
from procuration.errors import RuleViolated
from server.dossiers.models import Procuration

WAITING = (Status.ETABLIE, Status.TRANSMISE, Status.RECUE)


def place_of(procuration: Procuration) -> Place:
    """Where the mandant is enrolled."""
    return Place(
        code=procuration.place_code,
        type=PlaceType(procuration.place_type),
        cog_year=procuration.place_cog_year,
    )


def shown_status(procuration: Procuration, law: Law, now: datetime) -> Status:
    """The status at an instant: EXPIREE and ECHUE are the fold at a date, no column holds them."""
    standing = Standing(status=Status(procuration.status), filed_at=procuration.filed_at)
    try:
        months = law.number("request_expiry_months", place_of(procuration), procuration.filed_at.date())
    except RuleViolated:
        return standing.status  # the law table of that day says nothing: nothing expires by itself
    return status_at(standing, now, months, procuration.last_closing)


def of_place(place_code: str, place_type: int) -> QuerySet[Procuration]:
    """The procurations of the electors of one place, the most recent first."""
    mine = Procuration.objects.filter(place_code=place_code, place_type=place_type)
    return mine.order_by("-established_at", "-filed_at", "rid")


def waiting(place_code: str, place_type: int) -> QuerySet[Procuration]:
    """What the town hall of one place has to decide: the nearest closing first, then the order of
    establishment.
    """
    mine = Procuration.objects.filter(place_code=place_code, place_type=place_type)
    undecided = mine.filter(status__in=WAITING, regime=ControlRegime.MAIRIE)
    return undecided.order_by("first_closing", "established_at", "rid")


def get(rid: str, place_code: str, place_type: int) -> Procuration:
    """One procuration of one place. Raises: Procuration.DoesNotExist, also when it is another town hall's."""
    return Procuration.objects.get(rid=rid, place_code=place_code, place_type=place_type)
