"""What the voice adds to the pages of the elector: « Écouter », its settings, and its question."""

from collections.abc import Callable, Iterator

from kiosk_app.presenters.accueil import AccueilPresenter
from kiosk_app.presenters.speech import aloud_dialog
from tests.kiosk.presenters.fakes import Accueil, VoiceHeard
from tests.screens.states import State, answer_until, first_question, nothing, open_post


def voice_states() -> Iterator[State]:
    """A tablet that can speak, and one whose voice is broken."""

    def state(name: str, reach: Callable[[AccueilPresenter], None], *, available: bool = True) -> State:
        return State(name, lambda: Accueil(voice=VoiceHeard(available=available)), reach)

    yield state("K-1-voice", nothing)
    yield state("K0-voice", open_post)
    yield state("K2-voice", first_question)
    yield state("K6-voice", lambda presenter: answer_until(presenter, ""))
    yield state("K7-voice", _filed)
    yield state("X3-voice", _display)
    yield state("X3-no-voice", _display, available=False)
    yield state("X6-aloud", _asked)


def _filed(presenter: AccueilPresenter) -> None:
    answer_until(presenter, "")
    presenter.act("validate", {})


def _display(presenter: AccueilPresenter) -> None:
    open_post(presenter)
    presenter.act("display", {})


def _asked(presenter: AccueilPresenter) -> None:
    answer_until(presenter, "mandant.birth_name")
    presenter._view.ask(aloud_dialog(presenter._say))
