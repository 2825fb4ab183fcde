"""A forgotten or blocked code, a lost card: the supervisor, a second person and the officer make a new code.

The key of the officer was wrapped under what is lost. So there is a new key with a new enrolment, and the old
key ends (SECURITY-DESIGN 11).
"""

from dataclasses import dataclass, field

from kiosk_app.store.slots import SlotKind
from kiosk_app.use_cases.ceremony import Ceremony, TwoCodes
from kiosk_app.use_cases.enrol_officer import OfficerChanged, keep_officer, officer_enrolment
from kiosk_app.use_cases.list_officers import enrolled, find_officer
from kiosk_app.use_cases.revoke_officer import signed_end, slots_of
from procuration.adapters.keys import SoftwareKey
from procuration.domain.competence import check_competence
from procuration.domain.identifiers import Kid


@dataclass(frozen=True, slots=True)
class NewCode:
    """Chosen by the officer alone, and where its second secret lives: as before when None."""

    code: str = field(repr=False)
    kind: SlotKind | None = None


class ResetCode:
    """Everything of the old code and key ends, everything of the new begins: one step."""

    def __init__(self, ceremony: Ceremony) -> None:
        self._ceremony = ceremony

    def __call__(self, codes: TwoCodes, kid: Kid, new: NewCode) -> OfficerChanged:
        """The term stays what it was. Raises: RuleViolated AGENT_INCONNU, HABILITATION_RETIREE,
        HABILITATION_TERMINEE (renew instead), CODE_TROP_COURT, CODE_DEJA_PRIS; as `Ceremony.gather`."""
        ceremony = self._ceremony
        gathered = ceremony.gather(codes)
        row = find_officer(ceremony.station, kid)
        before, named = enrolled(row)
        at = ceremony.now()
        check_competence(before.habilitation, before.log_id, max(at, before.not_before))
        start = max(before.not_before, gathered.entry.not_before)
        key = SoftwareKey.generate()
        enrolment = officer_enrolment(ceremony, key, named, start, before.not_after)
        signed, ended = ceremony.signed(gathered, enrolment), signed_end(ceremony, gathered, row)
        assert ended is not None, "it was in its term"
        old = slots_of(ceremony, row)
        kind = new.kind or (old[0] if old else gathered.opened.slot).kind
        opened = ceremony.station.slots.add(new.code, kind, gathered.opened.store_key, key.kid)

        def keep() -> None:
            ceremony.station.store.officers.end(kid, at, ended)
            keep_officer(ceremony, key, opened, signed)

        seq = ceremony.change(gathered, [ended, signed], keep, added=opened, removed=old)
        return OfficerChanged(kid=key.kid, seq=seq, not_after=before.not_after)
