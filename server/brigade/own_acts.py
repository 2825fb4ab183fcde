"""What an officer signed on line today, read again from their own log while its bodies are here."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from procuration.domain.acts import Act
from procuration.domain.events import ActRecorded, Kind
from procuration.domain.facts import Revocation
from procuration.domain.people import PlaceType
from procuration.record.act import read_act
from procuration.record.act_web import parse_web_act
from procuration.record.event import open_body, parse_event
from server.brigade.models import OfficerAccount
from server.config.centre import Centre
from server.ledger.models import Event
from server.pages.places import zone_of_place

ACTS_MAX: Final = 500
"""Read of one day: an officer who signs one a minute for eight hours stays below."""
_ACTS: Final = (Kind.ACT.value, Kind.REVOCATION.value)


@dataclass(frozen=True, slots=True)
class OwnAct:
    """One act of the officer's log, at its place."""

    seq: int
    act: Act


def zone_of_unit(centre: Centre, account: OfficerAccount) -> ZoneInfo:
    """Whose hours the officer reads."""
    return zone_of_place(centre.tables, account.place_code, PlaceType.COMMUNE.value)


def local_day(centre: Centre, account: OfficerAccount, at: datetime) -> date:
    """The day at the unit."""
    return at.astimezone(zone_of_unit(centre, account)).date()


def acts_of_today(centre: Centre, account: OfficerAccount) -> list[OwnAct]:
    """The newest first."""
    return list(_read(_events_of_today(centre, account).order_by("-seq")[:ACTS_MAX]))


def acted_today_on(centre: Centre, account: OfficerAccount, rid: str) -> bool:
    """Whether this officer signed something about one request today."""
    return _events_of_today(centre, account).filter(rid=rid, body__isnull=False).exists()


def _events_of_today(centre: Centre, account: OfficerAccount) -> QuerySet[Event]:
    today = local_day(centre, account, centre.clock.now())
    since = int(datetime.combine(today, time.min, zone_of_unit(centre, account)).timestamp())
    return Event.objects.filter(device_id=account.log_id, kind__in=_ACTS, wall__gte=since)


def acts_on(account: OfficerAccount, rid: str) -> list[OwnAct]:
    """What this officer decided on one request, in order."""
    rows = Event.objects.filter(device_id=account.log_id, kind=Kind.ACT.value, rid=rid)
    return list(_read(rows.order_by("seq")[:ACTS_MAX]))


def act_at(account: OfficerAccount, seq: int) -> OwnAct | None:
    """The act at one place of the officer's log; None when there is none, or its body is gone."""
    rows = Event.objects.filter(device_id=account.log_id, kind__in=_ACTS, seq=seq)
    return next(_read(rows), None)


def _read(rows: Iterable[Event]) -> Iterator[OwnAct]:
    for row in rows:
        if row.body is None:  # purged
            continue
        content = open_body(parse_event(bytes(row.sign1))[1], bytes(row.body))
        assert isinstance(content, ActRecorded | Revocation), "the kinds asked for"
        yield OwnAct(row.seq, read_act(parse_web_act(content.signed_act).payload))
