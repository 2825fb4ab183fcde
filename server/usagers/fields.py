"""The fields of a page as its template writes them: label, hint, what was typed, and what is wrong with
it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from procuration.domain.communes import CommuneSuggestion
from server.usagers.answers import WHOLE_PAGE, Fault, Faults
from server.usagers.commune_search import key_of
from server.usagers.draft import Answers
from server.usagers.wording import Wording

_DATE_PARTS: Final = ("day", "month", "year")
_BIRTHDAY: Final = {"day": "bday-day", "month": "bday-month", "year": "bday-year"}


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of several."""

    value: str
    label: str
    chosen: bool
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """One of the three boxes of a date."""

    name: str
    anchor: str
    label: str
    value: str = field(repr=False)
    maximum: int
    digits: bool
    wide: bool
    autocomplete: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question of a page. Attributes: template: how it is drawn; anchor: where a summary leads."""

    template: str
    name: str
    label: str
    anchor: str
    hint: str = ""
    fault: str = ""
    value: str = field(default="", repr=False)
    type: str = "text"
    maximum: int = 0
    digits: bool = False
    autocomplete: str = "off"
    options: tuple[Option, ...] = ()
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownFault:
    """One line of the summary of what is to be corrected."""

    sentence: str
    anchor: str


class Fields:
    """Makes the fields of one page from the answers so far and what is wrong with them."""

    def __init__(self, say: Wording, answers: Mapping[str, str], faults: Faults) -> None:
        self._say, self._answers, self._faults = say, answers, faults

    def text(self, name: str, label: str, hint: str = "", *, maximum: int, **more: object) -> Field:
        """One line."""
        return Field(
            template="usagers/text_field.html",
            name=name,
            label=self._say(label),
            anchor=name,
            hint=self._say(hint) if hint else "",
            fault=self._fault(name),
            value=self._answers.get(name, ""),
            maximum=maximum,
            **more,  # type: ignore[arg-type]  # type, digits, autocomplete
        )

    def date(
        self, name: str, label: str, prefix: str = "", hint: str = "", *, said: str = "", born: bool = False
    ) -> Field:
        """Day, month and year, in three boxes. Args: said: a hint in words already."""
        boxes = tuple(
            Box(
                name=f"{prefix}{part}",
                anchor=f"{name}-{part}",
                label=self._say(f"date.{part}"),
                value=self._answers.get(f"{prefix}{part}", ""),
                maximum=16 if part == "month" else 8,
                digits=part != "month",
                wide=part == "month",
                autocomplete=_BIRTHDAY[part] if born else "off",
            )
            for part in _DATE_PARTS
        )
        return Field(
            template="usagers/date_field.html",
            name=name,
            label=self._say(label),
            anchor=name,
            hint=self._say(hint) if hint else said,
            fault=self._fault(name),
            boxes=boxes,
        )

    def choice(self, name: str, label: str, options: Iterable[tuple[str, str, str]]) -> Field:
        """One of several: value, label, hint."""
        chosen = self._answers.get(name, "")
        return Field(
            template="usagers/choice_field.html",
            name=name,
            label=self._say(label),
            anchor=name,
            fault=self._fault(name),
            options=tuple(Option(value, words, value == chosen, hint) for value, words, hint in options),
        )

    def box(self, name: str, label: str, value: str = "") -> Field:
        """A box to tick."""
        return Field(
            template="usagers/box_field.html",
            name=name,
            label=self._say(label),
            anchor=name,
            value=value or self._answers.get(name, ""),
        )

    def place(self, label: str, found: Iterable[CommuneSuggestion]) -> Field:
        """A search, and the places found."""
        chosen = self._answers.get("place", "")
        options = tuple(
            Option(key_of(one), self._place_label(one), key_of(one) == chosen, self._postal(one))
            for one in found
        )
        return Field(
            template="usagers/place_field.html",
            name="q",
            label=self._say(label),
            anchor="q",
            fault=self._fault("q"),
            value=self._answers.get("q", ""),
            options=options,
        )

    def _place_label(self, one: CommuneSuggestion) -> str:
        return self._say("place.known_as", label=one.label, name=one.known_as) if one.known_as else one.label

    def _postal(self, one: CommuneSuggestion) -> str:
        return self._say("place.postal", codes=one.postal_hint) if one.postal_hint else ""

    def _fault(self, name: str) -> str:
        fault = self._faults.get(name)
        return "" if fault is None else sentence_of(self._say, fault)


def sentence_of(say: Wording, fault: Fault) -> str:
    """What is wrong, in words."""
    return say.of_fault(fault.refusal, fault.about)


def summary_of(say: Wording, faults: Faults) -> list[ShownFault]:
    """The lines of the summary; one that no single answer can mend leads nowhere."""
    return [
        ShownFault(sentence_of(say, fault), "" if name == WHOLE_PAGE else name)
        for name, fault in faults.items()
    ]


__all__ = ["Answers", "Field", "Fields", "ShownFault", "sentence_of", "summary_of"]
