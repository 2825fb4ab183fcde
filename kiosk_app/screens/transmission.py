"""The screen of the transmission: how many decisions are kept, received, decided; and the last contact."""

from kiosk_app.presenters.pages import TransmissionPage
from kiosk_app.screens.kit import Column, SummaryRow, Txt
from kiosk_app.screens.tablet_screen import TabletScreen, load_rules

load_rules(__file__)


class TransmissionScreen(TabletScreen[TransmissionPage]):
    """Draws a TransmissionPage."""

    def fill(self, page: TransmissionPage) -> None:
        self.add(self.title(page.title))
        if page.message is not None:
            self.add(self.notice(page.message))
        rows = Column(spacing=0)
        for row in page.rows:
            rows.add_widget(SummaryRow(label=row.label, value=row.value))
        self.add(rows, Txt(text=page.promise))
