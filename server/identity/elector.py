"""The elector of a browser session: what an identity provider said of them, kept no longer than the session
(DOMAIN 5.1).
"""

from dataclasses import dataclass, field
from typing import Any, Final

from django.http import HttpRequest

from procuration.domain.events import Authentication
from procuration.domain.people import PartialDate, Sex

_KEY: Final = "elector"


@dataclass(frozen=True, slots=True, kw_only=True)
class Elector:
    """Civil status as the provider gave it; nobody may correct it here.

    Attributes:
        provider: name of the provider in the configuration, for example "franceconnect".
        authentication: what a request filed in this session says of it (R-27).
        birth_name, given_names: None when the person has none; given names are one text, in their order.
        sex: None when the provider knows none.
        used_name: shown beside the birth name, never instead of it; None when the provider gives none.
        email: the provider's; the elector may give another one for the messages.
        id_token: what ends the provider's own session at the log-out; used for nothing else.
    """

    provider: str
    authentication: Authentication
    birth_name: str | None = field(repr=False)
    given_names: str | None = field(repr=False)
    sex: Sex | None = field(repr=False)
    birth_date: PartialDate = field(repr=False)
    used_name: str | None = field(default=None, repr=False)
    email: str | None = field(default=None, repr=False)
    id_token: str = field(default="", repr=False)


def remember_elector(request: HttpRequest, elector: Elector) -> None:
    """From now on this session is this elector's; what the session held before is gone."""
    request.session.flush()
    date = elector.birth_date
    request.session[_KEY] = {
        "provider": elector.provider,
        "authentication": int(elector.authentication),
        "birth_name": elector.birth_name,
        "given_names": elector.given_names,
        "sex": elector.sex,
        "birth_date": [date.year, date.month, date.day],
        "used_name": elector.used_name,
        "email": elector.email,
        "id_token": elector.id_token,
    }


def elector_of(request: HttpRequest) -> Elector | None:
    """The elector of this session; None when nobody has signed in with a provider."""
    kept: dict[str, Any] | None = request.session.get(_KEY)
    if kept is None:
        return None
    return Elector(
        provider=kept["provider"],
        authentication=Authentication(kept["authentication"]),
        birth_name=kept["birth_name"],
        given_names=kept["given_names"],
        sex=None if kept["sex"] is None else Sex(kept["sex"]),
        birth_date=PartialDate(*kept["birth_date"]),
        used_name=kept["used_name"],
        email=kept["email"],
        id_token=kept["id_token"],
    )
