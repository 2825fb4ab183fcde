"""Prints the papers of an act of this tablet from its log, as often as asked while its body is here (R-24).

The act is signed and on the disk before: nothing is lost when a printer fails.
"""

from collections.abc import Callable

from kiosk_app import act_leaflets
from kiosk_app.act_leaflets import Circumstances
from kiosk_app.leaflet import Leaflet
from kiosk_app.leaflet_image import leaflet_printout
from kiosk_app.receipt import validity_in_words
from kiosk_app.sheet import Printout, Roll
from kiosk_app.station import OpenStore, Station
from kiosk_app.use_cases.recorded_acts import RecordedAct, read_recorded_act
from procuration.domain.acts import Act, ActDecision
from procuration.domain.events import Filed
from procuration.domain.law import ControlRegime
from procuration.domain.people import Place, PlaceType
from procuration.domain.validity import OneScrutin, Validity, rounds_covered
from procuration.errors import RuleViolated

PutOnPaper = Callable[[str, Printout], None]
"""Prints one paper under a name of its kind and its act. Raises: CarrierUnavailable."""


class PrintAct:
    """The récépissé of one act and, of an établissement, the slip of the mandataire as a paper of its own."""

    def __init__(self, station: Station, put_on_paper: PutOnPaper, roll: Roll = Roll.MM_80) -> None:
        self._station, self._put_on_paper, self._roll = station, put_on_paper, roll

    def __call__(self, seq: int) -> None:
        """Raises: RuleViolated ACTE_EFFACE; CarrierUnavailable IMPRESSION, IMPRIMANTE_ABSENTE."""
        for leaflet in self.leaflets(seq):
            self._put_on_paper(f"{leaflet.kind}-{seq}", leaflet_printout(leaflet, self._roll))

    def leaflets(self, seq: int) -> tuple[Leaflet, ...]:
        """The papers as words. Raises: RuleViolated ACTE_EFFACE, once the body is purged, or for no act."""
        store = self._station.store
        events = store.log.events(seq, 1)
        recorded = read_recorded_act(events[0]) if events and events[0].seq == seq else None
        if recorded is None:
            raise RuleViolated("ACTE_EFFACE")
        return leaflets_of(store, recorded, self._ended(recorded))

    def _ended(self, recorded: RecordedAct) -> Filed | None:
        """The request that a résiliation ends, while it is at hand."""
        rid = None if recorded.subject is None else recorded.subject.rid
        if rid is None:
            return None
        session = self._station.session
        held = session.opened.get(rid) if session else None
        held = held or self._station.store.requests.find(rid)
        return None if held is None else held.filed


def leaflets_of(store: OpenStore, recorded: RecordedAct, ended: Filed | None) -> tuple[Leaflet, ...]:
    """What is printed of an act, by what it decided. `ended`: the request of a résiliation, when known."""
    act, filed, subject = recorded.act, recorded.filed, recorded.subject
    if subject is not None:
        around = _around(store, act, subject.vote_place, subject.validity)
        return (act_leaflets.revoked(act, subject, around, ended),)
    assert filed is not None, "an act that ends nothing is about a request"
    around = _around(store, act, filed.vote_place, filed.validity)
    match act.decision:
        case ActDecision.ESTABLISHED:
            return act_leaflets.established(act, filed, around), act_leaflets.for_mandataire(filed, around)
        case ActDecision.REFUSED:
            return (act_leaflets.refused(act, filed, around),)
        case _:
            return ()


def _around(store: OpenStore, act: Act, vote_place: Place, validity: Validity | None) -> Circumstances:
    local = act.wall.astimezone(store.zone)
    site = next((one.name for one in store.tables.sites if one.id == act.place.site_id), None)
    where = Place(code=act.place.insee_code, type=PlaceType.COMMUNE, cog_year=local.year)
    return Circumstances(
        at=local,
        place=act_leaflets.place_in_words(act, site, commune_in_words(store, where)),
        commune=commune_in_words(store, vote_place),
        validity=() if validity is None else validity_of(store, validity),
        regime=_regime(store, act, vote_place, validity),
    )


def commune_in_words(store: OpenStore, place: Place) -> str:
    """As the signed table names it; its code when it does not."""
    named = store.tables.communes.named(place)
    return named.label if named else place.code


def validity_of(store: OpenStore, validity: Validity) -> tuple[str, ...]:
    """Written expressly (R-34); a ballot that left the calendar keeps its identifier."""
    if not isinstance(validity, OneScrutin):
        return validity_in_words(validity, None)
    scrutin = next((one for one in store.tables.calendar if one.id == validity.scrutin_id), None)
    return validity_in_words(validity, scrutin) if scrutin else (validity.scrutin_id,)


def _regime(store: OpenStore, act: Act, vote_place: Place, validity: Validity | None) -> ControlRegime:
    """Who controls it: by the first polling day that it serves, for a period by the day of the act."""
    day = act.wall.astimezone(store.zone).date()
    if isinstance(validity, OneScrutin):
        rounds = rounds_covered(validity, store.tables.calendar, vote_place)
        day = rounds[0].day if rounds else day
    return store.tables.law.control_regime(vote_place, day)
