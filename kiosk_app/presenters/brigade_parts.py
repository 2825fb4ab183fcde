"""What the officer's station is given once, at start: the use cases, the clock, and where it stands."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo

from kiosk_app.presenters.clock_page import ClockParts
from kiosk_app.presenters.ports import (
    ActSigned,
    ActState,
    Calendar,
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
from kiosk_app.presenters.stick_copy import Copy
from procuration.domain.identifiers import Rid


class PlaceLabel(Protocol):
    """The name of a place of the signed table."""

    def __call__(self, code: str, kind: int) -> str: ...


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
