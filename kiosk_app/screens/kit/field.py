"""A field: its label above, its help, its error, then one input or several."""

from kivy.properties import NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from kiosk_app.screens.kit.focus import Accessible
from kiosk_app.screens.kit.text import Hint, Txt
from kiosk_app.screens.tokens import metrics


class ErrorText(Txt):
    """What to mend, in words: colour is never alone."""


class Field(Accessible, BoxLayout):
    """Label, hint, error and inputs, in this order. With an error, a bar stands at the left."""

    label = StringProperty("")
    hint = StringProperty("")
    error = StringProperty("")
    bar = NumericProperty(0)

    def __init__(self, *, inputs: tuple[Widget, ...] = (), **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.inputs = inputs
        if self.label:
            self.add_widget(Txt(text=self.label, bold=True))
        if self.hint:
            self.add_widget(Hint(text=self.hint))
        self._error_text = ErrorText(text=self.error)
        if self.error:
            self.add_widget(self._error_text)
        for widget in inputs:
            self.add_widget(widget)
        self.fbind("error", self._show_error)
        self._show_error(self, self.error)

    def _show_error(self, _: object, error: str) -> None:
        self.bar = metrics.unit if error else 0
        self._error_text.text = error
        if error and self._error_text.parent is None:
            self.add_widget(self._error_text, index=len(self.inputs))
        elif not error and self._error_text.parent is not None:
            self.remove_widget(self._error_text)
        for widget in self.inputs:
            if hasattr(widget, "invalid"):
                widget.invalid = bool(error)

    def focus_first(self) -> None:
        """Bring the finger’s next letter to the first input."""
        target = self.inputs[0]
        if hasattr(target, "focus_first"):
            target.focus_first()
        else:
            target.focus = True
