"""From which figure on the console says something: settings of the deployer, not law (DOMAIN 9.8).

They only inform. Nothing here refuses an act, a tablet or an elector (DESIGN, decision 14).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from procuration.record.directory import Role
from server.config.options import Options

_NIGHT_AND_DAY: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """The figures in force.

    Attributes:
        silence: how long a device of a role may say nothing before it is called silent.
        acts_per_day: of one officer.
        same_place: acts of one day away from the unit, in one commune or listed place.
        same_mandataire: procurations that name one person.
        night: hours by the clock of the act's place, from the first to before the second.
        night_acts: of one officer in one day.
        home_alone: acts of one officer in one day in homes, when nobody else signed on the tablet that day.
    """

    silence: Mapping[int, timedelta]
    acts_per_day: int
    same_place: int
    same_mandataire: int
    night: tuple[int, int]
    night_acts: int
    home_alone: int

    def expected(self, role: int, last_contact: datetime | None) -> datetime | None:
        """Until when a device that spoke then should speak again; None for one that never spoke."""
        return None if last_contact is None else last_contact + self.silence[role]

    def is_silent(self, role: int, last_contact: datetime | None, now: datetime) -> bool:
        """Whether a device should have spoken since."""
        expected = self.expected(role, last_contact)
        return expected is None or expected < now

    def is_night(self, hour: int) -> bool:
        """Whether an act at this hour of its place is one of the night."""
        first, end = self.night
        return first <= hour < end if first <= end else hour >= first or hour < end


def thresholds_of(options: Options) -> Thresholds:
    """What the settings say."""
    hours = {
        Role.KIOSK.value: options.silent_hours_accueil,
        Role.BRIGADE.value: options.silent_hours_brigade,
        Role.TOWN_HALL.value: options.silent_hours_mairie,
    }
    return Thresholds(
        silence={role: timedelta(hours=number) for role, number in hours.items()},
        acts_per_day=options.alert_acts_per_day,
        same_place=options.alert_same_place,
        same_mandataire=options.alert_same_mandataire,
        night=(options.alert_night_from % _NIGHT_AND_DAY, options.alert_night_until % _NIGHT_AND_DAY),
        night_acts=options.alert_night_acts,
        home_alone=options.alert_home_alone,
    )


def thresholds() -> Thresholds:
    """Those of this centre."""
    from server.config.settings import (
        OPTIONS,
    )  # read late, as the centre's home is: commands may set it first

    return thresholds_of(OPTIONS)
