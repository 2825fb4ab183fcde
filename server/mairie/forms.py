"""What an agent answers: the reason of an invalidation (DOMAIN 2.9), a fact about one of the two persons, the
answer for a mandataire."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django import forms

from procuration.domain.facts import ANSWER_CODES, VOTES, FactCode
from procuration.domain.refusal import TOWN_HALL_CODES, RefusalCode
from server.dossiers.facts import ENDINGS
from server.pages.forms import PlainForm
from server.pages.french import long_date
from server.texts_fr import text
from server.words.reasons import REASON

YES: Final = "OUI"
"""The answer of a mandataire's town hall that refuses nothing."""


class ReasonForm(PlainForm):
    """A choice among the codes of a town hall; the sentence that the mandant will read stands under each."""

    code = forms.ChoiceField(
        label=text("mairie.invalidate.why"),
        help_text=text("mairie.invalidate.why.help"),
        choices=[(code.value, REASON[code][0]) for code in TOWN_HALL_CODES],
        widget=forms.RadioSelect,
        error_messages={
            "required": text("mairie.invalidate.missing"),
            "invalid_choice": text("mairie.invalidate.missing"),
        },
    )

    @property
    def reasons(self) -> list[dict[str, object]]:
        """Each choice with both of its sentences, for the template."""
        chosen = self["code"].value()
        return [
            {
                "value": code.value,
                "name": REASON[code][0],
                "sentence": REASON[code][1],
                "checked": code.value == chosen,
            }
            for code in TOWN_HALL_CODES
        ]

    @property
    def chosen(self) -> RefusalCode:
        """The code, once the form is valid."""
        return RefusalCode(self.cleaned_data["code"])


def radios(
    form: PlainForm, name: str, choices: Sequence[tuple[str, str]], *, alone: bool = False
) -> list[dict[str, object]]:
    """Radio buttons for the template. Args: alone: the only one is chosen already."""
    value = form[name].value()
    taken = alone and len(choices) == 1
    return [
        {"value": one, "name": words, "checked": taken or str(value) == one, "sentence": ""}
        for one, words in choices
    ]


def _facts(codes: Sequence[FactCode]) -> list[tuple[str, str]]:
    return [(str(int(code)), text(f"mairie.fact.{int(code)}")) for code in codes]


class FactForm(PlainForm):
    """What happened to one of the two persons, and since when (R-51, R-52)."""

    code = forms.ChoiceField(
        label=text("mairie.fact.what"),
        choices=_facts(ENDINGS),
        widget=forms.RadioSelect,
        error_messages={
            "required": text("mairie.fact.what.missing"),
            "invalid_choice": text("mairie.fact.what.missing"),
        },
    )
    day = forms.DateField(
        label=text("mairie.fact.day"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={
            "required": text("mairie.fact.day.missing"),
            "invalid": text("mairie.fact.day.missing"),
        },
    )

    @property
    def choices(self) -> list[dict[str, object]]:
        """The five facts."""
        return radios(self, "code", _facts(ENDINGS))

    @property
    def fact(self) -> tuple[FactCode, date]:
        """What is to be recorded, once the form is valid."""
        return FactCode(int(self.cleaned_data["code"])), self.cleaned_data["day"]


class VoteForm(PlainForm):
    """Who voted, on which of the days (R-50)."""

    code = forms.ChoiceField(
        label=text("mairie.vote.who"),
        choices=_facts(VOTES),
        widget=forms.RadioSelect,
        error_messages={
            "required": text("mairie.vote.who.missing"),
            "invalid_choice": text("mairie.vote.who.missing"),
        },
    )
    day = forms.ChoiceField(
        label=text("mairie.vote.day"),
        widget=forms.RadioSelect,
        error_messages={
            "required": text("mairie.vote.day.missing"),
            "invalid_choice": text("mairie.vote.day.missing"),
        },
    )

    def __init__(self, *args: Any, days: Sequence[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._days = [(day.isoformat(), long_date(day)) for day in days]
        field = self.fields["day"]
        assert isinstance(field, forms.ChoiceField), "declared above"
        field.choices = self._days

    @property
    def choices(self) -> list[dict[str, object]]:
        """The two persons."""
        return radios(self, "code", _facts(VOTES))

    @property
    def days(self) -> list[dict[str, object]]:
        """The days; the only one is chosen already."""
        return radios(self, "day", self._days, alone=True)

    @property
    def fact(self) -> tuple[FactCode, date]:
        """What is to be recorded, once the form is valid."""
        return FactCode(int(self.cleaned_data["code"])), date.fromisoformat(self.cleaned_data["day"])


class AnswerForm(PlainForm):
    """What the mandataire's town hall answers (R-72)."""

    answer = forms.ChoiceField(
        label=text("mairie.asked.one.question"),
        choices=[
            (YES, text("mairie.asked.yes")),
            *((code.value, REASON[code][0]) for code in ANSWER_CODES),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": text("mairie.asked.one.missing"),
            "invalid_choice": text("mairie.asked.one.missing"),
        },
    )

    @property
    def choices(self) -> list[dict[str, object]]:
        """The answers, each refusal with the sentence that the mandant will read."""
        buttons = radios(
            self,
            "answer",
            [(YES, text("mairie.asked.yes")), *((code.value, REASON[code][0]) for code in ANSWER_CODES)],
        )
        for button, code in zip(buttons[1:], ANSWER_CODES, strict=True):
            button["sentence"] = REASON[code][1]
        return buttons

    @property
    def code(self) -> RefusalCode | None:
        """Why not, None for a yes; once the form is valid."""
        answer = self.cleaned_data["answer"]
        return None if answer == YES else RefusalCode(answer)
