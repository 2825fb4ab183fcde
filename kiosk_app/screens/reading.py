"""The screen of a page that is only read: the welcome, the notice about data, what cannot be done here."""

from kiosk_app.presenters.pages import TextPage
from kiosk_app.screens.kit import Column, Fold, Txt
from kiosk_app.screens.tablet_screen import TabletScreen, load_rules

load_rules(__file__)


class Paragraphs(Column):
    """Sentences below each other, with air between them."""


class ReadingScreen(TabletScreen[TextPage]):
    """Draws a TextPage."""

    def fill(self, page: TextPage) -> None:
        self.add(self.title(page.title))
        if page.message is not None:
            self.add(self.notice(page.message))
        if page.languages:  # first: who reads no French must not have to look for them below
            row = Fold()
            for command in page.languages:
                row.add_widget(self.button(command))
            self.add(row)
        words = Paragraphs()
        for position, sentence in enumerate(page.paragraphs):
            first = position == 0 and page.name == "K0-welcome"
            words.add_widget(Txt(text=sentence, bold=first, personal=page.personal))
        self.add(words)
