"""The pages of a request that is filed at the officer's station, beside the questions of the kiosk."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from kiosk_app.presenters.brigade_pages import bar_commands
from kiosk_app.presenters.formats import moment_in_words, reference_in_groups
from kiosk_app.presenters.pages import ChoiceAsked, Command, Message, Option, QuestionPage, TextPage
from kiosk_app.presenters.ports import FoundRequest
from kiosk_app.presenters.wording import Wording, joined
from procuration.domain.alerts import Alert, AlertCode


def introduction(say: Wording, bar_text: str, *, on_paper: bool) -> TextPage:
    """What the elector is told before anything is typed (K1), or which forms may be keyed in here."""
    told = ("paper.form.before", "paper.form.same", "paper.form.elsewhere")
    if not on_paper:
        told = ("onsite.read", "data.kept", "data.use")
    return TextPage(
        name="O1-paper" if on_paper else "O1-on-site",
        bar=bar_text,
        bar_commands=bar_commands(say),
        title=say("paper.form.title" if on_paper else "onsite.title"),
        paragraphs=tuple(say(key) for key in told),
        commands=(
            Command(key="on_site.leave", text=say("go.return")),
            Command(key="on_site.begin", text=say("onsite.begin")),
        ),
    )


def unknown_kiosk(say: Wording, bar_text: str) -> TextPage:
    """The receipt is readable, and nothing vouches for the tablet that printed it."""
    return TextPage(
        name="O1-unknown-kiosk",
        bar=bar_text,
        bar_commands=bar_commands(say),
        title=say("prefill.title"),
        paragraphs=(say("prefill.text"), say("prefill.again")),
        commands=(
            Command(key="on_site.leave", text=say("go.return")),
            Command(key="prefill", text=say("prefill.go")),
        ),
    )


def paper_needed(say: Wording, bar_text: str) -> TextPage:
    """A mandataire of Nouvelle-Calédonie for an elector of elsewhere: the law wants paper (R-73)."""
    return TextPage(
        name="O1-paper-needed",
        bar=bar_text,
        bar_commands=bar_commands(say),
        title=say("paper.title"),
        paragraphs=(say("paper.text"), say("paper.form.sign")),
        commands=(
            Command(key="change mandataire.place", text=say("review.change")),
            Command(key="paper.switch", text=say("paper.form.title")),
        ),
    )


def not_filed(say: Wording, bar_text: str, reason: str) -> TextPage:
    """Why nothing was recorded; what was typed is still there."""
    return TextPage(
        name="O1-not-filed",
        bar=bar_text,
        bar_commands=bar_commands(say),
        title=say("onsite.not_filed"),
        paragraphs=(reason, say("onsite.not_filed.safe")),
        commands=(
            Command(key="review", text=say("onsite.not_filed.back")),
            Command(key="again", text=say("trouble.again")),
        ),
    )


def filed_here(
    say: Wording, bar_text: str, waiting: Sequence[FoundRequest], zone: ZoneInfo, error: str
) -> QuestionPage:
    """The requests filed here that nobody has decided: by hour and initials, since the next person may look
    on."""
    options = tuple(_option(say, found, zone) for found in waiting)
    return QuestionPage(
        name="O1-filed-here",
        bar=bar_text,
        bar_commands=bar_commands(say),
        title=say("onsite.here.title"),
        asked=(ChoiceAsked(key="request", label=say("onsite.here.title"), options=options, error=error),),
        summary=say.counted("errors", 1) if error else "",
        commands=(
            Command(key="on_site.leave", text=say("go.return")),
            Command(key="on_site.open", text=say("onsite.here.open")),
        ),
    )


def _option(say: Wording, found: FoundRequest, zone: ZoneInfo) -> Option:
    mandant, reference = found.filed.mandant, found.filed.reference
    initials = " ".join(f"{name[0]}." for name in (mandant.given_names, mandant.birth_name) if name)
    return Option(
        key=found.rid.hex(),
        text=say("onsite.here.one", initials=initials, moment=moment_in_words(say, found.filed_at, zone)),
        detail=reference_in_groups(reference) if reference else say("transfer.no_reference"),
    )


def alert_message(say: Wording, alerts: Sequence[Alert]) -> Message | None:
    """What is unusual, and that nothing stops the officer (DOMAIN 9.8)."""
    if not alerts:
        return None
    grave = any(alert.code is AlertCode.MANDATAIRE_REPETE for alert in alerts)
    told = [say.counted(f"alert.{alert.code.value}", alert.n) for alert in alerts]
    return Message(
        tone="warn" if grave else "info",
        title=say("alert.title"),
        text=joined(" ", (*told, say("alert.free"))),
    )
