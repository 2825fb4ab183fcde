"""The pages of the elector's tablet, made from the catalogue and the draft."""

from datetime import date

from kiosk_app.presenters import places_page, web_page
from kiosk_app.presenters.draft import Draft
from kiosk_app.presenters.formats import day_in_words, reference_in_groups, reference_spelled
from kiosk_app.presenters.pages import (
    Asked,
    Command,
    DialogAsked,
    FiledPage,
    Message,
    QuestionPage,
    TextAsked,
    TextPage,
)
from kiosk_app.presenters.ports import FiledReceipt
from kiosk_app.presenters.questions import Errors, Question
from kiosk_app.presenters.wording import Wording
from procuration.domain.law import ControlRegime


def bar_commands(say: Wording) -> tuple[Command, ...]:
    """Help and exit, at the same place on every page."""
    return (Command(key="display", text=say("bar.display")), Command(key="quit", text=say("bar.quit")))


def closed(say: Wording, *, error: str = "", busy: bool = False) -> QuestionPage:
    """K-1: the post is closed."""
    return QuestionPage(
        name="K-1-closed",
        bar=say("bar.welcome"),
        title=say("closed.title"),
        hint=say("closed.call"),
        bar_commands=(
            Command(key="clock", text=say("bar.clock")),
            Command(key="display", text=say("bar.display")),
        ),
        asked=(TextAsked(key="code", label=say("closed.code"), layout="secret", secret=True, error=error),),
        message=Message(tone="info", title=say("busy.code")) if busy else None,
        commands=() if busy else (Command(key="unlock", text=say("closed.open")),),
    )


def welcome(
    say: Wording,
    languages: tuple[Command, ...],
    short: tuple[str, ...] = (),
    connection: str = "",
    *,
    web: bool = False,
) -> TextPage:
    """K0. `short`: what will soon be missing, for the person at the desk; below what electors read. `web`:
    whether the request may be made on a telephone instead."""
    words = [say(f"welcome.{key}") for key in ("lead", "duration", "identity", "mandataire", "paper")]
    return TextPage(
        name="K0-welcome",
        bar=say("bar.welcome"),
        title=say("welcome.title"),
        bar_commands=(
            Command(key="agent", text=say("bar.agent")),
            Command(key="display", text=say("bar.display")),
        ),
        paragraphs=(
            *words,
            *((connection,) if connection else ()),
            *(say("short.welcome", what=one) for one in short),
        ),
        languages=languages,
        extra=(web_page.command(say),) if web else (),
        commands=(Command(key="start", text=say("welcome.start")),),
    )


def your_data(say: Wording, bar: tuple[Command, ...]) -> TextPage:
    """K1."""
    return TextPage(
        name="K1-data",
        bar=say("bar.welcome"),
        bar_commands=bar,
        title=say("data.title"),
        paragraphs=(say("data.kept"), say("data.use")),
        commands=(
            Command(key="welcome", text=say("go.back")),
            Command(key="data.more", text=say("data.more")),
            Command(key="understood", text=say("data.understood")),
        ),
    )


def full_notice(say: Wording, bar: tuple[Command, ...]) -> TextPage:
    """The whole information of persons (RGPD)."""
    keys = ("who", "why", "what", "read", "kept", "rights", "tablet")
    return TextPage(
        name="K1-full",
        bar=say("bar.welcome"),
        bar_commands=bar,
        title=say("data.full.title"),
        paragraphs=tuple(say(f"data.full.{key}") for key in keys),
        commands=(
            Command(key="data", text=say("go.back")),
            Command(key="understood", text=say("data.understood")),
        ),
    )


def question(
    say: Wording,
    asked: Question,
    draft: Draft,
    errors: Errors,
    bar: tuple[Command, ...],
) -> QuestionPage:
    """K2 to K5: one question."""
    body = asked.body(draft, errors)
    shown = [error for error in (_error_of(item) for item in body.asked) if error]
    return QuestionPage(
        name=asked.name,
        bar=say("bar.step", n=asked.step),
        bar_commands=bar,
        step=asked.step,
        title=say(asked.key),
        hint=body.hint,
        message=body.message,
        asked=tuple(body.asked),
        extra=body.extra,
        summary=say.counted("errors", len(shown)) if shown else "",
        focus="" if shown else body.focus,
        commands=(Command(key="back", text=say("go.back")), Command(key="continue", text=say("go.on"))),
    )


def _error_of(asked: Asked) -> str:
    return asked.error


def needs_paper(draft: Draft) -> bool:
    """A mandataire of Nouvelle-Calédonie for an elector of elsewhere: the law wants paper (R-73)."""
    if draft.on_paper:
        return False
    theirs = draft.mandataire.place if not draft.by_number else None
    return theirs is not None and theirs.place.in_nouvelle_caledonie and not draft.in_nouvelle_caledonie


