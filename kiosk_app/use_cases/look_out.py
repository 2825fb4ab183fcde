"""Tells an officer what is unusual about the act they are about to sign, from the acts that this tablet still
has (DOMAIN 9.8). Nothing is recorded of it, and nothing is refused."""

from collections.abc import Iterator

from kiosk_app.station import Station
from kiosk_app.use_cases.own_acts import read_own_act
from procuration.domain.acts import ActDecision, ActPlaceKind
from procuration.domain.alerts import Alert, PastAct, alerts_for
from procuration.domain.events import Kind
from procuration.domain.identifiers import Rid
from procuration.domain.people import civil_key
from procuration.errors import RuleViolated


class LookOut:
    """The alerts about one opened request."""

    def __init__(self, station: Station) -> None:
        self._station = station

    def __call__(self, rid: Rid, place: ActPlaceKind) -> tuple[Alert, ...]:
        """Raises: RuleViolated SESSION_FERMEE, DEMANDE_INTROUVABLE."""
        officer, store = self._station.officer, self._station.store
        held = officer.opened.get(rid)
        if held is None or officer.kid is None:
            raise RuleViolated("DEMANDE_INTROUVABLE")
        today = self._station.clock.now().astimezone(store.zone).date()
        mandataire = civil_key(held.filed.mandataire)
        asked = PastAct(day=today, officer=officer.kid, place=place, mandataire=mandataire)
        return alerts_for(asked, self._past(), store.tables.alert_policy)

    def _past(self) -> Iterator[PastAct]:
        """What was established here and is not purged yet: 48 h after the centre holds it for good."""
        store = self._station.store
        for event in store.log.of_kind(Kind.ACT):
            own = read_own_act(event)
            if own is not None and own.act.decision is ActDecision.ESTABLISHED:
                yield PastAct(
                    day=own.act.wall.astimezone(store.zone).date(),
                    officer=own.officer,
                    place=own.act.place.kind,
                    mandataire=civil_key(own.filed.mandataire),
                )
