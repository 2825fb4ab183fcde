"""What a page shows, as values: the presenters make them, the screens draw them, the tests read them.

Everything that a person typed is `repr=False`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

Tone = Literal["error", "ok", "info", "warn"]
Answer = str | bool | tuple[str, str, str]
Answers = Mapping[str, Answer]
"""What stands in the inputs of a page when a button is pressed, by key of the input."""
ON_DOCUMENT: Final = "identity document"
"""The focus of a check whose document has just been read: where its answer stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A button: what it does and what it says; `personal` when its words repeat an answer."""

    key: str
    text: str
    personal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A framed message; `personal` when it repeats an answer or the reference."""

    tone: Tone
    title: str
    text: str = ""
    personal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TextAsked:
    """One line to type. A secret is shown as dots."""

    key: str
    label: str
    hint: str = ""
    value: str = field(default="", repr=False)
    layout: str = "name"
    capitals: bool = False
    secret: bool = False
    chars_max: int = 120
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DateAsked:
    """Day, month and year; `shown` says which boxes there are."""

    key: str
    label: str
    hint: str = ""
    labels: tuple[str, str, str]
    values: tuple[str, str, str] = field(default=("", "", ""), repr=False)
    shown: tuple[bool, bool, bool] = (True, True, True)
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One of several answers."""

    key: str
    text: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceAsked:
    """One answer among several. `live`: the page is told at each touch, not only at the end."""

    key: str
    label: str
    options: tuple[Option, ...]
    chosen: str = field(default="", repr=False)
    live: bool = False
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckAsked:
    """A yes, in a box."""

    key: str
    text: str
    checked: bool = False
    live: bool = False
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceAsked:
    """A place to choose in a list that follows what is typed."""

    key: str
    label: str
    hint: str = ""
    value: str = field(default="", repr=False)
    error: str = ""


Asked = TextAsked | DateAsked | ChoiceAsked | CheckAsked | PlaceAsked


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What every page has.

    Attributes:
        name: stable name for tests and pictures, e.g. "K2-prenoms".
        bar: words at the left of the top bar; bar_commands: its buttons.
        step: 1 to 4 while the person answers, else 0.
        commands: the buttons at the foot; the last one goes on.
    """

    name: str
    bar: str = ""
    bar_commands: tuple[Command, ...] = ()
    step: int = 0
    title: str
    commands: tuple[Command, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPage(Frame):
    """A page that is only read: a message, sentences, numbered steps, and the languages on the first page.
    `personal`: its sentences follow from an answer; `qr_text`: a code beside the sentences, "" for none;
    `extra`: buttons below them.
    """

    personal: bool = False
    paragraphs: tuple[str, ...] = ()
    message: Message | None = None
    steps: tuple[str, ...] = ()
    languages: tuple[Command, ...] = ()
    qr_text: str = ""
    qr_caption: str = ""
    extra: tuple[Command, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionPage(Frame):
    """A page with inputs. With errors it starts with their list, which takes the focus.

    Attributes:
        focus: key of the input that has the focus when the page opens; "" for none.
        extra: buttons below the inputs.
    """

    hint: str = ""
    message: Message | None = None
    asked: tuple[Asked, ...] = ()
    extra: tuple[Command, ...] = ()
    summary: str = ""
    focus: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One answer to verify; `change` is the command that changes it, "" for none."""

    label: str
    value: str = field(repr=False)
    change: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPage(Frame):
    """All answers, the sentence that sums the request up, and the promise that nothing is filed yet."""

    rows: tuple[Row, ...]
    change_text: str
    sentence: str = field(repr=False)
    promise: str
    busy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledPage(Frame):
    """The reference, spelled, its QR code, and what to do next. reference "" when the lease was empty; extra:
    buttons below the steps; connection: where the request is kept, "" when it is not known."""

    message: Message
    reference_label: str
    reference: str = field(repr=False)
    spelled: str = field(repr=False)
    steps: tuple[str, ...]
    steps_title: str
    qr_text: str = field(repr=False)
    qr_caption: str
    notices: tuple[Message, ...] = ()
    extra: tuple[Command, ...] = ()
    connection: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DisplayPage(Frame):
    """Size, contrast and language, with a sample; each touch acts at once.

    Attributes:
        voice: on or off, how fast, how loud; empty where the voice is not offered, and `no_voice` then says
            why when it should be.
    """

    size: ChoiceAsked
    contrast: ChoiceAsked
    language: ChoiceAsked
    sample: str
    voice: tuple[ChoiceAsked, ...] = ()
    no_voice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPage(Frame):
    """The request at the left, what the officer checks at the right.

    Attributes:
        document: what a reader saw of the identity document, above the boxes.
        extra: buttons above it.
        focus: key of an input, or `ON_DOCUMENT` for these.
    """

    rows: tuple[Row, ...]
    lead: str
    message: Message | None = None
    boxes_title: str
    document: Message | None = None
    extra: tuple[Command, ...] = ()
    asked: tuple[Asked, ...]
    summary: str = ""
    focus: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """One thing that is proved, or not yet."""

    text: str
    done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultPage(Frame):
    """What was decided, how far it is proved to have gone, and what became of its paper."""

    message: Message
    progress_title: str
    progress: tuple[Progress, ...]
    notice: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransmissionPage(Frame):
    """Three counts, the last contact, what presses, and the promise that nothing is lost.

    Attributes:
        extra: buttons below the counts: the foot of a low screen has room for two.
    """

    rows: tuple[Row, ...]
    urgent_title: str
    urgent: tuple[Row, ...]
    urgent_note: str
    promise: str
    message: Message | None = None
    extra: tuple[Command, ...] = ()


Page = (
    TextPage | QuestionPage | ReviewPage | FiledPage | DisplayPage | CheckPage | ResultPage | TransmissionPage
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DialogAsked:
    """A question above the page; the first answer loses nothing and has the focus."""

    name: str
    title: str
    text: str = ""
    commands: tuple[Command, ...]
