"""The line above every page once the centre has contradicted itself: both profiles, no way to dismiss it."""

import pytest

from tests.kiosk.presenters.fakes import NOW, RIGHT_CODE, Accueil, Brigade, Status

SAID = {Accueil: "Prévenez la personne à l’accueil.", Brigade: "Prévenez votre responsable."}


@pytest.mark.parametrize("profile", [Accueil, Brigade])
def test_without_an_alarm_there_is_no_line(profile):
    tablet = profile()
    tablet.presenter().start()
    tablet.time.pass_seconds(3600)
    assert tablet.view.alarmed == ""


@pytest.mark.parametrize("profile", [Accueil, Brigade])
def test_an_alarm_is_said_at_the_start(profile):
    tablet = profile(alarm=True)
    tablet.presenter().start()
    assert tablet.view.alarmed.endswith(SAID[profile])


@pytest.mark.parametrize("profile", [Accueil, Brigade])
def test_an_alarm_is_said_within_two_seconds_whatever_page_is_shown_and_outlives_the_wipe(profile):
    tablet = profile()
    presenter = tablet.presenter()
    presenter.start()
    presenter.act("unlock", {"code": RIGHT_CODE})
    shown = len(tablet.view.pages)
    tablet.alarm = True
    tablet.time.pass_seconds(2)
    assert tablet.view.alarmed.endswith(SAID[profile])
    assert len(tablet.view.pages) == shown
    tablet.time.pass_seconds(3600)
    tablet.view.wipe()
    assert tablet.view.alarmed


def test_page_o6_says_for_ever_that_the_centre_came_back_from_a_backup():
    tablet = Brigade(status=Status(restored_at=NOW))
    presenter = tablet.presenter()
    presenter.start()
    presenter.act("unlock", {"code": RIGHT_CODE})
    presenter.act("transfer", {})
    message = tablet.view.page.message
    assert (message.tone, message.title) == ("info", "Le serveur central a été remis d’après une sauvegarde")
    assert message.text.startswith("Remarqué le 22\u00a0novembre\u00a02026 à")
