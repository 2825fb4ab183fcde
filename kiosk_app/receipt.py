"""What the receipt says: the words of the paper an elector carries from the kiosk to the brigade.

Decides which data appear (names, commune, validity; never a birth date, an address or an e-mail) and in which
words (R-06, R-27, R-34): those of the language that the elector chose, with what the officer looks for in
French beside them. How it looks is `receipt_image`.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from kiosk_app.languages import french
from kiosk_app.presenters import formats
from kiosk_app.presenters.questions_election import scrutin_in_words
from kiosk_app.presenters.wording import Language, Wording
from procuration.domain.law import ControlRegime
from procuration.domain.people import Person
from procuration.domain.reference import Reference, grouped, spelled
from procuration.domain.scrutin import Scrutin
from procuration.domain.validity import OneScrutin, Period, Rounds, Validity

NBSP: Final = "\u00a0"
_OFFICIAL: Final = {
    "receipt.over": "Procuration de vote",
    "filed.reference": f"Référence{NBSP}:",
    "receipt.show": f"À montrer à la gendarmerie ou{NBSP}au{NBSP}commissariat.",
    "receipt.mandant": "Mandant",
    "receipt.commune": "Commune de vote",
    "receipt.mandataire": "Mandataire",
    "receipt.validity": "Procuration pour",
}
"""What an officer reads whatever the elector speaks: an authority reads French."""
_TITLES: Final = ("receipt.mandant", "receipt.mandataire")
"""All that easy French leaves out of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Everything the paper carries, already in words.

    Attributes:
        labels: the fixed words, in the language of the elector.
        reference: "XBQ 7V3", or None when the lease was empty: it follows by message.
        spelling: one line per character, « X comme Xavier ».
        qr_text: the sealed event, or None when it does not fit the paper.
        validity_in_french: for the officer, when `validity` is in another language.
        filed: where and when, local time.
        steps: what to do next, numbered on the paper.
        places: the nearest brigades or commissariats, « name, address ».
    """

    labels: "Labels"
    reference: str | None = field(repr=False)
    spelling: tuple[str, ...] = field(repr=False)
    qr_text: str | None = field(repr=False)
    mandant: str = field(repr=False)
    mandataire: str = field(repr=False)
    commune: str
    validity: tuple[str, ...]
    validity_in_french: tuple[str, ...] = ()
    filed: str
    steps: tuple[str, ...]
    notes: tuple[str, ...]
    places: tuple[str, ...] = ()


class Labels:
    """The fixed words of one language, each with what the officer needs beside it."""

    def __init__(self, say: Wording) -> None:
        self._say = say

    def __call__(self, key: str) -> str:
        """The words for the elector."""
        return str(self._say(key))

    def official(self, key: str) -> str:
        """The French beside them, "" when they say it already."""
        match self._say.language:
            case Language.FRENCH:
                return ""
            case Language.EASY:
                return _OFFICIAL[key] if key in _TITLES else ""
            case _:
                return _OFFICIAL[key]


def full_name(person: Person, say: Wording | None = None) -> str:
    """« Angela Claire Louise DUBOIS », or the last three digits of the elector number; in French unless told
    otherwise."""
    if person.elector_number:
        return str((say or french())("receipt.by_number", digits=person.elector_number[-3:]))
    parts = (person.given_names, person.birth_name.upper() if person.birth_name else None)
    return " ".join(part for part in parts if part)


def day_in_words(day: date) -> str:
    """« 1er juillet 2026 », with spaces that do not break: for papers that are always in French."""
    return str(formats.day_in_words(french(), day))


def validity_in_words(
    validity: Validity, scrutin: Scrutin | None, say: Wording | None = None
) -> tuple[str, ...]:
    """The validity written expressly (R-34): the elections and their days, or the period, both included; in
    French unless told otherwise."""
    say = say or french()
    lines: tuple[str, ...]
    match validity:
        case Period(first_day=first, last_day=last):
            lines = (
                say("receipt.every"),
                say("receipt.from", day=formats.day_in_words(say, first)),
                say("receipt.to", day=formats.day_in_words(say, last)),
            )
        case OneScrutin(rounds=rounds):
            assert scrutin is not None, "a choice is checked against the calendar first"
            lines = (scrutin_in_words(say, scrutin), *_rounds_in_words(say, scrutin, rounds))
    return tuple(map(str, lines))


def validity_beside(validity: Validity, scrutin: Scrutin | None, say: Wording) -> tuple[str, ...]:
    """The same in French for the officer, unless the elector reads French."""
    return validity_in_words(validity, scrutin) if say.language is Language.ENGLISH else ()


def spelling_of(say: Wording, reference: Reference) -> tuple[str, ...]:
    """« X comme Xavier », « 7 : sept »: always with the first names that officers know."""
    return tuple(
        str(say("reference.letter", letter=character, word=word).replace(NBSP, " "))
        if word
        else str(say("receipt.digit", digit=character, word=say.one_of("receipt.digits", int(character) - 2)))
        for character, word in spelled(reference)
    )


def steps_for(
    say: Wording, deadline: date, filed_on: date, regime: ControlRegime, has_email: bool
) -> tuple[str, ...]:
    """What the elector does next, and before when (R-55, R-64)."""
    go = (
        say("receipt.go_today")
        if deadline <= filed_on
        else say("filed.go", date=formats.day_in_words(say, deadline))
    )
    register = "" if regime is ControlRegime.MAIRIE else ".register"
    control = f"filed.control{register}"
    answer = say(control) if has_email else f"{say(f'{control}.no_email')} {say('receipt.ask')}"
    return tuple(map(str, (say("receipt.keep"), go, answer)))


def notes_for(
    say: Wording, reference: Reference | None, *, form_needed: bool = False, has_email: bool = True
) -> tuple[str, ...]:
    """What the law makes worth knowing: status of the request (R-27), where the mandataire votes (R-06).
    A reference that is still to come is promised by message only to whoever gave an address.
    """
    to_come = "filed.no_reference" if has_email else "filed.paper"
    keys = (
        *(("filed.form",) if form_needed else ()),
        *(() if reference else (to_come,)),
        "receipt.no_franceconnect",
        "receipt.votes",
        "receipt.tell",
    )
    return tuple(str(say(key)) for key in keys)


def filed_in_words(say: Wording, at: datetime, site: str) -> str:
    """« Demande faite le 22 novembre 2026 à 13 h 40, sous-préfecture de Laon. » Args: at: local time."""
    day, time = formats.day_in_words(say, at.date()), say("when.time", hour=at.hour, minute=f"{at.minute:02}")
    return str(say("receipt.filed", moment=say("when.at", day=day, time=time), site=site))


def reference_shown(reference: Reference | None) -> str | None:
    """The reference in two groups, or nothing."""
    return grouped(reference) if reference else None


def _rounds_in_words(say: Wording, scrutin: Scrutin, rounds: Rounds) -> tuple[str, ...]:
    if len(scrutin.rounds) == 1:
        return (say("receipt.on", day=formats.day_in_words(say, scrutin.rounds[0].day)),)
    chosen = [number for number in (0, 1) if rounds & Rounds(1 << number)]
    return tuple(
        say(f"receipt.round.{number + 1}", day=formats.day_in_words(say, scrutin.rounds[number].day))
        for number in chosen
    )
