"""What the presenters ask of the rest of the tablet: the screen, the clock, and the use cases. Nothing
here is implemented.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from kiosk_app.presenters.pages import Answers, DialogAsked, Page
from kiosk_app.presenters.wording import Language
from procuration.domain.acts import ActPlaceKind, Declarations, IdentityDocument
from procuration.domain.deadlines import Deadline
from procuration.domain.events import Authentication, Filed
from procuration.domain.identifiers import Rid
from procuration.domain.law import ControlRegime
from procuration.domain.people import PartialDate, Person, Place
from procuration.domain.places import Hours, Standing
from procuration.domain.reference import Reference
from procuration.domain.refusal import RefusalCode
from procuration.domain.scrutin import Scrutin
from procuration.domain.validity import Validity

T = TypeVar("T")


class TabletView(Protocol):
    """The screen."""

    def show(self, page: Page) -> None:
        """Show a page in the place of the one before."""

    def ask(self, dialog: DialogAsked) -> None:
        """Put a question above the page, or change its words when it is already there."""

    def dismiss(self) -> None:
        """Take the question away."""

    def offer(self, labels: tuple[str, ...], empty: str) -> None:
        """Show the places that what is typed may mean, or why there is none."""

    def set_look(self, *, strong: bool, scale: float) -> None:
        """Change contrast and size at once."""

    def answers(self) -> Answers:
        """What stands in the inputs of the page now; nothing without a page."""

    def name_again(self) -> None:
        """The language has changed: write again what stands on no page, as the keys of the keyboard."""

    def wipe(self) -> None:
        """Forget everything that any page has shown or held, and set the look back."""

    def training(self, text: str) -> None:
        """Put a band above every page that says that nothing counts: the wipe leaves it too."""

    def alarm(self, text: str) -> None:
        """Put a line above every page, from now on: no button takes it away, and the wipe leaves it."""


class Listener(Protocol):
    """What the screen tells."""

    def act(self, command: str, answers: Answers) -> None:
        """A button was pressed."""

    def typed(self, key: str, text: str) -> None:
        """Letters were typed where places are suggested."""

    def picked(self, position: int) -> None:
        """One of the suggested places was chosen."""

    def touched(self, key: str, answers: Answers) -> None:
        """A live choice or box was touched."""

    def activity(self) -> None:
        """A finger or a key: somebody is there."""


class Timer(Protocol):
    """One appointment."""

    def cancel(self) -> None:
        """Forget it; harmless when it is over."""


class Timers(Protocol):
    """Appointments on the screen's own clock, which does not follow changes of the wall clock."""

    def after(self, seconds: float, act: Callable[[], None]) -> Timer:
        """Call once, later."""


class RunInBackground(Protocol):
    """Runs long work aside, then goes on with its result on the screen's thread. The work raises
    nothing on purpose.
    """

    def __call__(self, work: Callable[[], T], then: Callable[[T], None]) -> None: ...


class Now(Protocol):
    """The time, aware UTC."""

    def __call__(self) -> datetime: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TabletPlace:
    """Where the tablet stands: its time zone, for screens only."""

    zone: ZoneInfo


class PlaceFound(Protocol):
    """One place of the signed table, as the search offers it."""

    @property
    def place(self) -> Place: ...
    @property
    def label(self) -> str: ...
    @property
    def known_as(self) -> str: ...


