"""A kiosk that heard of the centre a moment ago; every other state of a kiosk is off line."""

from collections.abc import Iterator

from tests.kiosk.presenters.fakes import NOW, Accueil, Stock
from tests.screens.states import State, open_post


def connection_states() -> Iterator[State]:
    """The first page, on line."""
    yield State("K0-online", lambda: Accueil(stock=Stock(last_contact=NOW)), open_post)
