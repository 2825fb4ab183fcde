"""Away to a provider and back: what the browser carries meanwhile.

The session's cookie stays at home when another site sends the browser here (SameSite Strict), so a journey
has a cookie of its own: signed, for one provider, for ten minutes. Its question is used once: what came back
is written down before anything is traded.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.core import signing
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from procuration.errors import RecordRejected
from server.identity.client import Answer, Question, answer_of, end_address, new_question, sign_in_address
from server.identity.models import UsedState
from server.identity.providers import Provider

COOKIE: Final = "procuration-identite"
JOURNEY: Final = timedelta(minutes=10)
_SALT: Final = "server.identity.journeys"
_COOKIE_MAX: Final = 4096
_STATE_MAX: Final = 200
_PARAMETERS: Final = ("code", "state", "iss", "error")
_ERRORS: Final = {
    "access_denied": "CONNEXION_ANNULEE",
    "login_required": "CONNEXION_ABSENTE",
    "interaction_required": "CONNEXION_ABSENTE",
    "consent_required": "CONNEXION_ANNULEE",
    "temporarily_unavailable": "FOURNISSEUR_OCCUPE",
    "server_error": "FOURNISSEUR_OCCUPE",
}


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody came back: the answer about them, and where they wanted to go."""

    answer: Answer
    wanted: str


def leave(provider: Provider, wanted: str, now: datetime) -> HttpResponse:
    """Send the browser to the provider's sign-in.

    Args:
        wanted: an address of ours, already checked; empty: the usual one.

    Raises: CarrierUnavailable FOURNISSEUR_ABSENT, RecordRejected REPONSE_FOURNISSEUR.
    """
    question = new_question()
    answer = HttpResponseRedirect(sign_in_address(provider, question, absolute(_return(provider))))
    carried = {
        "state": question.state,
        "nonce": question.nonce,
        "verifier": question.verifier,
        "wanted": wanted,
    }
    _give(answer, _return(provider), {**carried, "provider": provider.name, "at": now.timestamp()})
    return answer


def arrive(request: HttpRequest, provider: Provider, now: datetime) -> Arrival:
    """What a return to us is worth.

    Raises: RecordRejected ETAT_INCONNU (no journey, another one's, too old, already ended),
        CONNEXION_ANNULEE, CONNEXION_ABSENTE, FOURNISSEUR_OCCUPE, and those of `answer_of`;
        CarrierUnavailable FOURNISSEUR_ABSENT.
    """
    given = _given(request)
    carried = _carried(request, provider, given, now)
    _use(carried["state"], now)
    if "error" in given:
        raise RecordRejected(_ERRORS.get(given["error"], "CONNEXION_REFUSEE_AILLEURS"))
    question = Question(state=carried["state"], nonce=carried["nonce"], verifier=carried["verifier"])
    answer = answer_of(provider, question, given, absolute(_return(provider)), now)
    return Arrival(answer, str(carried["wanted"]))


def forget_journey(answer: HttpResponseBase, provider: Provider) -> None:
    """The cookie has served, whatever came of it."""
    for path in (_return(provider), _ended(provider)):
        answer.delete_cookie(COOKIE, path=path, samesite="Lax")


def end_journey(provider: Provider, id_token: str, now: datetime) -> tuple[str, dict[str, Any]] | None:
    """Where the browser ends the provider's session, and what it carries there; None: no such place.

    Raises: CarrierUnavailable FOURNISSEUR_ABSENT, RecordRejected REPONSE_FOURNISSEUR.
    """
    state = new_question().state
    address = end_address(provider, id_token, state, absolute(_ended(provider)))
    if address is None:
        return None
    return address, {"state": state, "provider": provider.name, "at": now.timestamp()}


def carry_to_the_end(answer: HttpResponseBase, provider: Provider, carried: Mapping[str, Any]) -> None:
    """Remember which log-out was asked for, until the browser is back."""
    _give(answer, _ended(provider), carried)


def came_back_from_the_end(request: HttpRequest, provider: Provider, now: datetime) -> bool:
    """Whether this is the return of a log-out that this browser asked for."""
    try:
        carried = _carried(request, provider, _given(request), now)
        _use(carried["state"], now)
    except RecordRejected:
        return False
    return True


def absolute(path: str) -> str:
    """An address of ours as others know it: from the setting, never from the Host header."""
    return f"{settings.PUBLIC_URL}{path}"


def _space(provider: Provider) -> str:
    return "agent" if provider.for_agents else "elector"


def _return(provider: Provider) -> str:
    return reverse(f"identity:{_space(provider)}_return", args=[provider.name])


def _ended(provider: Provider) -> str:
    return reverse(f"identity:{_space(provider)}_ended", args=[provider.name])


def _give(answer: HttpResponseBase, path: str, carried: Mapping[str, Any]) -> None:
    answer.set_cookie(
        COOKIE,
        signing.dumps(dict(carried), salt=_SALT),
        max_age=int(JOURNEY.total_seconds()),
        path=path,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",  # the provider's site sends the browser back here
    )


def _given(request: HttpRequest) -> dict[str, str]:
    """The parameters of a return, each at most once."""
    for name in _PARAMETERS:
        if len(request.GET.getlist(name)) > 1:
            raise RecordRejected("ETAT_INCONNU")
    return {name: request.GET[name] for name in _PARAMETERS if name in request.GET}


def _carried(
    request: HttpRequest, provider: Provider, given: Mapping[str, str], now: datetime
) -> dict[str, Any]:
    cookie = request.COOKIES.get(COOKIE, "")
    state = given.get("state", "")
    if not 0 < len(cookie) <= _COOKIE_MAX or not 0 < len(state) <= _STATE_MAX:
        raise RecordRejected("ETAT_INCONNU")
    try:
        carried: dict[str, Any] = signing.loads(cookie, salt=_SALT)
    except signing.BadSignature as error:
        raise RecordRejected("ETAT_INCONNU") from error
    age = now.timestamp() - carried["at"]
    ours = carried["provider"] == provider.name and 0 <= age <= JOURNEY.total_seconds()
    if not ours or not hmac.compare_digest(carried["state"].encode(), state.encode()):
        raise RecordRejected("ETAT_INCONNU")
    return carried


def _use(state: str, now: datetime) -> None:
    """Write down that a question was answered. Raises: RecordRejected ETAT_INCONNU: it was already."""
    UsedState.objects.filter(at__lt=now - 2 * JOURNEY).delete()
    try:
        with transaction.atomic():
            UsedState.objects.create(digest=hashlib.sha256(state.encode()).hexdigest(), at=now)
    except IntegrityError as error:
        raise RecordRejected("ETAT_INCONNU") from error
