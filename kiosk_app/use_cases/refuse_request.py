"""An officer refuses a request: with a code, a rule and a sentence for the person, never without (I-10)."""

from kiosk_app.station import Station
from kiosk_app.use_cases.officer_act import ActDone, ActToSign, Checked, OfficerAct
from procuration.domain.acts import ActDecision
from procuration.domain.identifiers import Rid
from procuration.domain.refusal import OFFICER_CODES, RefusalCode
from procuration.errors import RuleViolated


class RefuseRequest:
    """Refuses a request the officer has opened; an expired or late one can still be refused."""

    def __init__(self, station: Station) -> None:
        self._officer = OfficerAct(station)

    def __call__(self, rid: Rid, reason: RefusalCode, checked: Checked, code: str) -> ActDone:
        """Raises: RuleViolated RAISON_MANQUANTE, DEMANDE_INTROUVABLE, DEJA_DECIDEE, why the officer may not
        act now, then as `KeySlots.open`.
        """
        if reason not in OFFICER_CODES:
            raise RuleViolated("RAISON_MANQUANTE")
        held = self._officer.opened(rid)
        asked = ActToSign(held=held, decision=ActDecision.REFUSED, checked=checked, refusal_code=reason)
        return self._officer.sign(asked, code)
