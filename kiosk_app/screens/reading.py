"""The screen of a page that is only read: the welcome, the notice about data, what cannot be done here."""

from kiosk_app.presenters.pages import TextPage
from kiosk_app.screens.filed import QrColumn
from kiosk_app.screens.kit import Column, Fold, QrView, TwoColumns, Txt
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
        self.add(words if not page.qr_text else self._beside_a_code(words, page))
        for command in page.extra:
            self.add(self.button(command))

    def _beside_a_code(self, words: Paragraphs, page: TextPage) -> TwoColumns:
        columns = TwoColumns()
        words.pos_hint = {"top": 1}
        columns.add_widget(words)
        right = QrColumn(pos_hint={"top": 1})
        right.add_widget(QrView(text=page.qr_text, name=page.qr_caption, pos_hint={"center_x": 0.5}))
        columns.add_widget(right)
        return columns
