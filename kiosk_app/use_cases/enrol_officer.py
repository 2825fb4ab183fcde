"""A supervisor and a second person make somebody an officer of this tablet, with no network: a key born here
under the officer's own code, and a signed enrolment in the log before the first act (SECURITY-DESIGN 4).
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from kiosk_app.store.officers import OfficerRow
from kiosk_app.store.settings import Setting
from kiosk_app.store.slots import Opened, SlotKind, wrap_officer_key
from kiosk_app.use_cases.ceremony import Ceremony, Gathered, TwoCodes
from procuration.adapters.keys import SoftwareKey
from procuration.domain.identifiers import Kid
from procuration.domain.people import check_name
from procuration.domain.term import term_of
from procuration.errors import RecordRejected, RuleViolated
from procuration.record.directory import Role
from procuration.record.enrolment import Designation, Enrolment, read_enrolment
from procuration.record.limits import ENROLMENT_BYTES_MAX
from procuration.record.shape import words
from procuration.record.signed import parse_signed


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOfficer:
    """What the officer types at the tablet; every part but the code is in the enrolment.

    Attributes:
        designation: who designated them, and when (R. 72-1; R-14).
        last_day: local, included.
        kind: where the second secret of their code lives; as for the second person's code when None.
    """

    nom: str = field(repr=False)
    prenoms: str = field(repr=False)
    qualite: str
    designation: str
    last_day: date
    code: str = field(repr=False)
    kind: SlotKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerChanged:
    """The change is on the disk.

    Attributes:
        seq: of its last event: once the centre has it, the centre has the change.
        not_after: when the habilitation ends now, None for a change without one.
    """

    kid: Kid
    seq: int
    not_after: datetime | None


class EnrolOfficer:
    """Makes the key, the slot and the enrolment, or nothing."""

    def __init__(self, ceremony: Ceremony) -> None:
        self._ceremony = ceremony

    def __call__(self, codes: TwoCodes, asked: NewOfficer) -> OfficerChanged:
        """Raises: RuleViolated NOM_..., PRENOMS_..., QUALITE_MANQUANTE, DESIGNATION_MANQUANTE,
        OFFICER_PERIOD, CODE_TROP_COURT, CODE_DEJA_PRIS; as `Ceremony.gather`."""
        named = checked_designation(asked)
        gathered = self._ceremony.gather(codes)
        start, end = term_from_today(self._ceremony, gathered, asked.last_day)
        key = SoftwareKey.generate()
        enrolment = officer_enrolment(self._ceremony, key, named, start, end)
        signed = self._ceremony.signed(gathered, enrolment)
        second = gathered.opened
        kind = asked.kind or second.slot.kind
        opened = self._ceremony.station.slots.add(asked.code, kind, second.store_key, key.kid)
        seq = self._ceremony.change(
            gathered, [signed], lambda: keep_officer(self._ceremony, key, opened, signed), added=opened
        )
        return OfficerChanged(kid=key.kid, seq=seq, not_after=end)


def term_from_today(ceremony: Ceremony, gathered: Gathered, last_day: date) -> tuple[datetime, datetime]:
    """From the start of today, or of the supervisor's own term, to the end of a local day.

    Raises: RuleViolated OFFICER_PERIOD.
    """
    zone = ceremony.station.store.zone
    start, end = term_of(ceremony.now().astimezone(zone).date(), last_day, zone)
    return max(start, gathered.entry.not_before), end


def officer_enrolment(
    ceremony: Ceremony, key: SoftwareKey, named: Designation, start: datetime, end: datetime
) -> Enrolment:
    """For this tablet and its unit."""
    store = ceremony.station.store
    ours = parse_signed(store.settings.get(Setting.ENROLMENT), max_bytes=ENROLMENT_BYTES_MAX)
    return Enrolment(
        cose_key=key.cose_key,
        role=Role.OFFICER,
        unit=read_enrolment(ours.payload).unit,
        not_before=start,
        not_after=end,
        log_id=store.log.log_id,
        designation=named,
    )


def keep_officer(ceremony: Ceremony, key: SoftwareKey, opened: Opened, signed: bytes) -> None:
    """The officer's row, their key wrapped by their own slot."""
    officers = ceremony.station.store.officers
    officers.add(
        OfficerRow(
            kid=key.kid,
            slot_id=opened.slot.slot_id,
            cose_key=key.cose_key,
            wrapped=wrap_officer_key(opened, key.kid, key.seed),
            enrolment=None,
            revoked_at=None,
        )
    )
    officers.put_enrolment(key.kid, signed)


def checked_designation(asked: NewOfficer) -> Designation:
    """What the supervisor will sign. Raises: RuleViolated, as `EnrolOfficer`."""
    return Designation(
        nom=check_name(asked.nom, "NOM"),
        prenoms=check_name(asked.prenoms, "PRENOMS"),
        qualite=_words(asked.qualite, "QUALITE_MANQUANTE"),
        designation=_words(asked.designation, "DESIGNATION_MANQUANTE"),
    )


def _words(typed: str, code: str) -> str:
    try:
        return words(typed.strip())
    except RecordRejected as error:
        raise RuleViolated(code) from error
