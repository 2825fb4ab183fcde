"""« Installer ce poste » in every state that the person who installs it may meet."""

from collections.abc import Iterator

from kiosk_app.presenters.install import InstallPresenter
from kiosk_app.presenters.install_network import Sending, Step
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
    for step in (Step.LEAVING, Step.WAITING, Step.ANSWERED):
        yield state(f"I-network-{step.value}", ("network", {}), prepared=True, sending=Sending(step))
    refused = Sending(Step.REFUSED, "DEMANDE_AUTRE")
    yield state("I-network-refused", ("network", {}), prepared=True, sending=refused)
    arrived = {"prepared": True, "sending": Sending(Step.ANSWERED)}
    yield state("I-network-answer", ("network.answer", {}), **arrived)
    yield state(
        "I-network-not-yet",
        ("network.read", {"code": RIGHT_CODE}),
        error=CarrierUnavailable("TABLES_ATTENDUES"),
        **arrived,
    )
    yield state(
        "I-network-worthless",
        ("network.read", {"code": RIGHT_CODE}),
        error=RecordRejected("ENROLEMENT_D_UN_AUTRE"),
        **arrived,
    )
    yield state("I-network-not-sent", ("network", {}), error=CarrierUnavailable("ENVOI_IMPOSSIBLE"))
    yield state("I-answer", ("answer", {}))
    yield state(
        "I-answer-refused", ("answer.read", {"code": RIGHT_CODE}), error=RecordRejected("TRUST_MISSING")
    )
    yield state("I-done", ("answer.read", {"code": RIGHT_CODE}))
    yield state("I-done-printed", ("answer.read", {"code": RIGHT_CODE}), ("print", {}))
