"""The screen « Affichage »: size, contrast, language and voice; each touch acts at once, with a sample in
sight.
"""

from kiosk_app.presenters.pages import DisplayPage
from kiosk_app.screens.inputs import InputMaker
from kiosk_app.screens.kit import Choice, Notice, Txt
from kiosk_app.screens.tablet_screen import TabletScreen, load_rules

load_rules(__file__)


class SampleText(Txt):
    """The sample sentence, framed."""


class DisplayScreen(TabletScreen[DisplayPage]):
    """Draws a DisplayPage."""

    def fill(self, page: DisplayPage) -> None:
        maker = InputMaker(self.hands.say, self.hands.listener, page.title, self._touched, self.next_pressed)
        self.inputs.update(
            (asked.key, maker.make(asked)) for asked in (page.size, page.contrast, page.language, *page.voice)
        )
        self.add(self.title(page.title), SampleText(text=page.sample))
        self.add(*(asked.widget for asked in self.inputs.values()))
        if page.no_voice:
            self.add(Notice(kind="info", title=page.no_voice))
        for widget in self.content.walk(restrict=True):
            if isinstance(widget, Choice):
                widget.personal = False  # settings say nothing of anybody

    def _touched(self, key: str) -> None:
        self.hands.listener.touched(key, self.answers())
