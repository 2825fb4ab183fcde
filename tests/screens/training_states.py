"""A training tablet: the band above the pages, on the narrowest and on the busiest of them."""

from collections.abc import Callable, Iterator

from tests.kiosk.presenters.fakes import RIGHT_CODE, Accueil, Brigade
from tests.screens.states import State, answer_until

ACCUEIL = {"code": "246810"}
BRIGADE = {"code": "135790", "references": "FRM 7K2, FRM 9AB, FRM XY3", "birth": "2 janvier 1970"}


def training_states() -> Iterator[State]:
    """Of either profile."""

    def state(name: str, make: Callable[[], object], key: str, reach: Callable[..., None]) -> State:
        values = BRIGADE if key == "training.brigade" else ACCUEIL

        def banded(presenter: object) -> None:
            presenter._view.training(presenter._say(key, **values))
            reach(presenter)

        return State(name, make, banded)

    def filed(presenter: object) -> None:
        answer_until(presenter, "")
        presenter.act("validate", {})

    yield state("K-1-training", Accueil, "training.band", lambda p: None)
    yield state("K2-training", Accueil, "training.band", lambda p: answer_until(p, "mandant.given_names"))
    yield state("K7-training", Accueil, "training.band", filed)
    yield state("O0-training", Brigade, "training.brigade", lambda p: None)
    yield state("O1-training", Brigade, "training.brigade", lambda p: p.act("unlock", {"code": RIGHT_CODE}))
