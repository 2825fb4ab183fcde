"""The screen of the officer's check: the request at the left, what is checked at the right."""

from functools import partial
from itertools import pairwise

from kivy.clock import Clock
from kivy.properties import StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk_app.presenters.pages import ON_DOCUMENT, CheckPage
from kiosk_app.screens.inputs import InputMaker
from kiosk_app.screens.kit import Column, ErrorSummary, Hint, TwoColumns, Txt
from kiosk_app.screens.kit.choice import Choice
from kiosk_app.screens.tablet_screen import TabletScreen, load_rules

load_rules(__file__)


class DataRow(BoxLayout):
    """One datum: its label at the left, its value at the right, large."""

    label, datum = StringProperty(""), StringProperty("")


class CheckScreen(TabletScreen[CheckPage]):
    """Draws a CheckPage."""

    def fill(self, page: CheckPage) -> None:
        if page.message is not None:
            self.add(self.notice(page.message))
        if page.summary:
            self._add_summary(page)
        columns = TwoColumns(ems=34, lead=1.25)
        columns.add_widget(self._request(page))
        if page.asked:
            columns.add_widget(self._boxes(page))
        self.add(columns)

    def _request(self, page: CheckPage) -> Column:
        left = Column(pos_hint={"top": 1}, spacing=0)
        left.add_widget(self.title(page.title))
        if page.asked:
            left.add_widget(Hint(text=page.lead))
        for row in page.rows:
            left.add_widget(DataRow(label=row.label, datum=row.value))
        return left

    def _boxes(self, page: CheckPage) -> Column:
        maker = InputMaker(self.hands.say, self.hands.listener, page.title, self._touched, self.next_pressed)
        right = CheckColumn(pos_hint={"top": 1})
        right.add_widget(Txt(text=page.boxes_title, bold=True))
        if page.document is not None or page.extra:
            right.add_widget(self._document(page))
        for asked in page.asked:
            self.inputs[asked.key] = maker.make(asked)
            right.add_widget(self.inputs[asked.key].widget)
        self._show_the_next()
        return right

    def _document(self, page: CheckPage) -> "DocumentPart":
        part = DocumentPart()
        for command in page.extra:
            part.add_widget(self.button(command))
        if page.document is not None:
            part.add_widget(self.notice(page.document))
        return part

    def _show_the_next(self) -> None:
        """A box that was ticked brings the one below it into sight: nobody has to move the page for it."""
        widgets = [made.widget for made in self.inputs.values()]
        for box, below in pairwise(widgets):
            if isinstance(box, Choice):
                box.bind(on_chosen=lambda _, wanted=below: self.bring_into_view(wanted))

    def _add_summary(self, page: CheckPage) -> None:
        summary = ErrorSummary(
            title=self.hands.say.counted("errors", 1),
            errors=[(page.summary, partial(self._focus_input, page.focus))],
        )
        self.add(summary)
        Clock.schedule_once(lambda _: setattr(summary, "focus", True), 0)

    def _focus_input(self, key: str) -> None:
        self.inputs[key].focus()

    def first_focus(self, page: CheckPage) -> str:
        if page.focus == ON_DOCUMENT and page.extra:
            return f"command {page.extra[0].key}"
        return "" if page.summary else page.focus

    def _touched(self, key: str) -> None:
        self.hands.listener.touched(key, self.answers())


class DocumentPart(Column):
    """The button that reads a document, and below it what was seen: looked at from its top."""

    from_top = True


class CheckColumn(Column):
    """The boxes, one below the other."""
