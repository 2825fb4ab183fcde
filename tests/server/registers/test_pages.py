"""The registers on screen: what a town hall sees of its own, what the console sees of the units."""

import logging
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from procuration.domain.acts import ActDecision
from procuration.domain.events import Kind
from procuration.domain.refusal import RefusalCode
from procuration.domain.status import Status
from procuration.domain.validity import OneScrutin, Period, Rounds
from server.dossiers.models import Procuration
from server.ledger.models import Event
from tests import builders
from tests.builders import LAON, SCRUTIN_ID
from tests.server.dossiers.test_rivals import revokes
from tests.server.registers.conftest import ROUND, copies, decides, plain, somebody
from tests.server.townhall import LIFOU, Story, administrator, agent_of

KINDS = ("public", "interne", "emargement")
FILES = tuple(f"{ROUND}/{kind}.{form}" for kind in KINDS for form in ("pdf", "csv"))
PAGES = ("/mairie/registres/", *(f"{ROUND}/{kind}/" for kind in KINDS))
CONSOLE = "/console/registres/"
SPECIAL = f"{CONSOLE}unite/?unite=988-test"
SPECIAL_FILES = tuple(f"{CONSOLE}unite.{form}?unite=988-test" for form in ("pdf", "csv"))
METHODS = ("get", "head", "post", "put", "patch", "delete", "options", "trace")
FIRST, SECOND = (OneScrutin(scrutin_id=SCRUTIN_ID, rounds=rounds) for rounds in (Rounds.FIRST, Rounds.SECOND))


@pytest.mark.parametrize("address", [*PAGES, *FILES])
def test_nobody_reads_a_register_without_signing_in(world, address: str):
    for method in METHODS:
        answer = getattr(Client(), method)(address)
        assert (answer.status_code, answer.url) == (302, f"/connexion/?next={address}")


@pytest.mark.parametrize("address", [*PAGES, *FILES])
def test_an_administrator_has_no_right_to_the_registers_of_a_town_hall(world, address: str):
    browser = administrator()
    assert {getattr(browser, method)(address).status_code for method in METHODS} == {403}


@pytest.mark.parametrize("address", [*PAGES, *FILES])
def test_a_register_is_only_read(agent: Client, address: str):
    writing = ("post", "put", "patch", "delete", "trace")
    assert {getattr(agent, method)(address).status_code for method in writing} == {405}


@pytest.mark.parametrize("address", [*PAGES, *(file for file in FILES if file.endswith("csv"))])
def test_the_electors_of_another_commune_are_on_no_register(story: Story, agent: Client, address: str):
    decides(story.established(1))
    stranger = agent_of(LIFOU, "lifou")
    answer = stranger.get(address)
    assert answer.status_code == 200
    for word in ("DUBOIS", "DUPONT", "Nouméa</", "98818", "TAHUA", "XBQ"):
        assert word not in answer.content.decode()


def test_the_count_of_each_polling_day_is_that_of_the_commune_alone(story: Story, agent: Client):
    story.established(1)
    assert ">1</td>" in agent.get("/mairie/registres/").content.decode()
    assert ">1</td>" not in agent_of(LIFOU, "lifou").get("/mairie/registres/").content.decode()


def test_a_polling_day_of_another_place_does_not_exist_for_a_commune(agent: Client):
    of_tahiti = "/mairie/registres/2027-04-10/1/public/"
    assert agent.get(of_tahiti).status_code == 404


def test_the_polling_days_to_come_are_offered_and_past_ones_only_with_procurations(
    story: Story, agent: Client
):
    page = plain(agent.get("/mairie/registres/"))
    assert "dimanche 11 avril 2027, 1er tour" in page
    assert "dimanche 25 avril 2027, 2e tour" in page
    assert "2024" not in page
    story.established(1)
    story.world.clock.at += timedelta(days=60)
    page = plain(agent_of(username="later").get("/mairie/registres/"))
    assert page.index("25 avril 2027") < page.index("11 avril 2027")


