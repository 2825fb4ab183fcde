"""The screen of the transmission: how many decisions are kept, received, decided; the last contact; what
presses."""

from collections.abc import Sequence

from kivy.uix.widget import Widget

from kiosk_app.presenters.pages import Row, TransmissionPage
from kiosk_app.screens.kit import Column, Hint, SummaryRow, Txt
from kiosk_app.screens.tablet_screen import TabletScreen, load_rules

load_rules(__file__)


class TransmissionScreen(TabletScreen[TransmissionPage]):
    """Draws a TransmissionPage."""

    def fill(self, page: TransmissionPage) -> None:
        self.add(self.title(page.title))
        if page.message is not None:
            self.add(self.notice(page.message))
        parts = [[_rows(page.rows), Txt(text=page.promise), *self._extra(page)], self._urgent(page)]
        for widgets in reversed(parts) if page.urgent else parts:
            self.add(*widgets)

    def _extra(self, page: TransmissionPage) -> list[Widget]:
        return [self.button(command) for command in page.extra]

    @staticmethod
    def _urgent(page: TransmissionPage) -> list[Widget]:
        """What presses stands first when there is something, and last when there is nothing."""
        listed = [_rows(page.urgent)] if page.urgent else []
        return [Txt(text=page.urgent_title, bold=True), *listed, Hint(text=page.urgent_note)]


def _rows(rows: Sequence[Row]) -> Column:
    drawn = Column(spacing=0)
    for row in rows:
        drawn.add_widget(SummaryRow(label=row.label, value=row.value))
    return drawn
