"""A supervisor admits a tablet or an officer, or ends that, from the request that the tablet wrote."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from procuration.adapters.durable_file import write_durably
from procuration.adapters.foreign_file import read_regular
from procuration.adapters.trust import realm_of
from procuration.domain.identifiers import Kid, LogId
from procuration.domain.term import term_of
from procuration.errors import RecordRejected, RuleViolated
from procuration.record.cose_key import kid_of
from procuration.record.directory import Directory, Entry, Role
from procuration.record.enrolment import (
    PROFILE_OF,
    Configuration,
    Designation,
    Enrolment,
    EnrolmentRequest,
    read_enrolment,
    read_request,
    sign_enrolment,
    verify_enrolment,
)
from procuration.record.limits import ENROLMENT_BYTES_MAX
from procuration.record.sealed import Purpose, seal
from procuration.record.signed import parse_signed
from provisioning.authority import supervisor_signer
from provisioning.folder import AuthorityFolder
from provisioning.pass_phrases import PassPhrases
from provisioning.publication import read_registry, signed_directory, write_registry

ROLE_OF: Final = {profile: role for role, profile in PROFILE_OF.items()}
DEVICE_ROLES: Final = (Role.KIOSK, Role.BRIGADE, Role.TOWN_HALL)


@dataclass(frozen=True, slots=True)
class Desk:
    """Where enrolments are made: the authority's folder, and the supervisor who signs."""

    folder: AuthorityFolder
    supervisor: str | None
    pass_phrases: PassPhrases

    def sign(self, enrolment: Enrolment) -> bytes:
        """The enrolment signed, read back as a tablet and the centre will read it, and kept.

        Raises: RuleViolated SUPERVISOR_UNKNOWN; RecordRejected, when the supervisor was not yet in office.
        """
        signer, _ = supervisor_signer(self.folder, self.supervisor, self.pass_phrases)
        realm = realm_of((self.folder.path / "root.json").read_bytes())
        signed = sign_enrolment(enrolment, signer, realm)
        verify_enrolment(signed, read_registry(self.folder), realm)
        write_durably(self.folder.path / "enrolments" / f"{enrolment.kid.hex()}.cbor", signed)
        return signed


def read_request_file(path: Path) -> EnrolmentRequest:
    """A tablet's request. Raises: RecordRejected REQUEST."""
    try:
        return read_request(read_regular(path.parent, path.name, ENROLMENT_BYTES_MAX))
    except RecordRejected as error:
        raise RecordRejected("REQUEST") from error


def check_fingerprint(request: EnrolmentRequest, expected: str | None) -> None:
    """The request is the one whose fingerprint was read on the screen of the tablet, when one was given.

    Raises: RuleViolated FINGERPRINT.
    """
    if expected is not None and expected.replace(" ", "").lower() != kid_of(request.cose_key).hex():
        raise RuleViolated("FINGERPRINT", kid=kid_of(request.cose_key).hex())


def enrol_device(
    desk: Desk,
    request: EnrolmentRequest,
    unit: str,
    configuration: Configuration,
    first: datetime,
    life: timedelta,
) -> tuple[Enrolment, bytes]:
    """Admit a tablet: its signed configuration, and its place in the next directory.

    Raises: RuleViolated DEVICE_KNOWN; RecordRejected REQUEST, when the request is an officer's.
    """
    if request.sealing_key is None:
        raise RecordRejected("REQUEST")
    registry = read_registry(desk.folder)
    enrolment = Enrolment(
        cose_key=request.cose_key,
        role=ROLE_OF[configuration.profile],
        unit=unit,
        not_before=first.replace(microsecond=0),
        not_after=(first + life).replace(microsecond=0),
        log_id=request.log_id,
        sealing_key=request.sealing_key,
        configuration=configuration,
    )
    if any(enrolment.kid == entry.kid or enrolment.log_id == entry.log_id for entry in registry.entries):
        raise RuleViolated("DEVICE_KNOWN")
    signed = desk.sign(enrolment)
    write_registry(desk.folder, replace(registry, entries=(*registry.entries, _entry_of(enrolment))))
    return enrolment, signed


