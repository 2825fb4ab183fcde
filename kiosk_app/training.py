"""`procuration-kiosk training`: the screens of a tablet over a throw-away one, with a band that never leaves.

Starts no agent, writes to no stick, moves no clock, and prints only marked paper.
"""

from dataclasses import replace
from datetime import datetime

from kiosk_app.devices.training_printer import TrainingPrinter
from kiosk_app.officer_desk import no_supervisor_key
from kiosk_app.parts import LocalCalendar, PluggedIn, Workshop
from kiosk_app.presenters.accueil import AccueilParts
from kiosk_app.presenters.draft import Draft
from kiosk_app.presenters.formats import birth_date_in_words, reference_in_groups
from kiosk_app.presenters.ports import RunInBackground, Timers
from kiosk_app.presenters.prefill import person_draft_of
from kiosk_app.presenters.wording import Wording
from kiosk_app.training_ground import BIRTH, Ground, invented_requests
from kiosk_app.use_cases.copy_to_stick import CopyToStick
from procuration.domain.people import Place, PlaceType
from procuration.errors import CarrierUnavailable
from procuration.record.enrolment import Profile


def band(say: Wording, ground: Ground, profile: Profile) -> str:
    """What stands above every page."""
    if profile is Profile.ACCUEIL:
        return say("training.band", code=ground.code)
    shown = ", ".join(map(reference_in_groups, ground.references))
    return say("training.brigade", code=ground.code, references=shown, birth=birth_date_in_words(say, BIRTH))


def refuse_to_set_clock(_: datetime) -> None:
    """A training never moves the clock of the machine. Raises: CarrierUnavailable HORLOGE_NON_REGLABLE."""
    raise CarrierUnavailable("HORLOGE_NON_REGLABLE")


class NoStick(CopyToStick):
    """A training writes on no stick: what it holds must not even set out."""

    def start(self) -> None:
        """Raises: CarrierUnavailable CLE_USB_ABSENTE."""
        raise CarrierUnavailable("CLE_USB_ABSENTE")


class TrainingWorkshop(Workshop):
    """The parts of a real tablet, but what reaches outside it."""

    def __init__(self, ground: Ground, devices: PluggedIn) -> None:
        marked = replace(devices, printer=TrainingPrinter(devices.printer))
        super().__init__(
            ground.station, ground.spool, marked, no_supervisor_key, set_clock=refuse_to_set_clock
        )

    def accueil(
        self, timers: Timers, run_in_background: RunInBackground, print_aside: RunInBackground | None = None
    ) -> AccueilParts:
        """For the elector's tablet: somebody invented has already typed their answers."""
        return replace(super().accueil(timers, run_in_background, print_aside), invented=self.invented)

    def copy_to_stick(self) -> CopyToStick:
        return NoStick(self._spool, self.station.clock, self.station.random, lambda _: None)

    def invented(self) -> Draft:
        """The answers of an invented elector of the place of this tablet."""
        store = self.station.store
        year = self.station.clock.now().year  # only to look the place up
        wanted = Place(code=store.configuration.place, type=PlaceType.COMMUNE, cog_year=year)
        found = store.tables.communes.named(wanted)
        assert found is not None, "the ground was built with this place"
        asked = invented_requests(found.place, self.station.clock.now())[0]
        open_ = LocalCalendar(self.station).open_scrutins(found.place)
        return Draft(
            mandant=person_draft_of(asked.mandant, found),
            mandataire=person_draft_of(asked.mandataire, found),
            no_email=True,
            by_number=False,
            by_period=not open_,
        )
