"""The three catalogues of the tablet, and the wording that speaks one of them at a time."""

from collections.abc import Mapping
from functools import cache

from kiosk_app.presenters.wording import Catalogue, Language, Wording
from kiosk_app.texts_en import SENTENCES as ENGLISH
from kiosk_app.texts_falc import SENTENCES as EASY
from kiosk_app.texts_fr import SENTENCES as FRENCH


def wording() -> Wording:
    """A wording that starts in French, as every person does."""
    return Wording(
        {
            Language.FRENCH: Catalogue(FRENCH),
            Language.ENGLISH: Catalogue(ENGLISH, zero_is_plural=True),
            Language.EASY: Catalogue(EASY),
        }
    )


def french() -> Wording:
    """A wording for what is always in French: papers that an authority reads."""
    return Wording({Language.FRENCH: Catalogue(FRENCH)})


@cache
def month_names() -> tuple[tuple[int, str], ...]:
    """The months as somebody may type them, in any language of the tablet."""
    return tuple(
        (number, name)
        for sentences in (FRENCH, ENGLISH)
        for number, name in enumerate(sentences["when.months"].split(), start=1)
    )


@cache
def keys_by_sentence(language: str) -> Mapping[str, str]:
    """The key of each sentence of a language that holds no value: those that can be recorded."""
    sentences = {Language.FRENCH: FRENCH, Language.ENGLISH: ENGLISH, Language.EASY: EASY}[Language(language)]
    return {sentence: key for key, sentence in sentences.items() if "{" not in sentence}
