"""Where the person stands among the four steps: four bars, not clickable; words say the same in the top
bar.
"""

from kivy.properties import BooleanProperty, NumericProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from kiosk_app.screens.kit.focus import Accessible

STEPS = 4


class StepPart(Widget):
    """One of the four bars."""

    reached = NumericProperty(0)


class Stepper(Accessible, BoxLayout):
    """The four bars; those up to `step` are filled. `hidden`: a low screen needs their room."""

    step = NumericProperty(0)
    hidden = BooleanProperty(False)

    def __init__(self, **kwargs: object) -> None:
        super().__init__(spoken=False, **kwargs)  # the bar above says the same in words
        for _ in range(STEPS):
            self.add_widget(StepPart())
        self.fbind("step", self._fill)
        self._fill()

    def _fill(self, *_: object) -> None:
        for position, part in enumerate(reversed(self.children), start=1):
            part.reached = 1 if position <= self.step else 0
