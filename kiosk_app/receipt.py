"""What the receipt says: the words of the paper an elector carries from the kiosk to the brigade.

Decides which data appear (names, commune, validity; never a birth date, an address or an e-mail) and in which
words (R-06, R-27, R-34). How it looks is `receipt_image`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from procuration.domain.law import ControlRegime
from procuration.domain.people import Person
from procuration.domain.reference import Reference, grouped, spelled
from procuration.domain.scrutin import Scrutin
from procuration.domain.validity import OneScrutin, Period, Rounds, Validity

NBSP: Final = "\u00a0"
_MONTHS: Final = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
)
_ELECTIONS: Final = {
    "presidentielle": "présidentielle",
    "legislatives": "législatives",
    "europeennes": "européennes",
    "municipales": "municipales",
    "arrondissements": "d’arrondissement",
    "metropolitaines": "métropolitaines",
    "departementales": "départementales",
    "regionales": "régionales",
    "territoriales": "territoriales",
    "provinciales": "provinciales",
}
_DIGITS: Final = {
    "2": "deux", "3": "trois", "4": "quatre", "5": "cinq", "6": "six", "7": "sept", "8": "huit", "9": "neuf",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Everything the paper carries, already in words.

    Attributes:
        reference: "XBQ 7V3", or None when the lease was empty: it follows by message.
        spelling: one line per character, « X comme Xavier ».
        qr_text: the sealed event, or None when it does not fit the paper.
        filed: where and when, local time.
        steps: what to do next, numbered on the paper.
        places: the nearest brigades or commissariats, « name, address ».
    """

    reference: str | None = field(repr=False)
    spelling: tuple[str, ...] = field(repr=False)
    qr_text: str | None = field(repr=False)
    mandant: str = field(repr=False)
    mandataire: str = field(repr=False)
    commune: str
    validity: tuple[str, ...]
    filed: str
    steps: tuple[str, ...]
    notes: tuple[str, ...]
    places: tuple[str, ...] = ()


def full_name(person: Person) -> str:
    """« Angela Claire Louise DUBOIS », or the last three digits of the elector number."""
    if person.elector_number:
        return f"l’électeur dont le numéro finit par {person.elector_number[-3:]}"
    parts = (person.given_names, person.birth_name.upper() if person.birth_name else None)
    return " ".join(part for part in parts if part)


def day_in_words(day: date) -> str:
    """« 1er juillet 2026 », with spaces that do not break."""
    number = "1er" if day.day == 1 else str(day.day)
    return NBSP.join((number, _MONTHS[day.month - 1], str(day.year)))


def validity_in_words(validity: Validity, scrutin: Scrutin | None) -> tuple[str, ...]:
    """The validity written expressly (R-34): the elections and their days, or the period, both included."""
    match validity:
        case Period(first_day=first, last_day=last):
            return (
                "Toutes les élections",
                f"du {day_in_words(first)}",
                f"au {day_in_words(last)}, ces jours compris",
            )
        case OneScrutin(rounds=rounds):
            assert scrutin is not None, "a choice is checked against the calendar first"
            return (_elections_in_words(scrutin), *_rounds_in_words(scrutin, rounds))


def spelling_of(reference: Reference) -> tuple[str, ...]:
    """« X comme Xavier », « 7 (sept) »."""
    return tuple(
        f"{character} comme {word}" if word else f"{character}{NBSP}: {_DIGITS[character]}"
        for character, word in spelled(reference)
    )


def steps_for(deadline: date, filed_on: date, regime: ControlRegime, has_email: bool) -> tuple[str, ...]:
    """What the elector does next, and before when (R-55, R-64)."""
    when = "aujourd’hui" if deadline <= filed_on else f"avant le {day_in_words(deadline)}"
    controller = (
        "Votre mairie contrôle." if regime is ControlRegime.MAIRIE else "Votre inscription est contrôlée."
    )
    answer = "Vous recevez un message." if has_email else "Demandez la réponse à votre mairie."
    return (
        "Gardez ce reçu.",
        f"Allez dans une gendarmerie ou un commissariat avec votre pièce d’identité, {when}.",
        f"{controller} {answer}",
    )


def notes_for(reference: Reference | None, *, form_needed: bool = False) -> tuple[str, ...]:
    """What the law makes worth knowing: status of the request (R-27), where the mandataire votes (R-06)."""
    form = "Cette fiche vous aide à remplir le formulaire à la gendarmerie ou au commissariat."
    late = () if reference else ("Votre référence arrivera par message. Ce reçu suffit pour continuer.",)
    return (
        *((form,) if form_needed else ()),
        *late,
        "Demande faite sans FranceConnect. La gendarmerie ou le commissariat vérifie votre identité.",
        "Le mandataire vote dans le bureau du mandant avec sa propre pièce d’identité.",
        "Prévenez cette personne. Elle ne reçoit aucun message.",
    )


def filed_in_words(at: datetime, site: str) -> str:
    """« Demande faite le 22 novembre 2026 à 13 h 40, sous-préfecture de Laon. »"""
    return f"Demande faite le {day_in_words(at.date())} à {at.hour}{NBSP}h{NBSP}{at.minute:02d}, {site}."


def reference_shown(reference: Reference | None) -> str | None:
    """The reference in two groups, or nothing."""
    return grouped(reference) if reference else None


def _elections_in_words(scrutin: Scrutin) -> str:
    names = [_ELECTIONS.get(code, code) for code in scrutin.elections]
    if names == ["présidentielle"]:
        return "Élection présidentielle"
    return f"Élections {_joined(names)}"


def _rounds_in_words(scrutin: Scrutin, rounds: Rounds) -> Sequence[str]:
    if len(scrutin.rounds) == 1:
        return (f"le {day_in_words(scrutin.rounds[0].day)}",)
    chosen = [number for number in (0, 1) if rounds & Rounds(1 << number)]
    ordinals = ("1er", "2e")
    return [
        f"{ordinals[number]}{NBSP}tour{NBSP}: {day_in_words(scrutin.rounds[number].day)}" for number in chosen
    ]


def _joined(names: Sequence[str]) -> str:
    return " et ".join(filter(None, (", ".join(names[:-1]), names[-1])))
