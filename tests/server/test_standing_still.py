"""A backup is put back under the running service: people read what happened and whom to call, programs a
code, and nothing is recorded."""

import json

import pytest

from procuration.domain.status import Status
from server.dossiers.models import Procuration
from server.ledger.ledger_head import FILE_NAME, LedgerHead, read_head, write_head
from server.ledger.models import Event
from tests.server.console.test_fleet import plain
from tests.server.ledger.test_joining import request_of, tablet
from tests.server.townhall import Story, administrator, agent_of


@pytest.fixture
def put_back(story: Story):
    """The file beside the database remembers a checkpoint that the database does not know. Returns: the rid
    of what it does know."""
    rid = story.established(1)
    head = read_head(story.world.centre.home)
    assert head is not None
    later = LedgerHead(epoch=head.epoch, log_id=head.log_id, size=head.size + 1, root=b"x" * 32)
    write_head(story.world.centre.home, later)
    return rid


def test_a_town_hall_reads_what_happened_and_nothing_is_recorded(story: Story, put_back):
    agent, events = agent_of(), Event.objects.count()
    assert administrator().get("/console/").status_code == 200, "what signs nothing goes on"
    answer = agent.post(f"/mairie/procurations/{put_back}/valider/")
    page = plain(answer)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "600")
    assert "Une sauvegarde a été remise pendant que le service marchait, ou" in page
    assert "Appelez l’exploitant du service et lisez-lui ce code : REGISTRE_RESTAURE." in page
    assert "DUBOIS" not in page
    assert Event.objects.count() == events
    assert Procuration.objects.get(rid=put_back).status == Status.TRANSMISE


def test_a_program_gets_the_code_alone(story: Story, put_back):
    address = f"/mairie/procurations/{put_back}/valider/"
    answer = agent_of().post(address, headers={"Accept": "application/json"})
    assert (answer.status_code, json.loads(answer.content)) == (503, {"code": "REGISTRE_RESTAURE"})


def test_a_damaged_file_is_another_code_of_the_same_page(story: Story, put_back):
    (story.world.centre.home / FILE_NAME).write_bytes(b"?")
    answer = agent_of().post(f"/mairie/procurations/{put_back}/valider/")
    assert answer.status_code == 503
    assert "FICHIER_DU_REGISTRE" in plain(answer)


def test_agents_and_whoever_watches_get_the_code(story: Story, put_back, client, settings):
    assert client.get("/v1/health").status_code == 503
    settings.ROOT_URLCONF = "server.config.urls_agents"
    settings.MIDDLEWARE = ["server.config.headers.security_headers"]
    story.kiosk.files(2)
    octets = {"content_type": "application/octet-stream"}
    for answer in (
        client.get("/v1/health"),
        client.post("/v1/sync", story.kiosk.sealed(), **octets),
    ):
        assert (answer.status_code, json.loads(answer.content)) == (503, {"code": "REGISTRE_RESTAURE"})
        assert 5 <= int(answer.headers["Retry-After"]) <= 30
    assert client.post("/v1/enrolment", request_of(tablet()), **octets).status_code == 202
