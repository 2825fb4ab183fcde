"""What every page shares: sign-in, headers, branding, the neutral theme, error pages."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.staticfiles import finders
from django.test import Client, override_settings

import server
from server.pages.static_files import publish
from tests.server.townhall import PASSWORD, agent_of, signed_in

STATIC = Path(server.__file__).parent / "static" / "relais"


@pytest.fixture
def someone(world) -> User:
    return User.objects.create_user("quelqu’un", password=PASSWORD)


def attempt(password: str = "faux", username: str = "quelqu’un"):
    return Client().post("/connexion/", {"username": username, "password": password})


def test_the_first_page_asks_who_you_are(world):
    assert Client().get("/").url == "/connexion/?next=/"


def test_an_account_without_a_right_is_told_so(someone):
    answer = signed_in(someone).get("/")
    assert answer.status_code == 403
    assert "Ce compte n’a aucun droit" in answer.content.decode()


def test_a_wrong_name_and_a_wrong_password_get_the_same_words(someone):
    pages = [
        re.sub(r'value="[^"]*"', "", a.content.decode()) for a in (attempt(), attempt(username="personne"))
    ]
    assert pages[0] == pages[1]
    assert "Vérifiez les deux." in pages[0]


def test_ten_wrong_passwords_suspend_the_account_for_a_quarter_of_an_hour(someone, world):
    for _ in range(10):
        assert attempt().status_code == 422
    assert attempt(PASSWORD).status_code == 429
    assert attempt(username="personne").status_code == 422
    world.clock.at += timedelta(minutes=16)
    assert attempt(PASSWORD).status_code == 302


@pytest.mark.parametrize(
    "wanted", ["https://ailleurs.example/", "//ailleurs.example/", "javascript:alert(1)"]
)
def test_signing_in_never_leads_to_another_site(someone, wanted: str):
    answer = Client().post(f"/connexion/?next={wanted}", {"username": "quelqu’un", "password": PASSWORD})
    assert answer.url == "/"


def test_signing_in_leads_where_one_wanted_to_go(world):
    agent_of().logout()
    answer = Client().post("/connexion/?next=/mairie/decisions/", {"username": "agent", "password": PASSWORD})
    assert answer.url == "/mairie/decisions/"


def test_signing_out_needs_a_button_and_ends_the_session(world):
    agent = agent_of()
    assert agent.get("/deconnexion/").status_code == 405
    assert "Vous êtes déconnecté." in agent.post("/deconnexion/", follow=True).content.decode()
    assert agent.get("/mairie/").status_code == 302


def test_missing_answers_are_counted_and_each_links_to_its_field(world):
    page = Client().post("/connexion/", {}).content.decode()
    assert "Il y a 2 réponses à corriger" in page
    assert 'href="#id_username"' in page
    assert 'id="id_username"' in page
    assert "novalidate" in page
    assert 'aria-invalid="true"' in page


def test_a_page_lets_no_script_run_and_no_copy_be_kept(world):
    answer = agent_of().get("/mairie/")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert re.search(r"script-src 'nonce-[\w-]{22}'", policy)
    assert "unsafe" not in policy
    assert answer["Cache-Control"] == "no-store"
    assert "<script" not in answer.content.decode()
    assert "style=" not in answer.content.decode()


def test_each_answer_has_its_own_nonce(world):
    first, second = (Client().get("/connexion/")["Content-Security-Policy"] for _ in range(2))
    assert first != second


def test_nothing_of_the_state_is_published_by_default(world):
    published = {path for finder in finders.get_finders() for path, _ in finder.list([])}
    assert "relais/pages.css" in published
    assert not [path for path in published if re.search("marianne|artwork|dsfr", path, re.IGNORECASE)]
    page = Client().get("/connexion/").content.decode()
    assert "dsfr" not in page
    assert "française" not in page


@override_settings(STATE_BRANDING=True)
def test_an_entitled_deployer_gets_the_design_of_the_state(world):
    answer = Client().get("/connexion/")
    page = answer.content.decode()
    assert "République<br>française" in page
    assert re.search(r"dsfr/dist/\S*dsfr.min.css", page)
    nonce = re.search(r"'nonce-([\w-]+)'", answer["Content-Security-Policy"])
    assert nonce
    scripts = re.findall(r"<script[^>]*>", page)
    assert scripts
    assert all(f'nonce="{nonce.group(1)}"' in script for script in scripts)


def test_django_dsfr_escapes_what_people_typed():
    assert settings.DSFR_CONTENT_IS_SAFE is False
    assert settings.DSFR_MARK_OPTIONAL_FIELDS is True


def test_an_unknown_address_gets_a_page_in_french(world):
    answer = Client().get("/nulle-part/")
    assert answer.status_code == 404
    assert "Cette page n’existe pas" in answer.content.decode()


def test_a_failure_of_ours_is_said_without_the_database(world, monkeypatch):
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    agent = agent_of()
    agent.raise_request_exception = False
    monkeypatch.setattr("server.mairie.selectors.open_ones", broken)
    answer = agent.get("/mairie/")
    assert answer.status_code == 500
    assert "Ce n’est pas de votre fait." in answer.content.decode()


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def tokens(theme: int) -> dict[str, str]:
    """The colours of the style sheet: 0 normal, 1 strong contrast."""
    blocks = re.findall(r":root \{(.*?)\}", (STATIC / "pages.css").read_text("utf-8"), re.DOTALL)
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", blocks[theme]))


@pytest.mark.parametrize(("theme", "minimum"), [(0, 7.0), (1, 10.0)])
def test_every_word_can_be_read_by_tired_eyes(theme: int, minimum: float):
    colours = tokens(theme)
    for words in ("text", "hint", "primary", "error", "ok", "warn", "info"):
        grounds = ("bg", "surface", "tint") if words in ("text", "hint", "primary") else ("bg",)
        for ground in grounds:
            assert contrast(colours[words], colours[ground]) >= minimum, (words, ground)
    assert contrast(colours["primary-text"], colours["primary"]) >= minimum
    for line in ("focus", "border"):
        assert contrast(colours[line], colours["bg"]) >= 3


def test_the_pages_use_no_colour_but_the_tokens():
    rules = (STATIC / "pages.css").read_text("utf-8").split("}", 1)[1]
    used = set(re.findall(r"#[0-9a-f]{6}", re.sub(r":root \{.*?\}", "", rules, flags=re.DOTALL)))
    assert used <= {
        "#ffb066",
        "#000000",
    }  # the mark of the header; text on a bright button in strong contrast


def test_what_browsers_may_ask_for_is_written_compressed_and_what_was_old_goes(tmp_path, settings):
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "old.css").write_text("", "utf-8")
    publish()
    written = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert {"relais/pages.css", "relais/pages.css.gz"} < written
    assert "old.css" not in written
    assert not [path for path in written if "dsfr" in path]


def test_who_has_no_right_to_a_space_sees_nothing_of_its_menu(world):
    refused = agent_of().get("/console/").content.decode()
    assert "Votre compte ne donne pas ce droit." in refused
    assert "État du service" not in refused
    assert "Mes clés de sécurité" not in agent_of(username="other").get("/brigade/").content.decode()
