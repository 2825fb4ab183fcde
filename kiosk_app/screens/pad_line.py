"""What a pad offers to write, large on the screen: nothing is by sound only."""

from kivy.lang import Builder
from kivy.uix.floatlayout import FloatLayout
from kivy.uix.label import Label

from kiosk_app.screens.kit.focus import Accessible

Builder.load_string("""
#:import look kiosk_app.screens.tokens.look
#:import m kiosk_app.screens.tokens.metrics
#:import dp kivy.metrics.dp

<PadLine>:
    role: 'status'
    name: self.text
    font_name: 'NotoSans'
    font_size: look.title
    bold: True
    color: look.primary_text
    size_hint: None, None
    size: self.texture_size[0] + 2 * m.field_gap, max(m.target, self.texture_size[1] + m.gap)
    pos_hint: {'center_x': 0.5, 'y': 0.22}
    canvas.before:
        Color:
            rgba: look.primary
        RoundedRectangle:
            pos: self.pos
            size: self.size
            radius: [dp(4)]
""")


class PadLine(Accessible, Label):
    """One letter, one group of letters or one action, above the page."""


class PadLines:
    """Shows one line at a time on a stage, or none."""

    def __init__(self, stage: FloatLayout) -> None:
        self._stage, self._line = stage, PadLine(spoken=False)

    def show(self, text: str) -> None:
        """This line; "" for none."""
        self._line.text = text
        if text and self._line.parent is None:
            self._stage.add_widget(self._line)
        elif not text and self._line.parent is not None:
            self._stage.remove_widget(self._line)
