"""The work list narrowed, and the search by name: what each finds, what each costs, and what stays out of
addresses."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from procuration.domain.people import Person
from procuration.domain.validity import OneScrutin, Period, Rounds
from server.dossiers.models import Procuration
from tests.builders import ANGELA, JEAN_CLAUDE, LAON, SCRUTIN_ID, people
from tests.server.mairie.test_pages import plain
from tests.server.townhall import LIFOU, Story, agent_of

LIST = "/mairie/"
SEARCH = "/mairie/recherche/"
FIRST = OneScrutin(scrutin_id=SCRUTIN_ID, rounds=Rounds.FIRST)
SECOND = OneScrutin(scrutin_id=SCRUTIN_ID, rounds=Rounds.SECOND)


def listed(agent: Client, query: str = "") -> set[str]:
    """Rids on the list."""
    return set(re.findall(r'name="rid" value="([0-9a-f]{32})"', plain(agent.get(LIST + query))))


def options(agent: Client, name: str) -> dict[str, str]:
    """The answers of a filter, and their words."""
    body = plain(agent.get(LIST))
    select = re.search(rf'<select class="fr-select" name="{name}".*?</select>', body, re.S)
    assert select is not None
    return {unescape(v): w for v, w in re.findall(r'<option value="([^"]+)"[^>]*>([^<]*)<', select[0])}


@pytest.fixture
def several(story: Story) -> dict[str, str]:
    """Procurations that each filter tells apart."""
    today = story.world.clock.now().date()
    period = Period(first_day=today, last_day=today + timedelta(days=30))
    held = people(4)["mandataire"]
    rids = {
        "first": story.established(1, validity=FIRST),
        "second": story.established(2, validity=SECOND),
        "period": story.established(3, validity=period),
        "held first": story.established(4, validity=FIRST, mandataire=held),
        "held second": story.established(5, validity=SECOND, mandataire=held),
        "lifou": story.established(6, mandataire=replace(people(6)["mandataire"], enrolment=LIFOU)),
    }
    agent_of(username="early").get(LIST)  # they are received: the columns below stay as they are written
    Procuration.objects.filter(rid=rids["first"]).update(authentication=2, channel=3)
    return rids


def test_each_filter_keeps_its_own_and_says_how_many(several: dict[str, str]):
    agent = agent_of()
    assert listed(agent) == set(several.values())
    for query, names in {
        f"?vote={SCRUTIN_ID}:1": {"first", "held first", "lifou"},
        f"?vote={SCRUTIN_ID}:2": {"second", "held second", "lifou"},
        "?vote=periode": {"period"},
        "?connexion=2": {"first"},
        "?voie=3": {"first"},
        "?avis=attendu": {"lifou"},
        "?mandataire=2": {"held first", "held second"},
        f"?mandataire=2&vote={SCRUTIN_ID}:1": {"held first"},
    }.items():
        assert listed(agent, query) == {several[name] for name in names}, query
    assert options(agent, "vote") == {
        f"{SCRUTIN_ID}:1": "Élection présidentielle, 1er tour (3)",
        f"{SCRUTIN_ID}:2": "Élection présidentielle, 2e tour (3)",
        "periode": "Une période (1)",
    }
    assert options(agent, "mandataire") == {"2": "2 ou plus (2)"}
    assert options(agent, "connexion") == {"0": "Sans FranceConnect (5)", "2": "NC Connect (1)"}


def test_a_narrowed_list_says_so_and_how_to_see_everything_again(several: dict[str, str]):
    seen = plain(agent_of().get(LIST + "?connexion=2"))
    assert "1 procuration correspond à ces filtres." in seen
    assert '<option value="2" selected>NC Connect (1)</option>' in seen
    assert "Retirer les filtres" in seen


def test_filters_that_exclude_each_other_leave_an_empty_page_that_says_what_to_do(several: dict[str, str]):
    seen = plain(agent_of().get(LIST + "?connexion=2&avis=attendu"))
    assert "Aucune procuration ne correspond" in seen
    assert "Retirez les filtres pour les voir." in seen


UNKNOWN = ("vote=x:1", "vote=%00", "connexion='--", "voie=99", "avis=<script>", f"mandataire={'9' * 5000}")


def test_an_address_that_asks_for_something_unknown_shows_the_whole_list(several: dict[str, str]):
    agent = agent_of()
    for query in UNKNOWN:
        assert listed(agent, f"?{query}") == set(several.values()), query


def test_the_filters_stay_in_the_address_from_page_to_page(several: dict[str, str], monkeypatch):
    monkeypatch.setattr("server.mairie.selectors.ROWS_PER_PAGE", 2)
    agent = agent_of()
    body = agent.get(f"{LIST}?vote={SCRUTIN_ID}:1").content.decode()
    (following,) = re.findall(r'href="([^"]+)" rel="next"', body)
    assert len(listed(agent, unescape(following))) == 1


def test_a_list_whose_rows_are_all_alike_offers_no_filter(story: Story):
    story.established(1)
    assert "Filtrer la liste" not in plain(agent_of().get(LIST))


def test_a_mandataire_with_several_is_shown_on_each_line(several: dict[str, str]):
    assert plain(agent_of().get(LIST)).count("Il a 2 procurations en tout.") == 2


def test_a_narrowed_list_asks_the_same_number_of_questions_for_few_and_for_many(story: Story):
    agent, counts = agent_of(), []
    for numbers in (range(1, 4), range(4, 31)):
        for number in numbers:
            story.established(number, validity=FIRST if number % 2 else SECOND)
        agent.get(LIST)
        with CaptureQueriesContext(connection) as asked:
            agent.get(f"{LIST}?vote={SCRUTIN_ID}:1&mandataire=2")
            agent.get(f"{LIST}?vote={SCRUTIN_ID}:1")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def found(agent: Client, typed: str) -> list[str]:
    """Names of mandants that a search shows."""
    body = plain(agent.post(SEARCH, {"nom": typed}))
    return re.findall(r'scope="row"[^>]*><span class="name">([^<]+)<', body)


MANDANTS = {
    1: ANGELA,
    2: replace(ANGELA, birth_name="LE GOËLAND", given_names="Élise-Anne Zoé"),
    3: replace(ANGELA, birth_name="O’CONNOR", given_names="Œdipe", used_name="DE SAINT-ÉTIENNE"),
}


def mandant(number: int) -> Person:
    return MANDANTS[number]


@pytest.fixture
def electors(story: Story) -> Client:
    """Three electors of Nouméa, and one of Lifou with nearly the same name as the first."""
    for number in MANDANTS:
        story.established(number, mandant=mandant(number), mandataire=people(number)["mandataire"])
    enrolled = replace(JEAN_CLAUDE, birth_name="KANAKE", enrolment=LIFOU)
    story.established(7, vote_place=LIFOU, mandataire=enrolled)
    return agent_of()


def test_a_search_forgives_accents_case_order_and_punctuation(electors: Client):
    for typed in ("le goeland", "GOELAND elise", "zoe le-goéland", "Élise Anne", "goel"):
        assert found(electors, typed) == ["Élise-Anne Zoé LE GOËLAND"], typed
    for typed in ("o connor", "connor oedipe", "saint etienne", "Œdipe O'CONNOR"):
        assert found(electors, typed) == ["Œdipe O’CONNOR"], typed


def test_a_search_needs_every_word_at_the_beginning_of_a_name(electors: Client):
    assert found(electors, "oeland") == []
    assert found(electors, "goeland angela") == []
    assert "Aucune procuration trouvée" in plain(electors.post(SEARCH, {"nom": "goeland angela"}))


def test_a_search_finds_by_reference_within_the_commune(electors: Client):
    assert len(found(electors, "xbq-7v3")) == 3


def test_a_search_finds_electors_of_the_commune_only(electors: Client):
    assert found(electors, "dubois") == ["Angela Claire Louise DUBOIS"]
    assert found(agent_of(LIFOU, "lifou"), "dubois") == ["Angela Claire Louise DUBOIS H"]
    assert found(agent_of(LAON, "laon"), "dubois") == []


def test_a_search_finds_what_is_decided_and_what_is_only_asked_for(story: Story):
    rid = story.established(1)
    story.filed(2)
    agent = agent_of()
    agent.post(f"/mairie/procurations/{rid}/valider/")
    seen = plain(agent.post(SEARCH, {"nom": "dubois"}))
    assert "2 procurations trouvées" in seen
    assert "Validée" in seen
    assert "Demande déposée" in seen


def test_a_search_for_nothing_is_asked_again(electors: Client):
    for typed in ("", "   ", "\x00", "a" * 321, "dubois\x00"):
        answer = electors.post(SEARCH, {"nom": typed})
        assert answer.status_code == 422, typed
        assert "Il y a 1 réponse à corriger" in plain(answer)


def test_a_search_takes_every_character_for_itself(electors: Client):
    for typed in ("%", "_", "\\", "'; DROP TABLE", "<script>alert(1)</script>", "\u202e", "😀" * 99):
        answer = electors.post(SEARCH, {"nom": typed})
        assert answer.status_code == 200, typed
        assert found(electors, typed) == []
        assert b"<script" not in answer.content


def test_no_name_is_ever_in_an_address(electors: Client):
    """Addresses stay in the logs of a proxy and in the history of a shared computer."""
    assert found(electors, "dubois")
    for query in ("?nom=dubois", "?q=dubois"):
        assert "procuration trouvée" not in plain(electors.get(SEARCH + query))
    body = plain(electors.get(LIST))
    assert re.findall(r'<form method="([a-z]+)" action="/mairie/recherche/"', body) == ["post"]


def test_a_search_asks_the_same_number_of_questions_for_one_and_for_many(story: Story, monkeypatch):
    agent, counts = agent_of(), []
    for numbers in (range(1, 3), range(3, 12)):
        for number in numbers:
            story.established(number)
        with CaptureQueriesContext(connection) as asked:
            agent.post(SEARCH, {"nom": "dubois"})
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 9
    monkeypatch.setattr("server.mairie.work_list.FOUND_MAX", 5)
    assert "Les 5 plus récentes." in plain(agent.post(SEARCH, {"nom": "dubois"}))
