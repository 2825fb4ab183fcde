"""The sentences of the language that the person chose, by key, and their plural forms."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from procuration.errors import ProcurationError


class Language(StrEnum):
    """What a tablet speaks. `EASY` is French that is easy to read (« facile à lire et à comprendre »)."""

    FRENCH = "fr"
    ENGLISH = "en"
    EASY = "falc"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The sentences of one language. `zero_is_plural`: « 0 réponse », but “0 answers”."""

    sentences: Mapping[str, str]
    zero_is_plural: bool = False

    def is_singular(self, n: int) -> bool:
        """Whether a sentence about n things takes its singular."""
        return n == 1 or (n == 0 and not self.zero_is_plural)


class Spoken(str):
    """A sentence that can be said again after the language has changed: a page outlives the words it was
    made of. It lives as long as its page, and so do the values in it.
    """

    __slots__ = ("again",)

    again: Callable[[], str]

    def __new__(cls, sentence: str, again: Callable[[], str]) -> "Spoken":
        spoken = super().__new__(cls, sentence)
        spoken.again = again
        return spoken


def text_again(text: str) -> str:
    """A sentence in the language of now; what is no sentence, as it is."""
    return text.again() if isinstance(text, Spoken) else text


def joined(separator: str, parts: Iterable[str]) -> str:
    """Sentences one after another, which can be said again too."""
    listed = tuple(parts)
    return Spoken(separator.join(listed), lambda: joined(separator, (text_again(one) for one in listed)))


class Wording:
    """Sentences by key, in one language at a time; a key that is missing is our own bug and raises KeyError.

    Attributes:
        first: the language that everybody starts with; language: the one that is spoken.
    """

    def __init__(self, catalogues: Mapping[Language, Catalogue]) -> None:
        self._catalogues = catalogues
        self.first = next(iter(catalogues))
        self.speak(self.first)

    @property
    def languages(self) -> tuple[Language, ...]:
        """Those that can be chosen."""
        return tuple(self._catalogues)

    def speak(self, language: Language) -> None:
        """Go on in this language. Pages that are shown are not made again here."""
        self.language = language
        self._spoken = self._catalogues[language]

    def __call__(self, key: str, **values: object) -> str:
        """The sentence of a key, with its values in place."""
        sentence = self._spoken.sentences[key]
        said = sentence.format(**values) if values else sentence
        return Spoken(said, lambda: self(key, **_again(values)))

    def counted(self, key: str, n: int, **values: object) -> str:
        """The singular or the plural of a sentence."""
        said = self(f"{key}.one" if self._spoken.is_singular(n) else f"{key}.many", n=n, **values)
        return Spoken(said, lambda: self.counted(key, n, **_again(values)))

    def one_of(self, key: str, position: int) -> str:
        """One word of a sentence that is a list: the name of a month, or of a day."""
        return Spoken(self(key).split()[position], lambda: self.one_of(key, position))

    def has(self, key: str) -> bool:
        """Whether the catalogue has this sentence."""
        return key in self._spoken.sentences

    def of_error(self, error: ProcurationError, *, about: str = "") -> str:
        """The sentence for a person: that of the field first, then that of the code, then one that
        calls for help.
        """
        if error.code == "CODE_INCORRECT":
            return self.counted("error.CODE_INCORRECT", _count(error.ids.get("tries_left")))
        for key in (f"error.{about}.{error.code}", f"error.{error.code}"):
            if self.has(key):
                return self(key, **error.ids)
        return self("error.other", code=error.code)


def _again(values: Mapping[str, object]) -> dict[str, object]:
    return {name: text_again(value) if isinstance(value, str) else value for name, value in values.items()}


def _count(value: object) -> int:
    return value if isinstance(value, int) else 0
