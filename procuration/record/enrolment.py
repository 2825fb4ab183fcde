"""Who may join: the enrolment of a device or an officer, signed by a supervisor (SECURITY-DESIGN 4, typ
procu/enrol/1).

A device's enrolment is its configuration; an officer's is logged on the tablet (kind 19) before the first
act and needs no
network.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from procuration.domain.competence import Habilitation
from procuration.domain.identifiers import Kid, LogId, Realm
from procuration.domain.people import PlaceType
from procuration.errors import RecordRejected
from procuration.ports import Signer
from procuration.record import canonical
from procuration.record.cose_key import VerifyingKey, kid_of
from procuration.record.directory import Directory, Role
from procuration.record.limits import ENROLMENT_BYTES_MAX
from procuration.record.sealed import SUITE2_PUBLIC_BYTES, SealingPublicKey, SuiteId
from procuration.record.shape import instant, integer, number_of, octets, seconds, sequence, text, words
from procuration.record.signed import Typ, parse_signed, sign, verify


class Profile(StrEnum):
    """What a tablet is for; the computer of a town hall without network is one of them here."""

    ACCUEIL = "accueil"
    BRIGADE = "brigade"
    MAIRIE = "mairie"


class OfflineRequestPolicy(StrEnum):
    """What an officer may do with a request filed without FranceConnect (DESIGN, decision 3)."""

    DEMATERIALISED = "dematerialised"
    CERFA = "cerfa"


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What a tablet is told at enrolment: it is signed, so a program option can only assert it.

    Attributes:
        place: INSEE code of the commune where the tablet stands; of a town hall, the only place that it
            decides for.
        departement: code whose locked copies it receives.
        place_type: of a town hall only, for codes alone are shared.
    """

    profile: Profile
    unit_name: str
    place: str
    departement: str
    policy: OfflineRequestPolicy
    place_type: PlaceType | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Designation:
    """An officer's names, quality and designation (R. 72-1; R-14)."""

    nom: str = field(repr=False)
    prenoms: str = field(repr=False)
    qualite: str
    designation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """A key, its role, unit and term.

    Attributes:
        log_id: the device's own log, or the tablet's log that an officer key acts in.
        sealing_key: where the centre seals to; devices only.
        designation: officers only.
        configuration: devices only.
    """

    cose_key: bytes
    role: Role
    unit: str
    not_before: datetime
    not_after: datetime
    log_id: LogId
    sealing_key: SealingPublicKey | None = None
    designation: Designation | None = None
    configuration: Configuration | None = None

    @property
    def kid(self) -> Kid:
        """Of the COSE_Key."""
        return kid_of(self.cose_key)

    @property
    def habilitation(self) -> Habilitation:
        """What an officer's enrolment entitles to."""
        return Habilitation(
            kid=self.kid, log_id=self.log_id, not_before=self.not_before, not_after=self.not_after
        )


OFFICER_TERM_MAX: Final = timedelta(days=90, hours=1)
"""Ninety local days (SECURITY-DESIGN 3); the hour is the one that clocks give back in autumn."""
_DEVICE_ROLES: Final = (Role.KIOSK, Role.BRIGADE, Role.TOWN_HALL)
PROFILE_OF: Final = {
    Role.KIOSK: Profile.ACCUEIL,
    Role.BRIGADE: Profile.BRIGADE,
    Role.TOWN_HALL: Profile.MAIRIE,
}
_CONFIGURATION_LENGTH: Final = 5


def sign_enrolment(enrolment: Enrolment, supervisor: Signer, realm: Realm) -> bytes:
    """The encoded COSE_Sign1 of an enrolment."""
    value: dict[int, object] = {
        0: 1,
        1: enrolment.cose_key,
        2: enrolment.role.value,
        3: enrolment.unit,
        4: seconds(enrolment.not_before),
        5: seconds(enrolment.not_after),
        6: enrolment.log_id,
    }
    if enrolment.sealing_key is not None:
        value[7] = enrolment.sealing_key.public
    if (named := enrolment.designation) is not None:
        value[8] = [named.nom, named.prenoms, named.qualite]
        value[9] = named.designation
    if (told := enrolment.configuration) is not None:
        place_type = [] if told.place_type is None else [told.place_type.value]
        value[10] = [
            *(told.profile.value, told.unit_name, told.place, told.departement, told.policy.value),
            *place_type,
        ]
    return sign(canonical.encode(value), Typ.ENROLMENT, supervisor, realm)


