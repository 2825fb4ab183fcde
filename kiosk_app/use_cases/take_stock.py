"""What a tablet has left of what it lives on: references, room on the disk, a fresh directory."""

from dataclasses import dataclass
from datetime import datetime

from kiosk_app.station import Station
from kiosk_app.store.connection import FREE_BYTES_MIN
from kiosk_app.store.full_disk import free_bytes
from kiosk_app.store.settings import Setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplies:
    """The stock of one tablet.

    Attributes:
        references_left: leased and not given yet; None where none are needed (an officer’s station).
        last_contact: of the last verified answer, None before the first.
        directory_age_days: from `directory_days_max` on, nobody may sign an act.
        free_bytes: of the disk; below `free_bytes_min` nothing new is recorded.
    """

    references_left: int | None
    last_contact: datetime | None
    directory_age_days: int
    directory_days_max: int
    free_bytes: int
    free_bytes_min: int


class TakeStock:
    """Counts at each call."""

    def __init__(self, station: Station, *, with_references: bool) -> None:
        self._station, self._with_references = station, with_references

    def __call__(self) -> Supplies:
        """Raises: RuleViolated POSTE_FERME."""
        store = self._station.store
        return Supplies(
            references_left=store.leases.left if self._with_references else None,
            last_contact=store.settings.instant(Setting.LAST_CONTACT),
            directory_age_days=store.tables.age_days(self._station.clock.now()),
            directory_days_max=store.tables.directory_days_max,
            free_bytes=free_bytes(self._station.folder),
            free_bytes_min=FREE_BYTES_MIN,
        )
