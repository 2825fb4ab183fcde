"""Who is on the lists, and what a list says of one procuration (R-02, R-03, R-26, R-38). Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from procuration.domain.people import Person, Place, PlaceType, Sex, civil_key
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


class Electors:
    """The electors of a list, found by number or by civil status."""

    def __init__(self, electors: Iterable[Elector]) -> None:
        self._by_number: dict[str, list[Elector]] = {}
        self._by_name: dict[str, list[Elector]] = {}
        for one in electors:
            self._by_name.setdefault(_name_key(one.person), []).append(one)
            if one.person.elector_number:
                self._by_number.setdefault(one.person.elector_number, []).append(one)

    def answer(self, question: Question) -> RefusalCode | None:
        """Why not; None when the register accepts."""
        mandants = self._find(question.mandant, question.vote_place)
        if not any(one.may_vote for one in mandants):
            return RefusalCode.MANDANT_NON_INSCRIT
        mandataires = self._find(question.mandataire, question.mandataire.enrolment)
        if len(mandataires) != 1:  # nobody, or two whom nothing tells apart: no one is identified
            return RefusalCode.MANDATAIRE_INTROUVABLE
        if not mandataires[0].may_vote:
            return RefusalCode.MANDATAIRE_SANS_DROITS
        return RefusalCode.PLAFOND_DEPASSE if mandataires[0].holds_the_maximum else None

    def _find(self, person: Person, place: Place | None) -> list[Elector]:
        if person.elector_number:
            numbered = self._by_number.get(person.elector_number, ())
            found = [one for one in numbered if one.person.birth_date == person.birth_date]
        else:
            found = self._by_name.get(_name_key(person), [])
        if place is not None:
            found = [one for one in found if one.place == (place.code, place.type)]
        return [one for one in found if _same_sex(one.person.sex, person.sex)]


def _name_key(person: Person) -> str:
    """The civil status alone: a line that has a number is found by its names too."""
    bare = Person(birth_date=person.birth_date, birth_name=person.birth_name, given_names=person.given_names)
    return civil_key(bare)


def _same_sex(one: Sex | None, other: Sex | None) -> bool:
    return one is None or other is None or one is other
