"""The sign-in of electors and the legal pages, in French and in English."""

import re
from dataclasses import replace
from datetime import date
from string import Formatter

import pytest
from django.conf import settings
from django.test import Client, RequestFactory
from django.test.utils import override_settings

from server.identity.providers import Kind, install_providers
from server.pages.limits import too_many
from server.pages.views import not_found, server_error
from server.texts_en import TEXTS_EN
from server.texts_fr import TEXTS
from server.usagers.wording import Wording
from tests.server.identity.hostile import Liar
from tests.server.townhall import agent_of

LEGAL = ("/accessibilite/", "/mentions-legales/", "/donnees-personnelles/")
ONLY_FRENCH = re.compile(
    r"legal\.nav|legal\.\w+\.nav|identity\.agents\.|.*EMPLOYEUR_|.*COMPTE_FERME|error\.500\.text"
)
"""What agents read, and what the electors' frame says in its own words."""


@pytest.fixture
def providers():
    liar = Liar(port=9)
    install_providers(
        {
            "franceconnect": liar.provider(),
            "pro": liar.provider(name="pro", label="ProConnect", kind=Kind.PRO_CONNECT),
        }
    )
    yield
    install_providers(None)


def english() -> Client:
    client = Client()
    client.cookies["langue"] = "en"
    return client


def language_of(page) -> str:
    return re.search(r'<html lang="(\w+)"', page.content.decode())[1]


def values(sentence: str) -> list[str]:
    return sorted({name for _, name, _, _ in Formatter().parse(sentence) if name})


def test_every_sentence_has_its_english_and_the_same_values():
    begins = ("identity.", "legal.", "reception.", "error.", "session.ended.", "site.page")
    ours = {key for key in TEXTS if key.startswith(begins) and not ONLY_FRENCH.match(key)}
    assert ours | {"site.title", "legal.translated", "login.submit"} == set(TEXTS_EN)
    assert {key for key in ours if values(TEXTS[key]) != values(TEXTS_EN[key])} == set()


def test_no_english_sentence_is_left_in_french():
    words = re.compile(r"\b(vous|votre|une|les|est|avec|pour|aucun)\b", re.IGNORECASE)
    assert {key: said for key, said in TEXTS_EN.items() if words.search(said)} == {}


@pytest.mark.parametrize("address", [*LEGAL, "/connexion-usager/"])
def test_a_page_speaks_the_language_that_was_chosen_and_offers_both(world, address):
    french, chosen = Client().get(address), english().get(address)
    assert (language_of(french), language_of(chosen)) == ("fr", "en")
    for page in (french, chosen):
        for language in ("fr", "en"):
            assert f'hreflang="{language}"' in page.content.decode()
    assert re.findall(r"\b(?:vous|votre|les|une)\b", visible(chosen)) == []


def visible(page) -> str:
    """The words of a page; the settings of a deployer stand as they were typed."""
    body = page.content.decode().split("<body>")[1].replace("Relais de procuration", "")
    return re.sub(r"<[^>]+>", " ", body).replace("Français", "")


def test_the_link_to_the_other_language_comes_back_to_the_same_page(world):
    client = Client()
    link = re.search(r'href="([^"]+langue=en[^"]*)"', client.get("/accessibilite/").content.decode())[1]
    back = client.get(link.replace("&amp;", "&"))
    assert back.url == "/accessibilite/"
    assert language_of(client.get(back.url)) == "en"


def test_what_the_deployer_has_set_is_on_the_english_page_too(world):
    given = replace(settings.OPTIONS, publisher="<Ministère>")
    with override_settings(OPTIONS=given):
        page = english().get("/mentions-legales/").content.decode()
    assert "&lt;Ministère&gt;" in page
    assert "To be filled in by whoever runs the service" in page


def test_an_agent_reads_french_in_the_frame_of_agents(world):
    agent = agent_of()
    agent.cookies["langue"] = "en"
    page = agent.get("/accessibilite/")
    assert language_of(page) == "fr"
    assert "Se déconnecter" in page.content.decode()


