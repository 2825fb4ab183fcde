"""The three catalogues of the tablet, and the wording that speaks one of them at a time. A catalogue is read
when somebody first asks for its language: most people never do.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Final

from kiosk_app import months
from kiosk_app.presenters.wording import Catalogue, Language, Wording

_MODULES: Final = {
    Language.FRENCH: "kiosk_app.texts_fr",
    Language.ENGLISH: "kiosk_app.texts_en",
    Language.EASY: "kiosk_app.texts_falc",
}


def sentences_of(language: Language) -> Mapping[str, str]:
    """Every sentence of a language, by key."""
    sentences: Mapping[str, str] = import_module(_MODULES[language]).SENTENCES
    return sentences


class _Catalogues(Mapping[Language, Catalogue]):
    """Those of some languages, read on demand."""

    def __init__(self, *languages: Language) -> None:
        self._languages = languages

    def __getitem__(self, language: Language) -> Catalogue:
        if language not in self._languages:
            raise KeyError(language)
        return Catalogue(sentences_of(language), zero_is_plural=language is Language.ENGLISH)

    def __iter__(self) -> Iterator[Language]:
        return iter(self._languages)

    def __len__(self) -> int:
        return len(self._languages)


def wording() -> Wording:
    """A wording that starts in French, as every person does."""
    return Wording(_Catalogues(*Language))


def wording_in(language: Language) -> Wording:
    """A wording of one language, whatever the screen speaks meanwhile: for the paper of one person."""
    return Wording(_Catalogues(language))


@cache
def french() -> Wording:
    """A wording for what is always in French: papers that an authority reads."""
    return wording_in(Language.FRENCH)


@cache
def month_names() -> tuple[tuple[int, str], ...]:
    """The months as somebody may type them, in any language of the tablet."""
    return tuple((number, name) for names in months.ALL for number, name in enumerate(names.split(), start=1))


@cache
def keys_by_sentence(language: str) -> Mapping[str, str]:
    """The key of each sentence of a language that holds no value: those that can be recorded."""
    sentences = sentences_of(Language(language))
    return {sentence: key for key, sentence in sentences.items() if "{" not in sentence}