def test_a_commune_without_a_vote_to_come_is_told_so(story: Story, agent: Client):
    story.world.clock.at += timedelta(days=60)
    assert "Aucun jour de vote" in plain(agent_of(LAON, "laon").get("/mairie/registres/"))


@pytest.mark.parametrize(
    "address",
    [
        "/mairie/registres/2027-04-12/1/public/",
        "/mairie/registres/2027-04-11/2/public/",
        "/mairie/registres/2027-02-30/1/public/",
        "/mairie/registres/2027-04-11/3/public/",
        f"{ROUND}/special/",
        f"{ROUND}/autre/",
        f"{ROUND}/public.xls",
        f"{ROUND}/public.pdf?partie=2",
        f"{ROUND}/public.pdf?partie=0",
        f"{ROUND}/public.pdf?partie=x'--",
        f"{ROUND}/public.pdf?partie=99999999999",
    ],
)
def test_what_is_no_register_does_not_exist(agent: Client, address: str):
    assert agent.get(address).status_code == 404


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_register_says_that_there_is_none(agent: Client, kind: str):
    assert "Aucune procuration" in plain(agent.get(f"{ROUND}/{kind}/"))


def test_a_procuration_stands_in_the_registers_of_its_rounds_only(story: Story, agent: Client):
    story.established(1, mandant=somebody("AVRIL"), validity=FIRST)
    story.established(2, mandant=somebody("MAI"), validity=SECOND)
    now = story.world.clock.now().date()
    period = Period(first_day=now, last_day=now + timedelta(days=300))
    story.established(3, mandant=somebody("DURABLE"), validity=period)
    first = plain(agent.get(f"{ROUND}/interne/"))
    second = plain(agent.get("/mairie/registres/2027-04-25/2/interne/"))
    assert [name in first for name in ("AVRIL", "MAI", "DURABLE")] == [True, False, True]
    assert [name in second for name in ("AVRIL", "MAI", "DURABLE")] == [False, True, True]


def test_r_60_a_refused_procuration_stays_in_the_internal_register_with_its_reason_only(
    story: Story, agent: Client
):
    decides(story.established(1), False, RefusalCode.PLAFOND_DEPASSE)
    seen = plain(agent.get(f"{ROUND}/interne/"))
    assert "Invalidée" in seen
    assert "Le mandataire a déjà trop de procurations" in seen
    for kind in ("public", "emargement"):
        assert "DUBOIS" not in plain(agent.get(f"{ROUND}/{kind}/"))


def test_r_56_the_public_register_shows_the_article_and_nothing_else(story: Story, agent: Client):
    decides(story.established(1))
    seen = plain(agent.get(f"{ROUND}/public/"))
    for words in (
        "DUBOIS Angela Claire Louise",
        "DUPONT Jean-Claude Bernard",
        "Maëva Rose TAHUA",
        "Maréchale des logis-cheffe, OPJ",
        "1er avril 2027",
        "Dumbéa",
        "élection présidentielle, les deux tours",
    ):
        assert words in seen
    for words in ("1962", "XBQ", "exemple.fr", "Brigade", "dans les locaux", "Validée"):
        assert words not in seen


def test_r_54_an_officer_s_refusal_and_a_request_alone_are_on_no_register(story: Story, agent: Client):
    story.filed(1)
    story.brigade.refuses(story.requests[1], story.officer, RefusalCode.IDENTITE_NON_CONFORME, 1)
    story.world.hears(story.brigade)
    story.filed(2)
    for kind in KINDS:
        assert "Aucune procuration" in plain(agent.get(f"{ROUND}/{kind}/"))


def test_r_54_reading_the_internal_register_receives_and_reading_the_public_one_does_not(
    story: Story, agent: Client
):
    rid = story.established(1)
    before = Procuration.objects.get(rid=rid).status
    assert "DUBOIS" not in plain(agent.get(f"{ROUND}/public/"))
    assert Procuration.objects.get(rid=rid).status == before
    assert "Reçue, en attente de décision" in plain(agent.get(f"{ROUND}/interne/"))
    assert Procuration.objects.get(rid=rid).status == Status.RECUE
    assert "DUBOIS" in plain(agent.get(f"{ROUND}/public/"))


