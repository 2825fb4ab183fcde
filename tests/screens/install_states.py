"""« Installer ce poste » in every state that the person who installs it may meet."""

from collections.abc import Iterator

from kiosk_app.presenters.install import InstallPresenter
from kiosk_app.presenters.pages import Answers
from procuration.errors import CarrierUnavailable, RecordRejected
from tests.kiosk.presenters.fakes import RIGHT_CODE, Installer, Later
from tests.screens.states import State


def install_states() -> Iterator[State]:
    """A tablet out of its box."""

    def state(name: str, *acts: tuple[str, Answers], **tablet: object) -> State:
        def reach(presenter: InstallPresenter) -> None:
            for command, answers in acts:
                presenter.act(command, answers)

        return State(name, lambda: Installer(**tablet), reach)

    codes: Answers = dict.fromkeys(("agent", "agent.again", "supervisor", "supervisor.again"), RIGHT_CODE)
    yield state("I-welcome")
    yield state("I-resumed", prepared=True)
    yield state("I-hour", ("begin", {}))
    yield state("I-hour-wrong", ("begin", {}), ("hour.set", {"date": ("31", "02", "2026"), "time": "9"}))
    yield state("I-authority", ("authority", {}))
    yield state("I-authority-missing", ("authority", {}), error=CarrierUnavailable("CLE_USB_ABSENTE"))
    yield state("I-codes", ("codes", {}))
    yield state("I-codes-different", ("prepare", codes | {"supervisor.again": "1"}))
    yield state("I-preparing", ("prepare", codes), background=Later())
    yield state("I-request", ("prepare", codes))
    yield state("I-request-written", ("request", {}), ("request.write", {}))
    yield state("I-answer", ("answer", {}))
    yield state(
        "I-answer-refused", ("answer.read", {"code": RIGHT_CODE}), error=RecordRejected("TRUST_MISSING")
    )
    yield state("I-done", ("answer.read", {"code": RIGHT_CODE}))
    yield state("I-done-printed", ("answer.read", {"code": RIGHT_CODE}), ("print", {}))
