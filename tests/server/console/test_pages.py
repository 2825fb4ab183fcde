"""The console: figures, tablets, bundles, events set aside, messages; for those who may, and without a
name."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from procuration.errors import ProcurationError
from server.ledger.models import RequestCopy
from server.ledger.refusals import count_refusal
from server.notices.enums import NoticeCode, NoticeState
from server.notices.models import Notice
from tests import builders
from tests.server.townhall import LIFOU, Story, administrator, agent_of

ADDRESSES = (
    "/console/",
    "/console/urgences/",
    "/console/a-trancher/",
    "/console/a-trancher/decisions/",
    "/console/en-attente/",
    "/console/postes/",
    "/console/parc/",
    "/console/chiffres/",
    "/console/constats/",
    "/console/demandes/",
    "/console/lots/",
    "/console/mis-de-cote/",
    "/console/messages/",
)
FIRST_CLOSING = datetime(2027, 4, 11, 8, tzinfo=UTC)
METHODS = ("get", "head", "post", "put", "patch", "delete", "options", "trace")


def plain(response) -> str:
    return response.content.decode().replace("\u202f", " ").replace("\xa0", " ")


@pytest.mark.parametrize("address", ADDRESSES)
def test_nobody_sees_the_console_without_signing_in(world, address: str):
    for method in METHODS:
        answer = getattr(Client(), method)(address)
        assert (answer.status_code, answer.url) == (302, f"/connexion/?next={address}")


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_agent_of_a_town_hall_has_no_right_to_the_console(world, address: str):
    agent = agent_of()
    assert {getattr(agent, method)(address).status_code for method in METHODS} == {403}


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_console_only_reads(world, address: str):
    browser = administrator()
    assert {
        getattr(browser, method)(address).status_code for method in ("post", "put", "patch", "delete")
    } == {405}


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_empty_centre_has_pages_too(world, address: str):
    assert administrator().get(address).status_code == 200


def test_a_tablet_shows_its_last_contact_and_its_counts(story: Story):
    story.established(1)
    page = plain(administrator().get("/console/postes/"))
    assert "1er avril 2027 à 11 h 30" in page
    assert "En service" in page
    log_id = story.brigade.log_id.hex()
    page = plain(administrator("other").get(f"/console/postes/{log_id}/"))
    assert "<dt>Lots reçus</dt><dd>1</dd>" in page
    assert "<dt>Événements reçus</dt><dd>2</dd>" in page


def test_a_tablet_that_nobody_heard_for_a_day_is_silent(story: Story):
    assert "Silencieux" in plain(administrator().get("/console/postes/"))


def test_a_tablet_with_two_histories_is_frozen_and_comes_first(story: Story):
    story.filed(1)
    twin = story.world.kiosk("twin")
    twin.key, twin.sealing_key, twin.log_id = story.kiosk.key, story.kiosk.sealing_key, story.kiosk.log_id
    twin.head = type(twin.head).of_empty_log(twin.log_id)
    twin.files(2)
    with suppress(ProcurationError):  # the bundle may be refused or answered: both keep the proof
        story.world.hears(twin)
    browser = administrator()
    assert "Gelé : deux histoires" in plain(browser.get("/console/postes/"))
    assert "deux histoires différentes" in plain(browser.get("/console/"))


def test_bundles_are_listed_by_what_became_of_them(story: Story):
    story.filed(1)
    story.kiosk.files(2)
    story.kiosk.files(3)
    story.world.hears(story.kiosk, first=len(story.kiosk.pairs) - 1)
    browser = administrator()
    held = plain(browser.get("/console/lots/?suite=EN_ATTENTE"))
    assert held.count("Gardé en attente d’un lot antérieur") == 2  # the choice, and the bundle
    assert "Aucun lot" in plain(browser.get("/console/lots/?suite=REFUSE"))
    assert browser.get("/console/lots/?suite=%27--").status_code == 200


def test_what_nobody_known_had_signed_is_counted(story: Story):
    count_refusal("SCELLE_ILLISIBLE", story.world.clock.now())
    assert "Envois d’inconnus" in plain(administrator().get("/console/lots/"))


def test_an_event_set_aside_is_shown_with_its_code_and_what_it_means(story: Story):
    story.filed(1)
    story.brigade.acts(story.requests[1], builders.key("nobody enrolled"), 1)
    story.world.hears(story.brigade)
    page = plain(administrator().get("/console/mis-de-cote/"))
    assert "AGENT_INCONNU" in page
    assert "L’agent n’est pas enrôlé sur ce poste" in page


def test_r_55_the_places_where_something_presses_are_shown_with_their_local_closing(story: Story):
    story.established(1)
    story.established(2)
    story.established(3, vote_place=LIFOU)
    story.world.clock.at = FIRST_CLOSING - timedelta(hours=5)
    agent_of().get("/mairie/")
    page = plain(administrator().get("/console/urgences/"))
    assert page.index("Lifou") < page.index("Nouméa<")
    assert page.count("Ferme dans 5 h<") == 2
    assert "11 avril 2027 à 19 h 00 (heure de Nouméa)" in page
    assert "2 dans les 6 h" in page
    assert "1 réception<" in page
    assert "2 décisions<" in page


def test_r_55_the_overview_counts_what_presses_within_a_day(story: Story):
    story.established(1)
    browser = administrator()
    for left, flagged in ((25, False), (24, True)):
        story.world.clock.at = FIRST_CLOSING - timedelta(hours=left)
        page = plain(browser.get("/console/"))
        figure = page[: page.index("Procuration à acheminer d’urgence</a>")].rpartition("<li")[2]
        assert (f"<strong>{int(flagged)}</strong>" in figure, "figure--attention" in figure) == (
            True,
            flagged,
        )


def test_r_54_the_console_says_how_many_were_not_received_when_their_poll_closed(story: Story):
    story.established(1)
    story.world.clock.at = FIRST_CLOSING + timedelta(days=15)
    page = plain(administrator().get("/console/urgences/"))
    assert "1 procuration n’était pas reçue à la clôture de son dernier vote." in page
    assert "Rien ne presse" in page


def test_a_failed_address_is_visible_without_the_address(story: Story):
    story.filed(1)
    Notice.objects.update(state=NoticeState.FAILED, code=NoticeCode.ADDRESS_REFUSED)
    browser = administrator()
    page = plain(browser.get("/console/messages/"))
    assert "le relais refuse l’adresse" in page
    assert "@" not in page
    first = plain(browser.get("/console/"))
    assert "Message en échec" in first
    assert "Messages en échec" not in first


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_lists_of_the_console_never_name_an_elector(story: Story, address: str):
    story.established(1)
    page = plain(administrator().get(address))
    for word in ("DUBOIS", "DUPONT", "exemple.fr", "XBQ"):
        assert word not in page


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_asks_the_same_number_of_questions_however_much_there_is(story: Story, address: str):
    browser = administrator()
    story.established(1)
    with CaptureQueriesContext(connection) as for_one:
        browser.get(address)
    for number in range(2, 6):
        story.established(number)
        story.world.kiosk(f"kiosk {number}")
    with CaptureQueriesContext(connection) as for_five:
        browser.get(address)
    assert len(for_five) == len(for_one) <= 24  # PostgreSQL is also asked for its standby


def test_the_overview_counts_locked_copies_and_says_nothing_of_them(story: Story):
    story.filed(1)
    copy = {"departement": "988", "closing": 1, "delete_after": story.world.clock.now()}
    RequestCopy.objects.create(rid="a" * 32, tag=b"t" * 16, ciphertext=b"c" * 600, **copy)
    RequestCopy.objects.create(rid="b" * 32, tag=b"u" * 16, ciphertext=b"", **copy)
    page = plain(administrator().get("/console/"))
    figure = page[: page.index("Copie verrouillée tenue pour les brigades</a>")].rpartition("<li")[2]
    assert "<strong>1</strong>" in figure
    assert (b"t" * 16).hex() not in page
    assert builders.ANGELA.birth_name not in page
