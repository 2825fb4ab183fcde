"""Accounts of town halls and of the console, and the command that makes them."""

import json

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from server.mairie.models import TownHallAccount
from tests.server.townhall import PASSWORD, code_of, new_application


@pytest.fixture
def password_file(tmp_path):
    file = tmp_path / "password"
    file.write_text(PASSWORD + "\n", encoding="utf-8")
    return file


def signs_in(username: str):
    """By the page of the password, then by the page of the code, whose application is on the telephone."""
    browser = Client()
    application = new_application(User.objects.get(username=username))
    answer = browser.post("/connexion/", {"username": username, "password": PASSWORD}, follow=True)
    address = f"{answer.request['PATH_INFO']}?{answer.request['QUERY_STRING']}"
    return browser.post(address, {"code": code_of(application)}, follow=True)


def create(*arguments: object) -> None:
    call_command("account", "create", *(str(argument) for argument in arguments))


def test_a_town_hall_account_signs_in_and_lands_on_its_list(world, password_file):
    create("--commune", "98818", "--password-file", password_file, "agent")
    answer = signs_in("agent")
    assert answer.request["PATH_INFO"] == "/mairie/"
    assert "Nouméa" in answer.content.decode()


def test_a_console_account_lands_on_the_console(world, password_file):
    create("--console", "--password-file", password_file, "supervision")
    answer = signs_in("supervision")
    assert answer.request["PATH_INFO"] == "/console/"


def test_the_pseudonym_of_an_account_tells_nothing_of_its_name(world, password_file):
    create("--commune", "98818", "--password-file", password_file, "jeanne")
    account = TownHallAccount.objects.get()
    assert len(account.pseudonym) == 16
    assert "jeanne" not in account.pseudonym


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--commune", "99999"), "Cette commune n’est pas dans la liste"),
        (("--commune", "98818", "--type", "2"), "Cette commune n’est pas dans la liste"),
    ],
)
def test_an_unknown_commune_gets_no_account(world, password_file, arguments, sentence):
    with pytest.raises(CommandError, match=sentence):
        create(*arguments, "--password-file", password_file, "agent")
    assert not User.objects.exists()


@pytest.mark.parametrize("password", ["court", "736251849502", "agent-noumea-1", ""])
def test_a_weak_password_gets_no_account(world, password_file, password: str):
    password_file.write_text(password, encoding="utf-8")
    with pytest.raises(CommandError):
        create("--commune", "98818", "--password-file", password_file, "agent-noumea-1")
    assert not User.objects.exists()


def test_a_name_is_given_once(world, password_file):
    create("--console", "--password-file", password_file, "agent")
    with pytest.raises(CommandError, match="existe déjà"):
        create("--commune", "98818", "--password-file", password_file, "agent")


def test_a_closed_account_signs_in_no_more_and_its_sessions_end(world, password_file):
    create("--commune", "98818", "--password-file", password_file, "agent")
    browser = Client()
    browser.post("/connexion/", {"username": "agent", "password": PASSWORD})
    call_command("account", "close", "agent")
    assert browser.get("/mairie/").status_code == 302
    assert Client().post("/connexion/", {"username": "agent", "password": PASSWORD}).status_code == 422


def test_the_list_of_accounts_is_json_for_scripts(world, password_file, capsys):
    create("--commune", "98818", "--password-file", password_file, "agent")
    capsys.readouterr()
    call_command("account", "list", "--json")
    assert json.loads(capsys.readouterr().out) == [
        {"username": "agent", "commune": "98818", "console": False, "active": True}
    ]
