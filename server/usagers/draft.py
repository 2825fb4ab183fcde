"""What an elector has answered so far: in their session only, and gone with it.

Answers are kept as they were typed, step by step, so that going back and forth loses nothing; they are read
anew each time somebody needs what they mean.
"""

import json
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from django.http import HttpRequest

Answers = dict[str, str]

_KEY: Final = "demande"
_FILED: Final = "demande_deposee"
_RID_BYTES: Final = 16

NAME_TYPED_MAX: Final = 401
"""One more than `check_name` reads: what is longer is cut here, and refused there for its length."""
FIELDS: Final[Mapping[str, Mapping[str, int]]] = {
    "identite": {"email": 509, "no_email": 1, "email_kept": 509},
    "commune": {"q": 65, "place": 16},
    "mandataire": {
        "method": 8,
        "birth_name": NAME_TYPED_MAX,
        "given_names": NAME_TYPED_MAX,
        "no_given_names": 1,
        "sex": 1,
        "day": 8,
        "month": 16,
        "year": 8,
        "partial": 1,
        "q": 65,
        "place": 16,
        "number": 32,
        "number_kept": 32,
    },
    "elections": {
        "choice": 96,
        "from_day": 8,
        "from_month": 16,
        "from_year": 8,
        "to_day": 8,
        "to_month": 16,
        "to_year": 8,
    },
}
"""What each step asks, and how many characters of it are kept at most."""
STEPS: Final = tuple(FIELDS)


@dataclass(slots=True)
class Draft:
    """One request being written.

    Attributes:
        rid: the name under which it will be recorded, once, however often it is sent.
        answers: by step, as typed.
    """

    rid: str
    answers: dict[str, Answers] = field(default_factory=dict, repr=False)

    def of(self, step: str) -> Answers:
        """The answers of one step; empty before it was reached."""
        return self.answers.get(step, {})

    def keep(self, step: str, sent: Mapping[str, Any], names: Collection[str] | None = None) -> None:
        """Takes what a form sent: the fields of the step and nothing else, each no longer than its limit.

        Args:
            names: those that the form asked, when it did not ask all; the others stay.
        """
        limits = FIELDS[step]
        kept = self.answers.setdefault(step, {})
        for name in limits if names is None else names:
            kept[name] = str(sent.get(name, ""))[: limits[name]]

    @property
    def seen(self) -> str:
        """Digest of every answer: what is filed is what the page of verification showed."""
        written = json.dumps([self.rid, self.answers], sort_keys=True)
        return sha256(written.encode()).hexdigest()[:32]


def draft_of(request: HttpRequest) -> Draft | None:
    """The draft of this session, if one was begun."""
    kept: dict[str, Any] | None = request.session.get(_KEY)
    return None if kept is None else Draft(kept["rid"], kept["answers"])


def begin() -> Draft:
    """A new draft, with the name under which it will be recorded once."""
    return Draft(os.urandom(_RID_BYTES).hex())


def save(request: HttpRequest, draft: Draft) -> None:
    """Into the session."""
    request.session[_KEY] = {"rid": draft.rid, "answers": draft.answers}


def forget(request: HttpRequest) -> None:
    """The elector gives up, or has filed: nothing that was typed stays."""
    request.session.pop(_KEY, None)


def remember_filed(request: HttpRequest, rid: str) -> None:
    """This session may see the acknowledgment of this request again."""
    request.session[_FILED] = rid


def filed_of(request: HttpRequest) -> str | None:
    """The request that this session filed last."""
    return request.session.get(_FILED)
