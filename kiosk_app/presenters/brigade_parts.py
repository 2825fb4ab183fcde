"""What the officer's station is given once, at start: the use cases, the clock, and where it stands."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo

from kiosk_app.presenters.clock_page import ClockParts
from kiosk_app.presenters.officer_ports import OfficersParts
from kiosk_app.presenters.ports import (
    ActState,
    FindRequest,
    FoundRequest,
    Now,
    Refuse,
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
from procuration.domain.identifiers import Rid


class PlaceLabel(Protocol):
    """The name of a place of the signed table."""

    def __call__(self, code: str, kind: int) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class BrigadeParts:
    """What the presenter is given once, at start."""

    unlock: Unlock
    lock: Callable[[], None]
    find: FindRequest
    scan: Callable[[], str | None]
    validate: Validate
    refuse: Refuse
    status: Callable[[], TransferStatus]
    to_forward: Callable[[], Sequence[ToForward]]
    act_state: Callable[[Rid], ActState]
    transmit: Callable[[], None]
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
    officers: OfficersParts
