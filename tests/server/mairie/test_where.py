"""Where a procuration was asked for and established: the name of a place, never a number alone."""

from server.dossiers.models import Procuration
from server.ledger.models import Device
from server.mairie.where import where, writers_of
from tests.server.mairie.test_pages import page, plain
from tests.server.townhall import Story, agent_of
from tests.server.usagers.electors import answers, files, starts


def test_the_history_names_the_unit_of_a_tablet(story: Story):
    rid = story.established(1)
    Device.objects.filter(log_id=story.kiosk.log_id.hex()).update(unit_name="Médiathèque de Nouméa")
    history = plain(agent_of().get(page(rid))).partition("Ce qui s’est passé")[2]
    assert "Médiathèque de Nouméa" in history
    assert "Tablette" not in history


def test_a_request_on_line_was_made_on_line(world):
    files(answers(starts()))
    one = Procuration.objects.get()
    assert [where(entry, one, writers_of(one.history)) for entry in one.history] == ["En ligne"]


def test_a_tablet_that_is_not_known_is_named_by_its_number(story: Story, django_assert_num_queries):
    one = Procuration.objects.get(rid=story.established(1))
    Device.objects.filter(log_id=story.kiosk.log_id.hex()).update(unit_name="")
    with django_assert_num_queries(1):
        writers = writers_of(one.history)
    assert where(one.history[0], one, writers) == f"Tablette {story.kiosk.log_id.hex()[:8]}"
