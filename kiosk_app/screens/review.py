"""The screen of verification: every answer, the way to change it, and what will be asked."""

from kiosk_app.presenters.pages import ReviewPage
from kiosk_app.screens.kit import Column, Notice, SummaryRow, Txt
from kiosk_app.screens.tablet_screen import Press, TabletScreen, load_rules

load_rules(__file__)


class ReviewSentence(Column):
    """What is asked, in one framed sentence, above the promise that nothing is recorded yet."""


class ReviewScreen(TabletScreen[ReviewPage]):
    """Draws a ReviewPage."""

    def fill(self, page: ReviewPage) -> None:
        if page.busy:
            self.add(Notice(kind="info", title=page.busy))
        self.add(self.title(page.title))
        framed = ReviewSentence()
        framed.add_widget(Txt(text=page.sentence, bold=True, personal=True))
        framed.add_widget(Txt(text=page.promise))
        self.add(framed)
        rows = Column(spacing=0)
        for row in page.rows:
            change = Press(self, row.change) if row.change else None
            rows.add_widget(
                SummaryRow(label=row.label, value=row.value, change=page.change_text, on_change=change)
            )
        self.add(rows)
