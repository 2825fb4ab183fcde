"""A supervisor and a second person give an officer of this tablet a new term, with the same key."""

from dataclasses import replace
from datetime import date

from kiosk_app.use_cases.ceremony import Ceremony, TwoCodes
from kiosk_app.use_cases.enrol_officer import OfficerChanged, term_from_today
from kiosk_app.use_cases.list_officers import enrolled, find_officer
from procuration.domain.identifiers import Kid


class RenewOfficer:
    """A new enrolment event; code and slot stay."""

    def __init__(self, ceremony: Ceremony) -> None:
        self._ceremony = ceremony

    def __call__(self, codes: TwoCodes, kid: Kid, last_day: date) -> OfficerChanged:
        """Raises: RuleViolated AGENT_INCONNU; HABILITATION_RETIREE, since a key that was withdrawn is never
        used again; OFFICER_PERIOD; as `Ceremony.gather`."""
        gathered = self._ceremony.gather(codes)
        enrolment, _ = enrolled(find_officer(self._ceremony.station, kid))
        start, end = term_from_today(self._ceremony, gathered, last_day)
        signed = self._ceremony.signed(gathered, replace(enrolment, not_before=start, not_after=end))
        officers = self._ceremony.station.store.officers
        seq = self._ceremony.change(gathered, [signed], lambda: officers.put_enrolment(kid, signed))
        return OfficerChanged(kid=kid, seq=seq, not_after=end)
