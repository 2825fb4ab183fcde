"""The town hall as the code of its computer sees it: a centre of one place, whose log is that of a device.

The pages and services of the portal work on it unchanged: they sign in this log, with this key.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from procuration.adapters.clock import SystemClock
from procuration.adapters.keys import SoftwareKey
from procuration.adapters.trust import realm_of
from procuration.domain.identifiers import LogId
from procuration.domain.people import Place, PlaceType
from procuration.errors import RecordRejected
from procuration.ports import Clock
from procuration.record.enrolment import Enrolment, read_enrolment
from procuration.record.limits import ENROLMENT_BYTES_MAX
from procuration.record.sealed import SealingPrivateKey, SuiteId
from procuration.record.signed import parse_signed
from server.commune import memory
from server.commune.memory import Name
from server.config.centre import TABLE_NAMES, Centre, Tables, current_centre, install_centre, tables_of
from server.dossiers.services import Account
from server.mairie.models import TownHallAccount
from server.mairie.perms import ROLE

_CLOCK_TOLERANCE: Final = timedelta(minutes=5)
_BEFORE_ANY_PROOF: Final = datetime(1970, 1, 1, tzinfo=UTC)


def kept_tables() -> Tables:
    """The signed tables that were verified last. Raises: CarrierUnavailable CENTRE_INCOMPLET."""
    found = {name: data for name in TABLE_NAMES if (data := memory.find(f"table:{name}")) is not None}
    return tables_of(found)


def keep_tables(found: Mapping[str, bytes]) -> None:
    """Verified tables; they stay in use when later ones are missing or expired."""
    for name, data in found.items():
        memory.put(f"table:{name}", data)


def floor() -> datetime:
    """The largest time proved to this computer."""
    return memory.instant(Name.FLOOR) or _BEFORE_ANY_PROOF


def raise_floor(at: datetime) -> None:
    """A time that the centre signed."""
    if at > floor():
        memory.put_instant(Name.FLOOR, at)


def clock_is_behind(now: datetime) -> bool:
    """Whether this clock is earlier than a time that the centre signed: nothing is signed then
    (SECURITY-DESIGN 7), for the hour of a decision would be false."""
    return now < floor() - _CLOCK_TOLERANCE


def why_nothing_is_signed(now: datetime) -> str | None:
    """The code of why this computer must not sign now; None while it may."""
    return stopped() or ("HORLOGE_EN_RETARD" if clock_is_behind(now) else None)


def enrolment() -> Enrolment:
    """What a supervisor signed for this computer; checked when it was installed."""
    signed = parse_signed(memory.get(Name.ENROLMENT), max_bytes=ENROLMENT_BYTES_MAX)
    return read_enrolment(signed.payload)


def open_hall(folder: Path, clock: Clock | None = None) -> Centre:
    """Build the centre of this computer and install it in this process.

    Raises: RecordRejected MAGASIN_INCOMPLET, CarrierUnavailable CENTRE_INCOMPLET.
    """
    hall = Centre(
        home=folder,
        clock=clock or SystemClock(),
        realm=realm_of(memory.get(Name.FIRST_ROOT)),
        log_id=LogId(memory.get(Name.LOG_ID)),
        signer=SoftwareKey(memory.get(Name.SIGNING_KEY)),
        checkpoint_signer=None,
        sealing_keys={},
        epoch_keys={},
        tables=kept_tables(),
        floor=floor,
        may_sign=lambda now: why_nothing_is_signed(now) is None,
    )
    install_centre(hall)
    return hall


def open_again() -> Centre:
    """The same, once tables came: the clock stays."""
    return open_hall(current_centre().home, current_centre().clock)


def sealing_key() -> SealingPrivateKey:
    """Opens what the centre sealed for this computer."""
    return SealingPrivateKey(SuiteId.MLKEM768_X25519, memory.get(Name.SEALING_KEY))


def place() -> Place:
    """The only place of this computer (I-8). Raises: RecordRejected MAGASIN_INCOMPLET."""
    told = enrolment().configuration
    if told is None or told.place_type is None:
        raise RecordRejected("MAGASIN_INCOMPLET", name="place")
    return Place(code=told.place, type=PlaceType(told.place_type), cog_year=enrolment().not_before.year)


def local_account() -> TownHallAccount:
    """The account of whoever knows the code of this computer. Raises: RecordRejected MAGASIN_INCOMPLET."""
    found = TownHallAccount.objects.order_by("pk").first()
    if found is None:
        raise RecordRejected("MAGASIN_INCOMPLET", name="account")
    return found


def account_in_records() -> Account:
    """The same, as signed events name it."""
    row = local_account()
    return Account(
        pseudonym=row.pseudonym,
        role=ROLE,
        place_code=row.place_code,
        place_type=row.place_type,
        place_cog_year=row.place_cog_year,
    )


def stopped() -> str | None:
    """Why this computer signs no more; None while it may."""
    found = memory.find(Name.STOPPED)
    return None if found is None else found.decode("ascii", "replace")


def stop(code: str) -> None:
    """Nothing more is signed here: the log has two histories, is retired, or was restored (SECURITY-DESIGN
    6). The first reason stays."""
    if stopped() is None:
        memory.put(Name.STOPPED, code.encode("ascii"))
