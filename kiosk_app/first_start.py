"""« Installer ce poste »: a tablet that was never installed, and what goes between it and the supervisor.

What it decides: which step comes next, and what is read from the stick or the agent. Folders on the stick:

    PROCU/install/root.json                 the first root of the authority
    PROCU/install/LOG.request.cbor          what the supervisor enrols
    PROCU/install/LOG.enrolment.cbor        the signed answer
    PROCU/tuf/                              the signed tables

By network the agent brings the same three: root and tables in its mirror, request and answer as
`adapters.spool_request` says. Nothing of it is secret. Whichever way it came, it is believed as far as it is
signed: the root by a person, who compares its fingerprint with the paper of the authority, everything else by
the root.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path

from kiosk_app import installation
from kiosk_app.devices.printer import Printer
from kiosk_app.identity import Identity
from kiosk_app.receipt_image import trial_page
from kiosk_app.second_secrets import NO_KEEPERS, Keepers
from kiosk_app.sheet import Roll
from kiosk_app.station import Station
from kiosk_app.store.slot_file import SlotKind
from kiosk_app.store.slots import Argon2Cost
from procuration.adapters.durable_file import write_durably
from procuration.adapters.foreign_file import read_regular
from procuration.adapters.service_key import service_key
from procuration.adapters.spool import AppSpool
from procuration.adapters.spool_request import AppRequest
from procuration.adapters.stick import INSTALL_FOLDER, TABLES_FOLDER
from procuration.adapters.trust import realm_of
from procuration.domain.identifiers import fingerprint_in_groups
from procuration.domain.joining import Sending
from procuration.errors import CarrierUnavailable, RecordRejected
from procuration.ports import Clock
from procuration.record.cose_key import kid_of
from procuration.record.enrolment import read_request
from procuration.record.limits import ENROLMENT_BYTES_MAX


class Stage(Enum):
    """How far a folder is on the way to a tablet that works."""

    NEW = "new"
    PREPARED = "prepared"
    INSTALLED = "installed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """What the tablet has become."""

    unit_name: str
    profile: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where things are looked for.

    Attributes:
        root: the first root, when the image of the tablet brings it; else the stick has it.
        stick: where the removable stick is mounted.
        service_key: the unit's service key, made here when it is not there yet; None: the machine's TPM
            stands beside the agent's code.
    """

    store: Path
    root: Path | None
    stick: Path | None
    service_key: Path | None
    roll: Roll = Roll.MM_80


