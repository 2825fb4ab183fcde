"""What is said of a page and of what stands on it: plain values in, utterances out.

Decides the words and their order, and marks what is personal; whether that may be heard is decided in
`speech`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from kiosk_app.presenters.letters import spelled_out
from kiosk_app.presenters.wording import Wording

READ_ONLY: Final = frozenset({"text", "alert", "heading", "image"})
INPUTS: Final = frozenset({"textbox", "radio", "checkbox"})
ROWS: Final = frozenset({"row", "datum"})


@dataclass(frozen=True, slots=True)
class Utterance:
    """One thing said. When it is personal and may not be heard, `instead` is said: "" for nothing."""

    text: str = field(repr=False)
    personal: bool = False
    instead: str = ""


Said = tuple[Utterance, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One thing on the page, in reading order.

    Attributes:
        role, name, value, states: as the component kit gives them.
        personal: of an input or a row the value and the states are personal, of anything else its name.
        label, hint, error: of the field that holds it.
        position, of: « 2 sur 5 » among choices; 0 when it stands alone.
        secret: a code, which is never said.
    """

    role: str
    name: str = field(repr=False)
    value: str = field(default="", repr=False)
    states: frozenset[str] = field(default=frozenset(), repr=False)
    personal: bool = False
    detail: str = ""
    label: str = ""
    hint: str = ""
    error: str = ""
    position: int = 0
    of: int = 0
    secret: bool = False


def element_said(say: Wording, element: Element, *, entering: bool = True, pad: bool = False) -> Said:
    """What is said of one element. `entering`: its field was not heard just before; `pad`: five keys are all
    that the person has."""
    return tuple(_of_element(say, element, entering=entering, pad=pad))


def _of_element(say: Wording, element: Element, *, entering: bool, pad: bool) -> Iterator[Utterance]:
    if entering and element.label and element.label != element.name:
        yield Utterance(element.label)
    if element.role in INPUTS or element.role in ROWS:
        yield Utterance(element.name)
    else:
        yield _private(say, element.name, element)
    if element.detail:
        yield Utterance(element.detail)
    if say.has(f"spoken.role.{element.role}"):
        yield Utterance(say(f"spoken.role.{element.role}"))
    if entering:
        yield from (Utterance(text) for text in (element.hint, element.error) if text)
    yield from state_said(say, element)
    if element.of:
        yield Utterance(say("spoken.position", n=element.position, total=element.of))
    if entering and pad and say.has(f"spoken.how.{element.role}"):
        yield Utterance(say(f"spoken.how.{element.role}"))


def _private(say: Wording, text: str, element: Element) -> Utterance:
    return Utterance(text, element.personal, say("spoken.hidden") if element.personal else "")


def state_said(say: Wording, element: Element) -> Said:
    """What an input holds, what a row shows, whether a choice is made."""
    match element.role:
        case "textbox" if element.secret:
            return ()
        case "textbox" if not element.value:  # personal: what is typed next will be, and is asked about now
            return (Utterance(say("spoken.empty"), element.personal, say("spoken.empty")),)
        case "textbox" | "row" | "datum":
            return (Utterance(element.value, element.personal, say("spoken.filled")),)
        case "radio" | "checkbox":
            checked = "checked" if "checked" in element.states else "unchecked"
            return (Utterance(say(f"spoken.{element.role}.{checked}"), element.personal),)
    return ()


def chosen_said(say: Wording, element: Element) -> Said:
    """What is said once a choice was made or a box touched: nothing of it when nobody may hear it."""
    checked = "checked" if "checked" in element.states else "unchecked"
    text = f"{element.name} : {say(f'spoken.{element.role}.{checked}')}"
    return (Utterance(text, element.personal, say("spoken.filled")),)


def page_said(
    say: Wording, elements: Sequence[Element], here: Element | None, *, whole: bool = False, pad: bool = False
) -> Said:
    """A page that appears: its title, what is read before the first input, then the element that has the
    focus. `whole`: everything, in reading order."""
    if whole:
        return tuple(said for one in elements for said in _of_element(say, one, entering=True, pad=False))
    heading = [one for one in elements if one.role == "heading"][:1]
    lead = [one for one in _before_inputs(elements) if one is not here]
    said = [piece for one in (*heading, *lead) for piece in _of_element(say, one, entering=True, pad=False)]
    if here is not None and here not in heading:
        said += _of_element(say, here, entering=True, pad=pad)
    elif not any(one.role in INPUTS for one in elements):
        said.append(Utterance(say("spoken.more")))
    return tuple(said)


def _before_inputs(elements: Sequence[Element]) -> Iterator[Element]:
    """What is only read, as far as the first thing to answer; of a page without inputs, all of it."""
    for element in elements:
        if element.role in INPUTS:
            return
        if element.role in READ_ONLY - {"heading"}:
            yield element


def typed_said(say: Wording, before: str, after: str) -> Said:
    """What typing changed: the letters added, or that some were erased."""
    if after.startswith(before) and len(after) > len(before):
        return (Utterance(spelled_out(say, after[len(before) :]), personal=True),)
    return (Utterance(say("spoken.erased")),)


def offers_said(say: Wording, elements: Sequence[Element]) -> Said:
    """How many places stand below the box now, or why there is none."""
    offered = [one for one in elements if one.role == "button" and one.of]
    if offered:
        return (Utterance(say.counted("spoken.offers", len(offered))),)
    empty = [one for one in elements if one.role == "text" and one.personal]
    return tuple(_private(say, one.name, one) for one in empty)
