"""Away to a provider and back, in the browser of an elector and of an agent; the provider says what the test
wants.
"""

import re
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from procuration.domain.people import PartialDate
from server.identity.elector import elector_of
from server.identity.journeys import COOKIE
from server.identity.models import Employer, UsedState
from server.identity.providers import Kind, install_providers
from server.mairie.models import TownHallAccount
from server.mairie.services import close_account
from tests.server.identity.hostile import Liar

SITE = "https://procuration.example"
SIRET = "21988180000011"


@pytest.fixture(autouse=True)
def site(settings, world, fresh_providers):
    settings.PUBLIC_URL = SITE
    return world


@pytest.fixture
def elector(fake: Liar):
    return Journey(fake, "franceconnect", "connexion-usager")


@pytest.fixture
def agent(fake: Liar):
    return Journey(fake, "proconnect", "connexion/agents", kind=Kind.PRO_CONNECT, label="ProConnect", acr="")


class Journey:
    """A browser on its way to a provider and back."""

    def __init__(self, fake: Liar, name: str, space: str, **settings) -> None:
        self.fake, self.name, self.space = fake, name, space
        self.provider = fake.provider(name=name, **settings)
        install_providers({name: self.provider})
        self.browser = Client()
        self.asked: dict[str, str] = {}

    def leaves(self, query: str = "") -> None:
        answer = self.browser.get(f"/{self.space}/avec/{self.name}/{query}")
        assert answer.status_code == 302
        asked = parse_qs(urlsplit(answer.url).query)
        self.asked = {name: values[0] for name, values in asked.items()}

    def is_told(self, now, claims=None, **user) -> None:
        """What the provider says next."""
        id_claims = self.fake.id_claims(**{"nonce": self.asked["nonce"], "now": now, **(claims or {})})
        self.fake.tells(self.fake.signs(id_claims), self.fake.signs(self.fake.user_claims(**user)))

    def returns(self, browser: Client | None = None, **changes):
        given = {"code": "a-code", "state": self.asked["state"], **changes}
        given = {name: value for name, value in given.items() if value is not None}
        return (browser or self.browser).get(f"/{self.space}/retour/{self.name}/", given)

    def signs_in(self, now, claims=None, query="", **user):
        self.leaves(query)
        self.is_told(now, claims, **user)
        return self.returns()


def page_of(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode().replace("\xa0", " ").replace("\u202f", " "))


def elector_in(browser: Client):
    request = type("Request", (), {"session": browser.session})
    return elector_of(request)


def test_the_choice_names_the_providers_of_electors_and_only_those(fake):
    install_providers(
        {
            "fc": fake.provider(name="fc"),
            "nc": fake.provider(name="nc", label="NC Connect", kind=Kind.NC_CONNECT),
            "pro": fake.provider(name="pro", label="ProConnect", kind=Kind.PRO_CONNECT),
        }
    )
    page = page_of(Client().get("/connexion-usager/"))
    assert "S’identifier avec FranceConnect" in page
    assert "S’identifier avec NC Connect" in page
    assert "Nouvelle-Calédonie" in page
    assert "ProConnect" not in page
    agents = page_of(Client().get("/connexion/?next=/mairie/decisions/"))
    assert "S’identifier avec ProConnect" in agents
    assert "/connexion/agents/avec/pro/?next=%2Fmairie%2Fdecisions%2F" in agents
    assert "NC Connect" not in agents
    for address in ("/connexion-usager/avec/pro/", "/connexion/agents/avec/nc/", "/connexion-usager/avec/x/"):
        assert Client().get(address).status_code == 404


def test_without_a_provider_the_page_says_where_to_go():
    install_providers({})
    assert "une tablette d’accueil" in page_of(Client().get("/connexion-usager/"))
    assert "compte professionnel" not in page_of(Client().get("/connexion/"))


def test_an_elector_comes_back_known(elector, site):
    answer = elector.signs_in(site.clock.now())
    assert (answer.status_code, answer["Refresh"].partition("url=")[2][:1]) == (200, "/")
    assert "Vous êtes identifié" in page_of(answer)
    known = elector_in(elector.browser)
    assert (known.birth_name, known.birth_date) == ("DUBOIS", PartialDate(1962, 8, 24))
    assert known.id_token.count(".") == 2
    assert elector.asked["redirect_uri"] == f"{SITE}/connexion-usager/retour/franceconnect/"
    assert elector.asked["acr_values"] == "eidas1"
    assert min(len(elector.asked["state"]), len(elector.asked["nonce"])) >= 32
    assert "Vous êtes déjà identifié" in page_of(elector.browser.get("/connexion-usager/"))