class FirstStart:
    """The steps of an installation, each of which may be done again after a power cut."""

    def __init__(
        self,
        places: Places,
        spool: AppSpool,
        clock: Clock,
        cost: Argon2Cost,
        printer: Printer,
        set_clock: Callable[[datetime], None],
        keepers: Keepers = NO_KEEPERS,
    ) -> None:
        """Args:
        set_clock: sets the hour of the machine; raises CarrierUnavailable HORLOGE_NON_REGLABLE.
        keepers: the TPM and the token of this machine.
        """
        self._keepers = keepers
        self._places, self._spool, self._clock = places, spool, clock
        self._cost, self._printer, self.set_clock = cost, printer, set_clock
        self._compared: bytes | None = None

    @property
    def stage(self) -> Stage:
        """From what lies in the folder: a request that was never finished counts for nothing."""
        store = self._places.store
        if (store / "enrolment.cbor").exists():
            return Stage.INSTALLED
        return Stage.PREPARED if (store / installation.REQUEST).exists() else Stage.NEW

    def fingerprint(self) -> str:
        """Of the authority, as its own paper says it: the realm, 32 hexadecimal digits in groups of four.

        Raises: RecordRejected RACINE_ABSENTE, or what is wrong with the root; CarrierUnavailable
        CLE_USB_ABSENTE.
        """
        self._compared = self._root()
        return fingerprint_in_groups(realm_of(self._compared))

    def prepare(self, agent: str, supervisor: str) -> None:
        """Makes keys and store. What an interrupted try left is thrown away: its request never left.

        The root is the very one whose fingerprint was shown: a stick changed since, or a mirror, is not read.

        Raises: RuleViolated CODE_TROP_COURT; RecordRejected RACINE_ABSENTE, when none was shown.
        """
        root = self._compared
        if root is None:
            raise RecordRejected("RACINE_ABSENTE")
        if self.stage is not Stage.NEW:
            return
        installation.unmake(self._places.store)
        installation.prepare(
            self._places.store,
            root,
            installation.Codes(agent=agent, supervisor=supervisor, kind=self._kind),
            self._service_key(create=True) or b"",
            self._clock,
            self._cost,
            keepers=self._keepers,
        )

    def request_fingerprint(self) -> str:
        """Of the key to be enrolled: the supervisor reads the same on their screen before signing."""
        return fingerprint_in_groups(kid_of(read_request(self._request()).cose_key))

    def write_request(self) -> None:
        """Puts the request on the stick. Raises: CarrierUnavailable CLE_USB_ABSENTE, CLE_USB_REFUSE."""
        folder = self._stick() / INSTALL_FOLDER
        try:
            folder.mkdir(parents=True, exist_ok=True)
            write_durably(folder / f"{self._log_id()}.request.cbor", self._request())
        except OSError as error:
            raise CarrierUnavailable("CLE_USB_REFUSE") from error

    def read_answer(self, code: str) -> Installed:
        """Brings the signed answer and the signed tables into use.

        Raises: CarrierUnavailable CLE_USB_ABSENTE; RecordRejected REPONSE_ABSENTE, TRUST_... or what was
            wrong with the enrolment; as `Station.open`.
        """
        stick = self._stick()
        name = f"{self._log_id()}.enrolment.cbor"
        try:
            signed = read_regular(stick / INSTALL_FOLDER, name, ENROLMENT_BYTES_MAX)
        except FileNotFoundError as error:
            raise RecordRejected("REPONSE_ABSENTE") from error
        except OSError as error:  # pulled out, or dying
            raise CarrierUnavailable("CLE_USB_ABSENTE") from error
        return self._install(code, signed, stick / TABLES_FOLDER)

    def send_request(self) -> None:
        """Hands the request to the agent, for the centre. Raises: CarrierUnavailable ENVOI_IMPOSSIBLE."""
        try:
            self._sent().send()
        except OSError as error:
            raise CarrierUnavailable("ENVOI_IMPOSSIBLE") from error

    def sending(self) -> Sending:
        """How far the request is on its way by network."""
        return self._sent().sending()

    def take_back(self) -> None:
        """It goes by stick instead; the keys stay, and so does its fingerprint."""
        self._sent().take_back()

    def read_network_answer(self, code: str) -> Installed:
        """The same as `read_answer`, of what the agent brought.

        Raises: CarrierUnavailable TABLES_ATTENDUES, as long as the tables have not come; RecordRejected
            REPONSE_ABSENTE, TRUST_... or what was wrong with the enrolment; as `Station.open`.
        """
        try:
            signed = self._sent().answer()
        except FileNotFoundError as error:
            raise RecordRejected("REPONSE_ABSENTE") from error
        if not (self._spool.mirror / "metadata" / "timestamp.json").is_file():
            raise CarrierUnavailable("TABLES_ATTENDUES")
        return self._install(code, signed, self._spool.mirror)

    def _install(self, code: str, signed: bytes, tables: Path) -> Installed:
        root = installation.first_root(self._places.store / installation.ROOT)
        station = self._station()
        try:
            verified = installation.verified_tables(self._places.store, root, tables)
            installation.install(station, code, signed, root, verified, self._spool)
            configuration = station.store.configuration
            self.take_back()
            return Installed(unit_name=configuration.unit_name, profile=configuration.profile.value)
        finally:
            station.close()

    def print_test(self) -> None:
        """A page that shows what a receipt needs. Raises: CarrierUnavailable IMPRESSION."""
        page = trial_page(self._places.roll)
        self._printer.print_paper("essai", page.png, page.pdf)

    def _station(self) -> Station:
        return Station(
            self._places.store,
            self._clock,
            second_secret=self._service_key,
            cost=self._cost,
            spool=self._spool.folder,
            keepers=self._keepers,
        )

    @property
    def _kind(self) -> SlotKind:
        return SlotKind.SERVICE_KEY if self._places.service_key else SlotKind.TPM

    def _service_key(self, *, create: bool = False) -> bytes | None:
        path = self._places.service_key
        if path is None:
            return None
        try:
            return service_key(path, create=create)
        except OSError as error:
            raise CarrierUnavailable("CLE_DE_SERVICE_ABSENTE") from error

    def _root(self) -> bytes:
        """Of the image, else of the stick, else the one that the agent met at the centre: which one matters
        little, a person compares its fingerprint."""
        if self._places.root is not None:
            return self._read_root(self._places.root)
        met = self._spool.mirror / "metadata" / "1.root.json"
        try:
            return self._read_root(self._stick() / INSTALL_FOLDER / installation.ROOT)
        except (CarrierUnavailable, RecordRejected):
            if not met.is_file():
                raise
        return self._read_root(met)

    @staticmethod
    def _read_root(path: Path) -> bytes:
        try:
            return installation.first_root(path)
        except OSError as error:
            raise CarrierUnavailable("CLE_USB_ABSENTE") from error

    def _stick(self) -> Path:
        stick = self._places.stick
        if stick is None or not stick.is_dir():
            raise CarrierUnavailable("CLE_USB_ABSENTE")
        return stick

    def _request(self) -> bytes:
        return read_regular(self._places.store, installation.REQUEST, ENROLMENT_BYTES_MAX)

    def _sent(self) -> AppRequest:
        return AppRequest(self._spool, self._request())

    def _log_id(self) -> str:
        return Identity.read(self._places.store).log_id.hex()
