"""What an agent copies from a paper form (R. 75-I), read into the values of the law."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, time
from typing import Any, Final, TypeVar

from django import forms
from django.utils.text import capfirst

from procuration.domain.competence import Authority
from procuration.domain.people import (
    PartialDate,
    Person,
    Place,
    PlaceType,
    Sex,
    check_birth_date,
    check_elector_number,
    check_name,
)
from procuration.domain.scrutin import Scrutin, open_scrutins
from procuration.domain.validity import OneScrutin, Period, Rounds, Validity
from procuration.errors import RuleViolated
from server.config.centre import Centre
from server.dossiers import paper_forms
from server.dossiers.paper_forms import KeyedForm
from server.dossiers.services import Account
from server.pages.commune_field import TYPED_MAX, TypedCommune, choice_of, read_commune
from server.pages.elections import elections_words
from server.pages.forms import PlainForm
from server.pages.french import NO_BREAK, listed, long_date, partial_date
from server.pages.places import place_name
from server.texts_fr import TEXTS, text
from server.usagers.commune_search import search_of

Read = TypeVar("Read")
PERIOD: Final = "PERIODE"
_TEXT_MAX: Final = 200
_ABROAD: Final = re.compile(r"99[0-9]{3}")
_BORN: Final = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_SEXES: Final = (("1", text("mairie.one.sex.1")), ("2", text("mairie.one.sex.2")))
_ROUNDS: Final = tuple((str(n), text(f"mairie.paper.rounds.{n}")) for n in (1, 2, 3))
_FIELD_OF: Final = {
    "FORMULAIRE_FUTUR": "day",
    "AUTORITE_INCOMPETENTE": "qualite",
    "DELEGUE_RECUEILLE_SEULEMENT": "qualite",
    "AUTORITE_INCOMPLETE": "qualite",
    "COMMUNE_INCONNUE": "insee",
    "MANDATAIRE_EST_LE_MANDANT": "mandataire_birth_name",
    "NUMERO_EN_NOUVELLE_CALEDONIE": "mandataire_number",
    "SCRUTIN_INCONNU": "scrutin",
    "SCRUTIN_PASSE": "scrutin",
    "TOURS": "rounds",
    "PERIODE_INVERSEE": "last",
    "PERIODE_PASSEE": "last",
    "DUREE_EXCESSIVE": "last",
}


def _line(key: str, *, required: bool = True, maximum: int = _TEXT_MAX) -> forms.CharField:
    label = text(f"mairie.paper.{key}")
    missing = text("mairie.paper.missing", label=label)
    help_key = f"mairie.paper.{key}.help"
    return forms.CharField(
        label=label,
        required=required,
        max_length=maximum,
        help_text=text(help_key) if help_key in TEXTS else "",
        error_messages={"required": missing, "max_length": text("mairie.paper.wrong.NAME")},
    )


def _choice(key: str, choices: Iterable[tuple[str, str]], *, required: bool = True) -> forms.ChoiceField:
    label = text(f"mairie.paper.{key}")
    wrong = text("mairie.paper.wrong.CHOICE", label=label)
    return forms.ChoiceField(
        label=label,
        required=required,
        choices=list(choices),
        widget=forms.RadioSelect,
        error_messages={"required": wrong, "invalid_choice": wrong},
    )


def _day(key: str, *, required: bool) -> forms.DateField:
    label = text(f"mairie.paper.{key}")
    return forms.DateField(
        label=label,
        required=required,
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": text("mairie.paper.missing", label=label),
            "invalid": text("mairie.paper.wrong.DATE"),
        },
    )


def _commune_choice() -> forms.CharField:
    return forms.CharField(required=False, widget=forms.HiddenInput)


class ReceivedForm(PlainForm):
    """The whole form. Valid: `keyed` is what the law reads, and the law allows it."""

    mandant_birth_name = _line("birth_name")
    mandant_given_names = _line("given_names", required=False)
    mandant_sex = _choice("sex", _SEXES)
    mandant_birth_date = _line("birth_date", maximum=10)
    mandant_number = _line("number", required=False, maximum=20)
    mandataire_birth_name = _line("birth_name")
    mandataire_given_names = _line("given_names", required=False)
    mandataire_sex = _choice("sex", _SEXES)
    mandataire_birth_date = _line("birth_date", maximum=10)
    mandataire_number = _line("number", required=False, maximum=20)
    mandataire_place = _line("place", required=False, maximum=TYPED_MAX)
    mandataire_place_choix = _commune_choice()
    scrutin = _choice("scrutin", ())
    rounds = _choice(
        "rounds", [(str(n), text(f"mairie.paper.rounds.{n}")) for n in (1, 2, 3)], required=False
    )
    first = _day("first", required=False)
    last = _day("last", required=False)
    nom = _line("nom")
    prenoms = _line("prenoms")
    qualite = _line("qualite")
    unit = _line("unit")
    day = _day("day", required=True)
    hour = forms.TimeField(
        label=text("mairie.paper.hour"),
        help_text=text("mairie.paper.hour.help"),
        required=False,
        input_formats=["%H:%M"],
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": text("mairie.paper.wrong.HOUR")},
    )
    insee = _line("insee", maximum=TYPED_MAX)
    insee_choix = _commune_choice()

    def __init__(
        self, data: Any, centre: Centre, account: Account, typed: Mapping[str, str] | None = None
    ) -> None:
        """Args: typed: shown again, and not judged yet."""
        super().__init__(data, initial=typed)
        self._centre, self._account = centre, account
        self._search = search_of(centre.tables.communes_table)
        self._communes: dict[str, TypedCommune] = {}
        self._now = centre.clock.now()
        self.keyed: KeyedForm | None = None
        place = Place(
            code=account.place_code, type=PlaceType(account.place_type), cog_year=account.place_cog_year
        )
        if place.in_nouvelle_caledonie:  # its form names by commune, never by number (R. 213-1)
            del self.fields["mandant_number"], self.fields["mandataire_number"]
            self.fields["mandataire_place"].required = True
        scrutins = open_scrutins(place, centre.tables.calendar, self._now)
        for name in ("birth_name", "sex", "birth_date"):  # the mandant has a field of the same label
            asked = self.fields[f"mandataire_{name}"]
            asked.error_messages["required"] = text("mairie.paper.missing.mandataire", label=asked.label)
        field = self.fields["scrutin"]
        assert isinstance(field, forms.ChoiceField), "declared above"
        field.choices = [
            *((one.id, _named(one)) for one in scrutins),
            (PERIOD, text("mairie.paper.period")),
        ]

    def sections(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields in the order of the form, under its four titles."""
        parts = {
            "mairie.paper.mandant": ["mandant_" + name for name in _PERSON],
            "mairie.paper.mandataire": ["mandataire_" + name for name in (*_PERSON, "place")],
            "mairie.paper.validity": ["scrutin", "rounds", "first", "last"],
            "mairie.paper.authority": ["nom", "prenoms", "qualite", "unit", "day", "hour", "insee"],
        }
        return [
            (text(title), [self[name] for name in names if name in self.fields])
            for title, names in parts.items()
        ]

    def asked(self) -> list[tuple[str, list[tuple[forms.BoundField, TypedCommune | None]]]]:
        """The same, each commune with what its letters may mean."""
        return [
            (
                title,
                [(field, self._typed(field.name) if field.name in _COMMUNES else None) for field in fields],
            )
            for title, fields in self.sections()
        ]

    def answers(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The same as they were understood, for whoever reads them once more."""
        return [
            (title, [(str(field.label), shown) for field in fields if (shown := self._shown(field))])
            for title, fields in self.sections()
        ]

    def _shown(self, field: forms.BoundField) -> str:
        value = self.cleaned_data.get(field.name)
        if isinstance(field.field, forms.ChoiceField):
            return str(dict(field.field.choices).get(value, ""))  # type: ignore[arg-type]
        if isinstance(value, date):
            return long_date(value)
        if value and field.name in _COMMUNES:
            return self._commune(self._code(field.name))
        if value and field.name.endswith("_birth_date"):
            born = _born(str(value))
            return partial_date(f"{born.year:04}-{born.month:02}-{born.day:02}")
        if isinstance(value, time):
            return NO_BREAK.join((str(value.hour), "h", f"{value.minute:02}"))
        return str(value or "")

    def clean(self) -> dict[str, Any]:
        """Every datum by the rules of the tablets, then the whole form by the law of its day."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        mandant, mandataire = (self._person(who) for who in ("mandant", "mandataire"))
        validity, insee_code = self._validity(told), self._insee_code()
        if self.errors or mandant is None or mandataire is None or validity is None:
            return told
        form = KeyedForm(
            mandant=mandant,
            mandataire=mandataire,
            validity=validity,
            authority=Authority(
                nom=told["nom"], prenoms=told["prenoms"], qualite=told["qualite"], unit_name=told["unit"]
            ),
            day=told["day"],
            hour=told["hour"],
            insee_code=insee_code,
        )
        try:
            paper_forms.check(form, self._account)
        except RuleViolated as refusal:
            self.add_error(_FIELD_OF.get(refusal.code), sentence_of(refusal))
            return told
        self.keyed = form
        return told

    def _person(self, who: str) -> Person | None:
        today = self._now.date()
        birth_name = self._read(f"{who}_birth_name", check_name, "NAME")
        given_names = self._read(f"{who}_given_names", check_name, "NAME")
        number = self._read(f"{who}_number", check_elector_number, "NUMBER")
        born = self._read(f"{who}_birth_date", lambda typed: check_birth_date(_born(typed), today), "DATE")
        sex = self.cleaned_data.get(f"{who}_sex")
        if born is None or not sex:
            return None
        enrolment = self._place() if who == "mandataire" else None
        return Person(
            birth_name=birth_name,
            given_names=given_names,
            sex=Sex(int(sex)),
            birth_date=born,
            elector_number=number,
            enrolment=enrolment,
        )

    def _place(self) -> Place | None:
        if not self.cleaned_data.get("mandataire_place"):
            return None
        found = self._typed("mandataire_place")
        if found.place is None:
            self._ask_again("mandataire_place", found)
            return None
        return replace(found.place, cog_year=self._account.place_cog_year)

    def _typed(self, name: str) -> TypedCommune:
        """What stands in the field of a commune, and what it may mean; searched once."""
        if name not in self._communes:
            typed, chosen = (str(self[one].value() or "") for one in (name, choice_of(name)))
            self._communes[name] = read_commune(self._search, typed, chosen, whole=name == "insee")
        return self._communes[name]

    def _code(self, name: str) -> str:
        """What is recorded of a commune; a country is its own code."""
        typed = self._typed(name)
        return typed.place.code if typed.place else typed.typed

    def _insee_code(self) -> str:
        """Where it was drawn up. "" once it is to be asked again."""
        found = self._typed("insee")
        if "insee" in self.errors or found.place or _ABROAD.fullmatch(found.typed):
            return self._code("insee")
        self._ask_again("insee", found)
        return ""

    def _ask_again(self, name: str, found: TypedCommune) -> None:
        self.add_error(name, text("commune_field.choose" if found.offered else "commune_field.none"))

    def _commune(self, code: str) -> str:
        """« 98818 (Nouméa) », so that a slip of the finger is seen."""
        if code in paper_forms.WITH_ARRONDISSEMENTS:
            return f"{code} ({paper_forms.WITH_ARRONDISSEMENTS[code]})"
        for kind in (PlaceType.COMMUNE, PlaceType.ARRONDISSEMENT_MUNICIPAL):
            name = place_name(self._centre.tables, code, kind.value)
            if name != code:
                return f"{code} ({name})"
        return code

    def _validity(self, told: dict[str, Any]) -> Validity | None:
        chosen = told.get("scrutin")
        if not chosen:
            return None
        if chosen != PERIOD:
            if not told.get("rounds"):
                label = text("mairie.paper.rounds")
                self.add_error("rounds", text("mairie.paper.wrong.CHOICE", label=label))
                return None
            return OneScrutin(scrutin_id=chosen, rounds=Rounds(int(told["rounds"])))
        for name in ("first", "last"):
            if not told.get(name) and name not in self.errors:
                label = str(self.fields[name].label)
                self.add_error(name, text("mairie.paper.missing", label=label))
        if not (told.get("first") and told.get("last")):
            return None
        return Period(first_day=told["first"], last_day=told["last"])

    def _read(self, name: str, check: Callable[[str], Read], wrong: str) -> Read | None:
        typed = self.cleaned_data.get(name)
        if not typed:
            return None
        try:
            return check(typed)
        except RuleViolated:
            self.add_error(name, text(f"mairie.paper.wrong.{wrong}"))
            return None


_COMMUNES: Final = ("mandataire_place", "insee")
_PERSON: Final = ("birth_name", "given_names", "sex", "birth_date", "number")


def sentence_of(refusal: RuleViolated) -> str:
    """Why the law does not allow what the form says."""
    key = f"mairie.paper.wrong.{refusal.code}"
    return text(key) if key in TEXTS else text("mairie.paper.wrong.other", code=refusal.code)


def _born(typed: str) -> PartialDate:
    read = _BORN.fullmatch(typed.strip())
    if read is None:
        raise RuleViolated("DATE_INEXISTANTE")
    day, month, year = (int(part) for part in read.groups())
    return PartialDate(year, month, day)


def _named(scrutin: Scrutin) -> str:
    names = capfirst(elections_words(scrutin.elections))
    return f"{names}, {listed(long_date(round_.day) for round_ in scrutin.rounds)}"
