"""Accounts of officers, their security keys, and the habilitations that entitle those (W3C Web
Authentication, 7.1; SECURITY-DESIGN 4).
"""

import os
from base64 import urlsafe_b64encode
from typing import Final

from django.contrib.auth.models import User
from django.db import transaction
from webauthn import (
    base64url_to_bytes,
    generate_registration_options,
    options_to_json,
    verify_registration_response,
)
from webauthn.helpers import decode_credential_public_key
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.decode_credential_public_key import DecodedEC2PublicKey, DecodedOKPPublicKey
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    UserVerificationRequirement,
)

from procuration.domain.events import Enrolled
from procuration.domain.identifiers import LogId
from procuration.domain.people import PlaceType
from procuration.errors import RecordRejected, RuleViolated
from procuration.record.cose_key import ed25519_cose_key, kid_of, p256_cose_key
from procuration.record.directory import Role
from procuration.record.enrolment import Enrolment, EnrolmentRequest, encode_request, verify_enrolment
from server.brigade.models import OfficerAccount, SecurityKey
from server.brigade.site import Site
from server.config.centre import Centre
from server.ledger.known import Known
from server.ledger.models import Device
from server.ledger.officers import take_in_enrolments
from server.ledger.own_log import Entry, append, ledger_epoch
from server.ledger.tree import append_due_leaves
from server.mairie.services import check_new_account

ANSWER_BYTES_MAX: Final = 8 * 1024
"""Of what a browser says about a new key: its public part, and an attestation that is not asked for."""
KEYS_MAX: Final = 5
ALGORITHMS: Final = [COSEAlgorithmIdentifier.ECDSA_SHA_256, COSEAlgorithmIdentifier.EDDSA]
_LOG_YEARS: Final = 100
"""The centre's own logs have no term (`KnownDevice.ends_at`); the column wants a date."""


@transaction.atomic
def open_officer_account(
    centre: Centre, username: str, password: str, unit: str, unit_name: str, place_code: str
) -> OfficerAccount:
    """An account for an officer of a unit, and the log that the centre will write for it.

    Raises: RuleViolated COMMUNE_INCONNUE, UNITE_INCONNUE, and those of `check_new_account`.
    """
    kinds = (PlaceType.COMMUNE.value, PlaceType.ARRONDISSEMENT_MUNICIPAL.value)
    if not any((place_code, kind) in centre.tables.communes for kind in kinds):
        raise RuleViolated("COMMUNE_INCONNUE", commune=place_code)
    if not 0 < len(unit) <= 64 or not unit_name.strip() or len(unit_name) > 200:
        raise RuleViolated("UNITE_INCONNUE")
    check_new_account(username, password)
    user = User.objects.create_user(username, password=password)
    return OfficerAccount.objects.create(
        user=user,
        log=_new_log(centre, unit, unit_name, place_code),
        epoch=ledger_epoch(centre),
        place_code=place_code,
    )


def _new_log(centre: Centre, unit: str, unit_name: str, place_code: str) -> Device:
    now = centre.clock.now()
    return Device.objects.create(
        log_id=os.urandom(8).hex(),
        kid=centre.signer.kid.hex(),
        cose_key=centre.signer.cose_key,
        role=Role.SERVER.value,
        unit=unit,
        unit_name=unit_name,
        place=place_code,
        not_before=now,
        not_after=now.replace(year=now.year + _LOG_YEARS, day=1),
        enrolled_at=now,
    )


def key_wanted(account: OfficerAccount, site: Site) -> tuple[str, bytes]:
    """What to ask the browser for a new key, as JSON, and the challenge that its answer must name.

    Raises: RuleViolated CLES_TROP_NOMBREUSES.
    """
    known = list(account.keys.all())
    if len(known) >= KEYS_MAX:
        raise RuleViolated("CLES_TROP_NOMBREUSES", most=KEYS_MAX)
    options = generate_registration_options(
        rp_id=site.name,
        rp_name=site.name,
        user_name=account.log.unit_name,
        user_id=bytes.fromhex(account.log.log_id),
        authenticator_selection=AuthenticatorSelectionCriteria(
            user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=credential_of(key)) for key in known],
        supported_pub_key_algs=ALGORITHMS,
    )
    return options_to_json(options), options.challenge


