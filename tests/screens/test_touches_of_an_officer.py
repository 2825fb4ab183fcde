"""How often an officer touches the glass for the ordinary case, from the receipt to the signed act."""

import pytest

from kiosk_app.screens.kit.focus import Focusable
from tests.kiosk.presenters.fakes import RIGHT_CODE, Brigade
from tests.mrz_zones import passport
from tests.screens.officer_day_states import reads
from tests.screens.test_fingers_and_keys import button, key

TOUCHES_MAX = 8
BOXES = (
    "La personne est présente devant moi",
    "Nom, prénoms et date de naissance sont identiques",
    "La photo correspond à la personne",
    "La personne demande elle-même, librement",
    "Le mandataire n’est ni son tuteur",
)


class Hand:
    """A finger that touches only what can be seen, and counts."""

    def __init__(self, tablet):
        self._tablet, self.touches = tablet, []

    def touch(self, widget, name):
        page = self._tablet.stage.page
        if page.content in list(_ancestors(widget)):
            low, high = page.scroller.y - 2, page.scroller.top + 2
            assert low <= widget.y, f"{name} is below the screen"
            assert widget.top <= high, f"{name} is above the screen"
        self._tablet.driver.tap(widget)
        self._tablet.driver.frames(4)
        self.touches.append(name)

    def button(self, text):
        self.touch(button(self._tablet, text), text)

    def choice(self, beginning):
        found = next(
            widget
            for widget in self._tablet.stage.page.content.walk(restrict=True)
            if isinstance(widget, Focusable) and getattr(widget, "text", "").startswith(beginning)
        )
        self.touch(found, beginning)

    def code(self, digits):
        """Typed and ended by the key of the keyboard: it counts as one."""
        for digit in digits:
            self._tablet.driver.tap(key(self._tablet, digit))
        self.touch(key(self._tablet, "Suivant"), "code")


def _ancestors(widget):
    while widget.parent is not None and widget.parent is not widget:
        widget = widget.parent
        yield widget


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
