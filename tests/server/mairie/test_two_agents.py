"""Two agents of one town hall on one procuration: the first decision counts, the second agent reads whose it
was, when and why."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from procuration.domain.events import Kind
from procuration.domain.status import Status
from server.config.centre import install_centre
from server.dossiers.models import Procuration
from server.ledger.models import Event
from tests.server.centre import World, centre_of
from tests.server.mairie.test_pages import page, plain
from tests.server.townhall import Story, agent_of

ROUNDS = 3
INVALIDATED = {"code": "PLAFOND_DEPASSE", "step": "confirmed"}


def decisions(rid: str) -> int:
    return Event.objects.filter(rid=rid, kind=Kind.DECISION).count()


def test_the_second_agent_reads_that_a_colleague_validated_and_when(story: Story):
    rid, second = story.established(1), agent_of(username="second")
    agent_of().post(page(rid, "valider/"))
    answer = second.post(page(rid, "invalider/"), INVALIDATED)
    assert answer.status_code == 409
    seen = plain(answer)
    assert "Cette procuration a déjà une décision. Rien n’a été changé." in seen
    assert "Un autre agent de votre mairie a validé cette procuration le 1er avril 2027 à 20 h 30." in seen
    assert "agent-1" not in seen
    assert decisions(rid) == 1


def test_the_second_agent_reads_why_a_colleague_invalidated(story: Story):
    rid, second = story.established(1), agent_of(username="second")
    agent_of().post(page(rid, "invalider/"), INVALIDATED)
    for seen in (plain(second.post(page(rid, "valider/"))), plain(second.get(page(rid)))):
        assert "Un autre agent de votre mairie a invalidé cette procuration" in seen
        assert "Raison : le mandataire a déjà trop de procurations." in seen
        assert "L’électeur lit : « La personne que vous avez choisie a déjà" in seen


def test_an_agent_reads_their_own_decision_as_theirs(story: Story):
    rid, agent = story.established(1), agent_of()
    agent.post(page(rid, "valider/"))
    assert "Vous avez validé cette procuration le 1er avril 2027" in plain(agent.post(page(rid, "valider/")))


def test_the_pages_that_ask_lead_the_second_agent_to_the_decision(story: Story):
    rid, second = story.established(1), agent_of(username="second")
    agent_of().post(page(rid, "valider/"))
    for end in ("valider/", "invalider/"):
        seen = plain(second.get(page(rid, end), follow=True))
        assert "Un autre agent de votre mairie a validé" in seen
        assert "Valider la procuration<" not in seen


@pytest.fixture
def shared_story(transactional_db, tmp_path, officer):
    """A centre whose database several threads share: what they commit is real."""
    world = World(centre_of(tmp_path))
    install_centre(world.centre)
    brigade = world.brigade()
    brigade.enrols(officer)
    yield Story(world, world.kiosk(), brigade, officer)
    install_centre(None)


def at_once(*asked: tuple[Client, str, dict[str, str]]) -> list[object]:
    """Every form is sent at the same moment, each by a thread with a connection of its own."""
    together = Barrier(len(asked))

    def send(one: tuple[Client, str, dict[str, str]]) -> object:
        client, address, data = one
        try:
            together.wait(timeout=30)
            return client.post(address, data)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(asked)) as workers:
        return list(workers.map(send, asked))


def test_of_two_decisions_sent_at_the_same_moment_one_counts_and_the_other_agent_is_told(shared_story: Story):
    first, second = agent_of(), agent_of(username="second")
    for number in range(1, ROUNDS + 1):
        rid = shared_story.established(number)
        answers = at_once((first, page(rid, "valider/"), {}), (second, page(rid, "invalider/"), INVALIDATED))
        assert sorted(answer.status_code for answer in answers) == [302, 409]
        (refused,) = (plain(answer) for answer in answers if answer.status_code == 409)
        verb = "validé" if Procuration.objects.get(rid=rid).status == Status.VALIDEE else "invalidé"
        assert f"Un autre agent de votre mairie a {verb} cette procuration le" in refused
        assert decisions(rid) == 1
