"""A log that signs no more, as the people in front of the tablet see it."""

import pytest

from kiosk_app.presenters import stopped
from kiosk_app.presenters.formats import reference_in_groups
from kiosk_app.presenters.ports import Stopped
from kiosk_app.store.integrity import FORKED, STOPPING
from procuration.errors import RecordRejected
from tests.kiosk.presenters.fakes import REFERENCE, RIGHT_CODE, Accueil, Brigade, wording


def refuses(code):
    def unlock(_):
        raise RecordRejected(code, seq=3)

    return unlock


@pytest.mark.parametrize("code", sorted(STOPPING))
@pytest.mark.parametrize("tablet", [Accueil, Brigade])
def test_at_the_start_the_page_says_what_happened_what_is_safe_and_what_to_do(tablet, code):
    one = tablet(stopped=lambda: Stopped(code=code, waiting=1))
    presenter = one.presenter()
    presenter._parts = type(presenter._parts)(
        **{
            **{name: getattr(presenter._parts, name) for name in presenter._parts.__slots__},
            "unlock": refuses(code),
        }
    )
    presenter.start()
    presenter.act("unlock", {"code": RIGHT_CODE})
    page = one.view.page
    say = wording()
    assert page.name == "X5-stopped"
    assert page.message.title == say(f"stopped.{code}")
    assert page.paragraphs[-2] == say.counted("stopped.waiting", 1)
    assert page.paragraphs[0] == say("stopped.call")


def test_a_stop_during_the_day_meets_the_next_elector_before_any_question():
    said = []
    one = Accueil(stopped=lambda: said[0] if said else None)
    presenter = one.presenter()
    presenter.act("unlock", {"code": RIGHT_CODE})
    said.append(Stopped(code=FORKED, waiting=2))
    presenter.act("start", {})
    assert one.view.page.name == "X5-stopped"
    assert one.view.page.paragraphs[-2] == wording().counted("stopped.waiting", 2)
    said[0] = Stopped(code=FORKED, waiting=0)
    presenter.act("stopped", {})
    assert one.view.page.paragraphs[-1] == wording()("stopped.sent")


def test_other_errors_of_a_code_are_said_beside_the_code():
    assert not stopped.is_stop(wording(), "CODE_INCORRECT")
    assert not stopped.is_stop(wording(), "MAGASIN_ENDOMMAGE")


def test_acts_to_do_again_are_named_by_reference_on_the_page_of_what_was_sent():
    class Act:
        reference = REFERENCE

    one = Brigade(to_confirm=lambda: (Act(),))
    presenter = one.presenter()
    presenter.act("unlock", {"code": RIGHT_CODE})
    presenter.act("transfer", {})
    named = reference_in_groups(REFERENCE)
    assert one.view.page.message.title == wording().counted("transfer.confirm", 1, references=named)