def test_the_address_of_the_return_owes_nothing_to_the_host_header(elector):
    answer = elector.browser.get("/connexion-usager/avec/franceconnect/", headers={"host": "localhost"})
    assert "localhost" not in answer.url
    assert "procuration.example" in answer.url


def test_the_cookie_of_a_journey_goes_to_its_return_only(elector, site):
    elector.leaves()
    cookie = elector.browser.cookies[COOKIE]
    assert cookie["path"] == "/connexion-usager/retour/franceconnect/"
    assert (cookie["samesite"], cookie["httponly"], cookie["max-age"]) == ("Lax", True, 600)
    elector.is_told(site.clock.now())
    gone = elector.returns().cookies[COOKIE]
    assert (gone.value, gone["max-age"]) == ("", 0)


@pytest.mark.parametrize(
    ("query", "onward"),
    [
        ("?next=/demande/suite/", "/demande/suite/"),
        ("?next=https://x.example/", "/demande/"),
        ("?next=//x.example", "/demande/"),
        ("?next=/\\x.example", "/demande/"),
        ("?next=/a%0d%0aSet-Cookie:x", "/demande/"),
        ("?next=/é", "/demande/"),
        ("?next=/a%20b", "/demande/"),
    ],
)
def test_one_goes_on_where_one_wanted_to_go_on_this_site(elector, site, query, onward):
    answer = elector.signs_in(site.clock.now(), query=query)
    assert answer["Refresh"] == f"0; url={onward}"
    assert "x.example" not in page_of(answer)


def test_a_return_serves_once(elector, site):
    elector.leaves()
    kept = elector.browser.cookies[COOKIE].value
    elector.is_told(site.clock.now())
    assert elector.returns().status_code == 200
    again = Client()
    again.cookies.load({COOKIE: kept})
    asked = len(elector.fake.asked)
    answer = elector.returns(again)
    assert answer.status_code == 400
    assert "Recommencez depuis le début" in page_of(answer)
    assert len(elector.fake.asked) == asked
    assert elector_in(again) is None


def test_the_return_of_another_browser_is_refused(elector, site):
    elector.leaves()
    elector.is_told(site.clock.now())
    assert elector.returns(Client()).status_code == 400
    other = Client()
    other.get("/connexion-usager/avec/franceconnect/")
    assert elector.returns(other).status_code == 400
    assert elector.fake.asked == []
    assert not UsedState.objects.exists()


@pytest.mark.parametrize("state", [None, "", "another", "x" * 201, "é"])
def test_a_return_with_another_state_is_refused(elector, state):
    elector.leaves()
    assert elector.returns(state=state).status_code == 400
    assert elector.fake.asked == []


@pytest.mark.parametrize("forged", ["", "x", "x" * 5000, "eyJhIjoxfQ:1abc:def"])
def test_a_cookie_that_we_did_not_sign_is_none(elector, forged):
    elector.leaves()
    elector.browser.cookies[COOKIE] = forged
    assert elector.returns().status_code == 400


def test_a_state_given_twice_is_refused(elector):
    elector.leaves()
    state = elector.asked["state"]
    where = f"/connexion-usager/retour/franceconnect/?code=a&state={state}&state={state}"
    assert elector.browser.get(where).status_code == 400


def test_a_journey_ends_after_ten_minutes(elector, site):
    elector.leaves()
    site.clock.at += timedelta(minutes=10, seconds=1)
    elector.is_told(site.clock.now())
    assert elector.returns().status_code == 400
    assert elector.fake.asked == []


def test_a_journey_to_one_provider_does_not_end_at_another(fake, site):
    journey = Journey(fake, "franceconnect", "connexion-usager")
    install_providers({"franceconnect": journey.provider, "nc": replace(journey.provider, name="nc")})
    journey.leaves()
    kept = journey.browser.cookies[COOKIE].value
    journey.name = "nc"
    other = Client()
    other.cookies.load({COOKIE: kept})
    assert journey.returns(other).status_code == 400


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        ("access_denied", 403, "Connexion annulée"),
        ("login_required", 403, "Votre session est terminée chez FranceConnect"),
        ("temporarily_unavailable", 503, "FranceConnect ne répond pas"),
        ("Y000400", 403, "FranceConnect a refusé la connexion"),
        ("<script>", 403, "FranceConnect a refusé la connexion"),
    ],
)
def test_an_error_of_the_provider_has_a_page_with_a_next_step(elector, error, status, words):
    elector.leaves()
    answer = elector.returns(code=None, error=error, error_description="<script>alert(1)</script>")
    assert answer.status_code == status
    page = page_of(answer)
    assert words in page
    assert "<script" not in page
    assert 'href="/connexion-usager/"' in page
    assert "en papier" in page
    assert elector_in(elector.browser) is None