def test_r_54_nothing_is_received_by_reading_the_register_of_a_closed_poll(story: Story, agent: Client):
    rid = story.established(1)
    story.world.clock.at += timedelta(days=60)
    seen = plain(agent_of(username="later").get(f"{ROUND}/interne/"))
    assert "Pas encore reçue" in seen
    assert Procuration.objects.get(rid=rid).status != Status.RECUE


def test_r_71_the_list_to_write_says_which_mentions_go_on_the_electoral_list_too(story: Story, agent: Client):
    now = story.world.clock.now().date()
    period = Period(first_day=now, last_day=now + timedelta(days=300))
    decides(story.established(1, mandant=somebody("UNIQUE")))
    decides(story.established(2, mandant=somebody("VALABLE-UN-AN"), validity=period))
    seen = plain(agent.get(f"{ROUND}/emargement/"))
    assert seen.count("Liste d’émargement et liste électorale") == 1
    assert seen.index("UNIQUE") < seen.index("VALABLE-UN-AN") < seen.index("Liste d’émargement et liste")


def test_words_of_the_elector_are_never_markup_in_a_register(story: Story, agent: Client):
    rid = story.established(1)
    decides(rid)
    Procuration.objects.filter(rid=rid).update(
        mandant_birth_name="<script>alert(1)</script>",
        mandant_used_name="<b>",
        mandataire_birth_name='"><img src=x onerror=alert(1)>',
        officer_unit="<style>*{display:none}</style>",
        officer_qualite="{% now %}{{ 7|add:7 }}",
    )
    for kind in KINDS:
        body = agent.get(f"{ROUND}/{kind}/").content
        for markup in (b"<script", b"<img", b"<style", b"<b>", b"14</span>"):
            assert markup not in body
        assert b"&lt;SCRIPT&gt;" in body


def test_a_long_register_is_cut_into_pages_and_its_files_are_whole(story: Story, agent: Client):
    rid = story.established(1)
    decides(rid)
    copies(rid, 60)
    page = plain(agent.get(f"{ROUND}/public/"))
    assert "61 procurations" in page
    assert "Page 1 sur 2" in page
    assert page.count("DUBOIS") == 50
    assert plain(agent.get(f"{ROUND}/public/?page=2")).count("DUBOIS") == 11
    assert agent.get(f"{ROUND}/public.csv").content.decode().count("DUBOIS") == 61


@pytest.mark.parametrize("kind", KINDS)
def test_a_register_asks_the_same_number_of_questions_for_one_and_for_many(
    story: Story, agent: Client, kind: str
):
    rid, counts = story.established(1), []
    decides(rid)
    for more in (0, 40):
        copies(rid, more)
        with CaptureQueriesContext(connection) as asked:
            agent.get(f"{ROUND}/{kind}/")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 8


# --- the console


@pytest.mark.parametrize("address", [CONSOLE, SPECIAL, *SPECIAL_FILES])
def test_the_registers_of_the_units_are_for_administrators(world, address: str):
    assert Client().get(address).status_code == 302
    agent = agent_of()
    assert {getattr(agent, method)(address).status_code for method in METHODS} == {403}


@pytest.mark.parametrize("address", [CONSOLE, SPECIAL, *SPECIAL_FILES])
def test_the_registers_of_the_units_are_only_read(story: Story, address: str):
    browser = administrator()
    assert {getattr(browser, m)(address).status_code for m in ("post", "put", "patch", "delete")} == {405}


def test_a_centre_without_brigades_has_no_unit(world):
    assert "Aucune unité" in plain(administrator().get(CONSOLE))