def verify_enrolment(
    signed_enrolment: bytes, directory: Directory, realm: Realm, *, met_at: datetime | None = None
) -> Enrolment:
    """The enrolment, once signed by a supervisor of the directory who was in office when it began.

    Args:
        met_at: given by whoever meets it for the first time. Its own dates are the supervisor's word: once
        revoked, a stolen key could date any enrolment back.
    Raises: RecordRejected ENROLMENT_FIELDS, ENROLMENT_TERM, KEY_REVOKED, or a code of `directory`, `signed`.
    """
    signed = parse_signed(signed_enrolment, max_bytes=ENROLMENT_BYTES_MAX)
    supervisor = directory.entry(signed.kid, Role.SUPERVISOR)
    enrolment = read_enrolment(verify(signed, VerifyingKey(supervisor.cose_key), Typ.ENROLMENT, realm))
    directory.valid_entry(signed.kid, enrolment.not_before, Role.SUPERVISOR)
    if met_at is not None and supervisor.revoked_at is not None and met_at >= supervisor.revoked_at:
        raise RecordRejected("KEY_REVOKED", kid=signed.kid.hex())
    return enrolment


def read_enrolment(payload: bytes) -> Enrolment:
    """The enrolment of a payload whose signature the caller checks. Raises: RecordRejected."""
    value = canonical.decode(payload, max_bytes=ENROLMENT_BYTES_MAX)
    if not isinstance(value, dict) or not set(range(7)) <= set(value) <= set(range(11)):
        raise RecordRejected("ENROLMENT_FIELDS")
    if integer(value[0]) != 1 or (8 in value) != (9 in value):
        raise RecordRejected("ENROLMENT_FIELDS")
    enrolment = Enrolment(
        cose_key=octets(value[1], maximum=128),
        role=number_of(Role, value[2]),
        unit=text(value[3]),
        not_before=instant(value[4]),
        not_after=instant(value[5]),
        log_id=LogId(octets(value[6], length=8)),
        sealing_key=_sealing_key(value[7]) if 7 in value else None,
        designation=_designation(value[8], value[9]) if 8 in value else None,
        configuration=_configuration(value[10]) if 10 in value else None,
    )
    _check_shape(enrolment)
    return enrolment


def _check_shape(enrolment: Enrolment) -> None:
    VerifyingKey(enrolment.cose_key)
    term = enrolment.not_after - enrolment.not_before
    if term <= timedelta(0) or (enrolment.role is Role.OFFICER and term > OFFICER_TERM_MAX):
        raise RecordRejected("ENROLMENT_TERM")
    device = enrolment.role in _DEVICE_ROLES
    configuration = enrolment.configuration
    profile = None if configuration is None else configuration.profile
    if (
        (not device and enrolment.role is not Role.OFFICER)
        or (enrolment.sealing_key is not None) != device
        or (enrolment.designation is not None) != (enrolment.role is Role.OFFICER)
        or profile != PROFILE_OF.get(enrolment.role)
    ):
        raise RecordRejected("ENROLMENT_FIELDS")


def _sealing_key(value: object) -> SealingPublicKey:
    return SealingPublicKey(SuiteId.MLKEM768_X25519, octets(value, length=SUITE2_PUBLIC_BYTES))


def _designation(names: object, designation: object) -> Designation:
    nom, prenoms, qualite = (words(part) for part in sequence(names, 3))
    return Designation(nom=nom, prenoms=prenoms, qualite=qualite, designation=words(designation))


def _configuration(value: object) -> Configuration:
    parts = sequence(value, maximum=_CONFIGURATION_LENGTH + 1)
    told, place_type = parts[:_CONFIGURATION_LENGTH], parts[_CONFIGURATION_LENGTH:]
    profile, unit_name, place, departement, policy = (text(part) for part in sequence(told, 5))
    if profile not in tuple(Profile) or policy not in tuple(OfflineRequestPolicy):
        raise RecordRejected("ENROLMENT_FIELDS")
    if bool(place_type) != (profile == Profile.MAIRIE):
        raise RecordRejected("ENROLMENT_FIELDS")
    return Configuration(
        profile=Profile(profile),
        unit_name=unit_name,
        place=place,
        departement=departement,
        policy=OfflineRequestPolicy(policy),
        place_type=number_of(PlaceType, place_type[0]) if place_type else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolmentRequest:
    """What a tablet asks to be enrolled with: its public keys and the log it will write.

    Attributes:
        sealing_key: devices only.
    """

    cose_key: bytes
    sealing_key: SealingPublicKey | None
    log_id: LogId


def encode_request(request: EnrolmentRequest) -> bytes:
    """`cbor({0: 1, 1: COSE_Key, 2: suite 2 public key or null, 3: log id})`, carried by hand or by
    network."""
    sealing_key = None if request.sealing_key is None else request.sealing_key.public
    return canonical.encode({0: 1, 1: request.cose_key, 2: sealing_key, 3: request.log_id})


def read_request(data: bytes) -> EnrolmentRequest:
    """Raises: RecordRejected."""
    value = canonical.decode(data, max_bytes=ENROLMENT_BYTES_MAX)
    if not isinstance(value, dict) or set(value) != set(range(4)) or integer(value[0]) != 1:
        raise RecordRejected("ENROLMENT_FIELDS")
    cose_key = octets(value[1], maximum=128)
    VerifyingKey(cose_key)
    sealing_key = None if value[2] is None else _sealing_key(value[2])
    return EnrolmentRequest(
        cose_key=cose_key, sealing_key=sealing_key, log_id=LogId(octets(value[3], length=8))
    )
