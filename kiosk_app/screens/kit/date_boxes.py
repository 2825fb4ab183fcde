"""Three boxes for a date: day, month, year. None jumps to the next by itself."""

from collections.abc import Sequence

from kivy.properties import BooleanProperty, ListProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk_app.screens.kit.focus import Accessible
from kiosk_app.screens.kit.layout import Column
from kiosk_app.screens.kit.text import Txt
from kiosk_app.screens.kit.textbox import TextBox

DAY_WIDTH, YEAR_WIDTH, CHARS_MAX = 3.2, 4.6, 12  # widths in letters; month names are accepted


class DateBoxes(Accessible, BoxLayout):
    """Day, month and year as typed; `shown` says which of them the paper has (an identity paper may
    lack the day).
    """

    invalid = BooleanProperty(False)
    labels = ListProperty(["", "", ""])
    shown = ListProperty([True, True, True])

    def __init__(self, *, values: Sequence[str] = ("", "", ""), **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.boxes: list[TextBox] = []
        for position, (label, value) in enumerate(zip(self.labels, values, strict=True)):
            box = TextBox(text=value, layout="digits", chars_max=CHARS_MAX, name=label)
            self.boxes.append(box)
            if self.shown[position]:
                column = DateColumn(letters=YEAR_WIDTH if position == 2 else DAY_WIDTH)
                column.add_widget(Txt(text=label))
                column.add_widget(box)
                self.add_widget(column)
            box.fbind("text", self._say_value)
        self.fbind("invalid", self._spread_invalid)
        self._say_value()

    @property
    def typed(self) -> tuple[str, str, str]:
        """What stands in the three boxes."""
        day, month, year = (box.text for box in self.boxes)
        return day, month, year

    def _say_value(self, *_: object) -> None:
        self.value = " ".join(part for part in self.typed if part)

    def _spread_invalid(self, _: object, invalid: bool) -> None:
        for box in self.boxes:
            box.invalid = invalid

    def focus_first(self) -> None:
        """Go to the first box that is shown."""
        next(box for box, shown in zip(self.boxes, self.shown, strict=True) if shown).focus = True


class DateColumn(Column):
    """One box of the date under its label."""

    def __init__(self, *, letters: float, **kwargs: object) -> None:
        self.letters = letters
        super().__init__(**kwargs)
