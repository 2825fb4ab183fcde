"""What stands on the screen, read from the components of the kit as plain values, in reading order."""

from collections.abc import Iterator
from dataclasses import dataclass

from kivy.uix.widget import Widget

from kiosk_app.presenters.spoken import Element
from kiosk_app.screens.kit import (
    AlarmBar,
    AzertyKeyboard,
    Btn,
    Choice,
    ChoiceGroup,
    Dialog,
    ErrorSummary,
    Field,
    Notice,
    QrView,
    Suggest,
    SummaryRow,
    TextBox,
    Txt,
)
from kiosk_app.screens.kit.focus import Accessible


@dataclass(frozen=True, slots=True)
class Spot:
    """One place where a reader stops.

    Attributes:
        actor: what a press acts upon; None for what is only read.
        group: the radios of which this is one, itself included.
    """

    widget: Widget
    element: Element
    actor: Widget | None = None
    field: Field | None = None
    group: tuple[Widget, ...] = ()


def spots_of(scope: Widget) -> list[Spot]:
    """Every stop below a page or a dialog."""
    return list(_below(scope, None))


def _below(widget: Widget, field: Field | None) -> Iterator[Spot]:
    match widget:
        case AzertyKeyboard():
            return
        case Accessible() if not widget.spoken:
            return
        case Field():
            for one in widget.inputs:
                yield from _below(one, widget)
        case ChoiceGroup():
            yield from (_radio(widget, choice, field) for choice in widget.choices)
        case Suggest():
            yield from _suggest(widget, field)
        case Dialog():
            yield from _dialog(widget)
        case SummaryRow() | Notice() | ErrorSummary():
            yield from _composite(widget)
        case Choice() | Btn():
            yield Spot(widget, _element(widget, detail=getattr(widget, "detail", "")), widget)
        case TextBox():
            yield Spot(widget, _box(widget, field), widget, field)
        case Txt() | QrView() | AlarmBar():
            if widget.name:
                yield Spot(widget, _element(widget))
        case _:
            for child in reversed(widget.children):
                yield from _below(child, field)


def _element(widget: Accessible, **more: object) -> Element:
    plain: dict[str, object] = {
        "role": widget.role,
        "name": widget.name,
        "value": widget.value,
        "states": frozenset(widget.states),
        "personal": widget.personal,
    }
    return Element(**(plain | more))  # type: ignore[arg-type]


def _box(box: TextBox, field: Field | None) -> Element:
    label, hint, error = (field.label, field.hint, field.error) if field else ("", "", "")
    return _element(box, secret=box.secret, label=label, hint=hint, error=error)


def _radio(group: ChoiceGroup, choice: Choice, field: Field | None) -> Spot:
    element = _element(
        choice,
        label=field.label if field else "",
        error=field.error if field else "",
        detail=choice.detail,
        position=group.choices.index(choice) + 1,
        of=len(group.choices),
    )
    return Spot(choice, element, choice, field, group.choices)


def _suggest(suggest: Suggest, field: Field | None) -> Iterator[Spot]:
    yield Spot(suggest.box, _box(suggest.box, field), suggest.box, field)
    offers = list(reversed(suggest.offers.children))
    for position, button in enumerate(offers, start=1):
        yield Spot(button, _element(button, position=position, of=len(offers)), button)
    if suggest.nothing_found.parent is not None:
        yield Spot(suggest.nothing_found, _element(suggest.nothing_found))


def _composite(widget: SummaryRow | Notice | ErrorSummary) -> Iterator[Spot]:
    """What is one thing to the ear: a row with its button, a framed message, the head of a list of errors."""
    match widget:
        case SummaryRow():
            buttons = [one for one in widget.walk(restrict=True) if isinstance(one, Btn)]
            role = "row" if buttons else "datum"
            yield Spot(widget, _element(widget, role=role), buttons[0] if buttons else None)
        case Notice():
            words = " ".join(part for part in (widget.title, widget.text) if part)
            yield Spot(widget, _element(widget, name=words))
        case _:
            links = [child for child in reversed(widget.children) if isinstance(child, Btn)]
            listed = " ".join(link.text for link in links)
            yield Spot(widget, _element(widget, role="summary", detail=listed), widget)
            yield from (Spot(link, _element(link), link) for link in links)


def _dialog(dialog: Dialog) -> Iterator[Spot]:
    """The question, its words, and its answers with their number."""
    inside = [spot for child in reversed(dialog.children) for spot in _below(child, None)]
    answers = [spot.actor for spot in inside if spot.actor is not None]
    for spot in inside:
        if spot.actor is None:
            yield spot
        else:
            place = {"position": answers.index(spot.actor) + 1, "of": len(answers)}
            yield Spot(spot.widget, _element(spot.widget, **place), spot.actor)
