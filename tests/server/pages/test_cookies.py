"""Which cookies the service gives, and that the page on personal data speaks of each."""

from django.conf import settings
from django.test import Client

from server.identity.journeys import COOKIE as JOURNEY
from server.texts_fr import TEXTS
from server.usagers.wording import COOKIE as LANGUAGE
from tests.server.townhall import agent_of

KNOWN = {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, LANGUAGE, JOURNEY, "messages"}


def test_every_cookie_is_closed_to_scripts_and_to_other_sites(world):
    browser = agent_of()
    browser.get("/mairie/formulaire/")
    browser.post("/deconnexion/")
    browser.get("/demande/langue/?langue=en&page=/demande/")
    given = browser.cookies
    assert {"csrftoken", "langue", "messages"} <= set(given) <= KNOWN
    for name in ("csrftoken", "langue", "messages"):
        assert given[name]["httponly"], name
        assert given[name]["samesite"] == "Strict", name


def test_the_page_on_personal_data_speaks_of_each(world):
    told = [key for key in TEXTS if key.startswith("legal.data.cookies.item.")]
    assert len(told) == len(KNOWN)
    page = Client().get("/donnees-personnelles/").content.decode()
    assert [key for key in told if TEXTS[key] not in page] == []
