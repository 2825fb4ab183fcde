"""« L'électeur est prévenu » ticked on the wrong line, and taken back (R-59)."""

from datetime import timedelta

from procuration.domain.refusal import RefusalCode
from server.dossiers.facts import withdraw_fact
from server.dossiers.mentions import in_force
from server.dossiers.models import Procuration
from server.dossiers.services import decide
from server.notices.enums import MessageKind, NoticeState
from server.notices.models import Notice
from tests.builders import JEAN_CLAUDE
from tests.server.mairie.test_pages import page, plain
from tests.server.mairie.test_records import CONFIRMED, DEAD
from tests.server.townhall import LIFOU, Story, account_of, agent_of

LIST = "/mairie/prevenir/"


def ticked(story: Story, agent) -> str:
    """An elector to tell, ticked. Returns: the rid."""
    story.established(1)
    rid = story.established(2, mandataire=JEAN_CLAUDE, email=None)
    agent.post(f"{LIST}{rid}/")
    return rid


def undo(rid: str) -> str:
    return f"{LIST}{rid}/annuler/"


def test_r_59_a_tick_on_the_wrong_line_is_taken_back_and_the_elector_is_on_the_list_again(story: Story):
    agent = agent_of()
    rid = ticked(story, agent)
    seen = plain(agent.get(LIST))
    assert "Aucun électeur à prévenir" in seen
    assert "Pas encore prévenu : " in seen
    after = plain(agent.post(undo(rid), follow=True))
    assert "de nouveau dans la liste" in after
    assert "L’électeur est prévenu : " in after
    assert "Notés prévenus" not in after
    assert list(Notice.objects.filter(rid=rid).values_list("state", "sent_at")) == [
        (NoticeState.TO_TELL, None)
    ]


def test_taken_back_twice_is_once(story: Story):
    agent = agent_of()
    rid = ticked(story, agent)
    for _ in range(2):
        assert agent.post(undo(rid)).status_code == 302
    assert Notice.objects.filter(rid=rid).count() == 1


def test_i_8_another_town_hall_takes_nothing_back(story: Story):
    rid, stranger = ticked(story, agent_of()), agent_of(LIFOU, "lifou")
    assert stranger.post(undo(rid)).status_code == 404
    assert "DUBOIS" not in plain(stranger.get(LIST))
    assert Notice.objects.get(rid=rid).state == NoticeState.TOLD


def test_after_a_day_a_tick_stays(story: Story):
    rid = ticked(story, agent_of())
    story.world.clock.at += timedelta(days=1, seconds=1)
    agent = agent_of(username="later")
    assert "Notés prévenus" not in plain(agent.get(LIST))
    assert agent.post(undo(rid)).status_code == 404
    assert Notice.objects.get(rid=rid).state == NoticeState.TOLD


def test_what_is_not_so_any_more_does_not_come_back(story: Story):
    """The mayor told that it is void, then the fact was withdrawn: that it stands again is to be told."""
    agent, rid = agent_of(), story.established(1, email=None)
    agent.post(page(rid, "fait/"), DEAD | CONFIRMED)
    agent.post(f"{LIST}{rid}/")
    withdraw_fact(rid, account_of(), in_force(Procuration.objects.get(rid=rid))[0].hash, "Homonyme.")
    assert "Notés prévenus" not in plain(agent.get(LIST))
    assert agent.post(undo(rid)).status_code == 302, "something is to be told"
    states = Notice.objects.filter(rid=rid).order_by("id").values_list("kind", "state")
    assert list(states) == [
        (MessageKind.M6, NoticeState.TOLD),
        (MessageKind.AGAIN, NoticeState.TO_TELL),
    ]


def test_what_came_back_is_dropped_when_it_is_not_so_any_more(story: Story):
    """Nobody was told that it is void: nobody is told that it counts again."""
    agent = agent_of()
    rid = ticked(story, agent)
    agent.post(undo(rid))
    first = Procuration.objects.exclude(rid=rid).get()
    decide(first.rid, account_of(), False, RefusalCode.MANDANT_NON_INSCRIT)
    assert list(Notice.objects.filter(rid=rid).values_list("state", flat=True)) == [NoticeState.DROPPED]
