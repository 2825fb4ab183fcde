"""Sessions end by themselves: idle, too old, and told politely."""

from datetime import timedelta
from time import time
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from server.config import jobs
from server.pages import sessions
from tests.server.mairie.test_pages import plain
from tests.server.townhall import PASSWORD, Story, agent_of


def idle(minutes: int) -> None:
    """Nobody touched any session for that long."""
    for row in Session.objects.all():
        Session.objects.filter(pk=row.pk).update(expire_date=row.expire_date - timedelta(minutes=minutes))


def test_a_session_lasts_fifteen_minutes_from_its_last_use():
    assert settings.SESSION_COOKIE_AGE == sessions.IDLE_SECONDS == 15 * 60


def test_an_idle_session_ends_with_a_page_that_leads_back(story: Story):
    agent = agent_of()
    assert agent.get("/mairie/").status_code == 200
    idle(14)
    assert agent.get("/mairie/").status_code == 200
    idle(16)
    answer = agent.get("/mairie/decisions/?page=2")
    assert urlsplit(answer.url).path == "/session-terminee/"
    page = agent.get(answer.url)
    assert page.status_code == 200
    assert "Votre session a pris fin" in plain(page)
    assert "n’est pas gardé" in plain(page)
    sign_in = "/connexion/?next=%2Fmairie%2Fdecisions%2F%3Fpage%3D2"
    assert f'href="{sign_in}"' in page.content.decode()
    back = agent.post(sign_in, {"username": "agent", "password": PASSWORD})
    assert back.url == "/mairie/decisions/?page=2"


def test_using_a_session_keeps_it(story: Story, monkeypatch):
    agent = agent_of()
    now = time()
    for minutes in range(10, 70, 10):
        monkeypatch.setattr(sessions, "time", lambda minutes=minutes: now + 60 * minutes)
        idle(10)
        assert agent.get("/mairie/").status_code == 200


def test_twelve_hours_end_a_session_that_never_rested(story: Story, monkeypatch):
    agent = agent_of()
    agent.get("/mairie/")
    now = time()
    monkeypatch.setattr(sessions, "time", lambda: now + sessions.LONGEST_SECONDS - 60)
    assert agent.get("/mairie/").status_code == 200
    monkeypatch.setattr(sessions, "time", lambda: now + sessions.LONGEST_SECONDS + 60)
    assert agent.get("/mairie/").url.startswith("/session-terminee/")
    assert Session.objects.count() == 0


def test_a_form_sent_too_late_leads_back_to_its_page(story: Story):
    rid = story.established(1)
    agent = agent_of()
    agent.get("/mairie/")
    idle(16)
    form = f"/mairie/procurations/{rid}/valider/"
    answer = agent.post(form, HTTP_REFERER=f"http://testserver{form}")
    assert parse_qs(urlsplit(answer.url).query)["next"] == [form]
    answer = agent_of(username="other").post(form, HTTP_REFERER="https://ailleurs.example/x")
    assert answer.status_code == 302


def test_who_never_signed_in_and_who_signed_out_are_only_asked_to(story: Story):
    assert Client().get("/mairie/").url == "/connexion/?next=/mairie/"
    agent = agent_of()
    agent.get("/mairie/")
    agent.post("/deconnexion/")
    assert agent.get("/mairie/").url == "/connexion/?next=/mairie/"


def test_an_elector_is_led_back_to_the_first_step(world):
    ended = Client()
    ended.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    answer = ended.get("/demande/identite/")
    assert answer.url == "/session-terminee/?next=%2Fdemande%2Fidentite%2F"
    assert 'href="/demande/"' in ended.get(answer.url).content.decode()


def test_a_public_page_stays_open_after_the_end(story: Story):
    agent = agent_of()
    agent.get("/mairie/")
    idle(16)
    assert agent.get("/connexion/").status_code == 200


@pytest.mark.parametrize("wanted", ["https://ailleurs.example/", "//ailleurs.example", "javascript:alert(1)"])
def test_the_page_leads_nowhere_else(world, wanted: str):
    page = Client().get("/session-terminee/", {"next": wanted}).content.decode()
    assert "ailleurs" not in page
    assert "javascript" not in page


def test_the_job_deletes_what_is_over(story: Story):
    kept, over = agent_of(username="kept"), agent_of(username="over")
    Session.objects.filter(pk=over.session.session_key).update(expire_date=timezone.now() - timedelta(1))
    jobs._tidy_sessions()
    assert list(Session.objects.values_list("pk", flat=True)) == [kept.session.session_key]
