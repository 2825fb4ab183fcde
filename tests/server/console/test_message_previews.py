"""The preview of messages: every kind, in both languages, and what it lays out can do nothing."""

import pytest
from django.test import Client

from server.notices.models import Notice
from server.notices.samples import SAMPLES
from tests.server.townhall import administrator, agent_of

LIST = "/console/messages/apercu/"


def words(response) -> str:
    return response.content.decode().replace("\u202f", " ").replace("\xa0", " ")


@pytest.mark.parametrize("address", [LIST, f"{LIST}m1/", f"{LIST}m1/mise-en-page/"])
def test_only_an_administrator_sees_a_preview(world, address: str):
    assert Client().get(address).status_code == 302
    assert agent_of().get(address).status_code == 403
    assert administrator().post(address).status_code == 405


def test_every_message_is_listed_and_opens(world):
    browser = administrator()
    listed = words(browser.get(LIST))
    for name in SAMPLES:
        assert f"{LIST}{name}/" in listed
        shown = words(browser.get(f"{LIST}{name}/"))
        assert "Relais de procuration" in shown
        assert "English version" in shown
    assert not Notice.objects.exists()


def test_a_layout_is_the_mail_itself_under_a_policy_that_allows_only_its_style(world):
    answer = administrator().get(f"{LIST}m2/mise-en-page/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "; sandbox;" in policy
    assert "script-src" not in policy
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert words(answer).startswith("<!DOCTYPE html>")
    assert "Maëva Rose TAHUA, Maréchale des logis-cheffe, OPJ" in words(answer)


@pytest.mark.parametrize("name", ["m8", "nothing", "M1", "m1-"])
def test_a_message_that_is_none_does_not_exist(world, name: str):
    for address in (f"{LIST}{name}/", f"{LIST}{name}/mise-en-page/"):
        assert administrator(f"admin-{len(address)}").get(address).status_code == 404
