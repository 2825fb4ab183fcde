"""How often one may ask: by address without an account, by account with one, all workers together."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.test import Client

from server.config import proxies
from server.pages import limits
from server.pages.limits import Limit, Shared, wait_seconds
from server.pages.models import RateCount
from server.usagers.limits import FILINGS, LOOK_UPS
from tests.server.mairie.test_pages import plain
from tests.server.townhall import Story, agent_of


@pytest.fixture
def clock(monkeypatch):
    """The time of the limits, held at the beginning of a period of an hour."""

    class Held:
        at = datetime.fromisoformat("2027-04-01T09:00:00+00:00")

        def now(self) -> datetime:
            return self.at

    held = Held()
    monkeypatch.setattr(limits, "timezone", held)
    return held


@pytest.fixture
def proxy(monkeypatch):
    """127.0.0.1 is the TLS proxy."""
    monkeypatch.setattr(proxies, "OPTIONS", replace(proxies.OPTIONS, trusted_proxies="127.0.0.1, ::1"))


def test_the_next_period_begins_anew(db, clock):
    limit = Limit("essai", 3, 600)
    assert [wait_seconds(limit, "a") for _ in range(4)] == [0, 0, 0, 601]
    assert wait_seconds(limit, "b") == 0
    clock.at += timedelta(seconds=590)
    assert wait_seconds(limit, "a") == 11
    clock.at += timedelta(seconds=11)
    assert wait_seconds(limit, "a") == 0


def test_an_address_that_sends_too_many_forms_is_told_when_to_come_back(world, clock, monkeypatch):
    monkeypatch.setattr(limits, "POSTS", Limit("posts", 2, 60))
    browser = Client()
    for _ in range(2):
        assert browser.post("/connexion/", {}).status_code == 422
    answer = browser.post("/connexion/", {})
    assert (answer.status_code, answer["Retry-After"]) == (429, "61")
    assert "Revenez dans 2 minutes." in plain(answer)
    assert browser.get("/connexion/").status_code == 200
    assert Client(REMOTE_ADDR="127.0.0.2").post("/connexion/", {}).status_code == 422


def test_a_town_hall_counts_by_account_not_by_its_one_address(story: Story, clock, monkeypatch):
    monkeypatch.setattr(limits, "POSTS", Limit("posts", 0, 60))
    monkeypatch.setattr(limits, "ACCOUNT_POSTS", Limit("account-posts", 1, 60))
    first, second = agent_of(username="one"), agent_of(username="two")
    assert first.post("/mairie/formulaire/", {}).status_code == 422
    assert first.post("/mairie/formulaire/", {}).status_code == 429
    assert second.post("/mairie/formulaire/", {}).status_code == 422


def test_only_the_proxy_says_where_a_browser_is(world, clock, proxy, monkeypatch):
    monkeypatch.setattr(limits, "POSTS", Limit("posts", 1, 60))

    def sent(by: str, forwarded: str) -> int:
        browser = Client(REMOTE_ADDR=by, HTTP_X_FORWARDED_FOR=forwarded)
        return browser.post("/connexion/", {}).status_code

    assert sent("127.0.0.1", "203.0.113.1") == 422
    assert sent("127.0.0.1", "203.0.113.2") == 422
    assert sent("127.0.0.1", "198.51.100.7, 203.0.113.2") == 429  # what the browser invented counts nothing
    assert sent("192.0.2.9", "203.0.113.50") == 422
    assert sent("192.0.2.9", "203.0.113.51") == 429


def test_the_scheme_is_believed_from_the_proxy_only(world, proxy, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_SSL_REDIRECT = True
    said = {"HTTP_X_FORWARDED_PROTO": "https"}
    assert Client(REMOTE_ADDR="127.0.0.1", **said).get("/connexion/").status_code == 200
    assert Client(REMOTE_ADDR="192.0.2.9", **said).get("/connexion/").url.startswith("https://")
    assert Client(REMOTE_ADDR="192.0.2.9").get("/v1/health").status_code == 200


def test_electors_are_counted_by_address_and_all_together_by_every_worker(db, clock):
    limit = Shared(Limit("each", 1, 600), Limit("all", 2, 600))
    assert [limit.wait_seconds(one) for one in ("192.0.2.1", "192.0.2.1", "192.0.2.2", "192.0.2.3")] == [
        0,
        601,
        0,
        601,
    ]
    assert {type(one) for one in (FILINGS, LOOK_UPS)} == {Shared}


def test_no_address_is_written_and_counts_are_forgotten(world, clock):
    Client(REMOTE_ADDR="203.0.113.77").post("/connexion/", {})
    rows = list(RateCount.objects.values())
    assert rows
    assert not any("203.0.113.77" in str(row) for row in rows)
    assert limits.forget_counts() == 0
    clock.at += timedelta(hours=3)
    assert limits.forget_counts() == len(rows)


def test_networks_of_six_count_as_one_customer(rf):
    def network(address: str) -> str:
        return limits.network_of(rf.get("/", REMOTE_ADDR=address))

    assert network("2001:db8:1:2:3::1") == network("2001:db8:1:2:ffff::2") != network("2001:db8:1:3::1")
    assert network("::ffff:203.0.113.1") == network("203.0.113.1")
    assert network("inconnu") == ""


@pytest.mark.parametrize(("seconds", "minutes"), [(1, 1), (60, 1), (61, 2), (900, 15)])
def test_who_comes_back_after_the_minutes_said_is_let_in(seconds, minutes):
    assert limits.whole_minutes(seconds) == minutes
