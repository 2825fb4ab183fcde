"""The screen of the result: what was decided, and only what is proved of where it has gone."""

from kivy.properties import BooleanProperty, StringProperty

from kiosk_app.presenters.pages import ResultPage
from kiosk_app.screens.kit import Row, Txt
from kiosk_app.screens.kit.focus import Accessible
from kiosk_app.screens.tablet_screen import TabletScreen, load_rules

load_rules(__file__)


class ProgressLine(Accessible, Row):
    """One thing that is proved (a full circle with a tick), or not yet (an empty circle). Its value says the
    same as the circle.
    """

    words = StringProperty("")
    done = BooleanProperty(False)


class ResultScreen(TabletScreen[ResultPage]):
    """Draws a ResultPage."""

    def fill(self, page: ResultPage) -> None:
        self.add(self.notice(page.message))
        if page.notice is not None:  # first: on a low screen the rest may be below
            self.add(self.notice(page.notice))
        self.add(Txt(text=page.progress_title, bold=True))
        for progress in page.progress:
            proved = self.hands.say("reader.done" if progress.done else "reader.not_yet")
            self.add(ProgressLine(words=progress.text, done=progress.done, value=proved))
