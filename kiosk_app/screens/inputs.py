"""From what is asked to the controls that ask it, and back to what was answered."""

from collections.abc import Callable
from dataclasses import dataclass

from kivy.uix.widget import Widget

from kiosk_app.presenters.pages import (
    Answer,
    Asked,
    CheckAsked,
    ChoiceAsked,
    DateAsked,
    PlaceAsked,
    TextAsked,
)
from kiosk_app.presenters.ports import Listener
from kiosk_app.presenters.wording import Wording
from kiosk_app.screens.kit.choice import Choice, ChoiceGroup
from kiosk_app.screens.kit.date_boxes import DateBoxes
from kiosk_app.screens.kit.field import Field
from kiosk_app.screens.kit.suggest import Suggest
from kiosk_app.screens.kit.textbox import TextBox


@dataclass(slots=True)
class Input:
    """One control on the page: its widget, how it is read, how it takes the focus."""

    widget: Widget
    read: Callable[[], Answer]
    focus: Callable[[], None]


@dataclass(slots=True)
class InputMaker:
    """Makes the controls of one page. `heading`: the title of the page, not said twice as a label."""

    say: Wording
    listener: Listener
    heading: str
    touched: Callable[[str], None]
    next_pressed: Callable[[], None]

    def make(self, asked: Asked) -> Input:
        """The control for one thing asked."""
        match asked:
            case TextAsked():
                return self._text(asked)
            case DateAsked():
                return self._date(asked)
            case ChoiceAsked():
                return self._choice(asked)
            case CheckAsked():
                return self._check(asked)
            case PlaceAsked():
                return self._place(asked)

    def _label(self, asked: TextAsked | DateAsked | ChoiceAsked | PlaceAsked) -> str:
        return "" if asked.label == self.heading else asked.label

    def _error(self, error: str) -> str:
        return self.say("error.prefix", message=error) if error else ""

    def _text(self, asked: TextAsked) -> Input:
        box = TextBox(
            text=asked.value,
            name=asked.label,
            layout=asked.layout,
            capitals=asked.capitals,
            secret=asked.secret,
            chars_max=asked.chars_max,
        )
        box.bind(on_text_validate=lambda _: self.next_pressed())
        field = Field(
            label=self._label(asked), hint=asked.hint, error=self._error(asked.error), inputs=(box,)
        )
        return Input(field, lambda: str(box.text), field.focus_first)

    def _date(self, asked: DateAsked) -> Input:
        boxes = DateBoxes(values=asked.values, labels=list(asked.labels), shown=list(asked.shown))
        for box in boxes.boxes:
            box.bind(on_text_validate=lambda _: self.next_pressed())
        field = Field(
            label=self._label(asked), hint=asked.hint, error=self._error(asked.error), inputs=(boxes,)
        )
        return Input(field, lambda: boxes.typed, field.focus_first)

    def _choice(self, asked: ChoiceAsked) -> Input:
        group = ChoiceGroup(
            choices=tuple(
                Choice(
                    shape="radio",
                    key=option.key,
                    text=option.text,
                    detail=option.detail,
                    checked=option.key == asked.chosen,
                )
                for option in asked.options
            )
        )
        if asked.live:
            group.bind(chosen=lambda *_: self.touched(asked.key))
        field = Field(label=self._label(asked), error=self._error(asked.error), inputs=(group,))
        return Input(field, lambda: str(group.chosen), field.focus_first)

    def _check(self, asked: CheckAsked) -> Input:
        choice = Choice(shape="check", key=asked.key, text=asked.text, checked=asked.checked)
        if asked.live:
            choice.bind(on_chosen=lambda _: self.touched(asked.key))
        return Input(choice, lambda: bool(choice.checked), lambda: setattr(choice, "focus", True))

    def _place(self, asked: PlaceAsked) -> Input:
        suggest = Suggest(text=asked.value, name=asked.label)
        suggest.bind(
            on_query=lambda _, typed: self.listener.typed(asked.key, typed),
            on_pick=lambda _, position: self.listener.picked(position),
        )
        suggest.box.bind(on_text_validate=lambda _: self.next_pressed())
        field = Field(
            label=self._label(asked), hint=asked.hint, error=self._error(asked.error), inputs=(suggest,)
        )
        return Input(field, lambda: str(suggest.box.text), field.focus_first)