def _entry_of(enrolment: Enrolment) -> Entry:
    return Entry(
        cose_key=enrolment.cose_key,
        role=enrolment.role,
        unit=enrolment.unit,
        not_before=enrolment.not_before,
        not_after=enrolment.not_after,
        revoked_at=None,
        log_id=enrolment.log_id,
    )


def retire_device(folder: AuthorityFolder, log_id: LogId, at: datetime) -> Entry:
    """Say in the next directory that a tablet no longer counts from now on.

    Raises: RuleViolated DEVICE_UNKNOWN, DEVICE_RETIRED.
    """
    registry = read_registry(folder)
    entry = device_of(registry, log_id)
    if entry.revoked_at is not None:
        raise RuleViolated("DEVICE_RETIRED")
    retired = replace(entry, revoked_at=at.replace(microsecond=0))
    entries = tuple(retired if one is entry else one for one in registry.entries)
    write_registry(folder, replace(registry, entries=entries))
    return retired


def device_of(registry: Directory, log_id: LogId) -> Entry:
    """The entry of a tablet. Raises: RuleViolated DEVICE_UNKNOWN."""
    for entry in registry.keys(*DEVICE_ROLES):
        if entry.log_id == log_id:
            return entry
    raise RuleViolated("DEVICE_UNKNOWN")


def term(first_day: str, last_day: str, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The first and last second of two local days.

    Raises: RuleViolated DATE; OFFICER_PERIOD, over 90 days or ending before it begins.
    """
    try:
        first, last = date.fromisoformat(first_day), date.fromisoformat(last_day)
    except ValueError as error:
        raise RuleViolated("DATE") from error
    return term_of(first, last, zone)


def enrol_officer(
    desk: Desk,
    request: EnrolmentRequest,
    unit: str | None,
    designation: Designation,
    between: tuple[datetime, datetime],
    *,
    on_line: bool = False,
) -> tuple[Enrolment, bytes]:
    """Entitle an officer to act on the tablet that made the request, between two instants; or on line, where
    their security key signs in a log that the centre writes for them.

    Raises: RuleViolated DEVICE_UNKNOWN, when that tablet is not enrolled here, UNIT_MISSING on line;
    RecordRejected REQUEST, when the request is a tablet's.
    """
    if request.sealing_key is not None:
        raise RecordRejected("REQUEST")
    if not on_line:
        device = device_of(read_registry(desk.folder), request.log_id)
        unit = unit or device.unit
    if not unit:
        raise RuleViolated("UNIT_MISSING")
    enrolment = Enrolment(
        cose_key=request.cose_key,
        role=Role.OFFICER,
        unit=unit,
        not_before=between[0],
        not_after=between[1],
        log_id=request.log_id,
        designation=designation,
    )
    return enrolment, desk.sign(enrolment)


def end_habilitation(desk: Desk, kid: Kid, at: datetime) -> tuple[Enrolment, bytes]:
    """The same enrolment, ending now: the centre applies it at once and tells the tablet; brought to the
    tablet by hand, it replaces the first one there.

    Raises: RuleViolated OFFICER_UNKNOWN, when no officer enrolled here has this key.
    """
    for enrolment in enrolments_kept(desk.folder):
        if enrolment.kid == kid and enrolment.role is Role.OFFICER:
            ended = replace(enrolment, not_after=max(at, enrolment.not_before + timedelta(seconds=1)))
            return ended, desk.sign(ended)
    raise RuleViolated("OFFICER_UNKNOWN")


def sealed_for_centre(folder: AuthorityFolder, signed: bytes, now: datetime) -> bytes:
    """A signed enrolment, or its end, that only the centre opens: what its enrolment end point takes.

    Raises: RecordRejected, when the newest publication is not well signed; RuleViolated ANNUAIRE_SANS_CLE.
    """
    realm = realm_of((folder.path / "root.json").read_bytes())
    return seal(signed, signed_directory(folder).centre(now), Purpose.ENROL, realm)


def enrolments_kept(folder: AuthorityFolder) -> Iterator[Enrolment]:
    """Every enrolment signed here."""
    for path in sorted((folder.path / "enrolments").glob("*.cbor")):
        signed = read_regular(path.parent, path.name, ENROLMENT_BYTES_MAX)
        yield read_enrolment(parse_signed(signed, max_bytes=ENROLMENT_BYTES_MAX).payload)
