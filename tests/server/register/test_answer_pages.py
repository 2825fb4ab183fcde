"""What the town hall and the console read of the register's answers."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from procuration.domain.refusal import RefusalCode
from server.dossiers.models import Procuration
from server.health import state
from server.health.sentences import sentence_of
from server.health.state import Level
from server.notices.services import send_due, was_told
from server.register import configured
from server.register.asking import ask_register
from server.register.configured import NOBODY, register_health
from tests.server.notices.conftest import Relay, relay
from tests.server.register.test_register import HEADER, Answers, at_laon, people
from tests.server.registers.conftest import copies
from tests.server.townhall import LAON, NOUMEA, Story, administrator, agent_of

__all__ = ["relay"]

HALL = "/mairie/repertoire/"
CONSOLE = "/console/repertoire/"


def words(response) -> str:
    return response.content.decode().replace("\u202f", " ").replace("\xa0", " ")


def answered(story: Story, code: RefusalCode | None, number: int = 1, **changes: object) -> str:
    """A procuration of Laon that the register answered about."""
    rid = at_laon(story, number, **(people(number) | changes))
    ask_register(story.world.centre, Answers({rid: code}))
    return rid


# the town hall


def test_what_the_register_refused_is_listed_with_its_reason_and_what_the_elector_knows(
    story: Story, relay: Relay
):
    answered(story, RefusalCode.MANDATAIRE_INTROUVABLE)
    answered(story, RefusalCode.MANDATAIRE_SANS_DROITS, 2, email=None)
    answered(story, None, 3)
    page = words(agent_of(LAON).get(HALL))
    assert "Le mandataire est introuvable" in page
    assert "Un message part bientôt" in page
    assert "Le mandataire ne peut pas voter" in page
    assert "Non : la mairie le prévient" in page
    assert "DUBOIS C" not in page  # accepted
    send_due(story.world.clock.now())
    assert "Oui, par un message" in words(agent_of(LAON, "other").get(HALL))


def test_what_the_town_hall_told_is_known(story: Story):
    rid = answered(story, RefusalCode.MANDATAIRE_SANS_DROITS, email=None)
    was_told(rid, LAON.code, LAON.type, story.world.clock.now())
    assert "Oui, par la mairie" in words(agent_of(LAON).get(HALL))


def test_one_reason_can_be_asked_for_and_another_word_is_all(story: Story):
    answered(story, RefusalCode.MANDATAIRE_INTROUVABLE)
    answered(story, RefusalCode.PLAFOND_DEPASSE, 2)
    browser = agent_of(LAON)
    page = words(browser.get(f"{HALL}?raison=PLAFOND_DEPASSE"))
    assert "DUBOIS B" in page
    assert "DUBOIS A" not in page
    for asked in ("ABANDON", "<script>", "x" * 500):
        page = words(browser.get(HALL, {"raison": asked}))
        assert "DUBOIS A" in page
        assert "<script>" not in page


def test_i_8_another_commune_sees_nothing_of_it(story: Story):
    answered(story, RefusalCode.MANDATAIRE_INTROUVABLE)
    page = words(agent_of(NOUMEA).get(HALL))
    assert "DUBOIS" not in page
    assert "Aucune procuration refusée" in page


def test_the_menu_names_it_only_where_the_register_controls(story: Story):
    assert "Refusées par le répertoire" in words(agent_of(LAON).get("/mairie/"))
    assert "Refusées par le répertoire" not in words(agent_of(NOUMEA, "noumea").get("/mairie/"))


def test_only_an_agent_reads_it(story: Story):
    assert Client().get(HALL).status_code == 302
    assert administrator().get(HALL).status_code == 403
    assert agent_of(LAON).post(HALL).status_code == 405


def test_the_list_costs_the_same_with_one_row_or_thirty(story: Story):
    rid = answered(story, RefusalCode.MANDATAIRE_INTROUVABLE)
    browser, counts = agent_of(LAON), []
    browser.get(HALL)
    for more in (0, 29):
        copies(rid, more)
        with CaptureQueriesContext(connection) as queries:
            browser.get(HALL)
        counts.append(len(queries))
    assert counts[0] == counts[1]


# the console


def test_the_console_counts_the_answers_by_reason_and_names_nobody(story: Story, monkeypatch, tmp_path):
    path = tmp_path / "e.csv"
    path.write_text(f"{HEADER}\n")
    monkeypatch.setattr(configured, "OPTIONS", replace(configured.OPTIONS, register_file=str(path)))
    answered(story, RefusalCode.MANDATAIRE_INTROUVABLE)
    answered(story, None, 2)
    at_laon(story, 3, **people(3))
    page = words(administrator().get(CONSOLE))
    assert "Le répertoire répond." in page
    assert "<strong>1</strong><span>En attente d’une réponse</span>" in page
    assert "<strong>1</strong><span>Acceptées</span>" in page
    assert "<strong>1</strong><span>Refusées</span>" in page
    assert "DUBOIS" not in page


def test_the_console_costs_the_same_whatever_was_answered(story: Story):
    rid = answered(story, RefusalCode.MANDATAIRE_INTROUVABLE)
    browser, counts = administrator(), []
    browser.get(CONSOLE)
    for more in (0, 29):
        copies(rid, more)
        with CaptureQueriesContext(connection) as queries:
            browser.get(CONSOLE)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("content", "code", "sentence"),
    [
        (None, "REGISTRE_ABSENT", "son fichier n’est plus là"),
        (b"SQLite format 3\x00 cut", "REGISTRE_ILLISIBLE", "son fichier est illisible"),
        (b"no list", "REGISTRE_ILLISIBLE", "son fichier est illisible"),
        (f"{HEADER}\n".encode(), "", "Le répertoire répond."),
    ],
)
def test_a_register_that_does_not_answer_is_an_alarm(
    story: Story, monkeypatch, tmp_path, content: bytes | None, code: str, sentence: str
):
    path = tmp_path / "electors"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setattr(configured, "OPTIONS", replace(configured.OPTIONS, register_file=str(path)))
    health = register_health(story.world.centre)
    assert (health.configured, health.code, health.alarm) == (True, code, bool(code))
    browser = administrator()
    assert sentence in words(browser.get(CONSOLE))
    assert (sentence in words(browser.get("/console/"))) is bool(code)


def test_a_centre_without_a_register_alarms_only_when_somebody_waits_for_it(story: Story):
    assert not register_health(story.world.centre).alarm
    at_laon(story)
    assert (register_health(story.world.centre).code, register_health(story.world.centre).waiting) == (
        NOBODY,
        1,
    )
    story.world.clock.at = Procuration.objects.get().last_closing
    assert not register_health(story.world.centre).alarm  # nobody answers about a past poll


def test_the_state_of_the_service_says_whether_the_register_answers(story: Story, monkeypatch, tmp_path):
    def said() -> tuple[Level, object]:
        (check,) = state.register(story.world.centre)
        assert sentence_of(check)
        return check.level, check.figures["count"]

    assert said() == (Level.INFO, 0)
    at_laon(story)
    assert said() == (Level.ALARM, 1)
    path = tmp_path / "e.csv"
    path.write_text(f"{HEADER}\n")
    monkeypatch.setattr(configured, "OPTIONS", replace(configured.OPTIONS, register_file=str(path)))
    assert said() == (Level.OK, 1)
