"""Takes in the enrolment of a device: a supervisor's signature makes it count here at once, before the next
directory.
"""

from datetime import datetime
from typing import Final

from django.db import transaction

from procuration.errors import RecordRejected
from procuration.record.directory import Role
from procuration.record.enrolment import Enrolment, verify_enrolment
from procuration.record.limits import ENROLMENT_BYTES_MAX
from procuration.record.sealed import Purpose, open_seal
from server.config.centre import Centre
from server.dossiers.refolding import rebuild
from server.dossiers.services import take_in_established
from server.ledger.ends import accept_end
from server.ledger.enums import Aside, Refusal
from server.ledger.models import Device, SetAside

_DEVICES: Final = (Role.KIOSK, Role.BRIGADE, Role.TOWN_HALL)
_REFOLDED_MAX: Final = 10_000


def accept_enrolment(centre: Centre, sealed: bytes, received_at: datetime) -> None:
    """Store a device, or the end of an officer's habilitation; the same enrolment again changes nothing.

    Raises: RecordRejected LOT_TROP_GRAND, SCELLE_ILLISIBLE, RESPONSABLE_INCONNU, HABILITATION_ILLISIBLE,
    APPAREIL_DEJA_ENROLE, APPAREIL_RETIRE.
    """
    if len(sealed) > ENROLMENT_BYTES_MAX + 2048:
        raise RecordRejected(Refusal.TOO_LARGE)
    try:
        signed = open_seal(
            sealed, centre.sealing_keys, Purpose.ENROL, centre.realm, max_bytes=ENROLMENT_BYTES_MAX + 2048
        )
    except RecordRejected as error:
        raise RecordRejected(Refusal.SEAL) from error
    accept_signed(centre, signed, received_at)


def accept_signed(centre: Centre, signed: bytes, received_at: datetime) -> None:
    """The same, once opened, or brought by hand. Raises: RecordRejected, as `accept_enrolment`."""
    enrolment = _verified(centre, signed, received_at)
    if enrolment.role is Role.OFFICER:
        accept_end(centre, enrolment, signed, received_at)
        return
    if enrolment.not_after < received_at:
        raise RecordRejected(Refusal.RETIRED_DEVICE)
    with transaction.atomic():
        row = _stored(enrolment, signed, received_at)
    _judge_again(centre, row)


def restore_device(centre: Centre, signed: bytes, met_at: datetime) -> None:
    """Store a device again that a restored database has forgotten, from its enrolment in the archive.

    Raises: RecordRejected, as `accept_enrolment`.
    """
    enrolment = _verified(centre, signed, met_at)
    with transaction.atomic():
        row = _stored(enrolment, signed, met_at)
    _judge_again(centre, row)


def _verified(centre: Centre, signed: bytes, received_at: datetime) -> Enrolment:
    try:
        enrolment = verify_enrolment(signed, centre.tables.directory, centre.realm, met_at=received_at)
    except RecordRejected as error:
        unknown = error.code.startswith(("KEY_", "SIGN"))
        raise RecordRejected(Aside.SUPERVISOR if unknown else Aside.ENROLMENT) from error
    if enrolment.role not in (*_DEVICES, Role.OFFICER):
        raise RecordRejected(Aside.ENROLMENT)
    return enrolment


def _stored(enrolment: Enrolment, signed: bytes, received_at: datetime) -> Device:
    row = Device.objects.select_for_update(no_key=True).filter(log_id=enrolment.log_id.hex()).first()
    if row is not None and (bytes(row.cose_key) != enrolment.cose_key or row.role != enrolment.role.value):
        raise RecordRejected("APPAREIL_DEJA_ENROLE")  # a log belongs to one device for ever
    if row is None:
        row = Device(log_id=enrolment.log_id.hex(), enrolled_at=received_at)
    told = enrolment.configuration
    row.kid, row.cose_key, row.role = enrolment.kid.hex(), enrolment.cose_key, enrolment.role.value
    row.unit, row.not_before, row.not_after = enrolment.unit, enrolment.not_before, enrolment.not_after
    row.sealing_key = None if enrolment.sealing_key is None else enrolment.sealing_key.public
    row.enrolment = signed
    if told is not None:
        row.unit_name, row.departement, row.place = told.unit_name, told.departement, told.place
        row.place_type = None if told.place_type is None else told.place_type.value
    row.save()
    return row


def _judge_again(centre: Centre, row: Device) -> None:
    """Acts that carried a request of this kiosk before anybody knew it get their effect now: order of
    arrival never matters.
    """
    waiting = SetAside.objects.filter(code=Aside.PAIR_DEVICE, rid__isnull=False)
    found = waiting.values_list("rid", flat=True)[:_REFOLDED_MAX]
    rids = sorted({rid for rid in found if rid is not None})
    if rids and row.role == Role.KIOSK.value:
        with transaction.atomic():
            rebuild(centre, rids)
        take_in_established(centre)
