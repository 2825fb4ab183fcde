"""Public pages outside the electors' own: which language they speak, and in which frame they stand.

An agent who has signed in, and a town hall without network, read French in the frame of their own space;
everybody else reads what they chose, in the electors' frame.
"""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from server import texts_en, texts_fr
from server.usagers.pages import frame
from server.usagers.wording import FRENCH, wording_of


@dataclass(frozen=True, slots=True)
class Speaking:
    """Attributes:
    context: what the template of the page needs beside its own.
    """

    language: str
    context: dict[str, Any] = field(repr=False)

    def __call__(self, key: str, **values: object) -> str:
        """The sentence of a key of `texts_fr`."""
        return words_of(self.language, key, **values)


def words_of(language: str, key: str, **values: object) -> str:
    """The sentence of a key in one of both languages. Raises: KeyError."""
    text = texts_fr.text if language == FRENCH else texts_en.text
    return text(key, **values)


def counted_in(language: str, key: str, n: int) -> str:
    """Singular or plural of a key, as that language counts. Raises: KeyError."""
    return texts_fr.counted(key, n) if language == FRENCH else texts_en.counted(key, n)


def speaking(request: HttpRequest, *, for_agents: bool = False, here: str = "") -> Speaking:
    """Args: here: the page to come back to with another language; by default this one."""
    if for_agents or request.user.is_authenticated or getattr(settings, "COMMUNE_FACE", False):
        return Speaking(FRENCH, {"layout": "base.html", "language": FRENCH})
    language = wording_of(request).language
    return Speaking(language, {**frame(request, here), "layout": "usagers/base.html", "language": language})
