"""Electors in front of a browser, and the answers they give."""

from collections.abc import Mapping

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client, RequestFactory

from procuration.domain.events import Authentication
from procuration.domain.people import PartialDate, Sex
from server.identity.elector import Elector, remember_elector
from tests.builders import SCRUTIN_ID

ANGELA = Elector(
    provider="nc_connect",
    authentication=Authentication.NC_CONNECT,
    birth_name="DUBOIS",
    given_names="Angela Claire Louise",
    sex=Sex.FEMALE,
    birth_date=PartialDate(1962, 8, 24),
    used_name="KAËS-WÉA",
    email="angela@exemple.nc",
)
STEPS: Mapping[str, Mapping[str, str]] = {
    "identite": {"email": "angela.dubois@exemple.nc"},
    "commune": {"q": "nouméa", "place": "98818|1"},
    "mandataire": {
        "birth_name": "DUPONT",
        "given_names": "Jean-Claude Bernard",
        "sex": "m",
        "day": "22",
        "month": "août",
        "year": "1944",
        "q": "nouméa",
        "place": "98818|1",
    },
    "elections": {"choice": f"{SCRUTIN_ID} 3"},
}


def signed_in(elector: Elector = ANGELA, **options: object) -> Client:
    """A browser in which somebody has signed in with a provider."""
    client = Client(**options)
    request = RequestFactory().get("/")
    request.session = SessionStore()
    remember_elector(request, elector)
    request.session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key
    return client


def starts(elector: Elector = ANGELA) -> Client:
    """The same, who has begun a request."""
    client = signed_in(elector)
    client.post("/demande/commencer/")
    return client


def answers(client: Client, **changes: Mapping[str, str]) -> Client:
    """Every step, with some answers of one's own."""
    for step, given in STEPS.items():
        client.post(f"/demande/{step}/", {**given, **changes.get(step, {})})
    return client


def confirmation(client: Client) -> dict[str, str]:
    """What the page of verification sends back."""
    import re

    page = client.get("/demande/verification/").content.decode()
    return dict(re.findall(r'name="(rid|seen)" value="([0-9a-f]+)"', page))


def files(client: Client):
    """Confirms; the page that follows."""
    return client.post("/demande/verification/", confirmation(client), follow=True)
