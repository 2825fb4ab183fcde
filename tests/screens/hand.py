"""A finger that touches only what can be seen, and counts: a code is one, with the key that ends it."""

from tests.screens.tablet import Tablet  # isort: split

from kiosk_app.screens.kit.focus import Focusable
from kiosk_app.screens.kit.page import ancestors
from tests.screens.test_fingers_and_keys import button, key

BOXES = (
    "La personne est présente devant moi",
    "Nom, prénoms et date de naissance sont identiques",
    "La photo correspond à la personne",
    "La personne demande elle-même, librement",
    "Majeur protégé",
)
"""The five declarations without which nothing is established, by how their words begin."""


class Hand:
    """The finger of an officer on one tablet."""

    def __init__(self, tablet: Tablet) -> None:
        self._tablet, self.touches = tablet, []

    def touch(self, widget, name):
        page = self._tablet.stage.page
        if page.content in ancestors(widget):
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
