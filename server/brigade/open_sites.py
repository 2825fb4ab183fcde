"""The listed public places where an officer on line may act today (R. 72-1 III; R-16)."""

from dataclasses import dataclass

from procuration.domain.people import Place, PlaceType
from procuration.domain.sites import open_on
from server.brigade.models import OfficerAccount
from server.brigade.own_acts import local_day, zone_of_unit
from server.config.centre import Centre
from server.pages.french import clock_time, listed
from server.texts_fr import text


@dataclass(frozen=True, slots=True)
class OpenSite:
    """One place of the préfet's list, and when it receives people today."""

    id: str
    name: str
    hours: str


def sites_open_today(centre: Centre, account: OfficerAccount) -> list[OpenSite]:
    """Those of the unit's own département: the préfet lists the places of theirs (R. 72-1 III)."""
    today = local_day(centre, account, centre.clock.now())
    mine = _departement(account.place_code)
    zone = zone_of_unit(centre, account)
    return [
        OpenSite(
            id=one.id,
            name=one.name,
            hours=listed(
                text(
                    "brigade.place.hours",
                    opens=clock_time(opening.opens_at, zone),
                    closes=clock_time(opening.closes_at, zone),
                )
                for opening in one.openings_on(today)
            ),
        )
        for one in open_on(today, centre.tables.sites)
        if _departement(one.insee_code) == mine
    ]


def _departement(insee_code: str) -> str:
    return Place(code=insee_code, type=PlaceType.COMMUNE, cog_year=0).departement
