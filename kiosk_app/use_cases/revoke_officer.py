"""A supervisor and a second person take an officer off this tablet, with no network: their code opens nothing
any more, their key is forgotten, and the log says since when (R-14).
"""

from dataclasses import replace
from datetime import timedelta

from kiosk_app.store.officers import OfficerRow
from kiosk_app.store.slots import Slot
from kiosk_app.use_cases.ceremony import Ceremony, Gathered, TwoCodes
from kiosk_app.use_cases.enrol_officer import OfficerChanged
from kiosk_app.use_cases.list_officers import enrolled
from procuration.domain.identifiers import Kid
from procuration.errors import RuleViolated

_SHORTEST = timedelta(seconds=1)


class RevokeOfficer:
    """Ends a habilitation before its term, or takes away what is left of an ended one."""

    def __init__(self, ceremony: Ceremony) -> None:
        self._ceremony = ceremony

    def __call__(self, codes: TwoCodes, kid: Kid) -> OfficerChanged:
        """Also for one whom the centre has withdrawn already: their code still opened the store.

        Raises: RuleViolated AGENT_INCONNU; HABILITATION_RETIREE, when it is done already; DERNIERS_CODES,
            when fewer than two codes would be left; as `Ceremony.gather`.
        """
        gathered = self._ceremony.gather(codes)
        row = self._still_here(kid)
        removed = slots_of(self._ceremony, row)
        self._ceremony.station.slots.check_enough([slot.slot_id for slot in removed])
        ended = signed_end(self._ceremony, gathered, row)
        at = self._ceremony.now()
        seq = self._ceremony.change(
            gathered,
            [] if ended is None else [ended],
            lambda: self._ceremony.station.store.officers.end(kid, at, ended),
            removed=removed,
        )
        return OfficerChanged(kid=kid, seq=seq, not_after=at)

    def _still_here(self, kid: Kid) -> OfficerRow:
        row = self._ceremony.station.store.officers.find(kid)
        if row is None:
            raise RuleViolated("AGENT_INCONNU")
        if not row.wrapped:
            raise RuleViolated("HABILITATION_RETIREE")
        return row


def slots_of(ceremony: Ceremony, row: OfficerRow) -> list[Slot]:
    """Their slot, when it still stands in the file."""
    return [slot for slot in ceremony.station.slots.listed() if slot.slot_id == row.slot_id]


def signed_end(ceremony: Ceremony, gathered: Gathered, row: OfficerRow) -> bytes | None:
    """Their enrolment again, ending now; None when it was never signed, is forgotten, or is over already.

    A supervisor who came into office later than it began signs for their own time only.
    """
    if row.enrolment is None:
        return None
    enrolment, _ = enrolled(row)
    if enrolment.not_after <= ceremony.now():
        return None
    start = max(enrolment.not_before, gathered.entry.not_before)
    end = max(ceremony.now(), start + _SHORTEST)
    return ceremony.signed(gathered, replace(enrolment, not_before=start, not_after=end))
