"""How a tablet and its officers come to be: keys born here, enrolled by a supervisor, then brought into use.

Three steps for a tablet (prepare, enrol elsewhere, install), the same three for an officer.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

from kiosk_app.identity import Identity
from kiosk_app.second_secrets import NO_KEEPERS, Keepers
from kiosk_app.station import SOFTWARE_VERSION, Station, write_copies
from kiosk_app.store.attempts import Attempts
from kiosk_app.store.connection import KEY_BYTES, create_store
from kiosk_app.store.high_water import KEY_BYTES as HIGH_WATER_KEY_BYTES
from kiosk_app.store.officers import OfficerRow
from kiosk_app.store.settings import Setting, Settings
from kiosk_app.store.slots import (
    Argon2Cost,
    KeySlots,
    Slot,
    SlotKind,
    wrap_officer_key,
)
from procuration.adapters.durable_file import sync_folder, write_durably
from procuration.adapters.foreign_file import read_regular
from procuration.adapters.keys import SoftwareKey
from procuration.adapters.spool import ROOT_BYTES_MAX, AppSpool
from procuration.adapters.trust import realm_of, verified_targets
from procuration.domain.events import Enrolled, SlotChange, SlotOperation, Start, StartReason
from procuration.domain.identifiers import LogId
from procuration.errors import ProcurationError, RecordRejected, RuleViolated
from procuration.ports import Clock
from procuration.record.directory import Role
from procuration.record.enrolment import Enrolment, EnrolmentRequest, encode_request, verify_enrolment
from procuration.record.sealed import Purpose, SealingPrivateKey, SuiteId, seal

REQUEST: Final = "request.cbor"
"""The tablet's request for enrolment, kept in its folder: with it, the store beside it is complete."""
ROOT: Final = "root.json"
_LOG_ID_BYTES: Final = 8
_OWNER_ONLY: Final = 0o600
NOTHING_CARRIED: Final[Mapping[Setting, bytes]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """The two ways to open a new store.

    Attributes:
        agent: a short code, with the second secret that `kind` names: the service key at most units.
        supervisor: a pass phrase, which needs nothing else.
    """

    agent: str = field(repr=False)
    supervisor: str = field(repr=False)
    kind: SlotKind = SlotKind.SERVICE_KEY


def first_root(path: Path) -> bytes:
    """The first root metadata of the realm. Raises: RecordRejected RACINE_ABSENTE."""
    try:
        return read_regular(path.parent, path.name, ROOT_BYTES_MAX)
    except FileNotFoundError as error:
        raise RecordRejected("RACINE_ABSENTE") from error


def prepare(
    folder: Path,
    root: bytes,
    codes: Codes,
    second_secret: bytes,
    clock: Clock,
    cost: Argon2Cost,
    carried: Mapping[Setting, bytes] = NOTHING_CARRIED,
    keepers: Keepers = NO_KEEPERS,
) -> bytes:
    """An encrypted store with the tablet's own keys in it; returns the request for its enrolment.

    Args:
        second_secret: the unit's service key; not used by the codes of another kind.
        carried: what a renewal brings over from the store before it.
    Raises: RuleViolated MAGASIN_EXISTANT, CODE_TROP_COURT, or what a keeper says; then nothing is left.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    identity = Identity(realm_of(root), LogId(os.urandom(_LOG_ID_BYTES)))
    store_key = os.urandom(KEY_BYTES)
    connection = create_store(folder, store_key)
    identity.write(folder)
    attempts = Attempts(folder, clock)
    slots = KeySlots(folder, identity.realm, identity.log_id, attempts, lambda: second_secret, cost, keepers)
    try:
        slots.add(codes.agent, codes.kind, store_key)
        slots.add(codes.supervisor, SlotKind.PASS_PHRASE, store_key)
    except ProcurationError:
        connection.close()
        unmake(folder)
        raise
    signer = SoftwareKey.generate()
    sealing = SealingPrivateKey.generate(SuiteId.MLKEM768_X25519, os.urandom)
    settings = Settings(connection)
    with connection.transaction():
        settings.put(Setting.REALM, identity.realm)
        settings.put(Setting.LOG_ID, identity.log_id)
        settings.put(Setting.SIGNING_KEY, signer.seed)
        settings.put(Setting.SEALING_KEY, sealing.private)
        settings.put(Setting.FIRST_ROOT, root)
        for name, value in carried.items():
            settings.put(name, value)
        settings.put(Setting.HIGH_WATER_KEY, os.urandom(HIGH_WATER_KEY_BYTES))
    connection.close()
    request = encode_request(
        EnrolmentRequest(cose_key=signer.cose_key, sealing_key=sealing.public, log_id=identity.log_id)
    )
    write_durably(folder / ROOT, root)
    write_durably(folder / REQUEST, request)  # last: with it the folder is complete
    return request


def unmake(folder: Path) -> None:
    """A store whose codes could not be made opens for nobody, and would be taken for one that does."""
    for pattern in ("store.db*", "slots.cbor", "attempts.cbor", "identity.cbor"):
        for path in folder.glob(pattern):
            path.unlink()
    sync_folder(folder)


def install(
    station: Station,
    code: str,
    signed_enrolment: bytes,
    root: bytes,
    verified: Mapping[str, bytes],
    spool: AppSpool,
) -> None:
    """Brings the enrolment and the signed tables into the store, and tells the centre.

    Args:
        verified: the tables of the repository, verified from `root` (see `verified_tables`).
    Raises: RuleViolated POSTE_DEJA_INSTALLE; RecordRejected RACINE_AUTRE, ENROLEMENT_D_UN_AUTRE, or what was
        wrong with the tables or the enrolment; as `Station.open`.
    """
    if realm_of(root) != station.identity.realm:
        raise RecordRejected("RACINE_AUTRE")
    station.open(code, installed=False)
    store = station.store
    if store.settings.find(Setting.ENROLMENT) is not None:
        raise RuleViolated("POSTE_DEJA_INSTALLE")
    store.tables.put(verified)
    store.log.directory_version = store.tables.directory.version
    enrolment = _first_met(station, signed_enrolment)
    ours = (store.signer.cose_key, store.sealing_key.public, store.log.log_id)
    if (enrolment.cose_key, enrolment.sealing_key, enrolment.log_id) != ours or enrolment.role not in (
        Role.KIOSK,
        Role.BRIGADE,
    ):
        raise RecordRejected("ENROLEMENT_D_UN_AUTRE")
    centre = store.tables.centre_key(station.clock.now())
    spool.put_root(root)
    spool.put_enrolment(seal(signed_enrolment, centre, Purpose.ENROL, store.log.realm))
    assert enrolment.configuration is not None, "a kiosk or brigade enrolment has one"
    zone = store.tables.zone_of(enrolment.configuration.departement)
    write_copies(station.folder, signed_enrolment, zone)
    with store.log.transaction():
        store.settings.put(Setting.ENROLMENT, signed_enrolment)
        start = Start(software_version=SOFTWARE_VERSION, reason=StartReason.PROGRAM, kid=None)
        store.log.append(start)
        for slot in station.slots.listed():
            store.log.append(_added(slot))


def verified_tables(folder: Path, root: bytes, repository: Path) -> dict[str, bytes]:
    """The signed tables of a repository, remembered so that an older one is refused later.

    Raises: RecordRejected TRUST_..., when anything is not signed as the root says.
    """
    return verified_targets(root, repository, folder / "trust")


def add_code(station: Station, code: str, new_code: str, kind: SlotKind = SlotKind.SERVICE_KEY) -> Slot:
    """One more code for an agent, as when a forgotten one is blocked: the supervisor's phrase opens for it.

    Raises: as `Station.open` and `KeySlots.add`.
    """
    opened = station.open(code)
    added = station.slots.add(new_code, kind, opened.store_key)
    station.store.log.append(_added(added.slot))
    return added.slot


def remove_code(station: Station, code: str, slot_id: bytes) -> None:
    """Takes a code away, as after a lost card; the others open as before.

    Raises: as `Station.open` and `KeySlots.remove`; RuleViolated CODE_EN_SERVICE, for the code given here.
    """
    opened = station.open(code)
    if opened.slot.slot_id == slot_id:
        raise RuleViolated("CODE_EN_SERVICE")
    gone = station.slots.remove(slot_id)
    removed = replace(_added(gone), operation=SlotOperation.REMOVED)
    station.store.log.append(removed)


def prepare_officer(
    station: Station, code: str, officer_code: str, kind: SlotKind = SlotKind.SERVICE_KEY
) -> bytes:
    """An officer key born on this tablet under the officer's own code; returns the request for its enrolment.

    Raises: RuleViolated CODE_TROP_COURT, CODE_DEJA_PRIS; as `Station.open`.
    """
    opened = station.open(code)
    store = station.store
    key = SoftwareKey.generate()
    slot = station.slots.add(officer_code, kind, opened.store_key, key.kid)
    with store.log.transaction():
        store.officers.add(
            OfficerRow(
                kid=key.kid,
                slot_id=slot.slot.slot_id,
                cose_key=key.cose_key,
                wrapped=wrap_officer_key(slot, key.kid, key.seed),
                enrolment=None,
                revoked_at=None,
            )
        )
        store.log.append(_added(slot.slot))
    return encode_request(EnrolmentRequest(cose_key=key.cose_key, sealing_key=None, log_id=store.log.log_id))


def _first_met(station: Station, signed_enrolment: bytes) -> Enrolment:
    """The enrolment, signed by a supervisor whom the directory has not revoked, whatever our clock says."""
    directory = station.store.tables.directory
    met_at = max(station.clock.now(), directory.issued)
    return verify_enrolment(signed_enrolment, directory, station.store.log.realm, met_at=met_at)


def install_officer(station: Station, code: str, signed_enrolment: bytes) -> None:
    """Brings an officer's signed enrolment into use: an event, before the first act, without any network.

    Raises: RecordRejected ENROLEMENT_D_UN_AUTRE, or what was wrong with it; as `Station.open`.
    """
    station.open(code)
    store = station.store
    enrolment = _first_met(station, signed_enrolment)
    known = store.officers.find(enrolment.kid)
    if enrolment.role is not Role.OFFICER or enrolment.log_id != store.log.log_id or known is None:
        raise RecordRejected("ENROLEMENT_D_UN_AUTRE")
    with store.log.transaction():
        store.officers.put_enrolment(enrolment.kid, signed_enrolment)
        store.log.append(Enrolled(signed_enrolment=signed_enrolment))


def _added(slot: Slot) -> SlotChange:
    return SlotChange(
        slot_id=slot.slot_id, slot_kind=slot.kind.value, operation=SlotOperation.ADDED, kid=slot.kid
    )
