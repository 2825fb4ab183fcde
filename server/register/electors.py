"""What a list says of one procuration (R-02, R-03, R-26, R-38). Pure: who looks people up is given."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from procuration.domain.people import Person, Place, PlaceType, civil_key
from procuration.domain.refusal import RefusalCode
from server.register.port import Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Elector:
    """One line of a list.

    Attributes:
        place: code and type of where they vote.
        may_vote: whether they have their electoral rights.
        holds_the_maximum: whether the register knows, on paper or otherwise, as many procurations in their
            hands as the law allows.
    """

    person: Person = field(repr=False)
    place: tuple[str, PlaceType]
    may_vote: bool
    holds_the_maximum: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """What an answer needs of one line: see `Elector`."""

    may_vote: bool
    holds_the_maximum: bool


class Lists(Protocol):
    """Finds electors."""

    def find(self, person: Person, place: Place | None) -> Sequence[Standing]:
        """The lines that the person may be, two at most, those who may vote first: by number and birth date
        when they gave a number, otherwise by civil status; of this place when one is named."""
        ...


def answer(question: Question, lists: Lists) -> RefusalCode | None:
    """Why not; None when the register accepts."""
    mandants = lists.find(question.mandant, question.vote_place)
    if not any(one.may_vote for one in mandants):
        return RefusalCode.MANDANT_NON_INSCRIT
    mandataires = lists.find(question.mandataire, question.mandataire.enrolment)
    if len(mandataires) != 1:  # nobody, or two whom nothing tells apart: no one is identified
        return RefusalCode.MANDATAIRE_INTROUVABLE
    if not mandataires[0].may_vote:
        return RefusalCode.MANDATAIRE_SANS_DROITS
    return RefusalCode.PLAFOND_DEPASSE if mandataires[0].holds_the_maximum else None


def name_key(person: Person) -> str:
    """The civil status alone: a line that has a number is found by its names too."""
    bare = Person(birth_date=person.birth_date, birth_name=person.birth_name, given_names=person.given_names)
    return civil_key(bare)


def number_key(person: Person) -> str | None:
    """Elector number and birth date, which R. 75-II wants together (R-26); None without a number."""
    if not person.elector_number:
        return None
    born = person.birth_date
    return f"n|{person.elector_number}|{born.year:04}-{born.month:02}-{born.day:02}"
