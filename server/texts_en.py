"""The sentences of the public pages that exist in English too, by the keys of `texts_fr`: the sign-in of
electors, the pages that the law asks for, the list of places, and what went wrong."""

from typing import Final

from server.words.errors_en import ERRORS_EN
from server.words.identity_en import IDENTITY_EN
from server.words.legal_en import LEGAL_EN
from server.words.reception_en import RECEPTION_EN

TEXTS_EN: Final[dict[str, str]] = LEGAL_EN | IDENTITY_EN | RECEPTION_EN | ERRORS_EN


def text(key: str, **values: object) -> str:
    """The sentence of a key. Raises: KeyError for one that has no English words, a bug of ours."""
    sentence = TEXTS_EN[key]
    return sentence.format(**values) if values else sentence


def counted(key: str, n: int, **values: object) -> str:
    """Singular or plural of a key by count: only 1 is singular in English."""
    return text(f"{key}.one" if n == 1 else f"{key}.many", n=n, **values)
