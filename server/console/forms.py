"""The decision of a case: one of its choices, and a reason."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from procuration.errors import RuleViolated
from server.console.case_sheet import CaseSheet, Offered
from server.dossiers.rulings import checked_reason
from server.pages.forms import PlainForm
from server.texts_fr import text

BY_RANK = "order"
"""The choice that asks for a rank of each side; its key is made of the ranks."""
REASON_AS_TYPED_MAX = 4096


class RulingForm(PlainForm):
    """Radio buttons in plain words, ranks where there are more than two to put in order, and the reason."""

    choice = forms.ChoiceField(
        label=text("queue.case.choice"),
        widget=forms.RadioSelect,
        error_messages={
            "required": text("queue.case.choice.missing"),
            "invalid_choice": text("queue.case.choice.missing"),
        },
    )
    reason = forms.CharField(
        label=text("queue.case.reason"),
        help_text=text("queue.case.reason.help"),
        required=False,
        max_length=REASON_AS_TYPED_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": text("queue.refused.MOTIF_TROP_LONG")},
    )

    def __init__(self, sheet: CaseSheet, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet = sheet
        self.offered = sheet.offered()
        if sheet.ranks_sentence:
            self.offered.insert(0, Offered(BY_RANK, sheet.ranks_sentence))
        self.fields["choice"].choices = [(one.key, one.sentence) for one in self.offered]
        self.letters = [side.letter for side in sheet.case.sides] if sheet.ranks_sentence else []

    @property
    def radios(self) -> list[dict[str, object]]:
        """Each choice, for the template."""
        chosen = self["choice"].value()
        return [
            {"value": one.key, "sentence": one.sentence, "checked": one.key == chosen} for one in self.offered
        ]

    @property
    def ranks(self) -> list[dict[str, object]]:
        """One list of ranks for each side, for the template."""
        numbers = [str(number) for number in range(1, len(self.letters) + 1)]
        return [
            {"name": f"rank-{letter}", "letter": letter, "numbers": numbers, "chosen": self._rank(letter)}
            for letter in self.letters
        ]

    def _rank(self, letter: str) -> str:
        return str(self.data.get(f"rank-{letter}", ""))

    def clean_reason(self) -> str:
        """As it will be signed."""
        try:
            return checked_reason(self.cleaned_data["reason"])
        except RuleViolated as refusal:
            raise ValidationError(text(f"queue.refused.{refusal.code}")) from refusal

    def clean_choice(self) -> str:
        """The key of a choice of the case; an order is made of the ranks."""
        chosen = str(self.cleaned_data["choice"])
        if chosen != BY_RANK:
            return chosen
        ranked = sorted(self.letters, key=lambda letter: (len(self._rank(letter)), self._rank(letter)))
        ranks = [self._rank(letter) for letter in ranked]
        if ranks != [str(number) for number in range(1, len(ranked) + 1)]:
            raise ValidationError(text("queue.case.rank.missing"))
        return "-".join((BY_RANK, *ranked))