@pytest.mark.parametrize("code", ["", "autre", "988-test'--", "%00"])
def test_an_unknown_unit_does_not_exist(story: Story, code: str):
    for end in ("unite/", "unite.csv"):
        assert administrator(f"a{len(end)}").get(f"{CONSOLE}{end}?unite={code}").status_code == 404


def test_r_25_a_unit_s_register_has_all_its_acts_in_order_with_or_without_effect(story: Story):
    for number in (1, 2, 3):
        story.filed(number, mandant=somebody(f"ACTE-{'ABC'[number - 1]}"))
    story.brigade.acts(story.requests[3], story.officer, 3)
    story.brigade.refuses(story.requests[2], story.officer, RefusalCode.IDENTITE_NON_CONFORME, 2)
    story.brigade.acts(story.requests[1], builders.key("nobody enrolled"), 1)
    story.brigade.acts(story.requests[1], story.officer, 1, decision=ActDecision.COLLECTED)
    story.world.hears(story.brigade)
    seen = plain(administrator().get(f"{SPECIAL}&noms=oui"))
    assert "4 actes" in seen
    found = [seen.index(name) for name in ("ACTE-C", "ACTE-B", "ACTE-A")]
    assert found == sorted(found)
    assert "L’identité ne correspond pas" in seen
    assert "Sans effet au centre : l’agent n’est pas enrôlé sur ce poste" in seen
    assert "Recueillie" in seen


def test_no_name_is_shown_to_an_administrator_who_does_not_ask(story: Story):
    story.established(1)
    browser = administrator()
    for address in (CONSOLE, SPECIAL, SPECIAL_FILES[1], f"{SPECIAL}&noms=non"):
        answer = browser.get(address).content.decode()
        for word in ("DUBOIS", "Angela", "DUPONT", "TAHUA", "Maëva", "XBQ"):
            assert word not in answer
    assert "Les noms du mandant et de l’autorité sont masqués" in plain(browser.get(SPECIAL))


def test_who_asks_for_the_names_is_logged_without_them(story: Story, caplog: pytest.LogCaptureFixture):
    story.established(1)
    browser = administrator()
    caplog.set_level(logging.INFO)
    browser.get(SPECIAL)
    assert "special_register_named" not in caplog.text
    assert "DUBOIS Angela Claire Louise" in plain(browser.get(f"{SPECIAL}&noms=oui"))
    (record,) = [one for one in caplog.records if one.message == "special_register_named"]
    assert (record.unit, record.count) == ("988-test", 1)
    assert isinstance(record.account, int)
    assert "DUBOIS" not in caplog.text


def test_an_act_whose_content_was_erased_keeps_its_number(story: Story):
    story.established(1)
    Event.objects.filter(kind=Kind.ACT).update(body=None)
    seen = plain(administrator().get(f"{SPECIAL}&noms=oui"))
    assert "Contenu effacé ou illisible" in seen
    assert "1 acte" in seen
    assert "DUBOIS" not in seen


def test_words_of_the_officer_are_never_markup_on_the_console(story: Story):
    story.filed(1, mandant=somebody("D’ARC"))
    authority = replace(builders.OFFICER, unit_name="<script>", qualite="<b>OPJ</b>")
    story.brigade.acts(story.requests[1], story.officer, 1, authority=authority)
    story.world.hears(story.brigade)
    for query in ("", "&noms=oui"):
        body = administrator(f"s{len(query)}").get(f"{SPECIAL}{query}").content
        assert b"<script" not in body
        assert b"<b>" not in body
        assert b"&lt;b&gt;" in body


def test_r_25_a_resiliation_is_a_mention_of_the_register_too(story: Story):
    story.established(1, mandant=somebody("RÉSILIANTE"))
    revokes(story.brigade, story.officer, 1, mandant=somebody("RÉSILIANTE"))
    story.world.hears(story.brigade)
    seen = plain(administrator().get(f"{SPECIAL}&noms=oui"))
    assert "2 actes" in seen
    assert seen.count("RÉSILIANTE") == 2
    assert seen.index(">Établie<") < seen.index(">Résiliée<")
