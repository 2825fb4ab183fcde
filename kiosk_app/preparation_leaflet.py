"""The sheet from which a person fills in the paper form: the fields in the order of Cerfa 14952, or 16199 in
Nouvelle-Calédonie (R-27, R-73; DESIGN, decision 3). It is no procuration, and carries what the form asks.
"""

from typing import Final, Protocol

from kiosk_app.leaflet import Fact, Leaflet
from kiosk_app.receipt import NBSP, day_in_words
from procuration.domain.people import PartialDate, Person, Place, Sex

_FORM, _FORM_OF_NC = "14952", "16199"
_SEXES: Final = {Sex.FEMALE: "Féminin", Sex.MALE: "Masculin"}


class Prepared(Protocol):
    """What the elector answered: a request not yet filed, or one that was."""

    @property
    def mandant(self) -> Person: ...
    @property
    def mandataire(self) -> Person: ...
    @property
    def vote_place(self) -> Place: ...


def preparation(asked: Prepared, commune: str, their_commune: str, validity: tuple[str, ...]) -> Leaflet:
    """The fields to copy.

    Args: commune, their_commune: where each votes, as the signed table names it; "" when it is not known.
    """
    theirs = asked.mandataire.enrolment
    of_nc = asked.vote_place.in_nouvelle_caledonie or (theirs is not None and theirs.in_nouvelle_caledonie)
    facts = (
        *_person("Mandant", asked.mandant, commune, number=not of_nc),
        Fact(label="Mandant, téléphone", blank=True),
        *_person("Mandataire", asked.mandataire, their_commune, number=not of_nc),
        *((Fact(label="Mandataire, adresse", blank=True),) if of_nc else ()),
        Fact(label="Procuration pour", lines=validity),
    )
    numbered = (
        Fact(label=f"{n}. {one.label}", lines=one.lines, blank=one.blank) for n, one in enumerate(facts, 1)
    )
    return Leaflet(
        kind="preparation",
        over=f"Formulaire Cerfa {_FORM_OF_NC if of_nc else _FORM}",
        title="Fiche pour remplir le formulaire",
        warning="Ce papier n’est pas une procuration.",
        facts=tuple(numbered),
        steps=(
            "Recopiez ces réponses sur le formulaire.",
            "Allez dans une gendarmerie ou un commissariat avec votre pièce d’identité.",
            "Signez le formulaire devant l’agent.",
        ),
        notes=(
            "L’agent écrit son nom, sa qualité, la date et le lieu.",
            "Le formulaire part à la mairie. Vous recevez un récépissé.",
            "Gardez cette fiche pour vous, puis détruisez-la.",
        ),
    )


def _person(who: str, person: Person, commune: str, *, number: bool) -> tuple[Fact, ...]:
    """Names, sex, birth date, elector number where there are any (R-74), commune."""
    by_number = person.birth_name is None and person.given_names is None
    names = () if by_number else (
        _fact(f"{who}, nom de naissance", (person.birth_name or "").upper()),
        _fact(f"{who}, prénoms", person.given_names or "Sans prénom"),
        _fact(f"{who}, sexe", _SEXES[person.sex] if person.sex else ""),
    )  # fmt: skip
    numbers = (_fact(f"{who}, numéro d’électeur", person.elector_number or ""),) if number else ()
    return (
        *names,
        _fact(f"{who}, date de naissance", _born(person.birth_date)),
        *numbers,
        *((_fact(f"{who}, commune de vote", commune),) if commune or not by_number else ()),
    )


def _fact(label: str, value: str) -> Fact:
    return Fact(label=label, lines=(value,)) if value else Fact(label=label, blank=True)


def _born(born: PartialDate) -> str:
    if born.month and born.day:
        return day_in_words(born.earliest)
    return f"{born.month:02d}{NBSP}{born.year}" if born.month else str(born.year)