def test_a_refused_sign_in_speaks_to_electors_in_their_language_and_to_agents_in_french(world, providers):
    elector = english().get("/connexion-usager/retour/franceconnect/?state=x&code=y")
    assert (elector.status_code, language_of(elector)) == (400, "en")
    page = elector.content.decode()
    assert "This sign-in cannot be completed" in page
    assert "page=%2Fconnexion-usager%2F" in page, "a return is read once"
    agents = english().get("/connexion/agents/retour/pro/?state=x&code=y")
    assert language_of(agents) == "fr"


WRONG = (
    ("/suivi/nulle-part/", 404, "This page does not exist"),
    ("/points-accueil/ZZ/", 404, "This page does not exist"),
    ("/nulle-part/", 404, "This page does not exist"),
    ("/demande/quitter/", 405, "This page cannot be opened this way"),
)


@pytest.mark.parametrize(("address", "status", "title"), WRONG)
def test_a_page_of_what_went_wrong_speaks_the_language_that_was_chosen(world, address, status, title):
    answer = english().get(address)
    assert (answer.status_code, language_of(answer)) == (status, "en")
    assert f"<h1>{title}</h1>" in answer.content.decode()
    assert 'href="/demande/"' in answer.content.decode()
    assert re.findall(r"\b(?:vous|votre|les|une)\b", visible(answer)) == []
    assert language_of(Client().get(address)) == "fr"


def test_an_old_form_is_refused_in_english_too_and_a_wrong_method_says_which_is_right(world):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies["langue"] = "en"
    refused = strict.post("/suivi/", {"reference": "x"})
    assert (refused.status_code, language_of(refused)) == (403, "en")
    assert "The page has been open for too long." in refused.content.decode()
    assert english().get("/demande/quitter/")["Allow"] == "POST"
    assert english().put("/demande/").content == b"", "a program reads the status"


def test_agents_are_told_in_french_whatever_an_elector_chose_on_this_computer(world):
    agent = agent_of()
    agent.cookies["langue"] = "en"
    for browser in (agent, english()):
        answer = browser.get("/mairie/nulle-part/")
        assert (answer.status_code, language_of(answer)) == (404, "fr")
        assert "Cette page n’existe pas" in answer.content.decode()


class Broken:
    """A session, or an account, that cannot be read."""

    def __getattr__(self, name: str) -> None:
        raise AssertionError(name)


@pytest.mark.parametrize(
    ("chosen", "title"), [("en", "The service has met a problem"), ("fr", "Le service a")]
)
def test_what_went_wrong_needs_neither_database_nor_session(chosen, title, settings):
    request = RequestFactory().get("/suivi/")
    request.session = request.user = Broken()
    request.COOKIES = {"langue": chosen, settings.SESSION_COOKIE_NAME: "a" * 32}
    broken = server_error(request)
    assert (broken.status_code, language_of(broken)) == (500, chosen)
    assert title in broken.content.decode()
    assert (not_found(request).status_code, language_of(not_found(request))) == (404, chosen)
    wait = too_many(request, 61)
    assert (wait.status_code, wait["Retry-After"], language_of(wait)) == (429, "61", chosen)
    assert ("in 2 minutes" if chosen == "en" else "dans 2 minutes") in wait.content.decode()


def test_an_unknown_language_is_french():
    request = RequestFactory().get("/suivi/")
    request.COOKIES = {"langue": "<script>"}
    assert language_of(server_error(request)) == "fr"


def test_an_ended_session_is_told_to_electors_in_their_language(world):
    assert "Your session has ended" in english().get("/session-terminee/?next=/demande/").content.decode()
    assert language_of(english().get("/session-terminee/?next=/mairie/")) == "fr"


def test_what_is_too_large_is_refused_in_the_language_that_was_chosen(world):
    answer = english().post("/suivi/", {"reference": "x" * (12 << 20)})
    assert (answer.status_code, language_of(answer)) == (413, "en")
    assert "What was sent is too large" in answer.content.decode()


def test_a_day_fits_the_narrowest_telephone():
    for language, day in (
        ("fr", "dimanche 11\u00a0avril\u00a02027"),
        ("en", "Sunday 11\u00a0April\u00a02027"),
    ):
        assert Wording(language).full_day(date(2027, 4, 11)) == day
