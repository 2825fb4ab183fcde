"""An officer takes back what they established by mistake, with a reason: a second act, never an erasure.

The second act refuses what the first established. Two contrary decisions on one request are no new case: the
procuration does not stand, and a person at the centre decides with both acts before them (status
`Doubt.DEUX_DECISIONS`; DESIGN, decision 5). A refusal or a résiliation is not taken back so: the person files
again, or gives another procuration (R-48).
"""

from datetime import datetime
from typing import Final

from kiosk_app.station import Station
from kiosk_app.store.requests import HeldRequest
from kiosk_app.use_cases.officer_act import ActDone, ActToSign, IdentityCheck, OfficerAct
from kiosk_app.use_cases.own_acts import request_of
from kiosk_app.use_cases.recorded_acts import RecordedAct, read_recorded_act
from procuration.domain.acts import ActDecision, Declarations
from procuration.domain.refusal import CORRECTION_CODES, RefusalCode
from procuration.errors import RuleViolated

REASONS: Final = CORRECTION_CODES
"""Why an act should not have been signed."""


class CorrectAct:
    """Takes back one act of today, of the officer at work, on this tablet."""

    def __init__(self, station: Station) -> None:
        self._station = station
        self._officer = OfficerAct(station)

    def __call__(self, seq: int, reason: RefusalCode, code: str) -> ActDone:
        """Raises: RuleViolated RAISON_MANQUANTE, or as `check`, then as `KeySlots.open`."""
        if reason not in REASONS:
            raise RuleViolated("RAISON_MANQUANTE")
        held = self._established(seq)
        nothing_checked = IdentityCheck(declarations=Declarations(0), document=None)
        asked = ActToSign(
            held=held,
            decision=ActDecision.REFUSED,
            checked=nothing_checked,
            refusal_code=reason,
            corrects=True,
        )
        self._officer.may_sign(asked)
        return self._officer.sign(asked, code)

    def check(self, seq: int) -> None:
        """Whether this act may be taken back.

        Raises: RuleViolated ACTE_EFFACE (no such act here any more), CORRECTION_AUTRE_AGENT,
            CORRECTION_TROP_TARD (another day), CORRECTION_DE_REFUS, CORRECTION_DE_RESILIATION, DEJA_CORRIGEE,
            DEJA_RESILIEE.
        """
        self._established(seq)

    def _established(self, seq: int) -> HeldRequest:
        events = self._station.store.log.events(seq, 1)
        recorded = read_recorded_act(events[0]) if events and events[0].seq == seq else None
        if recorded is None:
            raise RuleViolated("ACTE_EFFACE")
        self._check_whose(recorded)
        match recorded.act.decision:
            case ActDecision.REVOKED:
                raise RuleViolated("CORRECTION_DE_RESILIATION")
            case ActDecision.ESTABLISHED:
                pass
            case _:
                raise RuleViolated("CORRECTION_DE_REFUS")
        if self._officer.is_revoked(recorded.act.rid):
            raise RuleViolated("DEJA_RESILIEE")
        if self._officer.decisions_here(recorded.act.rid) > 1:
            raise RuleViolated("DEJA_CORRIGEE")
        return request_of(events[0])

    def _check_whose(self, recorded: RecordedAct) -> None:
        if recorded.officer != self._station.officer.kid:
            raise RuleViolated("CORRECTION_AUTRE_AGENT")
        if self._day(recorded.act.wall) != self._day(self._station.clock.now()):
            raise RuleViolated("CORRECTION_TROP_TARD")

    def _day(self, at: datetime) -> object:
        return at.astimezone(self._station.store.zone).date()
