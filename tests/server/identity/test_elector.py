"""Whose session this is."""

from types import SimpleNamespace

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as DatabaseSession
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.test import Client

from procuration.domain.events import Authentication
from procuration.domain.people import PartialDate, Sex
from server.identity.elector import Elector, elector_of, remember_elector

ANGELA = Elector(
    provider="franceconnect",
    authentication=Authentication.FRANCE_CONNECT,
    birth_name="DUBOIS",
    given_names="Angela Claire Louise",
    sex=Sex.FEMALE,
    birth_date=PartialDate(1962, 8, 24),
    used_name="MARTIN",
    email="angela@example.fr",
)
UNKNOWN_DAY = Elector(
    provider="nc_connect",
    authentication=Authentication.NC_CONNECT,
    birth_name=None,
    given_names="Wéa",
    sex=None,
    birth_date=PartialDate(1950, 0, 0),
)


@pytest.mark.parametrize("elector", [ANGELA, UNKNOWN_DAY])
def test_a_session_keeps_what_the_provider_said_and_nothing_of_before(elector):
    request = SimpleNamespace(session=SessionStore())
    request.session["draft"] = "of somebody else"
    remember_elector(request, elector)
    assert elector_of(request) == elector
    assert "draft" not in request.session


def test_nobody_has_signed_in():
    assert elector_of(SimpleNamespace(session=SessionStore())) is None


def test_a_session_of_an_elector_lasts_from_one_page_to_the_next(world):
    """Nobody signs in with Django's own function: the session begins when it is first seen."""
    browser = Client()
    for _ in range(20):
        request = SimpleNamespace(session=DatabaseSession())
        remember_elector(request, ANGELA)
        request.session.save()
        browser.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key
        assert "Vous êtes déjà identifié" in browser.get("/connexion-usager/").content.decode()
