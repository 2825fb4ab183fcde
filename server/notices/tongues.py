"""The languages in which a message is written: their sentences, dates and names of places."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from procuration.domain.people import PlaceType
from procuration.domain.refusal import RefusalCode
from procuration.domain.scrutin import Scrutin
from server.config.centre import Tables
from server.dossiers.models import Procuration
from server.mairie.sheet import act_place, listed_authority, validity_words
from server.pages.french import long_date, moment, plain_date
from server.pages.places import place_name
from server.texts_fr import TEXTS
from server.words.mails_en import DAYS_EN, ELECTIONS_EN, MAILS_EN, MONTHS_EN, REASON_EN
from server.words.reasons import REASON


class Tongue(Protocol):
    """How one language says what a message tells."""

    @property
    def language(self) -> str:
        """As HTML names it: "fr"."""
        ...

    def knows(self, key: str) -> bool:
        """Whether there is a sentence for this key."""
        ...

    def text(self, key: str, **values: object) -> str:
        """The sentence of a key, with its values. Raises: KeyError for an unknown key, a bug of ours."""
        ...

    def reason(self, code: RefusalCode) -> str:
        """Why not, as the mandant reads it."""
        ...

    def plain_date(self, day: date) -> str:
        """Without the day of the week."""
        ...

    def long_date(self, day: date) -> str:
        """With the day of the week."""
        ...

    def moment(self, instant: datetime, zone: ZoneInfo) -> str:
        """Day and hour by this clock."""
        ...

    def validity(self, one: Procuration, calendar: Iterable[Scrutin]) -> str:
        """One scrutin with its rounds, or a period."""
        ...

    def act_place(self, one: Procuration, tables: Tables) -> str:
        """Where it was drawn up."""
        ...

    def authority(self, one: Procuration) -> str:
        """Nom, prénom, qualité and unit, as they are written in French: they are names (R-23)."""
        ...


@dataclass(frozen=True, slots=True)
class _Tongue:
    """What both have in common."""

    language: str
    sentences: Mapping[str, str]
    reasons: Mapping[RefusalCode, str]

    def knows(self, key: str) -> bool:
        return key in self.sentences

    def text(self, key: str, **values: object) -> str:
        sentence = self.sentences[key]
        return sentence.format(**values) if values else sentence

    def reason(self, code: RefusalCode) -> str:
        return self.reasons[code]

    def authority(self, one: Procuration) -> str:
        return ", ".join(listed_authority(one))


class _French(_Tongue):
    """As the pages of the town hall write it."""

    __slots__ = ()

    def plain_date(self, day: date) -> str:
        return plain_date(day)

    def long_date(self, day: date) -> str:
        return long_date(day)

    def moment(self, instant: datetime, zone: ZoneInfo) -> str:
        return moment(instant, zone)

    def validity(self, one: Procuration, calendar: Iterable[Scrutin]) -> str:
        return validity_words(one, calendar)

    def act_place(self, one: Procuration, tables: Tables) -> str:
        return act_place(one, tables)


class _English(_Tongue):
    """British order of dates, hours of 24: the one that is printed on every French paper."""

    __slots__ = ()

    def plain_date(self, day: date) -> str:
        """ "11 April 2027", with no-break spaces."""
        return f"{day.day}\u00a0{MONTHS_EN[day.month - 1]}\u00a0{day.year}"

    def long_date(self, day: date) -> str:
        """ "Sunday 11 April 2027"."""
        return f"{DAYS_EN[day.weekday()]}\u00a0{self.plain_date(day)}"

    def moment(self, instant: datetime, zone: ZoneInfo) -> str:
        """ "1 April 2027 at 20:30"."""
        local = instant.astimezone(zone)
        return f"{self.plain_date(local.date())} at {local.hour}:{local.minute:02d}"

    def validity(self, one: Procuration, calendar: Iterable[Scrutin]) -> str:
        if one.period_first and one.period_last:
            first, last = self.plain_date(one.period_first), self.plain_date(one.period_last)
            return self.text("validity.period", first=first, last=last)
        rounds = self.text(f"validity.rounds.{one.rounds}")
        days = _listed([self.long_date(date.fromisoformat(day)) for day in one.polling_days])
        chosen = next((scrutin for scrutin in calendar if scrutin.id == one.scrutin_id), None)
        codes = chosen.elections if chosen else ()
        name = _listed([ELECTIONS_EN.get(code, code) for code in codes]) or one.scrutin_id
        return (
            self.text("validity.scrutin", scrutin=name, rounds=rounds, days=days)
            if days
            else f"{name}, {rounds}"
        )

    def act_place(self, one: Procuration, tables: Tables) -> str:
        commune = place_name(tables, one.act_place_code, PlaceType.COMMUNE)
        return f"{commune}, {self.text(f'place.{one.act_place_kind}')}"


def _listed(words: list[str]) -> str:
    """ "a, b and c"."""
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)


FRENCH: Final[Tongue] = _French("fr", TEXTS, {code: both[1] for code, both in REASON.items()})
ENGLISH: Final[Tongue] = _English("en", MAILS_EN, REASON_EN)
TONGUES: Final[tuple[Tongue, ...]] = (FRENCH, ENGLISH)
"""In the order of a message: the French one is the one that counts."""
