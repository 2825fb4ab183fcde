"""The pages that say why a paper did not come out, to an elector, to an agent and to an officer."""

from collections.abc import Iterator

from kiosk_app.presenters.pages import Answers
from procuration.errors import CarrierUnavailable
from tests.kiosk.presenters.fakes import RIGHT_CODE, Accueil, Brigade
from tests.kiosk.presenters.walk import answer_until
from tests.screens.states import CHECKED, State, found, open_post

FILE: tuple[tuple[str, Answers], ...] = (("validate", {}),)
AGENT: tuple[tuple[str, Answers], ...] = (("agent", {}), ("agent.enter", {"code": RIGHT_CODE}))
SIGN: tuple[tuple[str, Answers], ...] = (("validate", CHECKED), ("sign", {"code": RIGHT_CODE}))


class RollChanged(Accueil):
    """Its first receipt does not come out, the next ones do."""

    def print_receipt(self, receipt: object) -> None:
        self.print_error = None if self.prints else CarrierUnavailable("PAPIER_FINI")
        super().print_receipt(receipt)


def printer_states() -> Iterator[State]:
    """Each place where a printer may fail."""

    def acting(reach, *acts):
        def go(presenter):
            reach(presenter)
            for command, answers in acts:
                presenter.act(command, answers)

        return go

    def review(presenter):
        answer_until(presenter, "")

    empty, narrow = CarrierUnavailable("PAPIER_FINI"), CarrierUnavailable("LARGEUR_PAPIER")
    yield State("K7-no-paper", lambda: Accueil(print_error=empty), acting(review, *FILE))
    yield State("K7-too-narrow", lambda: Accueil(print_error=narrow), acting(review, *FILE))
    yield State("K7-printed-again", RollChanged, acting(review, *FILE, ("print", {})))
    yield State(
        "KA-no-paper", lambda: Accueil(print_error=empty), acting(open_post, *AGENT, ("agent.print", {}))
    )
    yield State("O5-no-paper", lambda: Brigade(print_error=empty), acting(found, *SIGN))