def test_a_provider_that_is_down_has_a_page(elector, site, caplog):
    elector.leaves()
    elector.fake.status["/token"] = 500
    answer = elector.returns()
    assert answer.status_code == 503
    assert "Ce n’est pas de votre fait." in page_of(answer)
    assert "a-code" not in caplog.text


def test_lies_and_low_levels_have_their_pages(elector, site, caplog):
    now = site.clock.now()
    answer = elector.signs_in(now, {"nonce": "another"})
    assert (answer.status_code, "n’est pas sûre" in page_of(answer)) == (502, True)
    answer = elector.signs_in(now, {"acr": "eidas0"})
    assert (answer.status_code, "ne suffit pas" in page_of(answer)) == (403, True)
    answer = elector.signs_in(now, birthdate="")
    assert (answer.status_code, "incomplète" in page_of(answer)) == (403, True)
    assert elector_in(elector.browser) is None
    assert "DUBOIS" not in caplog.text
    assert "identity_refused" in caplog.text


def test_an_elector_takes_the_place_of_whoever_used_this_browser(elector, site):
    elector.browser.force_login(User.objects.create_user("agent"))
    elector.browser.logout()
    elector.signs_in(site.clock.now())
    assert "_auth_user_id" not in elector.browser.session


def test_the_log_out_ends_our_session_then_the_provider_s(elector, site):
    elector.signs_in(site.clock.now())
    id_token = elector_in(elector.browser).id_token
    assert elector.browser.get("/connexion-usager/fin/").status_code == 405
    answer = elector.browser.post("/connexion-usager/fin/")
    assert elector_in(elector.browser) is None
    address = answer["Refresh"].partition("url=")[2]
    asked = parse_qs(urlsplit(address).query)
    assert address.startswith(f"{elector.fake.issuer}/session/end?")
    assert asked["id_token_hint"] == [id_token]
    assert asked["post_logout_redirect_uri"] == [f"{SITE}/connexion-usager/terminee/franceconnect/"]
    back = f"/connexion-usager/terminee/franceconnect/?state={asked['state'][0]}"
    assert "terminée ici et chez FranceConnect" in page_of(elector.browser.get(back))
    assert "n’a pas confirmé" in page_of(elector.browser.get(back))


def test_a_log_out_without_the_provider_says_what_to_do(elector, site):
    elector.signs_in(site.clock.now())
    install_providers({"franceconnect": replace(elector.provider, end_session_endpoint="")})
    page = page_of(elector.browser.post("/connexion-usager/fin/"))
    assert "fermez toutes les fenêtres" in page
    assert elector_in(elector.browser) is None
    assert elector.browser.post("/connexion-usager/fin/").url == "/connexion-usager/"


AGENT = {"siret": SIRET, "email": "Camille.Petit@noumea.example"}


def adds(*words: str) -> None:
    call_command("agents", "add", *words)


def test_an_agent_sees_the_commune_of_their_employer(agent, site):
    adds(SIRET, "--commune", "98818")
    answer = agent.signs_in(site.clock.now(), {"amr": ["pwd", "totp"]}, **AGENT)
    assert answer["Refresh"] == "0; url=/"
    page = page_of(agent.browser.get("/mairie/"))
    assert "Nouméa" in page
    assert "camille.petit@noumea.example" in page
    account = TownHallAccount.objects.get()
    assert not account.user.has_usable_password()
    again = agent.signs_in(site.clock.now(), {"amr": ["mfa"]}, **AGENT)
    assert again.status_code == 200
    assert User.objects.count() == 1


@pytest.mark.parametrize("amr", [None, ["pwd"], ["pwd", "mail"]])
def test_an_agent_without_a_second_factor_there_shows_one_here(agent, site, amr):
    adds(SIRET, "--commune", "98818")
    agent.signs_in(site.clock.now(), {"amr": amr}, **AGENT)
    assert agent.browser.get("/mairie/").url.startswith("/connexion/activer/")


