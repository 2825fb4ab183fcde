"""How often an officer touches the glass for the ordinary case, from the receipt to the signed act."""

import pytest

from tests.kiosk.presenters.fakes import RIGHT_CODE, Brigade
from tests.mrz_zones import passport
from tests.screens.hand import BOXES, Hand
from tests.screens.officer_day_states import reads

TOUCHES_MAX = 8


@pytest.fixture
def hand(tablet):
    def of(station):
        tablet.driver.resize(1280, 800)
        tablet.start(station)
        tablet.presenter.act("unlock", {"code": RIGHT_CODE})
        tablet.driver.frames(5)
        return Hand(tablet)

    return of


def test_from_the_scan_to_the_signed_act_in_eight_touches(tablet, hand):
    station = Brigade(scanned="PRQ1:ABC", identity=reads(passport()))
    finger = hand(station)
    finger.button("Scanner le reçu")
    for box in BOXES:
        finger.choice(box)
    finger.button("Valider la procuration")
    finger.code(RIGHT_CODE)
    (checked,) = station.validated
    assert checked.document is not None
    assert len(finger.touches) <= TOUCHES_MAX, finger.touches


def test_without_a_reading_of_the_document_it_is_one_more(tablet, hand):
    station = Brigade(scanned="PRQ1:ABC")
    finger = hand(station)
    finger.button("Scanner le reçu")
    for box in (*BOXES, "Carte nationale d’identité"):
        finger.choice(box)
    finger.button("Valider la procuration")
    finger.code(RIGHT_CODE)
    assert len(station.validated) == 1
    assert len(finger.touches) == TOUCHES_MAX + 1
