"""The second factor of every account: a code of an application (RFC 6238), or a recovery code; or the
provider's own, when it says so.

django-otp keeps the devices, counts the tries and accepts each code once. Recovery codes are kept as digests:
they fill the column that it has for them.
"""

import hashlib
import secrets
from base64 import b32encode
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django_otp import login as remember_device
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from procuration.errors import RuleViolated

CODES: Final = 10
_ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Nothing that looks like something else; five bits each."""
_GROUPS: Final = 4
_GROUP: Final = 4
_BY_PROVIDER: Final = "second_factor_by_provider"
_OPEN: Final = frozenset(
    {
        "pages:sign_out",
        "identity:code",
        "identity:recovery",
        "identity:enrol",
        "identity:agent_ended",
    }
)
"""All that an account reaches before its second factor."""


class RequireSecondFactor:
    """Middleware, after django-otp's: whoever showed one factor sees the page of the second, no other."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        """Before any view, whatever the method."""
        match = request.resolver_match
        is_open = match is not None and match.view_name in _OPEN
        if is_open or not isinstance(request.user, User) or has_second_factor(request):
            return None
        wanted = f"next={quote(request.get_full_path(), safe='/')}" if request.method == "GET" else ""
        return HttpResponseRedirect(f"{second_factor_address(request.user)}?{wanted}".rstrip("?"))


def has_second_factor(request: HttpRequest) -> bool:
    """Whether this session showed two factors."""
    verified: bool = request.user.is_verified()  # type: ignore[union-attr]  # django-otp's middleware adds it
    return verified or request.session.get(_BY_PROVIDER) is True


def second_factor_by_provider(request: HttpRequest) -> None:
    """The provider vouches for two factors in this session."""
    request.session[_BY_PROVIDER] = True


def second_factor_address(user: User) -> str:
    """The page that this account needs: its code, or the making of one."""
    return reverse("identity:code" if is_enrolled(user) else "identity:enrol")


def is_enrolled(user: User) -> bool:
    """Whether the account has its application."""
    enrolled: bool = TOTPDevice.objects.filter(user=user, confirmed=True).exists()
    return enrolled


def unconfirmed_device(user: User) -> TOTPDevice:
    """The secret that the account is about to take; the same as long as it is not confirmed."""
    device, _ = TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": "application"})
    return device


def confirm(request: HttpRequest, code: str, now: datetime) -> list[str]:
    """Take the secret that was shown, once its first code is right.

    Returns: the recovery codes, to be shown once. Raises: RuleViolated CODE_FAUX, CODES_SUSPENDUS (seconds).
    """
    user = request.user
    assert isinstance(user, User)
    with transaction.atomic():
        device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False).first()
        right = device is not None and _verify(device, code)
        if right:
            TOTPDevice.objects.filter(user=user).exclude(pk=device.pk).delete()
            device.confirmed = True
            device.save(update_fields=["confirmed"])
            codes = _new_codes(user)
    if not right:
        raise _refusal(device, now)
    _keep(request, device)
    return codes


def prove(request: HttpRequest, code: str, now: datetime) -> None:
    """The code of the application. Raises: RuleViolated CODE_FAUX, CODES_SUSPENDUS (ids: seconds)."""
    _prove(request, TOTPDevice, code, now)


def recover(request: HttpRequest, code: str, now: datetime) -> int:
    """One of the recovery codes, used up by this.

    Returns: how many are left. Raises: as `prove`.
    """
    device = _prove(request, StaticDevice, _digest(code), now)
    left: int = device.token_set.count()
    return left


def reset(user: User) -> None:
    """Forget every second factor: open sessions fall back to one, and the next sign-in makes a new one."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()


def secret_groups(device: TOTPDevice) -> str:
    """The secret as people type it: base 32, in groups of four."""
    text = b32encode(device.bin_key).decode("ascii").rstrip("=")
    return " ".join(text[i : i + _GROUP] for i in range(0, len(text), _GROUP))


def _prove(request: HttpRequest, kind: Any, code: str, now: datetime) -> Any:
    user = request.user
    assert isinstance(user, User)
    with transaction.atomic():
        device = kind.objects.select_for_update().filter(user=user, confirmed=True).first()
        right = device is not None and _verify(device, code)
    if not right:
        raise _refusal(device, now)
    _keep(request, device)
    return device


def _verify(device: Any, code: str) -> bool:
    right: bool = device.verify_token(code)
    return right


def _keep(request: HttpRequest, device: Any) -> None:
    """The session is worth more now: it gets a new name."""
    request.session.cycle_key()
    remember_device(request, device)


def _refusal(device: Any, now: datetime) -> RuleViolated:
    """Why not, and for how long. A wrong code doubles the pause before the next one."""
    _allowed, why = device.verify_is_allowed() if device is not None else (True, None)
    until = (why or {}).get("locked_until")
    seconds = round((until - now).total_seconds()) if until else 0
    return RuleViolated("CODES_SUSPENDUS", seconds=seconds) if seconds > 1 else RuleViolated("CODE_FAUX")


def _new_codes(user: User) -> list[str]:
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="recovery", confirmed=True)
    codes = [_drawn() for _ in range(CODES)]
    for code in codes:
        device.token_set.create(token=_digest(code))
    return codes


def _drawn() -> str:
    """Eighty bits, in groups that a person copies without fault."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))


def _digest(code: str) -> str:
    """What is kept of a recovery code; it is drawn, so a plain digest is out of reach of guessing."""
    plain = "".join(c for c in code.upper() if c in _ALPHABET)
    return b32encode(hashlib.sha256(plain.encode("ascii")).digest()[:10]).decode("ascii")
