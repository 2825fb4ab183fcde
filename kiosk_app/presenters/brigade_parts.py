"""What the officer's station is given once, at start: the use cases, the clock, and where it stands."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo

from kiosk_app.presenters.clock_page import ClockParts
from kiosk_app.presenters.day_ports import DayParts
from kiosk_app.presenters.officer_ports import OfficersParts
from kiosk_app.presenters.ports import (
    ActSigned,
    ActState,
    Calendar,
    Checked,
    CompleteRequest,
    FindRequest,
    FoundRequest,
    Now,
    PlaceFound,
    PrintAct,
    Refuse,
    Revoke,
    RunInBackground,
    Site,
    Stopped,
    Timers,
    ToConfirm,
    ToForward,
    TransferStatus,
    Unlock,
    Validate,
)
from kiosk_app.presenters.shortages import SuppliesSeen
from kiosk_app.presenters.stick_copy import Copy
from procuration.domain.acts import ActPlaceKind
from procuration.domain.alerts import Alert
from procuration.domain.identifiers import Rid
from procuration.domain.mrz import IdentityZone
from procuration.domain.people import Place


class PlaceLabel(Protocol):
    """The name of a place of the signed table."""

    def __call__(self, code: str, kind: int) -> str: ...


class FileOnSite(Protocol):
    """Files a request at the station, and opens it. Raises: RuleViolated, CarrierUnavailable."""

    def __call__(
        self, request: CompleteRequest, taken_over: Rid | None, *, on_paper: bool
    ) -> FoundRequest: ...


class MayValidate(Protocol):
    """Everything but the code, so that the screen can say it first. Raises: RuleViolated."""

    def __call__(self, rid: Rid, checked: Checked) -> object: ...


class LookOut(Protocol):
    """What is unusual about an act on an opened request, in such a place; informs only."""

    def __call__(self, rid: Rid, place: ActPlaceKind) -> tuple[Alert, ...]: ...


class PrintPreparation(Protocol):
    """Prints the sheet from which the person copies their request onto the form (R-27, R-73). Raises:
    CarrierUnavailable."""

    def __call__(self, found: FoundRequest) -> object: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OnSiteParts:
    """What filing at the station needs.

    Attributes:
        paper_calendar: the ballots of a paper form, also those that the télé-procédure does not serve.
        waiting: how many requests filed here wait for an act; `filed_here` lists them, `by_rid` opens one.
        prefill: reads a receipt whose kiosk is not believed. Raises: RecordRejected.
    """

    search: Callable[[str], list[PlaceFound]]
    calendar: Calendar
    paper_calendar: Calendar
    place_named: Callable[[Place], PlaceFound | None]
    file: FileOnSite
    waiting: Callable[[], int]
    filed_here: Callable[[], Sequence[FoundRequest]]
    by_rid: Callable[[Rid], FoundRequest]
    prefill: Callable[[str], FoundRequest]


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeParts:
    """What a résiliation needs (O7).

    Attributes:
        search: places by what is typed.
        state: what is proved of one that was signed.
    """

    revoke: Revoke
    search: Callable[[str], list[PlaceFound]]
    calendar: Calendar
    state: Callable[[ActSigned], ActState]


@dataclass(frozen=True, slots=True)
class IdentityParts:
    """What reading an identity document needs; the number of the document never comes here.

    Attributes:
        read: takes seconds. Raises: RecordRejected MRZ_..., CarrierUnavailable LECTEUR_ABSENT, RIEN_LU.
        stop: ends a reading under way.
    """

    read: Callable[[], IdentityZone]
    stop: Callable[[], None]


@dataclass(frozen=True, slots=True)
class ListenParts:
    """What listening to a hand-held reader needs.

    Attributes:
        read: takes seconds. Raises: RecordRejected QR, CarrierUnavailable LECTEUR_ABSENT, RIEN_LU.
        stop: ends a reading under way.
        run: a thread for this alone: no code and no paper waits for a receipt.
    """

    read: Callable[[], str]
    stop: Callable[[], None]
    run: RunInBackground


@dataclass(frozen=True, slots=True)
class NameParts:
    """What the search by name needs. Each raises RuleViolated.

    Attributes:
        search: the nearest first; open: one of them.
    """

    search: Callable[[str], Sequence[FoundRequest]]
    open: Callable[[Rid], FoundRequest]


@dataclass(frozen=True, slots=True, kw_only=True)
class BrigadeParts:
    """What the presenter is given once, at start."""

    unlock: Unlock
    lock: Callable[[], None]
    find: FindRequest
    scan: Callable[[], str | None]
    validate: Validate
    refuse: Refuse
    revocation: RevokeParts
    print_act: PrintAct
    may_validate: MayValidate
    look_out: LookOut
    on_site: OnSiteParts
    status: Callable[[], TransferStatus]
    to_forward: Callable[[], Sequence[ToForward]]
    act_state: Callable[[Rid], ActState]
    transmit: Callable[[], None]
    stick: Copy
    sites: Callable[[], tuple[Site, ...]]
    place_label: PlaceLabel
    calendar_words: Callable[[FoundRequest], str]
    clock: ClockParts
    timers: Timers
    run_in_background: RunInBackground
    now: Now
    zone: ZoneInfo
    alarm: Callable[[], bool]
    stopped: Callable[[], Stopped | None]
    to_confirm: Callable[[], Sequence[ToConfirm]]
    supplies: Callable[[], SuppliesSeen]
    officers: OfficersParts
    print_preparation: PrintPreparation | None = None
    print_aside: RunInBackground | None = None
    identity: IdentityParts | None = None
    day: DayParts | None = None
    names: NameParts | None = None
    listen: ListenParts | None = None
