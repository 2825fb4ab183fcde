"""Who ends procurations before an officer on line, and which ones (O7). No motive is asked (R-46)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django import forms
from django.utils.text import capfirst

from procuration.domain.commune_words import QUERY_CHARACTERS_MAX
from procuration.domain.communes import CommuneSuggestion
from procuration.domain.facts import RevocationSubject
from procuration.domain.people import PartialDate, Person, check_birth_date, check_name
from procuration.domain.scrutin import Scrutin, open_scrutins
from procuration.domain.validity import OneScrutin, Period, Rounds, Validity, check_period, check_scrutin
from procuration.errors import RuleViolated
from server.brigade.ending import ToEnd
from server.brigade.forms import EndCheckForm, typed_birth_date
from server.brigade.open_sites import OpenSite
from server.config.centre import Centre
from server.pages.elections import elections_words
from server.pages.forms import PlainForm
from server.pages.french import listed, long_date
from server.pages.places import zone_of_place
from server.texts_fr import TEXTS, text
from server.usagers.commune_search import key_of, search_of

ALL: Final = "tout"
PERIOD: Final = "periode"
WHO: Final = ("birth_name", "given_names", "birth_date", "q", "commune")
_NAME_CHARACTERS_MAX: Final = 100


def _line(name: str, *, required: bool = True, maximum: int = _NAME_CHARACTERS_MAX) -> forms.CharField:
    return forms.CharField(
        label=text(f"brigade.end.{name}"),
        required=required,
        max_length=maximum,
        help_text=text(f"brigade.end.{name}.help") if f"brigade.end.{name}.help" in TEXTS else "",
        error_messages={
            "required": text(f"brigade.end.{name}.missing"),
            "max_length": text(f"brigade.end.{name}.wrong"),
        },
    )


def _day(name: str) -> forms.DateField:
    return forms.DateField(
        label=text(f"brigade.end.{name}"),
        required=False,
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": text("brigade.end.day.wrong")},
    )


class WhoForm(PlainForm):
    """Names, birth date and commune of vote of the mandant, as the officer reads them on the title."""

    birth_name = _line("birth_name")
    given_names = _line("given_names", required=False)
    birth_date = _line("birth_date", maximum=10)
    q = _line("q", required=False, maximum=QUERY_CHARACTERS_MAX)
    commune = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)

    def __init__(self, data: Any, centre: Centre, typed: Mapping[str, str] | None = None) -> None:
        """Args: typed: shown again, and not judged yet."""
        super().__init__(data, initial={name: (typed or {}).get(name, "") for name in WHO})
        self._centre = centre
        self._search = search_of(centre.tables.communes_table)

    @property
    def offered(self) -> dict[str, CommuneSuggestion]:
        """By what the form sends back: the place chosen, then what the search finds."""
        offered = self._search.offered(self._said("commune"), self._said("q"))
        return {key_of(one): one for one in offered}

    @property
    def found(self) -> CommuneSuggestion | None:
        """Where the mandant votes; None when no place of the list is chosen."""
        return self._search.named(self._said("commune"))

    def clean_birth_name(self) -> str:
        """Raises: ValidationError."""
        return self._named("birth_name")

    def clean_given_names(self) -> str | None:
        """None for a person without any. Raises: ValidationError."""
        return self._named("given_names") if self.cleaned_data["given_names"] else None

    def clean_birth_date(self) -> PartialDate:
        """Raises: ValidationError."""
        typed = typed_birth_date(self.cleaned_data["birth_date"])
        try:
            return check_birth_date(typed, self._centre.clock.now().date())
        except RuleViolated as error:
            raise forms.ValidationError(text("brigade.find.birth_date.wrong")) from error

    def clean(self) -> dict[str, Any]:
        """A place of the list. Raises: ValidationError."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if self.found is None:
            self.add_error("q", text("commune_field.choose" if self.offered else "brigade.end.q.missing"))
        return told

    def _said(self, name: str) -> str:
        return str(self[name].value() or "")

    def _named(self, name: str) -> str:
        try:
            return check_name(self.cleaned_data[name])
        except RuleViolated as error:
            raise forms.ValidationError(text(f"brigade.end.{name}.wrong")) from error

    @property
    def mandant(self) -> Person:
        """Once the form is valid."""
        told = self.cleaned_data
        return Person(
            birth_name=told["birth_name"], given_names=told["given_names"], birth_date=told["birth_date"]
        )


