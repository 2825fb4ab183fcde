"""The words of the electors' pages in the language that the elector chose, and dates as people write them.

A language is chosen by a visible link and kept in a cookie that says nothing else. What the browser announces
is not listened to: on a shared computer it is somebody else's.
"""

from collections.abc import Iterable
from datetime import date
from typing import Final

from django.http import HttpRequest

from procuration.domain.people import PartialDate
from procuration.errors import RuleViolated
from server.words.usagers import USAGERS
from server.words.usagers_as_kiosk import AS_KIOSK
from server.words.usagers_as_kiosk_en import AS_KIOSK_EN
from server.words.usagers_en import USAGERS_EN

FRENCH: Final = "fr"
COOKIE: Final = "langue"
CATALOGUES: Final[dict[str, dict[str, str]]] = {FRENCH: AS_KIOSK | USAGERS, "en": AS_KIOSK_EN | USAGERS_EN}
NAMES: Final = {FRENCH: "Français", "en": "English"}
_PREFIX: Final = "usagers."
_COUNTS: Final = {"DUREE_EXCESSIVE": "years"}
"""Refusals whose sentence depends on a number, and the name of the number."""
NO_BREAK: Final = "\u00a0"


class Wording:
    """Sentences by key, without the prefix that all of them have in the catalogue."""

    do_not_call_in_templates: Final = True
    """Django calls what can be called; a template asks for sentences by a tag."""

    def __init__(self, language: str) -> None:
        self.language = language if language in CATALOGUES else FRENCH
        self._catalogue = CATALOGUES[self.language]

    def __call__(self, key: str, **values: object) -> str:
        """The sentence of a key. Raises: KeyError for an unknown key, a bug of ours."""
        sentence = self._catalogue[_PREFIX + key]
        return sentence.format(**values) if values else sentence

    def has(self, key: str) -> bool:
        """Whether there is such a sentence."""
        return _PREFIX + key in self._catalogue

    def counted(self, key: str, n: int, **values: object) -> str:
        """Singular or plural: 0 is singular in French, plural in English."""
        singular = n in (0, 1) if self.language == FRENCH else n == 1
        return self(f"{key}.one" if singular else f"{key}.many", n=n, **values)

    def of_fault(self, refusal: RuleViolated, about: str = "") -> str:
        """The sentence of a refusal, about one person or day when there is one of its own."""
        code = refusal.code
        if code in _COUNTS:
            return self.counted(f"error.{code}", int(str(refusal.ids[_COUNTS[code]])))
        key = next((key for key in (f"error.{about}.{code}", f"error.{code}") if self.has(key)), None)
        return self(key, **refusal.ids) if key else self("error.other", code=code)

    def day(self, day: date) -> str:
        """« 24 août 1962 »."""
        number = self("when.first") if day.day == 1 else str(day.day)
        return self("when.day", day=number, month=self._one_of("when.months", day.month - 1), year=day.year)

    def full_day(self, day: date) -> str:
        """« jeudi 24 août 2026 »; a narrow screen may break it after the day of the week only."""
        date_alone = self.day(day).replace(" ", NO_BREAK)
        return self("when.full", weekday=self.weekday(day.weekday()), day=date_alone)

    def weekday(self, number: int) -> str:
        """« lundi » for 0."""
        return self._one_of("when.weekdays", number)

    def birth_date(self, born: PartialDate) -> str:
        """The same for a date whose day or month may be unknown: « août 1962 », « 1962 »."""
        if not born.month:
            return str(born.year)
        if not born.day:
            return self("when.month", month=self._one_of("when.months", born.month - 1), year=born.year)
        return self.day(born.earliest)

    def listed(self, words: Iterable[str]) -> str:
        """« a, b et c »."""
        *first, last = list(words) or [""]
        return self("when.and", first=", ".join(first), last=last) if first else last

    def _one_of(self, key: str, index: int) -> str:
        return self(key).split()[index]


def wording_of(request: HttpRequest) -> Wording:
    """The words of who looks at this page."""
    return Wording(request.COOKIES.get(COOKIE, FRENCH))
