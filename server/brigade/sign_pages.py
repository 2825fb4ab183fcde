"""The page that asks for the officer's key, what it brings back, and the page of what was not signed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from webauthn import base64url_to_bytes
from webauthn.helpers import bytes_to_base64url

from procuration.errors import RuleViolated
from server.brigade.signing import Answer, Asked
from server.brigade.site import site_of
from server.mairie.sheet import Fact
from server.texts_fr import TEXTS, text

P = ParamSpec("P")
FIELD_CHARACTERS_MAX: Final = 8_192
"""Of one part of what the browser brings back, in base64url: an act has at most 4 KiB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignPage:
    """What the officer reads before the key.

    Attributes:
        action: where the answer goes; back: where nothing is signed.
        kept: what the page before asked, as it was typed.
    """

    headline: str = field(repr=False)
    facts: list[Fact]
    action: str
    back: str
    kept: Sequence[tuple[str, str]] = field(default=(), repr=False)

    def shown(self, request: HttpRequest, asked: Asked) -> HttpResponse:
        """Raises: RuleViolated CLE_SANS_NOM_DE_SITE."""
        site = site_of(settings.OPTIONS.public_url)
        context = {
            "page": self,
            "payload": bytes_to_base64url(asked.payload),
            "challenge": bytes_to_base64url(asked.challenge),
            "site": site.name,
            "keys": " ".join(key.credential_id for key in asked.keys),
        }
        return render(request, "brigade/sign.html", context)


def answer_of(request: HttpRequest) -> Answer:
    """Raises: RuleViolated SIGNATURE_REFUSEE, when a part is missing, too long, or no base64url."""
    names = ("payload", "authenticator_data", "client_data", "signature")
    given = {name: request.POST.get(name, "") for name in (*names, "credential_id")}
    if any(not value or len(value) > FIELD_CHARACTERS_MAX for value in given.values()):
        raise RuleViolated("SIGNATURE_REFUSEE")
    try:
        parts = {name: base64url_to_bytes(given[name]) for name in names}
    except ValueError as error:
        raise RuleViolated("SIGNATURE_REFUSEE") from error
    return Answer(credential_id=given["credential_id"], **parts)


def sentence_of(refusal: RuleViolated) -> str:
    """What an officer reads of a refusal."""
    key = f"brigade.refused.{refusal.code}"
    return text(key) if key in TEXTS else text("brigade.refused.OTHER", code=refusal.code)


def refused(request: HttpRequest, refusal: RuleViolated, back: str) -> HttpResponse:
    """Nothing was written, and why."""
    context = {
        "title": text("brigade.not_signed.title"),
        "sentence": sentence_of(refusal),
        "back": back,
    }
    return render(request, "mairie/refused.html", context, status=409)


def is_allowed(check: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> bool:
    """Whether a check has nothing against it."""
    try:
        check(*args, **kwargs)
    except RuleViolated:
        return False
    return True
