"""The paper of the end of a shift: how many decisions, and which are not yet known to be at the centre.

References and counts only: it is left on a desk, and says nobody's name.
"""

from kiosk_app.leaflet import Fact, Leaflet
from kiosk_app.leaflet_image import leaflet_printout
from kiosk_app.receipt import day_in_words, reference_shown
from kiosk_app.sheet import Roll
from kiosk_app.station import Station
from kiosk_app.use_cases.list_day import ActOfDay, ListDay
from kiosk_app.use_cases.print_act import PutOnPaper
from procuration.domain.acts import ActDecision

_COUNTED = (
    ("Procurations validées", ActDecision.ESTABLISHED),
    ("Demandes refusées", ActDecision.REFUSED),
    ("Résiliations", ActDecision.REVOKED),
)


class PrintDay:
    """Prints the day of the officer at work."""

    def __init__(self, station: Station, put_on_paper: PutOnPaper, roll: Roll = Roll.MM_80) -> None:
        self._station, self._put_on_paper, self._roll = station, put_on_paper, roll

    def __call__(self) -> None:
        """Raises: RuleViolated, as `ListDay`; CarrierUnavailable IMPRESSION, IMPRIMANTE_ABSENTE."""
        self._put_on_paper("fin-de-service", leaflet_printout(self.leaflet(), self._roll))

    def leaflet(self) -> Leaflet:
        """The paper as words."""
        store, acts = self._station.store, ListDay(self._station)()
        local = self._station.clock.now().astimezone(store.zone)
        waiting = [act for act in acts if act.received_at is None]
        counts = ((label, sum(act.decision is decision for act in acts)) for label, decision in _COUNTED)
        return Leaflet(
            kind="fin-de-service",
            over=store.configuration.unit_name,
            title="Fin de service",
            warning="" if not waiting else "Des décisions ne sont pas encore reçues par le centre.",
            facts=(
                Fact(label="Le", lines=(f"{day_in_words(local.date())}, {local.hour} h {local.minute:02d}",)),
                *(Fact(label=label, lines=(str(number),)) for label, number in counts),
                Fact(label="Pas encore reçues par le centre", lines=_listed(waiting) or ("Aucune",)),
            ),
            steps=()
            if not waiting
            else (
                "Laissez la tablette allumée : elle continue d’envoyer.",
                "Sinon, copiez-les sur une clé USB.",
            ),
            notes=("Aucune donnée n’est perdue pendant la coupure.",),
        )


def _listed(acts: list[ActOfDay]) -> tuple[str, ...]:
    """Each by its reference, or by its number in the register of this tablet."""
    return tuple(f"{reference_shown(act.reference) or 'Sans référence'} (acte n° {act.seq})" for act in acts)
