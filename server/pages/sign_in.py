"""Checking who signs in, with a pause after repeated refusals."""

import hashlib
from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.http import HttpRequest

from procuration.errors import RuleViolated
from server.pages.models import RefusedSignIn

TRIES_MAX: Final = 10
WINDOW: Final = timedelta(minutes=15)


def _digest(username: str) -> str:
    return hashlib.sha256(username.casefold().encode()).hexdigest()


def check_password(request: HttpRequest, username: str, password: str, now: datetime) -> User:
    """The account behind a name and a password.

    Raises: RuleViolated CONNEXION_SUSPENDUE after ten refusals in a quarter of an hour, CONNEXION_REFUSEE
        (a wrong
    name and a wrong password are the same answer).
    """
    refused = RefusedSignIn.objects.filter(account_digest=_digest(username))
    if refused.filter(at__gt=now - WINDOW).count() >= TRIES_MAX:
        raise RuleViolated("CONNEXION_SUSPENDUE", minutes=int(WINDOW.total_seconds() // 60))
    user = authenticate(request, username=username, password=password)
    if not isinstance(user, User):
        RefusedSignIn.objects.filter(at__lte=now - WINDOW).delete()
        RefusedSignIn.objects.create(account_digest=_digest(username), at=now)
        raise RuleViolated("CONNEXION_REFUSEE")
    refused.delete()
    return user
