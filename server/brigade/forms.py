"""What an officer types and ticks."""

from collections.abc import Sequence
from typing import Any, ClassVar, Final

from django import forms

from procuration.domain.acts import ActDecision, ActPlaceKind, Declarations, IdentityDocument
from procuration.domain.people import PartialDate
from procuration.domain.reference import Reference, parse_reference
from procuration.domain.refusal import CORRECTION_CODES, OFFICER_CODES, RefusalCode
from procuration.errors import RuleViolated
from server.brigade.open_sites import OpenSite
from server.brigade.signing import Choice
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
_SITE: Final = "lieu-"
"""Before the id of a listed public place, among the choices of places."""


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
        """Raises: ValidationError."""
        return typed_birth_date(self.cleaned_data["birth_date"])


def typed_birth_date(typed: str) -> PartialDate:
    """Of "24/08/1962"; unknown days and months are typed 00. Raises: ValidationError."""
    parts = typed.replace(" ", "").split("/")
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


class ChoiceForm(PlainForm):
    """A form whose answer is what the officer signs."""

    @property
    def choice(self) -> Choice:
        """Once the form is valid."""
        raise NotImplementedError


class CheckForm(ChoiceForm):
    """What the officer checked of the person and the title, and where. Nothing is ticked in advance."""

    asked: ClassVar[tuple[Declarations, ...]] = DECLARED
    decision: ClassVar[ActDecision] = ActDecision.ESTABLISHED
    declared = forms.MultipleChoiceField(
        label=text("brigade.check.boxes"),
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
        initial=str(ActPlaceKind.UNIT.value),
        widget=forms.RadioSelect,
        error_messages={
            "required": text("brigade.check.place.missing"),
            "invalid_choice": text("brigade.check.place.missing"),
        },
    )

    def __init__(self, data: Any, sites: Sequence[OpenSite]) -> None:
        """Args: sites: the listed public places that receive people today."""
        super().__init__(data)
        declared, place = self.fields["declared"], self.fields["place"]
        assert isinstance(declared, forms.ChoiceField), "declared above"
        assert isinstance(place, forms.ChoiceField), "declared above"
        declared.choices = [(str(one.value), _declaration(one)) for one in (*self.asked, *AT_HOME)]
        place.choices = [
            *((str(one.value), text(f"brigade.place.{one.value}")) for one in _PLACES),
            *((f"{_SITE}{one.id}", text("brigade.place.3", name=one.name, hours=one.hours)) for one in sites),
        ]

    def boxes(self) -> list[dict[str, Any]]:
        """Each declaration for the template, those of a home visit apart."""
        ticked = self["declared"].value() or []
        return [
            {
                "value": str(one.value),
                "name": _declaration(one),
                "checked": str(one.value) in ticked,
                "home": one in AT_HOME,
            }
            for one in (*self.asked, *AT_HOME)
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
        at_home = _kind_of(place) is ActPlaceKind.HOME
        if any(not declared & one for one in (*self.asked, *(AT_HOME if at_home else ()))):
            self.add_error("declared", text("brigade.check.boxes.missing"))
        return cleaned

    @property
    def choice(self) -> Choice:
        """Once the form is valid."""
        chosen = self.cleaned_data["place"]
        kind = _kind_of(chosen)
        declared: Declarations = self.cleaned_data["declared"]
        if kind is not ActPlaceKind.HOME:  # the two papers of a home visit mean nothing here
            declared &= ~(AT_HOME[0] | AT_HOME[1])
        return Choice(
            decision=self.decision,
            document=IdentityDocument(int(self.cleaned_data["document"])),
            declarations=declared,
            place=kind,
            site_id=chosen.removeprefix(_SITE) if kind is ActPlaceKind.LISTED_PUBLIC_PLACE else None,
        )


class EndCheckForm(CheckForm):
    """The same for a résiliation: the box of L. 72-1 says nothing of who ends a procuration."""

    asked = tuple(one for one in DECLARED if one is not Declarations.NO_CASE_OF_L72_1)
    decision = ActDecision.REVOKED


def _declaration(one: Declarations) -> str:
    return text(f"brigade.declare.{one.value}")


def _kind_of(chosen: str) -> ActPlaceKind:
    return ActPlaceKind.LISTED_PUBLIC_PLACE if chosen.startswith(_SITE) else ActPlaceKind(int(chosen))


class RefuseForm(ChoiceForm):
    """Why the officer does not establish it; the sentence that the mandant reads stands under each."""

    codes: ClassVar[tuple[RefusalCode, ...]] = OFFICER_CODES
    corrects: ClassVar[bool] = False
    code = forms.ChoiceField(
        label=text("brigade.refuse.why"),
        widget=forms.RadioSelect,
        error_messages={
            "required": text("brigade.refuse.missing"),
            "invalid_choice": text("brigade.refuse.missing"),
        },
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        field = self.fields["code"]
        assert isinstance(field, forms.ChoiceField), "declared above"
        field.choices = [(code.value, REASON[code][0]) for code in self.codes]

    @property
    def reasons(self) -> list[dict[str, object]]:
        """Each choice with both of its sentences."""
        chosen = self["code"].value()
        return [
            {"value": c.value, "name": REASON[c][0], "sentence": REASON[c][1], "checked": c.value == chosen}
            for c in self.codes
        ]

    @property
    def choice(self) -> Choice:
        """Once the form is valid. A refusal needs no title and declares nothing."""
        return Choice(
            decision=ActDecision.REFUSED,
            document=None,
            declarations=Declarations(0),
            code=RefusalCode(self.cleaned_data["code"]),
            corrects=self.corrects,
        )


class CorrectForm(RefuseForm):
    """Why the officer takes back what they established today."""

    codes = CORRECTION_CODES
    corrects = True
