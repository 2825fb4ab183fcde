"""« Installer ce poste » by network: what the page says at each step, and the ways out of it."""

import pytest

from kiosk_app.presenters.install import QUIET_SECONDS
from kiosk_app.presenters.install_network import Sending, Step
from procuration.errors import CarrierUnavailable, RecordRejected
from tests.kiosk.presenters.fakes import RIGHT_CODE, Installer, Later

FINGERPRINT = "A1B2 C3D4 E5F6 0718"


class Desk:
    """A prepared tablet and its presenter."""

    def __init__(self, **tablet):
        self.tablet = Installer(prepared=True, **tablet)
        self.presenter = self.tablet.presenter()
        self.presenter.start()

    @property
    def page(self):
        return self.tablet.view.page

    @property
    def commands(self):
        return [command.key for command in self.page.commands]

    def does(self, command, **answers):
        self.presenter.act(command, answers)
        return self.page

    def hears(self, step, code=""):
        self.tablet.sending = Sending(step, code)
        self.tablet.time.pass_seconds(2)
        return self.page


@pytest.fixture
def desk():
    return Desk()


def test_both_ways_stand_side_by_side(desk):
    desk.does("request")
    assert {"network", "request.write"} <= set(desk.commands)
    desk.does("request.write")
    assert {"network", "request.write"} <= set(desk.commands)


def test_the_page_follows_the_request_to_its_answer(desk):
    assert desk.does("network").name == "I-network-leaving"
    assert FINGERPRINT in desk.page.paragraphs[1]
    assert desk.hears(Step.WAITING).name == "I-network-waiting"
    assert FINGERPRINT in desk.page.paragraphs[1]
    assert desk.commands == ["network.stick", "network.again"]
    assert desk.hears(Step.ANSWERED).name == "I-network-answered"
    assert desk.commands[-1] == "network.answer"
    desk.does("network.answer")
    assert desk.page.hint == "La réponse est arrivée par le réseau."
    assert desk.does("network.read", code=RIGHT_CODE).name == "I-done"


def test_nothing_moves_on_a_page_that_was_left(desk):
    desk.does("network")
    desk.does("network.stick")
    desk.does("answer")
    desk.hears(Step.ANSWERED)
    assert desk.page.name == "I-answer"


def test_the_page_goes_on_looking_behind_the_settings_of_the_screen(desk):
    desk.does("network")
    desk.does("display")
    desk.does("display.done")
    assert desk.hears(Step.WAITING).name == "I-network-waiting"


def test_a_change_of_mind_takes_the_request_back_and_copies_it(desk):
    desk.does("network")
    assert desk.does("network.stick").name == "I-request"
    assert desk.tablet.sending == Sending(Step.NOT_SENT)
    assert desk.does("request.write").message.tone == "ok"
    assert desk.does("network").name == "I-network-leaving"


def test_coming_back_to_the_page_sends_nothing_twice(desk):
    desk.does("network")
    desk.hears(Step.WAITING)
    desk.does("network.answer")
    assert desk.does("network").name == "I-network-waiting"


def test_switched_on_again_or_left_alone_the_page_is_found_where_it_was():
    desk = Desk(sending=Sending(Step.WAITING))
    assert desk.page.name == "I-network-waiting"
    desk.does("network.answer")
    desk.tablet.time.pass_seconds(QUIET_SECONDS)
    assert desk.page.name == "I-network-waiting"
    assert desk.hears(Step.ANSWERED).name == "I-network-answered"


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("DEMANDE_AUTRE", "Une autre demande porte la même empreinte. Prévenez l’administrateur."),
        ("SCELLE_ILLISIBLE", "Prévenez l’administrateur et donnez ce code : SCELLE_ILLISIBLE."),
    ],
)
def test_a_refusal_is_said_with_two_ways_on(desk, code, sentence):
    desk.does("network")
    page = desk.hears(Step.REFUSED, code)
    assert page.message.text.replace("\u202f", " ").replace("\xa0", " ") == sentence
    assert desk.commands == ["network.stick", "network.again"]
    assert desk.does("network.again").name == "I-network-leaving"


def test_a_wrong_answer_is_said_and_may_be_asked_for_again():
    desk = Desk(sending=Sending(Step.ANSWERED), error=RecordRejected("ENROLEMENT_D_UN_AUTRE"))
    page = desk.does("network.read", code=RIGHT_CODE)
    assert (page.name, page.message.tone) == ("I-network-answered", "error")
    assert not any("Lisez" in paragraph for paragraph in page.paragraphs)
    assert desk.commands == ["network.stick", "network.again"]
    desk.tablet.error = None
    desk.does("network.again")
    assert desk.tablet.sending == Sending(Step.LEAVING)


def test_tables_that_have_not_come_are_waited_for():
    desk = Desk(sending=Sending(Step.ANSWERED), error=CarrierUnavailable("TABLES_ATTENDUES"))
    page = desk.does("network.read", code=RIGHT_CODE)
    assert page.name == "I-answer"
    assert "Réessayez dans une minute" in page.message.title
    assert page.commands[-1].key == "network.read"


def test_a_wrong_code_or_none_stays_on_the_same_page():
    desk = Desk(sending=Sending(Step.ANSWERED))
    assert desk.does("network.read", code="").asked[0].error
    page = desk.does("network.read", code="111111")
    assert (page.name, page.message.tone) == ("I-answer", "error")
    assert page.commands[0].key == "network"


def test_what_cannot_leave_goes_by_stick(desk):
    desk.tablet.error = CarrierUnavailable("ENVOI_IMPOSSIBLE")
    page = desk.does("network")
    assert (page.name, page.message.tone) == ("I-request", "error")


def test_a_second_touch_while_it_is_read_does_nothing():
    later = Later()
    desk = Desk(sending=Sending(Step.ANSWERED), background=later)
    desk.does("network.read", code=RIGHT_CODE)
    assert desk.page.name == "I-working"
    desk.does("network.stick")
    assert desk.tablet.sending == Sending(Step.ANSWERED)
    later.finish()
    assert desk.page.name == "I-done"
