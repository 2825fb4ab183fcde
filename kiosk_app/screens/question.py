"""The screen of one question: its title, its inputs, and the list of errors when there are any."""

from kivy.clock import Clock

from kiosk_app.presenters.pages import CheckAsked, DateAsked, QuestionPage
from kiosk_app.screens.inputs import InputMaker
from kiosk_app.screens.kit import ErrorSummary, Fold, Suggest, TwoColumns, Txt
from kiosk_app.screens.tablet_screen import TabletScreen, load_rules

load_rules(__file__)


class QuestionScreen(TabletScreen[QuestionPage]):
    """Draws a QuestionPage."""

    def fill(self, page: QuestionPage) -> None:
        maker = InputMaker(self.hands.say, self.hands.listener, page.title, self._touched, self.next_pressed)
        self.inputs.update((asked.key, maker.make(asked)) for asked in page.asked)
        if page.summary:
            self._add_summary(page)
        self.add(self.title(page.title))
        if page.message is not None:
            self.add(self.notice(page.message))
        if page.hint:
            self.add(Txt(text=page.hint))
        if all(isinstance(asked, DateAsked) for asked in page.asked):
            self._add_beside()
        else:
            self.add(*(asked.widget for asked in self.inputs.values()))
        if page.extra:
            row = Fold()
            for command in page.extra:
                row.add_widget(self.button(command))
            self.add(row)

    def _add_beside(self) -> None:
        """Two dates, « Du » and « Au », stand beside each other when there is room."""
        columns = TwoColumns(ems=33)
        for asked in self.inputs.values():
            asked.widget.pos_hint = {"top": 1}
            columns.add_widget(asked.widget)
        self.add(columns)

    def offer(self, labels: tuple[str, ...], empty: str) -> None:
        """Show the places that what is typed may mean."""
        for widget in self.content.walk(restrict=True):
            if isinstance(widget, Suggest):
                widget.offer(labels, empty)

    def _add_summary(self, page: QuestionPage) -> None:
        errors = [
            (asked.error, self.inputs[asked.key].focus)
            for asked in page.asked
            if not isinstance(asked, CheckAsked) and asked.error
        ]
        summary = ErrorSummary(title=page.summary, errors=errors)
        self.add(summary)
        Clock.schedule_once(lambda _: setattr(summary, "focus", True), 0)

    def _touched(self, key: str) -> None:
        self.hands.listener.touched(key, self.answers())
