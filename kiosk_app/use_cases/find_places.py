"""Where an elector may go with their reference: the nearest brigades and commissariats, from the signed
table."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from kiosk_app.station import Station
from procuration.domain.places import (
    ESTABLISHING,
    Hours,
    ReceptionPlace,
    Standing,
    departement_of,
    nearest,
    standing_at,
)
from procuration.errors import RecordRejected
from procuration.record.places import read_around

SHOWN_MAX = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class NearPlace:
    """One place, as the screen and the paper need it.

    Attributes:
        metres: how far it is; None when that is not known.
        today: the local day of the place; `hours`: when it receives people that day.
    """

    name: str
    address: tuple[str, ...]
    phone: str
    metres: int | None
    standing: Standing
    today: date
    hours: tuple[Hours, ...]
    hours_known: bool


class FindPlaces:
    """Reads the table anew each time: it is large, and asked once for each elector."""

    def __init__(self, station: Station) -> None:
        self._station = station

    def __call__(self, commune: str | None = None, count: int = SHOWN_MAX) -> tuple[NearPlace, ...]:
        """Near a commune, or near the commune where this tablet stands.

        Raises: RuleViolated POSTE_FERME.
        """
        store = self._station.store
        table = store.tables.places
        if table is None:
            return ()
        commune = commune or store.configuration.place
        local_of = self._local_times()
        around = read_around(table, commune, ESTABLISHING)
        return tuple(
            _shown(one.place, one.metres, local_of(one.place))
            for one in nearest(commune, around, local_of, count)
        )

    def here(self) -> str:
        """Code of the commune where this tablet stands. Raises: RuleViolated POSTE_FERME."""
        return self._station.store.configuration.place

    def _local_times(self) -> Callable[[ReceptionPlace], datetime]:
        store, now = self._station.store, self._station.proved_now()
        zones: dict[str, ZoneInfo] = {}

        def local_of(place: ReceptionPlace) -> datetime:
            departement = departement_of(place.commune)
            if departement not in zones:
                try:
                    zones[departement] = store.tables.zone_of(departement)
                except RecordRejected:  # a territory that this millésime does not have: the tablet's own hour
                    zones[departement] = store.zone
            return now.astimezone(zones[departement])

        return local_of


def _shown(place: ReceptionPlace, metres: int | None, local: datetime) -> NearPlace:
    return NearPlace(
        name=place.name,
        address=place.address,
        phone=place.phone,
        metres=metres,
        standing=standing_at(place, local),
        today=local.date(),
        hours=place.hours_on(local.date()),
        hours_known=place.hours_known,
    )