def test_an_unknown_employer_is_told_so_and_may_leave_the_provider(agent, site):
    answer = agent.signs_in(site.clock.now(), **AGENT)
    page = page_of(answer)
    assert answer.status_code == 403
    assert f"Numéro SIRET reçu : {SIRET}" in page
    assert "Se déconnecter de ProConnect" in page
    assert "/session/end?id_token_hint=" in page
    assert answer.cookies[COOKIE]["path"] == "/connexion/agents/terminee/proconnect/" or answer.cookies
    assert not User.objects.exists()
    assert agent.browser.get("/mairie/").status_code == 302


def test_a_person_without_an_employer_is_told_so(agent, site):
    assert "Sans numéro SIRET" in page_of(agent.signs_in(site.clock.now(), email="a@b.fr"))


def test_another_employer_is_another_account(agent, site):
    adds(SIRET, "--commune", "98818")
    adds("21988140000010", "--commune", "98814")
    agent.signs_in(site.clock.now(), {"amr": ["mfa"]}, **AGENT)
    agent.signs_in(site.clock.now(), {"amr": ["mfa"]}, **{**AGENT, "siret": "21988140000010"})
    assert {account.place_code for account in TownHallAccount.objects.all()} == {"98818", "98814"}
    assert "Lifou" in page_of(agent.browser.get("/mairie/"))


def test_the_console_opens_to_a_named_person_only(agent, site):
    with pytest.raises(CommandError, match="une personne"):
        adds(SIRET, "--console")
    adds(SIRET, "--console", "--email", "camille.petit@noumea.example")
    agent.signs_in(site.clock.now(), {"amr": ["mfa"]}, **AGENT)
    assert agent.browser.get("/console/").status_code == 200
    stranger = {**AGENT, "email": "autre@noumea.example"}
    assert agent.signs_in(site.clock.now(), {"amr": ["mfa"], "sub": "a" * 64}, **stranger).status_code == 403


def test_a_closed_account_stays_closed(agent, site):
    adds(SIRET, "--commune", "98818")
    agent.signs_in(site.clock.now(), {"amr": ["mfa"]}, **AGENT)
    close_account("camille.petit@noumea.example")
    assert "Votre compte est fermé" in page_of(agent.signs_in(site.clock.now(), {"amr": ["mfa"]}, **AGENT))


def test_an_employer_that_is_removed_closes_its_accounts(agent, site, capsys):
    adds(SIRET, "--commune", "98818")
    agent.signs_in(site.clock.now(), {"amr": ["mfa"]}, **AGENT)
    assert agent.browser.get("/mairie/").status_code == 200
    call_command("agents", "remove", SIRET)
    assert "comptes fermés : 1" in capsys.readouterr().out
    assert agent.browser.get("/mairie/").status_code == 302
    assert TownHallAccount.objects.count() == 1
    with pytest.raises(CommandError, match="Aucune ligne"):
        call_command("agents", "remove", SIRET)


def test_the_log_out_of_an_agent_ends_the_provider_s_twelve_hours(agent, site):
    adds(SIRET, "--commune", "98818")
    agent.signs_in(site.clock.now(), {"amr": ["mfa"]}, **AGENT)
    answer = agent.browser.post("/deconnexion/")
    assert "/session/end?id_token_hint=" in answer["Refresh"]
    assert agent.browser.get("/mairie/").status_code == 302
    state = parse_qs(urlsplit(answer["Refresh"]).query)["state"][0]
    back = agent.browser.get(f"/connexion/agents/terminee/proconnect/?state={state}")
    assert "terminée ici et chez ProConnect" in page_of(back)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((SIRET[:-1], "--commune", "98818"), "quatorze chiffres"),
        ((SIRET[:-1] + "2", "--commune", "98818"), "quatorze chiffres"),
        ((SIRET, "--commune", "99999"), "Cette commune"),
    ],
)
def test_an_employer_that_cannot_be_is_refused(words, sentence):
    with pytest.raises(CommandError, match=sentence):
        adds(*words)
    assert not Employer.objects.exists()


def test_the_list_of_employers_is_json_for_scripts(capsys):
    adds(SIRET, "--commune", "98818")
    with pytest.raises(CommandError, match="existe déjà"):
        adds(SIRET, "--commune", "98814")
    capsys.readouterr()
    call_command("agents", "list", "--json")
    assert f'"siret": "{SIRET}", "email": null, "commune": "98818"' in capsys.readouterr().out
