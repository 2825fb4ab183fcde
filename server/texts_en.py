"""The sentences of the public pages that exist in English too, by the keys of `texts_fr`: the sign-in of
electors and the pages that the law asks for."""

from typing import Final

from server.words.identity_en import IDENTITY_EN
from server.words.legal_en import LEGAL_EN

TEXTS_EN: Final[dict[str, str]] = LEGAL_EN | IDENTITY_EN


def text(key: str, **values: object) -> str:
    """The sentence of a key. Raises: KeyError for one that has no English words, a bug of ours."""
    sentence = TEXTS_EN[key]
    return sentence.format(**values) if values else sentence
