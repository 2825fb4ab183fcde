"""Prints the sheet from which a person fills in the paper form, when policy or law wants it (R-27, R-73)."""

from typing import Protocol

from kiosk_app.leaflet import Leaflet
from kiosk_app.leaflet_image import leaflet_printout
from kiosk_app.preparation_leaflet import Prepared, preparation
from kiosk_app.sheet import Roll
from kiosk_app.station import Station
from kiosk_app.use_cases.print_act import PutOnPaper, commune_in_words, validity_of
from procuration.domain.validity import Validity


class ToPrepare(Prepared, Protocol):
    """A request as it was answered, filed or not."""

    @property
    def validity(self) -> Validity: ...


class PrintPreparation:
    """Nothing is recorded: the sheet is made of what stands on the screen, and forgotten with it."""

    def __init__(self, station: Station, put_on_paper: PutOnPaper, roll: Roll = Roll.MM_80) -> None:
        self._station, self._put_on_paper, self._roll = station, put_on_paper, roll

    def __call__(self, asked: ToPrepare) -> None:
        """Raises: CarrierUnavailable IMPRESSION, IMPRIMANTE_ABSENTE; RuleViolated POSTE_FERME."""
        leaflet = self.leaflet(asked)
        self._put_on_paper(leaflet.kind, leaflet_printout(leaflet, self._roll))

    def leaflet(self, asked: ToPrepare) -> Leaflet:
        """The sheet as words."""
        store, theirs = self._station.store, asked.mandataire.enrolment
        return preparation(
            asked,
            commune_in_words(store, asked.vote_place),
            commune_in_words(store, theirs) if theirs else "",
            validity_of(store, asked.validity),
        )
