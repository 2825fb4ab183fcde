"""The sentences of one language, by key, and their plural forms."""

from collections.abc import Mapping

from procuration.errors import ProcurationError


class Wording:
    """Sentences by key. A key that is missing is our own bug and raises KeyError."""

    def __init__(self, sentences: Mapping[str, str]) -> None:
        self._sentences = sentences

    def __call__(self, key: str, **values: object) -> str:
        """The sentence of a key, with its values in place."""
        sentence = self._sentences[key]
        return sentence.format(**values) if values else sentence

    def counted(self, key: str, n: int, **values: object) -> str:
        """The singular or the plural of a sentence; in French 0 and 1 are singular."""
        return self(f"{key}.one" if n < 2 else f"{key}.many", n=n, **values)

    def has(self, key: str) -> bool:
        """Whether the catalogue has this sentence."""
        return key in self._sentences

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


def _count(value: object) -> int:
    return value if isinstance(value, int) else 0
