"""An officer establishes a procuration: the checks of the law, the code again, one signed event."""

from kiosk_app.station import Station
from kiosk_app.store.requests import HeldRequest
from kiosk_app.use_cases.officer_act import ActDone, ActToSign, Checked, OfficerAct
from procuration.domain.acts import ActDecision, missing_to_establish
from procuration.domain.events import Authentication
from procuration.domain.identifiers import Rid
from procuration.domain.sites import check_place
from procuration.domain.status import add_months
from procuration.domain.validity import OneScrutin, Period, check_period, check_scrutin
from procuration.errors import RuleViolated
from procuration.record.enrolment import OfflineRequestPolicy


class ValidateRequest:
    """Establishes the procuration of a request the officer has opened."""

    def __init__(self, station: Station) -> None:
        self._station = station
        self._officer = OfficerAct(station)

    def check(self, rid: Rid, checked: Checked) -> HeldRequest:
        """Everything but the code, so that the screen can say it first.

        Raises: RuleViolated DEMANDE_INTROUVABLE, DEJA_DECIDEE, DECLARATION_MANQUANTE (ids: missing),
            LIEU_NON_AUTORISE, DEMANDE_EXPIREE, PAPIER_OBLIGATOIRE, SCRUTIN_PASSE, DUREE_EXCESSIVE, or why
            the officer may not act now.
        """
        held = self._officer.opened(rid)
        self._officer.may_act()
        _check_declarations(checked)
        now = self._station.clock.now()
        check_place(self._officer.place(checked), self._station.store.tables.sites, now)
        self._check_request(held)
        return held

    def __call__(self, rid: Rid, checked: Checked, code: str) -> ActDone:
        """Raises: as `check`, then as `KeySlots.open`."""
        held = self.check(rid, checked)
        return self._officer.sign(
            ActToSign(held=held, decision=ActDecision.ESTABLISHED, checked=checked), code
        )

    def _check_request(self, held: HeldRequest) -> None:
        """What the law asks at the instant of the établissement, not of the request."""
        store, filed = self._station.store, held.filed
        now = self._station.clock.now()
        today = now.astimezone(store.zone).date()
        filed_on = held.filed_at.astimezone(store.zone).date()
        months = store.tables.law.number("request_expiry_months", filed.vote_place, filed_on)
        if now > add_months(held.filed_at, months):
            raise RuleViolated("DEMANDE_EXPIREE")
        cerfa = store.configuration.policy is OfflineRequestPolicy.CERFA
        if cerfa and filed.authentication is Authentication.NONE:
            raise RuleViolated("PAPIER_OBLIGATOIRE")
        match filed.validity:
            case OneScrutin():
                check_scrutin(filed.validity, store.tables.calendar, filed.vote_place, now)
            case Period():
                years = store.tables.law.period_years_max(filed.vote_place, today)
                check_period(filed.validity, years, today)


def _check_declarations(checked: Checked) -> None:
    """Without each declaration nothing is established (R-07, R-17, R-18)."""
    missing = missing_to_establish(checked.declarations, checked.place)
    if missing:
        raise RuleViolated("DECLARATION_MANQUANTE", missing=missing.value)