class WhichForm(EndCheckForm):
    """Which procurations end, and what the officer checked."""

    field_order = ("which", "first", "last", "declared", "document", "place")
    which = forms.ChoiceField(
        label=text("brigade.end.which"),
        widget=forms.RadioSelect,
        error_messages={
            "required": text("brigade.end.which.missing"),
            "invalid_choice": text("brigade.end.which.missing"),
        },
    )
    first = _day("first")
    last = _day("last")

    def __init__(self, data: Any, sites: Sequence[OpenSite], who: WhoForm, centre: Centre) -> None:
        super().__init__(data, sites)
        assert who.found is not None, "a valid form has one"
        self._who, self._centre, self._place = who, centre, who.found.place
        self._now = centre.clock.now()
        self._validity: Validity | None = None
        field = self.fields["which"]
        assert isinstance(field, forms.ChoiceField), "declared above"
        field.choices = [
            (ALL, text("brigade.end.which.all")),
            *self._elections(),
            (PERIOD, text("brigade.end.which.period")),
        ]

    def _elections(self) -> list[tuple[str, str]]:
        """Each open scrutin, and each of its rounds when it has two and they are to come."""
        scrutins = open_scrutins(self._place, self._centre.tables.calendar, self._now)
        return [
            (f"{rounds.value}|{one.id}", _in_words(one, rounds))
            for one in scrutins
            for rounds in (Rounds.BOTH, Rounds.FIRST, Rounds.SECOND)
            if self._is_open(OneScrutin(scrutin_id=one.id, rounds=rounds))
        ]

    def _is_open(self, validity: OneScrutin) -> bool:
        try:
            check_scrutin(validity, self._centre.tables.calendar, self._place, self._now)
        except RuleViolated:
            return False
        return True

    def clean(self) -> dict[str, Any]:
        """The validity is one that there may be. Raises: ValidationError."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        chosen = told.get("which")
        if not chosen or chosen == ALL:
            return told
        if chosen == PERIOD:
            self._period(told.get("first"), told.get("last"))
            return told
        number, scrutin_id = chosen.split("|", 1)
        self._validity = OneScrutin(scrutin_id=scrutin_id, rounds=Rounds(int(number)))
        return told

    def _period(self, first: date | None, last: date | None) -> None:
        for name, day in (("first", first), ("last", last)):
            if day is None and name not in self.errors:
                self.add_error(name, text("brigade.end.day.missing"))
        if first is None or last is None:
            return
        validity = Period(first_day=first, last_day=last)
        zone = zone_of_place(self._centre.tables, self._place.code, self._place.type.value)
        today = self._now.astimezone(zone).date()
        try:
            check_period(validity, self._centre.tables.law.period_years_max(self._place, today), today)
        except RuleViolated:
            self.add_error("last", text("brigade.end.period.wrong"))
        self._validity = validity

    @property
    def to_end(self) -> ToEnd:
        """Once the form is valid."""
        return ToEnd(
            subject=RevocationSubject(
                rid=None, mandant=self._who.mandant, vote_place=self._place, validity=self._validity
            )
        )

    @property
    def in_words(self) -> str:
        """What ends."""
        field = self.fields["which"]
        assert isinstance(field, forms.ChoiceField), "declared above"
        if isinstance(self._validity, Period):
            days = long_date(self._validity.first_day), long_date(self._validity.last_day)
            return text("brigade.end.which.between", first=days[0], last=days[1])
        return str(dict(field.choices)[self.cleaned_data["which"]])  # type: ignore[arg-type]


def _in_words(scrutin: Scrutin, rounds: Rounds) -> str:
    return text(
        "brigade.end.which.election",
        election=capfirst(elections_words(scrutin.elections)),
        rounds=text(f"validity.rounds.{rounds.value}"),
        days=listed(
            long_date(one.day)
            for number, one in enumerate(scrutin.rounds, start=1)
            if rounds is Rounds.BOTH or number == rounds.value
        ),
    )
