"""How the store of a town hall comes to be and is opened: prepare, have it enrolled elsewhere, install.

The database is encrypted with a key drawn here; `store-key.cbor` holds that key under a pass phrase of the
town hall (Argon2id). Nothing else in the folder says a name, except the registers, which are public.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection, transaction

from procuration.adapters.durable_file import write_durably
from procuration.adapters.foreign_file import read_regular
from procuration.adapters.keys import SoftwareKey
from procuration.adapters.pass_phrase import (
    LOCKED_BYTES_MAX,
    SECRET_BYTES,
    Cost,
    lock_secret,
    parse_locked,
)
from procuration.adapters.trust import realm_of, verified_targets
from procuration.domain.identifiers import LogId
from procuration.errors import CarrierUnavailable, RecordRejected, RuleViolated
from procuration.ports import Clock
from procuration.record.directory import Role
from procuration.record.enrolment import Enrolment, EnrolmentRequest, encode_request, verify_enrolment
from procuration.record.sealed import SealingPrivateKey, SuiteId
from server.commune import hall as halls
from server.commune import memory
from server.commune.memory import Name
from server.config.centre import TABLE_NAMES, Centre, tables_of
from server.config.settings_commune import STORE_NAME
from server.config.sqlcipher.keys import give
from server.ledger.models import Device
from server.mairie.models import TownHallAccount

KEY_NAME: Final = "store-key.cbor"
_OWNER_ONLY: Final = 0o600
_LOG_ID_BYTES: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """The trust that a supervisor brings: the first root of the realm, and a folder of signed tables."""

    root: bytes
    repository: Path


def prepare(folder: Path, root: bytes, code: str, cost: Cost) -> bytes:
    """An encrypted store with the keys of this computer in it; returns the request for its enrolment.

    Raises: RuleViolated MAGASIN_EXISTANT, CODE_TROP_COURT.
    """
    database = folder / STORE_NAME
    if database.exists():
        raise RuleViolated("MAGASIN_EXISTANT")
    log_id, key = LogId(os.urandom(_LOG_ID_BYTES)), os.urandom(SECRET_BYTES)
    locked = lock_secret(log_id, key, code, cost)
    os.close(os.open(database, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _OWNER_ONLY))
    write_durably(folder / KEY_NAME, locked.to_bytes(), _OWNER_ONLY)
    give(database, key)
    call_command("migrate", verbosity=0, interactive=False)
    signer = SoftwareKey.generate()
    sealing = SealingPrivateKey.generate(SuiteId.MLKEM768_X25519, os.urandom)
    with transaction.atomic():
        memory.put(Name.FIRST_ROOT, root)
        memory.put(Name.LOG_ID, log_id)
        memory.put(Name.SIGNING_KEY, signer.seed)
        memory.put(Name.SEALING_KEY, sealing.private)
    return encode_request(
        EnrolmentRequest(cose_key=signer.cose_key, sealing_key=sealing.public, log_id=log_id)
    )


def unlock(folder: Path, code: str) -> None:
    """Let this process open the store.

    Raises: CarrierUnavailable MAGASIN_ABSENT; RuleViolated CODE_INCORRECT; RecordRejected CODES_ENDOMMAGES.
    """
    try:
        data = read_regular(folder, KEY_NAME, LOCKED_BYTES_MAX)
    except FileNotFoundError as error:
        raise CarrierUnavailable("MAGASIN_ABSENT") from error
    give(folder / STORE_NAME, parse_locked(data).unlock(code))
    connection.close()


def install(folder: Path, publication: Publication, signed_enrolment: bytes, clock: Clock) -> Centre:
    """Bring the enrolment and the signed tables into the store that was unlocked.

    Raises: RecordRejected RACINE_AUTRE, or what was wrong with the tables; as `install_with`.
    """
    root = memory.get(Name.FIRST_ROOT)
    if realm_of(publication.root) != realm_of(root):
        raise RecordRejected("RACINE_AUTRE")
    found = verified_targets(root, publication.repository, folder / "trust-cache", TABLE_NAMES)
    return install_with(folder, found, signed_enrolment, clock)


def install_with(folder: Path, found: Mapping[str, bytes], signed_enrolment: bytes, clock: Clock) -> Centre:
    """The same, once the tables were verified.

    Raises: RuleViolated POSTE_DEJA_INSTALLE; RecordRejected ENROLEMENT_D_UN_AUTRE, or what was wrong with the
        enrolment.
    """
    if memory.find(Name.ENROLMENT) is not None:
        raise RuleViolated("POSTE_DEJA_INSTALLE")
    directory = tables_of(found).directory
    met_at = max(clock.now(), directory.issued)
    realm = realm_of(memory.get(Name.FIRST_ROOT))
    enrolled = verify_enrolment(signed_enrolment, directory, realm, met_at=met_at)
    _check_ours(enrolled)
    with transaction.atomic():
        halls.keep_tables(found)
        memory.put(Name.ENROLMENT, signed_enrolment)
        halls.raise_floor(directory.issued)
        _first_rows(enrolled, clock)
    return halls.open_hall(folder, clock)


def _check_ours(enrolled: Enrolment) -> None:
    signer, sealing = SoftwareKey(memory.get(Name.SIGNING_KEY)), halls.sealing_key()
    ours = signer.cose_key, sealing.public, memory.get(Name.LOG_ID)
    if (enrolled.cose_key, enrolled.sealing_key, enrolled.log_id) != ours:
        raise RecordRejected("ENROLEMENT_D_UN_AUTRE")
    if enrolled.role is not Role.TOWN_HALL:
        raise RecordRejected("ENROLEMENT_D_UN_AUTRE")


def _first_rows(enrolled: Enrolment, clock: Clock) -> None:
    """Our own log, and the account of whoever knows the code."""
    where = halls.place()
    Device.objects.create(
        log_id=enrolled.log_id.hex(),
        kid=enrolled.kid.hex(),
        cose_key=enrolled.cose_key,
        role=enrolled.role.value,
        unit=enrolled.unit,
        place=where.code,
        place_type=int(where.type),
        not_before=enrolled.not_before,
        not_after=enrolled.not_after,
        enrolled_at=clock.now(),
    )
    user = User(username="mairie")
    user.set_unusable_password()
    user.save()
    TownHallAccount.objects.create(
        user=user,
        pseudonym=secrets.token_hex(8),
        place_code=where.code,
        place_type=int(where.type),
        place_cog_year=where.cog_year,
    )
