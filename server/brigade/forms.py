"""What an officer types and ticks."""

from typing import Any, Final

from django import forms

from procuration.domain.acts import ActDecision, ActPlaceKind, Declarations, IdentityDocument
from procuration.domain.people import PartialDate
from procuration.domain.reference import Reference, parse_reference
from procuration.domain.refusal import OFFICER_CODES, RefusalCode
from procuration.errors import RuleViolated
from server.brigade.acts import Choice
from server.pages.forms import PlainForm
from server.texts_fr import text
from server.words.reasons import REASON

DECLARED: Final = (
    Declarations.PRESENT,
    Declarations.IDENTITY_EQUAL,
    Declarations.PHOTO,
    Declarations.FREE_CHOICE,
    Declarations.NO_CASE_OF_L72_1,
)
AT_HOME: Final = (Declarations.WRITTEN_REQUEST_HELD, Declarations.ATTESTATION_HELD)
_PLACES: Final = (ActPlaceKind.UNIT, ActPlaceKind.HOME)


class FindForm(PlainForm):
    """The reference of the paper, and the mandant's birth date as "24/08/1962"."""

    reference = forms.CharField(
        label=text("brigade.find.reference"),
        help_text=text("brigade.find.reference.help"),
        max_length=20,
        error_messages={
            "required": text("brigade.find.reference.missing"),
            "max_length": text("brigade.find.reference.wrong"),
        },
    )
    birth_date = forms.CharField(
        label=text("brigade.find.birth_date"),
        help_text=text("brigade.find.birth_date.help"),
        max_length=10,
        error_messages={
            "required": text("brigade.find.birth_date.missing"),
            "max_length": text("brigade.find.birth_date.wrong"),
        },
    )

    def clean_reference(self) -> Reference:
        """Raises: ValidationError."""
        try:
            return parse_reference(self.cleaned_data["reference"])
        except RuleViolated as error:
            raise forms.ValidationError(text("brigade.find.reference.wrong")) from error

    def clean_birth_date(self) -> PartialDate:
        """Unknown days and months are typed 00. Raises: ValidationError."""
        parts = self.cleaned_data["birth_date"].replace(" ", "").split("/")
        digits = all(part.isascii() and part.isdigit() for part in parts)
        if [len(part) for part in parts] != [2, 2, 4] or not digits:
            raise forms.ValidationError(text("brigade.find.birth_date.wrong"))
        day, month, year = (int(part) for part in parts)
        date = PartialDate(year, month, day)
        try:
            _ = date.earliest, date.latest  # there is such a day
        except ValueError as error:
            raise forms.ValidationError(text("brigade.find.birth_date.wrong")) from error
        return date


class CheckForm(PlainForm):
    """What the officer checked of the person and the title, and where. Nothing is ticked in advance."""

    declared = forms.MultipleChoiceField(
        label=text("brigade.check.boxes"),
        choices=[(str(one.value), text(f"brigade.declare.{one.value}")) for one in (*DECLARED, *AT_HOME)],
        error_messages={
            "required": text("brigade.check.boxes.missing"),
            "invalid_choice": text("brigade.check.boxes.missing"),
        },
    )
    document = forms.ChoiceField(
        label=text("brigade.check.document"),
        choices=[("", text("brigade.check.document.choose"))]
        + [(str(one.value), text(f"document.{one.value}")) for one in IdentityDocument],
        error_messages={
            "required": text("brigade.check.document.missing"),
            "invalid_choice": text("brigade.check.document.missing"),
        },
    )
    place = forms.ChoiceField(
        label=text("brigade.check.place"),
        choices=[(str(one.value), text(f"brigade.place.{one.value}")) for one in _PLACES],
        initial=str(ActPlaceKind.UNIT.value),
        widget=forms.RadioSelect,
        error_messages={
            "required": text("brigade.check.place.missing"),
            "invalid_choice": text("brigade.check.place.missing"),
        },
    )

    def boxes(self) -> list[dict[str, Any]]:
        """Each declaration for the template, those of a home visit apart."""
        ticked = self["declared"].value() or []
        return [
            {
                "value": str(one.value),
                "name": text(f"brigade.declare.{one.value}"),
                "checked": str(one.value) in ticked,
                "home": one in AT_HOME,
            }
            for one in (*DECLARED, *AT_HOME)
        ]

    def clean_declared(self) -> Declarations:
        """What was ticked, as one value."""
        return Declarations(sum(int(value) for value in set(self.cleaned_data["declared"])))

    def clean(self) -> dict[str, Any]:
        """All the boxes of the place, or a sentence beside them. Raises: ValidationError."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        declared, place = cleaned.get("declared"), cleaned.get("place")
        if declared is None or place is None:
            return cleaned
        wanted = (*DECLARED, *AT_HOME) if int(place) == ActPlaceKind.HOME.value else DECLARED
        if any(not declared & one for one in wanted):
            self.add_error("declared", text("brigade.check.boxes.missing"))
        return cleaned

    @property
    def choice(self) -> Choice:
        """Once the form is valid."""
        place = ActPlaceKind(int(self.cleaned_data["place"]))
        declared: Declarations = self.cleaned_data["declared"]
        if place is ActPlaceKind.UNIT:  # the two papers of a home visit mean nothing here
            declared &= ~(AT_HOME[0] | AT_HOME[1])
        return Choice(
            decision=ActDecision.ESTABLISHED,
            document=IdentityDocument(int(self.cleaned_data["document"])),
            declarations=declared,
            place=place,
        )


class RefuseForm(PlainForm):
    """Why the officer does not establish it; the sentence that the mandant reads stands under each."""

    code = forms.ChoiceField(
        label=text("brigade.refuse.why"),
        choices=[(code.value, REASON[code][0]) for code in OFFICER_CODES],
        widget=forms.RadioSelect,
        error_messages={
            "required": text("brigade.refuse.missing"),
            "invalid_choice": text("brigade.refuse.missing"),
        },
    )

    @property
    def reasons(self) -> list[dict[str, object]]:
        """Each choice with both of its sentences."""
        chosen = self["code"].value()
        return [
            {"value": c.value, "name": REASON[c][0], "sentence": REASON[c][1], "checked": c.value == chosen}
            for c in OFFICER_CODES
        ]

    @property
    def choice(self) -> Choice:
        """Once the form is valid. A refusal needs no title and declares nothing."""
        return Choice(
            decision=ActDecision.REFUSED,
            document=None,
            declarations=Declarations(0),
            code=RefusalCode(self.cleaned_data["code"]),
        )
