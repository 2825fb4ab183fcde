"""The pages of the officer's station, made from the catalogue and the request."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from kiosk_app.presenters.formats import (
    birth_date_in_words,
    day_in_words,
    moment_in_words,
    reference_in_groups,
    time_in_words,
)
from kiosk_app.presenters.pages import (
    Asked,
    CheckPage,
    ChoiceAsked,
    Command,
    DateAsked,
    Message,
    Option,
    Progress,
    QuestionPage,
    ResultPage,
    Row,
    TextAsked,
    TextPage,
)
from kiosk_app.presenters.ports import ActState, FoundRequest
from kiosk_app.presenters.review import full_name
from kiosk_app.presenters.typed_date import TypedDate
from kiosk_app.presenters.wording import Wording
from procuration.domain.events import Channel
from procuration.domain.people import Person, Sex
from procuration.domain.refusal import OFFICER_CODES, RefusalCode
from procuration.errors import ProcurationError

REASONS: Final = frozenset(code.value for code in OFFICER_CODES)


def bar_commands(say: Wording) -> tuple[Command, ...]:
    """Help and lock, at the same place on every page."""
    return (Command(key="display", text=say("bar.display")), Command(key="lock", text=say("bar.lock")))


def locked(say: Wording, *, error: str = "", busy: bool = False) -> QuestionPage:
    """O0."""
    return QuestionPage(
        name="O0-locked",
        bar=say("station.bar"),
        bar_commands=(Command(key="clock", text=say("bar.clock")), *bar_commands(say)[:1]),
        title=say("locked.title"),
        asked=(TextAsked(key="code", label=say("locked.code"), layout="secret", secret=True, error=error),),
        message=Message(tone="info", title=say("busy.code")) if busy else None,
        focus="" if error or busy else "code",
        commands=()
        if busy
        else (
            Command(key="agents.open", text=say("locked.agents")),
            Command(key="unlock", text=say("locked.open")),
        ),
    )


def search(
    say: Wording,
    bar_text: str,
    typed: tuple[str, TypedDate],
    errors: dict[str, str],
    message: Message | None,
    extra: tuple[Command, ...] = (),
) -> QuestionPage:
    """O1. `extra`: what else an officer may begin here."""
    labels = (say("date.day"), say("date.month"), say("date.year"))
    return QuestionPage(
        name="O1-search",
        bar=bar_text,
        bar_commands=bar_commands(say),
        title=say("search.title"),
        message=message,
        asked=(
            TextAsked(
                key="reference",
                label=say("search.reference"),
                hint=say("search.reference.hint"),
                value=typed[0],
                layout="reference",
                chars_max=12,
                error=errors.get("reference", ""),
            ),
            DateAsked(
                key="birth_date",
                label=say("search.birth_date"),
                labels=labels,
                values=typed[1],
                error=errors.get("birth_date", ""),
            ),
        ),
        summary=say.counted("errors", len(errors)) if errors else "",
        extra=extra,
        commands=(
            Command(key="transfer", text=say("search.transfer")),
            Command(key="scan", text=say("search.scan")),
            Command(key="find", text=say("search.find")),
        ),
    )


def searching(say: Wording, bar_text: str) -> TextPage:
    """Looking on this tablet, or reading the receipt."""
    return TextPage(
        name="O1-searching", bar=bar_text, bar_commands=bar_commands(say), title=say("search.searching")
    )


def asking_centre(say: Wording, bar_text: str) -> TextPage:
    """The centre was heard two minutes ago at most: it may know."""
    return TextPage(
        name="O1-centre",
        bar=bar_text,
        bar_commands=bar_commands(say),
        title=say("search.centre"),
        paragraphs=(say("search.centre.text"),),
        commands=(Command(key="centre.stop", text=say("search.stop")),),
    )


def not_found(say: Wording, last_contact: datetime | None, zone: ZoneInfo) -> Message:
    """One neutral answer, whatever was wrong: the reference or the date."""
    if last_contact is None:
        return Message(tone="warn", title=say("search.none"), text=say("search.none.never"))
    return Message(
        tone="warn",
        title=say("search.none"),
        text=say("search.none.until", moment=moment_in_words(say, last_contact, zone)),
    )


def request_rows(
    say: Wording,
    found: FoundRequest,
    place_label: Callable[[str, int], str],
    validity: str,
    zone: ZoneInfo,
) -> tuple[Row, ...]:
    """The request, one large line for each datum."""
    filed = found.filed
    rows = [
        ("check.birth_name", filed.mandant.birth_name),
        ("check.used_name", filed.mandant.used_name),
        ("check.given_names", filed.mandant.given_names),
        ("check.born", birth_date_in_words(say, filed.mandant.birth_date)),
        ("check.sex", _sex(say, filed.mandant)),
        ("check.place", place_label(filed.vote_place.code, filed.vote_place.type)),
        *_mandataire(say, filed.mandataire, place_label),
        ("check.validity", validity),
        ("check.filed", moment_in_words(say, found.filed_at, zone)),
        ("check.how", say(f"check.auth.{found.authentication.value}")),
        ("check.channel", say("check.channel.4") if filed.channel is Channel.PAPER else None),
    ]
    return tuple(Row(label=say(label), value=value) for label, value in rows if value)


def _mandataire(
    say: Wording,
    person: Person,
    place_label: Callable[[str, int], str],
) -> list[tuple[str, str | None]]:
    if person.elector_number:
        name = say("check.mandataire.number", number=person.elector_number)
    else:
        name = " ".join(part for part in (person.birth_name, person.given_names) if part)
    place = person.enrolment
    return [
        ("check.mandataire", name),
        ("check.mandataire.born", birth_date_in_words(say, person.birth_date)),
        ("check.mandataire.place", place_label(place.code, place.type) if place else None),
    ]


def _sex(say: Wording, person: Person) -> str | None:
    return None if person.sex is None else say("sex.f" if person.sex is Sex.FEMALE else "sex.m")


def check(
    say: Wording,
    bar_text: str,
    found: FoundRequest,
    rows: tuple[Row, ...],
    asked: tuple[Asked, ...],
    *,
    focus: str = "",
    summary: str = "",
    message: Message | None = None,
    revocable: bool = False,
    commands: tuple[Command, ...] = (),
    document: Message | None = None,
    extra: tuple[Command, ...] = (),
) -> CheckPage:
    """O2. A request already decided is shown, with nothing to decide but the end of what it established.
    `commands`: in the place of the usual ones."""
    reference = found.filed.reference
    title = (
        say("check.title", reference=reference_in_groups(reference))
        if reference
        else say("check.title.no_reference")
    )
    commands = commands or (
        Command(key="refuse", text=say("check.refuse")),
        Command(key="validate", text=say("check.validate")),
    )
    if found.decision is not None:
        decided = say("check.decided", date=day_in_words(say, found.decision))
        message, asked = Message(tone="warn", title=decided), ()
        revoke = Command(key="revoke.this", text=say("revoke.this"))
        commands = (*((revoke,) if revocable else ()), Command(key="next", text=say("check.other_request")))
    return CheckPage(
        name="O2-check",
        bar=bar_text,
        bar_commands=bar_commands(say),
        title=title,
        rows=rows,
        lead=say("check.lead"),
        boxes_title=say("check.boxes"),
        document=document,
        extra=extra,
        asked=asked,
        message=message,
        summary=summary,
        focus=focus,
        commands=commands,
    )


def confirm(
    say: Wording,
    bar_text: str,
    found: FoundRequest,
    reason: RefusalCode | None,
    error: str,
    *,
    busy: bool = False,
    message: Message | None = None,
) -> QuestionPage:
    """O3, and the same for a refusal: the code again, because each act is signed."""
    mandant = found.filed.mandant
    name = full_name(mandant.given_names, mandant.birth_name)
    title = say("confirm.title" if reason is None else "confirm.refuse.title", name=name)
    text = say("confirm.text")
    if reason is not None:
        text = say("confirm.reason", reason=say(f"refusal.{reason.value}")) + "\n" + text
    sign = Command(key="sign", text=say("confirm.validate" if reason is None else "confirm.refuse"))
    back = Command(key="check", text=say("go.return"))
    name_of_page = "O3-confirm" if reason is None else "O4-confirm"
    whose = say("confirm.whose", name=name)
    page = code_again(
        say, bar_text, title, text, (back, sign), error, busy=busy, message=message, whose=whose
    )
    return replace(page, name=name_of_page)


def code_again(
    say: Wording,
    bar_text: str,
    title: str,
    text: str,
    commands: tuple[Command, Command],
    error: str,
    *,
    busy: bool,
    message: Message | None,
    whose: str = "",
) -> QuestionPage:
    """What will be signed, and the code under which, which has the focus: Enter on an empty code signs
    nothing. `commands`: back and sign; `whose`: once more at the code, where a low screen has no room for
    the title."""
    secret = TextAsked(
        key="code", label=say("confirm.code"), hint=whose, layout="secret", secret=True, error=error
    )
    return QuestionPage(
        name="O3-confirm",
        bar=bar_text,
        bar_commands=bar_commands(say),
        title=title,
        hint=text,
        message=Message(tone="info", title=say("busy.saving")) if busy else message,
        asked=() if busy else (secret,),
        focus="" if error or busy else "code",
        commands=() if busy else commands,
    )


def reason_asked(say: Wording, codes: Iterable[RefusalCode], error: str) -> ChoiceAsked:
    """Why an officer refuses, or takes back, in plain words."""
    options = tuple(Option(key=code.value, text=say(f"refusal.{code.value}")) for code in codes)
    return ChoiceAsked(key="reason", label=say("refuse.title"), options=options, error=error)


def reasons(say: Wording, bar_text: str, error: str) -> QuestionPage:
    """O4: the reasons an officer may give, in plain words."""
    return QuestionPage(
        name="O4-reasons",
        bar=bar_text,
        bar_commands=bar_commands(say),
        title=say("refuse.title"),
        asked=(reason_asked(say, OFFICER_CODES, error),),
        extra=(Command(key="revoke.this", text=say("revoke.elsewhere")),),
        summary=say.counted("errors", 1) if error else "",
        commands=(
            Command(key="check", text=say("go.return")),
            Command(key="reason", text=say("refuse.go_on")),
        ),
    )


def progress_of(
    say: Wording, state: ActState, zone: ZoneInfo, decided: str = "result.decided"
) -> tuple[Progress, ...]:
    """Only what is proved. `decided`: what the centre makes of it; "" when it tells nobody here."""
    received = (
        say("result.received", time=time_in_words(say, state.received_at, zone))
        if state.received_at
        else say("result.received.not_yet")
    )
    last = say(decided if state.decided else f"{decided}.not_yet") if decided else ""
    return (
        Progress(text=say("result.kept"), done=True),
        Progress(text=received, done=state.received_at is not None),
        *((Progress(text=last, done=state.decided),) if last else ()),
    )


def result(
    say: Wording,
    bar_text: str,
    state: ActState,
    *,
    refused: bool,
    zone: ZoneInfo,
    notice: Message | None = None,
) -> ResultPage:
    """O5: what was decided, then only what is proved. `notice`: what became of the paper."""
    title = say("result.refused" if refused else "result.validated")
    return ResultPage(
        name="O5-result",
        bar=bar_text,
        bar_commands=bar_commands(say),
        title=title,
        message=Message(
            tone="info" if refused else "ok", title=title, text="" if refused else say("result.tell")
        ),
        progress_title=say("result.progress"),
        progress=progress_of(say, state, zone),
        notice=notice,
        commands=result_commands(say),
    )


def result_commands(say: Wording) -> tuple[Command, ...]:
    """The paper again as long as the screen is not emptied, then the next person."""
    return (
        Command(key="print.act", text=say("paper.again")),
        Command(key="next", text=say("result.next")),
    )


def not_recorded(say: Wording, error: ProcurationError) -> Message:
    """Why the act could not be written, above the code."""
    return Message(tone="error", title=say("confirm.not_recorded"), text=say.of_error(error))
