"""« Sur mon téléphone » in every state that an elector may meet."""

from collections.abc import Iterator

from kiosk_app.presenters.accueil import AccueilPresenter
from tests.kiosk.presenters.fakes import Accueil
from tests.screens.states import State, open_post

ADDRESS = "https://procuration.exemple.nc/demande/"
LONG = "https://teleservice-procuration.haut-commissariat.nouvelle-caledonie.exemple.nc/demande/"


def asks_for_the_web(presenter: AccueilPresenter) -> None:
    """From the welcome page."""
    open_post(presenter)
    presenter.act("web", {})


def web_states() -> Iterator[State]:
    """From K0 of a tablet that knows the address."""
    yield State("K0-welcome-web", lambda: Accueil(web=ADDRESS), open_post)
    yield State("K0-web", lambda: Accueil(web=ADDRESS), asks_for_the_web)
    yield State("K0-web-long", lambda: Accueil(web=LONG), asks_for_the_web)
