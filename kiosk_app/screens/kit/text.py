"""Words on the screen: one widget for every text that is only read."""

from kivy.properties import BooleanProperty
from kivy.uix.label import Label

from kiosk_app.screens.kit.focus import Accessible


class Txt(Accessible, Label):
    """A text that takes the width it is given and the height it needs.

    Set `fitted` for a text that takes the width of its words, in a row of the top bar for example.
    """

    fitted = BooleanProperty(False)


class Title(Txt):
    """The question of the page, or its subject."""


class Hint(Txt):
    """A help that stands below a title or a label."""
