"""The reason of an invalidation: one code of DOMAIN 2.9 that a town hall may give."""

from django import forms

from procuration.domain.refusal import TOWN_HALL_CODES, RefusalCode
from server.pages.forms import PlainForm
from server.texts_fr import text
from server.words.reasons import REASON


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
