"""What an officer sees beside the usual walk: the identity document that was read, the day, the end of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from kiosk_app.presenters.brigade import BrigadePresenter
from kiosk_app.presenters.brigade_parts import IdentityParts, NameParts
from kiosk_app.presenters.day_ports import DayParts
from kiosk_app.presenters.pages import Answers
from procuration.domain.acts import ActDecision
from procuration.domain.mrz import read_zone
from procuration.domain.reference import Reference
from procuration.domain.refusal import RefusalCode
from procuration.errors import CarrierUnavailable, ProcurationError, RecordRejected, RuleViolated
from tests.kiosk.presenters.fakes import (
    NOW,
    REFERENCE,
    RIGHT_CODE,
    Brigade,
    Found,
    Later,
    attempt_code,
    filed,
    urgent,
)
from tests.mrz_zones import Holder, card, joined, passport
from tests.screens.states import State, _then, found, unlocked


def reads(lines: list[str] | ProcurationError) -> IdentityParts:
    """A reader that sees these lines, or nothing."""

    def read() -> object:
        if isinstance(lines, ProcurationError):
            raise lines
        return read_zone(joined(lines), NOW.date())

    return IdentityParts(read, lambda: None)


def asked(presenter: BrigadePresenter) -> None:
    found(presenter)
    presenter.act("identity.read", {})


def waiting() -> Brigade:
    """The reader looks, and nothing comes."""
    station = Brigade(identity=reads(passport()))
    at_once, later = iter([station.background] * 2), Later()  # the code and the search, then the reading

    def in_turn(work: Callable[[], object], then: Callable[[object], None]) -> None:
        next(at_once, later)(work, then)

    station.background = in_turn
    return station


def identity_states() -> Iterator[State]:
    def state(name: str, lines: list[str] | ProcurationError, reach: Callable[..., None] = asked) -> State:
        return State(name, lambda: Brigade(identity=reads(lines)), reach)

    yield state("O2-identity", passport(), found)
    yield State("O2-identity-reading", waiting, asked)
    yield state("O2-identity-same", card())
    yield state("O2-identity-to-check", passport(Holder(given="ANGELA", expiry="241231")))
    different = Holder(name="DURAND", given="MARIE", birth="700101", expiry="150101", state="BEL")
    yield state("O2-identity-different", passport(different))
    yield state("O2-identity-unreadable", RecordRejected("MRZ_CHECK"))
    yield state("O2-identity-nothing", CarrierUnavailable("RIEN_LU", seconds=15))


@dataclass(frozen=True)
class ActSeen:
    """One decision of the day."""

    seq: int = 41
    at: datetime = NOW - timedelta(minutes=12)
    decision: ActDecision = ActDecision.ESTABLISHED
    reference: Reference | None = REFERENCE
    received_at: datetime | None = None
    decided: bool = False


REFUSED = ActSeen(
    40, NOW - timedelta(hours=1), ActDecision.REFUSED, Reference("K7M2PA"), NOW - timedelta(minutes=50)
)
REVOKED = ActSeen(
    39, NOW - timedelta(hours=2), ActDecision.REVOKED, None, NOW - timedelta(hours=1), decided=True
)


@dataclass
class Day:
    """The day of an officer as a test decides it."""

    acts: tuple[ActSeen, ...] = (ActSeen(), REFUSED, REVOKED)
    printed: int = 0
    undone: list[tuple[int, RefusalCode]] = field(default_factory=list)
    error: ProcurationError | None = None
    print_error: ProcurationError | None = None

    def _print(self) -> None:
        if self.print_error is not None:
            raise self.print_error
        self.printed += 1

    def _may_undo(self, seq: int) -> None:
        if self.error is not None:
            raise self.error

    def _undo(self, seq: int, reason: RefusalCode, code: str) -> None:
        attempt_code(code)
        self._may_undo(seq)
        self.undone.append((seq, reason))

    @property
    def parts(self) -> DayParts:
        reasons = (RefusalCode.ERREUR_DE_SAISIE, RefusalCode.IDENTITE_NON_CONFORME)
        return DayParts(lambda: self.acts, self._print, self._may_undo, self._undo, reasons)


LONG = tuple(ActSeen(seq, NOW - timedelta(minutes=60 - seq)) for seq in range(50, 10, -1))
FIRST: Answers = {"act": "41"}
UNDO = (("day", {}), ("day.undo", FIRST), ("day.undo.reason", {"reason": "ERREUR_DE_SAISIE"}))


def day_states() -> Iterator[State]:
    def state(name: str, *acts: tuple[str, Answers], day: Day | None = None, **station: object) -> State:
        return State(name, lambda: Brigade(day=(day or Day()).parts, **station), _then(unlocked, *acts))

    nothing_kept = replace(Brigade().status, kept=0)
    yield state("O1-day")
    yield state("O8-today", ("day", {}))
    yield state("O8-today-long", ("day", {}), ("day.older", {}), day=Day(LONG))
    yield state("O8-today-none", ("day", {}), day=Day(()))
    yield state("O8-today-not-chosen", ("day", {}), ("day.print", {}))
    yield state("O8-today-printed", ("day", {}), ("day.print", FIRST))
    yield state("O8-end", ("day", {}), ("day.end", {}))
    yield state(
        "O8-end-received", ("day", {}), ("day.end", {}), day=Day((REFUSED, REVOKED)), status=nothing_kept
    )
    pressing = (urgent(timedelta(hours=5)), urgent(timedelta(hours=20), number=2))
    yield state("O8-end-urgent", ("day", {}), ("day.end", {}), urgent=pressing)
    yield state("O8-undo", *UNDO[:2])
    yield state("O8-undo-not-chosen", *UNDO[:2], ("day.undo.reason", {}))
    yield state("O8-undo-refused", *UNDO[:2], day=Day(error=RuleViolated("CORRECTION_DE_REFUS")))
    yield state("O8-undo-confirm", *UNDO)
    yield state("O8-undo-done", *UNDO, ("day.undo.sign", {"code": RIGHT_CODE}))


def named(*found_requests: Found) -> NameParts:
    """A search that finds these, whatever is typed."""

    def search(typed: str) -> tuple[Found, ...]:
        if len(typed) < 2:
            raise RuleViolated("NOM_TROP_COURT")
        return found_requests

    return NameParts(search, lambda rid: next(one for one in found_requests if one.rid == rid))


TYPED: Answers = {"mandant_name": "angela dubbois"}


def name_states() -> Iterator[State]:
    def state(name: str, *acts: tuple[str, Answers], found_requests: tuple[Found, ...] = (Found(),)) -> State:
        return State(name, lambda: Brigade(names=named(*found_requests)), _then(unlocked, *acts))

    other = Found(rid=b"s" * 16, filed=replace(filed(), reference=None))
    yield state("O1-name", ("name", {}))
    yield state("O1-name-found", ("name", {}), ("name.find", TYPED), found_requests=(Found(), other))
    yield state("O1-name-none", ("name", {}), ("name.find", TYPED), found_requests=())
    yield state("O1-name-short", ("name", {}), ("name.find", {"mandant_name": "a"}))


def officer_day_states() -> Iterator[State]:
    """All of them."""
    yield from identity_states()
    yield from day_states()
    yield from name_states()
