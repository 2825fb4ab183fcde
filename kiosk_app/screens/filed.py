"""The screen of the reference: what the elector takes away, and what they do next."""

from kivy.properties import StringProperty

from kiosk_app.presenters.pages import FiledPage
from kiosk_app.screens.kit import Column, Fold, Hint, QrView, Row, TwoColumns, Txt
from kiosk_app.screens.tablet_screen import TabletScreen, load_rules
from kiosk_app.screens.tokens import metrics

load_rules(__file__)


class ReferencePanel(Column):
    """The framed reference, large and spelled."""


class ReferenceText(Txt):
    """The six characters."""


class NumberedStep(Row):
    """One step of what comes next."""

    number, words = StringProperty(""), StringProperty("")


class FiledScreen(TabletScreen[FiledPage]):
    """Draws a FiledPage."""

    def fill(self, page: FiledPage) -> None:
        for message in page.notices:
            self.add(self.notice(message))
        columns = TwoColumns()
        left = Column(pos_hint={"top": 1})
        left.add_widget(self.notice(page.message))
        left.add_widget(self._reference(page))
        columns.add_widget(left)
        if page.qr_text:
            columns.add_widget(self._code(page))
        self.add(columns)
        steps = Column(spacing=metrics.unit * 0.5)
        steps.add_widget(Txt(text=page.steps_title, bold=True))
        for number, words in enumerate(page.steps, start=1):
            steps.add_widget(NumberedStep(number=f"{number}.", words=words))
        self.add(steps)
        for command in page.extra:
            self.add(self.button(command))
        if page.connection:
            self.add(Hint(text=page.connection))

    def _reference(self, page: FiledPage) -> ReferencePanel:
        panel = ReferencePanel()
        if not page.reference:
            panel.add_widget(Txt(text=page.reference_label))
            return panel
        line = Fold()
        line.add_widget(Txt(text=page.reference_label, fitted=True))
        line.add_widget(ReferenceText(text=page.reference, fitted=True, spoken=False))  # spelled below
        panel.add_widget(line)
        panel.add_widget(Txt(text=page.spelled, personal=True))
        return panel

    def _code(self, page: FiledPage) -> Column:
        right = QrColumn(pos_hint={"top": 1})
        right.add_widget(QrView(text=page.qr_text, name=page.qr_caption, pos_hint={"center_x": 0.5}))
        return right


class QrColumn(Column):
    """The place of the QR code."""