def credential_of(key: SecurityKey) -> bytes:
    """The bytes by which a browser knows the key."""
    return base64url_to_bytes(key.credential_id)


def add_key(
    account: OfficerAccount, centre: Centre, site: Site, answer: str, challenge: bytes
) -> SecurityKey:
    """Keep the key that the browser made; it may sign nothing yet.

    Raises: RecordRejected CLE_REFUSEE, when the answer is not for this challenge and site, or the key did not
        verify who held it; RuleViolated CLE_CONNUE.
    """
    if len(answer) > ANSWER_BYTES_MAX:
        raise RecordRejected("CLE_REFUSEE")
    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.name,
            expected_origin=site.origin,
            require_user_verification=True,
            supported_pub_key_algs=ALGORITHMS,
        )
        cose_key = _in_our_form(made.credential_public_key)
    except (WebAuthnException, ValueError, TypeError, KeyError) as error:
        raise RecordRejected("CLE_REFUSEE") from error
    credential = urlsafe_b64encode(made.credential_id).rstrip(b"=").decode()
    key, is_new = SecurityKey.objects.get_or_create(
        credential_id=credential,
        defaults={
            "account": account,
            "kid": kid_of(cose_key).hex(),
            "cose_key": cose_key,
            "added_at": centre.clock.now(),
        },
    )
    if not is_new:
        raise RuleViolated("CLE_CONNUE")
    return key


def _in_our_form(public: bytes) -> bytes:
    """The COSE_Key as this project writes it, its algorithm fully specified (RFC 9864). Raises:
    ValueError."""
    match decode_credential_public_key(public):
        case DecodedEC2PublicKey(x=x, y=y):
            return p256_cose_key(x, y)
        case DecodedOKPPublicKey(x=x):
            return ed25519_cose_key(x)
        case _:
            raise ValueError("neither P-256 nor Ed25519")


def enrolment_request(key: SecurityKey) -> bytes:
    """What a supervisor signs a habilitation from, byte for byte like the request of a tablet."""
    log_id = LogId(bytes.fromhex(key.account.log.log_id))
    return encode_request(EnrolmentRequest(cose_key=bytes(key.cose_key), sealing_key=None, log_id=log_id))


def take_in_habilitation(centre: Centre, signed: bytes) -> Enrolment:
    """Log the habilitation of a security key; the same one again changes nothing.

    Raises: RecordRejected CLE_INCONNUE, when it names no key registered here, or a code of
        `verify_enrolment`; RuleViolated COMPTE_A_ROUVRIR, as `check_log`.
    """
    enrolment = verify_enrolment(signed, centre.tables.directory, centre.realm, met_at=centre.clock.now())
    found = SecurityKey.objects.filter(
        kid=enrolment.kid.hex(), account__log__log_id=enrolment.log_id.hex()
    ).select_related("account__log")
    key = found.first()
    if key is None or enrolment.role is not Role.OFFICER or bytes(key.cose_key) != enrolment.cose_key:
        raise RecordRejected("CLE_INCONNUE")
    check_log(key.account, centre)
    with transaction.atomic():
        log = Device.objects.select_for_update(no_key=True).get(pk=key.account.log_id)
        if log.officers.filter(
            kid=key.kid, not_before=enrolment.not_before, not_after=enrolment.not_after
        ).exists():
            return enrolment
        at = centre.clock.now()
        events = append(centre, log, [Entry(Enrolled(signed_enrolment=signed), None)], at)
        known = Known(centre)
        known.add(events[0].device)
        if faults := take_in_enrolments(known, events):
            raise RecordRejected(str(faults[0].fault))
    append_due_leaves(centre)
    return enrolment


def check_log(account: OfficerAccount, centre: Centre) -> None:
    """The log was begun in this very ledger: after a restore, its end may be missing here, and a second
    event at the same place would be a fork.

    Raises: RuleViolated COMPTE_A_ROUVRIR: the officer needs a new account.
    """
    if bytes(account.epoch) != ledger_epoch(centre):
        raise RuleViolated("COMPTE_A_ROUVRIR")
