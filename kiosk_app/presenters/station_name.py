"""« Chercher par nom »: among the requests that this officer may already see on this station."""

from collections.abc import Callable, Sequence

from kiosk_app.presenters.brigade_pages import bar_commands
from kiosk_app.presenters.brigade_parts import NameParts
from kiosk_app.presenters.desk import Desk, PlainJob
from kiosk_app.presenters.formats import birth_date_in_words, reference_in_groups
from kiosk_app.presenters.pages import (
    Answers,
    Asked,
    ChoiceAsked,
    Command,
    Message,
    Option,
    QuestionPage,
    TextAsked,
)
from kiosk_app.presenters.ports import FoundRequest
from kiosk_app.presenters.questions import text_of
from kiosk_app.presenters.review import full_name
from kiosk_app.presenters.wording import Wording
from procuration.errors import ProcurationError


class NameJob(PlainJob):
    """One search after another; holds nothing after `forget`."""

    def __init__(self, desk: Desk, found: Callable[[FoundRequest], None]) -> None:
        """Args: found: opens what was chosen."""
        self._desk, self._opens = desk, found
        self.forget()

    def forget(self) -> None:
        self._typed = ""
        self._found: Sequence[FoundRequest] | None = None

    def keep(self, answers: Answers) -> None:
        if "mandant_name" in answers:
            self._typed = text_of(answers, "mandant_name")

    def act(self, command: str, answers: Answers) -> bool:
        parts = self._desk.parts.names
        if parts is None:
            return False
        match command:
            case "name":
                self.forget()
                self._show()
            case "name.find":
                self.keep(answers)
                self._find(parts)
            case _:
                return False
        return True

    def touched(self, key: str, answers: Answers) -> None:
        parts = self._desk.parts.names
        if key != "request" or parts is None:
            return
        self.keep(answers)
        wanted = text_of(answers, "request")
        chosen = next((one for one in self._found or () if one.rid.hex() == wanted), None)
        if chosen is None:
            return
        try:
            opened = parts.open(chosen.rid)
        except ProcurationError as error:
            self._show(message=Message(tone="error", title=self._desk.say.of_error(error)))
            return
        self.forget()
        self._opens(opened)

    def _find(self, parts: NameParts) -> None:
        self._found = None
        try:
            self._found = parts.search(self._typed)
        except ProcurationError as error:
            self._show(error=self._desk.say.of_error(error))
            return
        self._show()

    def _show(self, *, error: str = "", message: Message | None = None) -> None:
        desk, found = self._desk, self._found
        desk.show(lambda: page(desk.say, desk.bar(), self._typed, found, error=error, message=message))


def page(
    say: Wording,
    bar_text: str,
    typed: str,
    found: Sequence[FoundRequest] | None,
    *,
    error: str = "",
    message: Message | None = None,
) -> QuestionPage:
    """The name, then what answers; a touch opens it. `found`: None before a search."""
    asked: list[Asked] = [
        TextAsked(
            key="mandant_name",
            label=say("name.label"),
            hint=say("name.hint"),
            value=typed,
            capitals=True,
            error=error,
        )
    ]
    if found:
        options = tuple(Option(key=one.rid.hex(), text=_who(one), detail=_which(say, one)) for one in found)
        asked.insert(0, ChoiceAsked(key="request", label=say("name.found"), options=options, live=True))
    if found is not None and not found:
        message = message or Message(tone="warn", title=say("name.none"), text=say("name.none.text"))
    return QuestionPage(
        name="O1-name",
        bar=bar_text,
        bar_commands=bar_commands(say),
        title=say("name.title"),
        message=message,
        asked=tuple(asked),
        summary=say.counted("errors", 1) if error else "",
        focus="" if error or found is not None else "mandant_name",
        commands=(
            Command(key="search", text=say("go.return")),
            Command(key="name.find", text=say("search.find")),
        ),
    )


def _who(found: FoundRequest) -> str:
    return full_name(found.filed.mandant.given_names, found.filed.mandant.birth_name)


def _which(say: Wording, found: FoundRequest) -> str:
    reference = found.filed.reference
    shown = reference_in_groups(reference) if reference else say("transfer.no_reference")
    return f"{birth_date_in_words(say, found.filed.mandant.birth_date)} · {shown}"
