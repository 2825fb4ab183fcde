"""The second factor of every account: no page without it, each code once, a way back when it is lost."""

import re

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from server.console.services import create_console_account
from server.mairie.services import create_town_hall_account
from tests.builders import NOUMEA
from tests.server.townhall import PASSWORD, code_of, new_application

AGENT = {"username": "agent", "password": PASSWORD}


@pytest.fixture(autouse=True)
def quick_passwords(settings) -> None:
    """Passwords are not what these tests are about: scrypt takes a quarter of a second each."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def user(world) -> User:
    return create_town_hall_account("agent", PASSWORD, NOUMEA).user


def signed_in_with_one_factor() -> Client:
    browser = Client()
    assert browser.post("/connexion/", AGENT).url == "/"
    return browser


def page_of(answer) -> str:
    return answer.content.decode()


def enrols(browser: Client) -> list[str]:
    """From the page of the secret to the recovery codes."""
    secret = re.search(
        r'class="secret" translate="no">([A-Z2-7 ]+)<', page_of(browser.get("/connexion/activer/"))
    )
    assert secret
    device = TOTPDevice.objects.get(user__username="agent")
    answer = browser.post("/connexion/activer/", {"code": code_of(device)})
    assert answer.status_code == 200
    return re.findall(r'<li><span class="secret">([^<]+)</span>', page_of(answer))


@pytest.mark.parametrize(
    "address",
    ["/", "/mairie/", "/mairie/decisions/", "/mairie/registres/", "/console/", "/connexion-usager/"],
)
def test_a_password_alone_opens_nothing(user, address):
    browser = signed_in_with_one_factor()
    for method in (browser.get, browser.post, browser.put, browser.head):
        answer = method(address)
        assert (answer.status_code, answer.url.partition("?")[0]) == (302, "/connexion/activer/")
    new_application(user)
    assert browser.get(address).url == f"/connexion/code/?next={address}"


def test_the_first_sign_in_makes_the_second_factor_and_shows_its_codes_once(user):
    browser = signed_in_with_one_factor()
    page = page_of(browser.get("/connexion/activer/"))
    assert "<svg" in page
    assert "style=" not in page
    assert "<script" not in page
    codes = enrols(browser)
    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"[2-9A-HJ-NP-Z]{4}(-[2-9A-HJ-NP-Z]{4}){3}", code) for code in codes)
    assert browser.get("/mairie/").status_code == 200
    assert browser.get("/connexion/activer/").url == "/"
    kept = set(StaticToken.objects.values_list("token", flat=True))
    assert not kept & {code.replace("-", "") for code in codes}


def test_the_secret_stays_the_same_until_it_is_confirmed(user):
    browser = signed_in_with_one_factor()
    first = page_of(browser.get("/connexion/activer/"))
    wrong = browser.post("/connexion/activer/", {"code": "000000"})
    assert wrong.status_code in (422, 429)
    secrets = [re.search(r'translate="no">([^<]+)<', page).group(1) for page in (first, page_of(wrong))]
    assert secrets[0] == secrets[1]
    assert re.fullmatch(r"([A-Z2-7]{4} ){7}[A-Z2-7]{4}", secrets[0])
    assert browser.get("/mairie/").status_code == 302


def test_whoever_has_a_second_factor_makes_no_other_one_with_the_password_alone(user):
    device = new_application(user)
    browser = signed_in_with_one_factor()
    assert browser.get("/connexion/activer/").url == "/connexion/code/"
    assert browser.post("/connexion/activer/", {"code": code_of(device)}).url == "/connexion/code/"
    assert TOTPDevice.objects.get() == device
    assert browser.get("/mairie/").status_code == 302


def test_a_right_code_opens_the_page_that_was_wanted(user):
    device = new_application(user)
    browser = signed_in_with_one_factor()
    wanted = browser.get("/mairie/decisions/").url
    before = browser.session.session_key
    answer = browser.post(wanted, {"code": f"{code_of(device)[:3]} {code_of(device)[3:]}"})
    assert (answer.status_code, answer.url) == (302, "/mairie/decisions/")
    assert browser.session.session_key != before
    assert browser.get("/mairie/decisions/").status_code == 200


@pytest.mark.parametrize("wanted", ["https://ailleurs.example/", "//ailleurs.example", "javascript:alert(1)"])
def test_a_code_leads_to_no_other_site(user, wanted):
    device = new_application(user)
    browser = signed_in_with_one_factor()
    assert browser.post(f"/connexion/code/?next={wanted}", {"code": code_of(device)}).url == "/"


def test_a_code_serves_once(user):
    device = new_application(user)
    assert signed_in_with_one_factor().post("/connexion/code/", {"code": code_of(device)}).status_code == 302
    again = signed_in_with_one_factor().post("/connexion/code/", {"code": code_of(device)})
    assert again.status_code in (422, 429)


def test_wrong_codes_are_slowed_down_and_a_right_one_must_wait_too(user):
    device = new_application(user)
    browser = signed_in_with_one_factor()
    right = code_of(device)
    wrong = f"{(int(right) + 1) % 10**6:06}"
    device.throttling_failure_count = 5
    device.throttling_failure_timestamp = timezone.now()
    device.save()
    for code in (wrong, right):
        answer = browser.post("/connexion/code/", {"code": code})
        assert answer.status_code == 429
        assert re.search(r"Attendez 1[0-9] secondes", page_of(answer))
    assert browser.get("/mairie/").status_code == 302


def test_a_wrong_code_counts(user):
    device = new_application(user)
    wrong = f"{(int(code_of(device)) + 500_000) % 10**6:06}"
    signed_in_with_one_factor().post("/connexion/code/", {"code": wrong})
    device.refresh_from_db()
    assert device.throttling_failure_count == 1


@pytest.mark.parametrize(
    "code", ["", "12345", "1234567", "１２３４５６", "abcdef", "-12345", "<b>1", "1" * 30]
)
def test_what_is_no_code_is_said_without_counting(user, code):
    device = new_application(user)
    browser = signed_in_with_one_factor()
    answer = browser.post("/connexion/code/", {"code": code})
    assert answer.status_code == 422
    assert "six chiffres" in page_of(answer)
    device.refresh_from_db()
    assert device.throttling_failure_count == 0


def test_a_recovery_code_opens_once_and_the_account_learns_how_many_are_left(user):
    codes = enrols(signed_in_with_one_factor())
    browser = signed_in_with_one_factor()
    answer = browser.post("/connexion/secours/", {"code": codes[3].lower().replace("-", " ")}, follow=True)
    assert answer.request["PATH_INFO"] == "/mairie/"
    assert "Il vous reste 9 codes de secours." in page_of(answer)
    other = signed_in_with_one_factor()
    assert other.post("/connexion/secours/", {"code": codes[3]}).status_code in (422, 429)
    assert other.get("/mairie/").status_code == 302


@pytest.mark.parametrize("code", ["", "AB2C", "x" * 41, "éééé-éééé-éééé-éééé", "AB2C-3DE4-FG5H-6JK7"])
def test_what_is_no_recovery_code_opens_nothing(user, code):
    new_application(user)
    browser = signed_in_with_one_factor()
    assert browser.post("/connexion/secours/", {"code": code}).status_code == 422
    assert browser.get("/mairie/").status_code == 302


def test_somebody_else_s_code_opens_nothing(user):
    new_application(user)
    other = new_application(create_console_account("supervision", PASSWORD))
    assert signed_in_with_one_factor().post("/connexion/code/", {"code": code_of(other)}).status_code == 422


def test_an_administrator_resets_a_second_factor_and_open_sessions_need_a_new_one(user, capsys):
    browser = signed_in_with_one_factor()
    enrols(browser)
    assert browser.get("/mairie/").status_code == 200
    call_command("account", "reset-second-factor", "agent")
    assert "Second facteur effacé : agent" in capsys.readouterr().out
    assert browser.get("/mairie/").url.startswith("/connexion/activer/")
    assert not StaticToken.objects.exists()
    with pytest.raises(CommandError, match="Aucun compte"):
        call_command("account", "reset-second-factor", "personne")


def test_one_may_always_leave(user):
    browser = signed_in_with_one_factor()
    assert "Vous êtes déconnecté." in page_of(browser.post("/deconnexion/", follow=True))


def test_nobody_reaches_the_pages_of_codes_without_a_password(world):
    for address in ("/connexion/code/", "/connexion/secours/", "/connexion/activer/"):
        assert Client().get(address).url == f"/connexion/?next={address}"


def test_a_form_of_another_site_confirms_nothing(user):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(user)
    device = new_application(user)
    assert browser.post("/connexion/code/", {"code": code_of(device)}).status_code == 403


def test_the_health_page_asks_nobody(user):
    assert Client().get("/v1/health").status_code == 200
