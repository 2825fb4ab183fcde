"""The six-character reference printed on the receipt: a label that people read aloud and type, not a
secret."""

from typing import Final, NewType

from procuration.errors import RuleViolated

Reference = NewType("Reference", str)

ALPHABET: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""31 characters; I, L, O, 0 and 1 are left out because paper and voices confuse them."""
LENGTH: Final = 6
_IGNORED: Final = " -\u00a0\u202f\t"
_FIRST_NAMES: Final = (
    "Anatole Berthe Célestin Désiré Eugène François Gaston Henri Joseph Kléber Marcel Nicolas Pierre Quintal "
    "Raoul Suzanne Thérèse Ursule Victor William Xavier Yvonne Zoé"
)
_SPELLING: Final = dict(zip("ABCDEFGHJKMNPQRSTUVWXYZ", _FIRST_NAMES.split(), strict=True))


def parse_reference(typed: str) -> Reference:
    """A reference as typed: case, spaces and hyphens do not count.

    Raises: RuleViolated REFERENCE_CARACTERE (ids: character), REFERENCE_LONGUEUR.
    """
    if len(typed) > 4 * LENGTH:
        raise RuleViolated("REFERENCE_LONGUEUR")
    characters = [character for character in typed.upper() if character not in _IGNORED]
    for character in characters:
        if character not in ALPHABET:
            raise RuleViolated("REFERENCE_CARACTERE", character=character)
    if len(characters) != LENGTH:
        raise RuleViolated("REFERENCE_LONGUEUR")
    return Reference("".join(characters))


def grouped(reference: Reference) -> str:
    """The reference as people read it: "XBQ 7V3", with a no-break space."""
    return f"{reference[:3]}\u00a0{reference[3:]}"


def spelled(reference: Reference) -> list[tuple[str, str | None]]:
    """Each character with the first name that spells it in French; digits have none."""
    return [(character, _SPELLING.get(character)) for character in reference]
