"""An officer establishes a procuration: the checks of the law, the code again, one signed event."""

from kiosk_app.station import Station
from kiosk_app.store.requests import HeldRequest
from kiosk_app.use_cases.officer_act import ActDone, ActToSign, Checked, OfficerAct
from procuration.domain.acts import ActDecision
from procuration.domain.competence import Form
from procuration.domain.events import Authentication
from procuration.domain.identifiers import Rid
from procuration.domain.teleprocedure import form_of
from procuration.errors import RuleViolated
from procuration.record.enrolment import OfflineRequestPolicy


class ValidateRequest:
    """Establishes the procuration of a request the officer has opened."""

    def __init__(self, station: Station) -> None:
        self._station = station
        self._officer = OfficerAct(station)

    def check(self, rid: Rid, checked: Checked) -> HeldRequest:
        """Everything but the code, so that the screen can say it first.

        Raises: RuleViolated DEMANDE_INTROUVABLE, DEJA_DECIDEE, PAPIER_OBLIGATOIRE, or as
        `OfficerAct.may_sign`.
        """
        self._asked(rid, checked)
        return self._officer.opened(rid)

    def __call__(self, rid: Rid, checked: Checked, code: str) -> ActDone:
        """Raises: as `check`, then as `KeySlots.open`."""
        return self._officer.sign(self._asked(rid, checked), code)

    def _asked(self, rid: Rid, checked: Checked) -> ActToSign:
        held = self._officer.opened(rid)
        asked = ActToSign(held=held, decision=ActDecision.ESTABLISHED, checked=checked)
        self._officer.may_sign(asked)
        self._check_policy(held)
        return asked

    def _check_policy(self, held: HeldRequest) -> None:
        """Where the unit's signed policy wants the form, a request without authentication is not established
        (R-27): it is copied onto the form, which is then keyed in."""
        cerfa = self._station.store.configuration.policy is OfflineRequestPolicy.CERFA
        form = form_of(held.filed.channel)
        if cerfa and form is Form.TELEPROCEDURE and held.filed.authentication is Authentication.NONE:
            raise RuleViolated("PAPIER_OBLIGATOIRE")
