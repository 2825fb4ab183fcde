"""What an officer sees beside the usual walk: the identity document that was read, the day, the end of it."""

from collections.abc import Callable, Iterator

from kiosk_app.presenters.brigade import BrigadePresenter
from kiosk_app.presenters.brigade_parts import IdentityParts
from procuration.domain.mrz import read_zone
from procuration.errors import CarrierUnavailable, ProcurationError, RecordRejected
from tests.kiosk.presenters.fakes import NOW, Brigade, Later
from tests.mrz_zones import Holder, card, joined, passport
from tests.screens.states import State, found


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


def officer_day_states() -> Iterator[State]:
    """All of them."""
    yield from identity_states()
