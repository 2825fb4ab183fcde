"""What stands around the pages follows the language that the person chose."""

from tests.kiosk.presenters.fakes import RIGHT_CODE, Accueil
from tests.screens.test_fingers_and_keys import press


def band(tablet):
    return tablet.stage._training.text


def test_the_band_of_a_training_and_the_name_of_the_window_follow_the_language_and_the_wipe(tablet):
    tablet.start(Accueil())
    tablet.stage.training(tablet.say("training.band", code="246810"))
    try:
        tablet.presenter.act("unlock", {"code": RIGHT_CODE})
        tablet.driver.frames(3)
        assert band(tablet).startswith("FORMATION")
        assert tablet.driver.app.title == "Procuration de vote"
        press(tablet, "English")
        assert band(tablet) == "TRAINING – nothing is sent. Code: 246810"
        assert tablet.driver.app.title == "Voting by proxy"
        press(tablet, "Français")
        assert band(tablet).startswith("FORMATION")
        assert tablet.driver.app.title == "Procuration de vote"
    finally:
        tablet.stage.training("")