class Calendar(Protocol):
    """The ballots of the signed reference data."""

    def open_scrutins(self, place: Place) -> tuple[Scrutin, ...]:
        """What an elector of this place may still choose, by date."""

    def period_years_max(self, place: Place) -> int:
        """The longest period the law allows them, in years (R-29, R-30)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteRequest:
    """Everything the elector answered, ready to be filed."""

    mandant: Person
    mandataire: Person
    vote_place: Place
    validity: Validity
    email: str | None = field(repr=False)
    declaration_version: int


class NearPlace(Protocol):
    """One place to go to with a reference; `hours`: of its local day `today`, in minutes."""

    @property
    def name(self) -> str: ...
    @property
    def address(self) -> tuple[str, ...]: ...
    @property
    def phone(self) -> str: ...
    @property
    def metres(self) -> int | None: ...
    @property
    def standing(self) -> Standing: ...
    @property
    def today(self) -> date: ...
    @property
    def hours(self) -> tuple[Hours, ...]: ...
    @property
    def hours_known(self) -> bool: ...


class FindPlaces(Protocol):
    """The nearest brigades and commissariats: near a commune, or near this tablet."""

    def __call__(self, commune: str | None = None) -> tuple[NearPlace, ...]: ...
    def here(self) -> str:
        """Code of the commune where this tablet stands."""


class FiledReceipt(Protocol):
    """What filing gives back."""

    @property
    def reference(self) -> Reference | None: ...
    @property
    def qr_text(self) -> str | None: ...
    @property
    def deadline(self) -> date | None: ...
    @property
    def regime(self) -> ControlRegime: ...
    @property
    def form_needed(self) -> bool: ...


class FileRequest(Protocol):
    """Files one request; its receipt speaks the language of the elector. Raises: RuleViolated."""

    def __call__(self, request: CompleteRequest, /, *, language: Language) -> FiledReceipt: ...


class Unlock(Protocol):
    """Checks a code. Raises RuleViolated CODE_INCORRECT (ids: tries_left), ATTENDRE (seconds),
    ACCES_BLOQUE.
    """

    def __call__(self, code: str) -> object: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """Why a log signs no more, and how many of its events the centre does not have yet."""

    code: str
    waiting: int


class TransferStatus(Protocol):
    """How far what was recorded has gone, by proof."""

    @property
    def kept(self) -> int: ...
    @property
    def received(self) -> int: ...
    @property
    def decided(self) -> int: ...
    @property
    def last_contact(self) -> datetime | None: ...
    @property
    def directory_age_days(self) -> int: ...
    @property
    def directory_days_max(self) -> int: ...
    @property
    def set_aside(self) -> Sequence[Reference | None]: ...
    @property
    def restored_at(self) -> datetime | None: ...


class ToConfirm(Protocol):
    """An act of a given-up log, to do again with the person there; no name."""

    @property
    def reference(self) -> Reference | None: ...


class ToForward(Protocol):
    """One act that has to reach the town hall before a poll closes; no name (R-55)."""

    @property
    def reference(self) -> Reference | None: ...
    @property
    def deadline(self) -> Deadline: ...


class FoundRequest(Protocol):
    """One request, opened for the officer."""

    @property
    def rid(self) -> Rid: ...
    @property
    def filed(self) -> Filed: ...
    @property
    def filed_at(self) -> datetime: ...
    @property
    def authentication(self) -> Authentication: ...
    @property
    def decision(self) -> date | None: ...


class FindRequest(Protocol):
    """Finds a request. Raises RuleViolated DEMANDE_INTROUVABLE (`poll`: once the centre has answered),
    TROP_D_ESSAIS; RecordRejected for a foreign QR code.
    """

    def by_reference(self, reference: Reference, birth_date: PartialDate) -> FoundRequest: ...
    def by_qr(self, text: str) -> FoundRequest: ...
    def by_centre(self, reference: Reference, birth_date: PartialDate) -> None: ...
    def poll(self) -> FoundRequest | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What the officer declares, the title presented, and where they act."""

    declarations: Declarations
    document: IdentityDocument | None
    place: ActPlaceKind
    site_id: str | None = None


class ActSigned(Protocol):
    """An act on the disk: its place in the log of this tablet, by which it is printed."""

    @property
    def seq(self) -> int: ...


class Validate(Protocol):
    """Establishes the procuration, signed under the code."""

    def __call__(self, rid: Rid, checked: Checked, code: str) -> ActSigned: ...


class Refuse(Protocol):
    """Refuses the request for a reason, signed under the code."""

    def __call__(self, rid: Rid, reason: RefusalCode, checked: Checked, code: str) -> ActSigned: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ToRevoke:
    """Which procurations a mandant ends without their paper. `validity`: None for all of them."""

    mandant: Person
    vote_place: Place
    validity: Validity | None


class Revoke(Protocol):
    """Receives a résiliation, signed under the code."""

    def __call__(self, asked: ToRevoke, checked: Checked, code: str) -> ActSigned: ...
    def of_request(self, rid: Rid, checked: Checked, code: str) -> ActSigned: ...
    def is_in_force(self, rid: Rid) -> bool: ...


class PrintAct(Protocol):
    """Prints the récépissé of an act of this tablet, again as often as asked, with the slip for the
    mandataire. Raises: CarrierUnavailable IMPRESSION, IMPRIMANTE_ABSENTE; RuleViolated ACTE_EFFACE.
    """

    def __call__(self, seq: int) -> object: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ActState:
    """What is proved of one act: kept here always; received with the time of the verified receipt;
    decided.
    """

    received_at: datetime | None = None
    decided: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A public place of the préfet's list that receives people today (R-16); `hours`: when, in words."""

    id: str
    name: str
    hours: str = ""