def prepared(say: Wording) -> Message:
    """The sheet came out."""
    return Message(tone="ok", title=say("paper.prepared"))


def not_prepared(say: Wording) -> Message:
    """No sheet came out: the form can be filled in without it."""
    return Message(tone="warn", title=say("paper.not_prepared"))


def paper_only(say: Wording, bar: tuple[Command, ...], message: Message | None = None) -> TextPage:
    """What cannot be asked here, where to ask it, and a sheet that helps to. `message`: what became of it."""
    return TextPage(
        name="X4-paper",
        bar=say("trouble.bar"),
        bar_commands=bar,
        title=say("paper.title"),
        message=message,
        paragraphs=(say("paper.text"), say("paper.call")),
        commands=(
            Command(key="change mandataire.place", text=say("review.change")),
            Command(key="quit", text=say("bar.quit")),
            Command(key="prepare", text=say("paper.prepare")),
        ),
    )


def too_young(say: Wording, bar: tuple[Command, ...]) -> TextPage:
    """« Il faut avoir 18 ans le jour du vote. »"""
    return TextPage(
        name="X4-minor",
        bar=say("trouble.bar"),
        bar_commands=bar,
        title=say("minor.title"),
        paragraphs=(say("minor.text"), say("minor.check")),
        commands=(
            Command(key="change mandant.birth_date", text=say("minor.birth_date")),
            Command(key="change election.kind", text=say("minor.election")),
        ),
    )


def not_filed(say: Wording, reason: str, bar: tuple[Command, ...]) -> TextPage:
    """What is safe, and what to do."""
    return TextPage(
        name="X4-not-filed",
        bar=say("trouble.bar"),
        bar_commands=bar,
        title=say("trouble.title"),
        paragraphs=tuple(text for text in (reason, say("trouble.call"), say("trouble.safe")) if text),
        commands=(
            Command(key="review", text=say("trouble.back")),
            Command(key="again", text=say("trouble.again")),
        ),
    )


def filed(
    say: Wording, receipt: FiledReceipt, draft: Draft, today: date, connection: str, paper: Message | None
) -> FiledPage:
    """K7. `paper`: what became of the receipt, when it is worth a word."""
    reference = receipt.reference
    register = "" if receipt.regime is ControlRegime.MAIRIE else ".register"
    control = f"filed.control{register}" + (".no_email" if draft.no_email else "")
    return FiledPage(
        name="K7-filed",
        bar=say("bar.welcome"),
        bar_commands=(Command(key="display", text=say("bar.display")),),
        title=say("filed.title"),
        message=Message(tone="ok", title=say("filed.title"), text=say("filed.not_yet")),
        reference_label=_reference_label(say, receipt, draft, paper),
        reference=reference_in_groups(reference) if reference else "",
        spelled=reference_spelled(say, reference) if reference else "",
        steps_title=say("filed.next"),
        steps=(_first_step(say, receipt, paper), _where_and_when(say, receipt.deadline, today), say(control)),
        qr_text=receipt.qr_text or "",
        qr_caption=say("filed.show") if receipt.qr_text else "",
        notices=(
            *((paper,) if paper else ()),
            *((Message(tone="info", title=say("filed.form")),) if receipt.form_needed else ()),
        ),
        extra=(Command(key=places_page.HERE, text=say("places.title")),),
        connection=connection,
        commands=(
            Command(key="print", text=say("filed.print_again")),
            Command(key="end", text=say("filed.end")),
        ),
    )


def _came_out(paper: Message | None) -> bool:
    return paper is None or paper.tone != "warn"


def _reference_label(say: Wording, receipt: FiledReceipt, draft: Draft, paper: Message | None) -> str:
    """Above the reference; without one, only what is true: a message needs an address, a receipt came out."""
    if receipt.reference:
        return say("filed.reference")
    if draft.no_email:
        return say("filed.paper" if _came_out(paper) else "trouble.call")
    return say("filed.no_reference" if _came_out(paper) else "filed.later")


def _first_step(say: Wording, receipt: FiledReceipt, paper: Message | None) -> str:
    """« Prenez le reçu »; where none came out, what stands in its place."""
    if _came_out(paper):
        return say("filed.take")
    return say("filed.note" if receipt.reference else "trouble.call")


def _where_and_when(say: Wording, deadline: date | None, today: date) -> str:
    """As on the receipt: nobody is sent away « avant le » of a day that has begun."""
    if deadline is None:
        return say("filed.go.no_date")
    if deadline <= today:
        return say("receipt.go_today")
    return say("filed.go", date=day_in_words(say, deadline))


def quit_dialog(say: Wording) -> DialogAsked:
    """X2: what was answered would be lost."""
    return DialogAsked(
        name="X2-quit",
        title=say("quit.title"),
        commands=(
            Command(key="quit.stay", text=say("quit.stay")),
            Command(key="quit.wipe", text=say("quit.wipe")),
        ),
    )
