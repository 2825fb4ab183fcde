"""Several plain procurations validated at once: what is plain, what is left out and why, and that nothing
which changed after the review is validated."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from procuration.domain.events import Kind
from procuration.domain.facts import FactCode
from procuration.domain.refusal import RefusalCode
from procuration.domain.status import Doubt, Status
from procuration.domain.validity import Period
from server.config.centre import install_centre
from server.dossiers import batch as batches
from server.dossiers import facts, services
from server.dossiers.models import Procuration
from server.dossiers.plain import Apart, apart, state_token
from server.dossiers.rebuilding import rebuild_all
from server.ledger.models import Event
from server.texts_fr import TEXTS
from tests.builders import JEAN_CLAUDE, people
from tests.server.centre import World, centre_of
from tests.server.mairie.test_pages import page, plain
from tests.server.townhall import LIFOU, NOUMEA, Story, account_of, agent_of

BATCH = "/mairie/valider-ensemble/"
RESULT = f"{BATCH}resultat/"


def row(rid: str) -> Procuration:
    return Procuration.objects.get(rid=rid)


def decisions() -> int:
    return Event.objects.filter(kind=Kind.DECISION).count()


def review(agent: Client, *rids: str) -> str:
    return plain(agent.post(BATCH, {"rid": rids}))


def seen_of(body: str) -> list[str]:
    """What the confirmation of a review page carries."""
    return re.findall(r'name="seen" value="([^"]+)"', body)


def confirm(agent: Client, seen: list[str]) -> str:
    return plain(agent.post(BATCH, {"seen": seen, "step": "confirmed"}, follow=True))


def test_what_was_ticked_is_read_again_confirmed_once_and_told(story: Story):
    rids = [story.established(number) for number in (1, 2, 3)]
    agent = agent_of()
    assert "Cocher les 3 cas simples de cette page" in plain(agent.get("/mairie/"))
    assert plain(agent.get("/mairie/?cocher=simples")).count(" checked ") == 3
    shown = review(agent, *rids[:2])
    assert "2 procurations seront validées." in shown
    assert "Sans FranceConnect" in shown
    assert decisions() == 0
    told = confirm(agent, seen_of(shown))
    assert "2 procurations validées" in told
    assert "Angela Claire Louise DUBOIS C : Jean-Claude Bernard DUPONT C votera à sa place." in told
    assert [Status(row(rid).status) for rid in rids] == [Status.VALIDEE, Status.VALIDEE, Status.RECUE]
    assert {row(rid).decided_by for rid in rids[:2]} != {""}
    assert rebuild_all(story.world.centre, lambda _: None).differed == 0


def test_the_same_confirmation_sent_twice_writes_once_and_tells_the_same(story: Story):
    rids, agent = [story.established(1), story.established(2)], agent_of()
    seen = seen_of(review(agent, *rids))
    first = confirm(agent, seen)
    events = Event.objects.count()
    again = confirm(agent, seen)
    assert "2 procurations validées" in first
    assert "2 procurations validées" in again
    assert Event.objects.count() == events
    assert "2 procurations validées" in plain(agent.get(RESULT))


def death(rid: str, story: Story) -> None:
    facts.record_fact(rid, account_of(), FactCode.MANDATAIRE_DEAD, story.world.clock.now().date())


def colleague(rid: str, story: Story) -> None:
    services.decide(rid, account_of(pseudonym="colleague"), False, RefusalCode.PLAFOND_DEPASSE)


def rival(rid: str, story: Story) -> None:
    """An older procuration of the same mandataire arrives (R-44)."""
    older = story.other_brigade()
    older.wall = older.wall.replace(hour=8)
    request = story.kiosk.files(9, mandataire=people(2)["mandataire"])
    story.world.hears(story.kiosk)
    older.acts(request, story.officer, 9)
    story.world.hears(older)


@pytest.mark.parametrize(
    ("what", "why"),
    [
        (death, "Elle n’attend pas de décision"),
        (colleague, "Un autre agent de votre mairie a invalidé cette procuration le"),
        (rival, ""),
    ],
)
def test_what_changed_after_the_review_is_left_out_and_said(
    story: Story, what: Callable[[str, Story], None], why: str
):
    rids, agent = [story.established(1), story.established(2)], agent_of()
    seen = seen_of(review(agent, *rids))
    assert len(seen) == 2
    what(rids[1], story)
    before = row(rids[1]).status
    told = confirm(agent, seen)
    assert "1 procuration validée" in told
    assert "1 procuration laissée de côté" in told
    assert why in told
    assert row(rids[0]).status == Status.VALIDEE
    assert row(rids[1]).status == before != Status.VALIDEE


def test_one_that_is_plain_still_but_not_as_it_was_seen_is_left_out(story: Story):
    rid, agent = story.established(1), agent_of()
    agent.get("/mairie/")
    token = state_token(row(rid))
    Procuration.objects.filter(rid=rid).update(code="AUTRE")
    batch = batches.validate_plain({rid: token}, account_of())
    assert batch.left_out == {rid: Apart.CHANGED}
    assert batch.validated == ()
    assert decisions() == 0


def test_opening_a_procuration_between_review_and_confirmation_changes_nothing(story: Story):
    rid, agent = story.established(1), agent_of()
    token = state_token(row(rid))
    agent.get(page(rid))
    assert row(rid).status == Status.RECUE
    assert state_token(row(rid)) == token


def test_a_batch_says_nothing_and_does_nothing_about_another_commune(story: Story):
    rid, stranger = story.established(1), agent_of(LIFOU, "lifou")
    token = state_token(row(rid))
    assert stranger.post(BATCH, {"rid": [rid]}).status_code == 302
    told = confirm(stranger, [f"{rid}.{token}"])
    assert "0 procuration validée" in told
    assert "DUBOIS" not in told
    assert decisions() == 0


def test_no_more_than_a_page_is_validated_at_once(story: Story, monkeypatch):
    monkeypatch.setattr("server.mairie.batch.BATCH_MAX", 2)
    monkeypatch.setattr("server.dossiers.batch.BATCH_MAX", 2)
    rids, agent = [story.established(number) for number in (1, 2, 3)], agent_of()
    shown = review(agent, *rids)
    assert len(seen_of(shown)) == 2
    assert "La liste à valider est pleine" in shown
    told = confirm(agent, [f"{rid}.{state_token(row(rid))}" for rid in rids])
    assert "2 procurations validées" in told
    assert "La liste à valider est pleine" in told
    assert decisions() == 2


NOTHING = (
    {},
    {"rid": ["", "x", "'--", "0" * 32, "\x00"]},
    {"step": "confirmed"},
    {"step": "confirmed", "seen": ["", "a.b", "0" * 65, f"{'0' * 32}.{'0' * 31}\x00"]},
)


def test_nothing_ticked_leads_back_to_the_list(story: Story):
    story.established(1)
    agent = agent_of()
    for sent in NOTHING:
        assert "Cochez d’abord une procuration." in plain(agent.post(BATCH, sent, follow=True))
    assert decisions() == 0


def test_the_result_of_no_batch_leads_back_to_the_list(story: Story):
    agent = agent_of()
    assert agent.get(RESULT).url == "/mairie/"
    assert agent.get(BATCH).url == "/mairie/"


CHANGES = {
    Apart.HUMAN_QUEUE: {"status": Status.EN_ATTENTE_HUMAINE, "code": Doubt.ORDRE_INCERTAIN},
    Apart.NOT_OPEN: {"status": Status.RESILIEE},
    Apart.REGISTER: {"regime": "REU"},
    Apart.SET_ASIDE: {"aside": [["FORK", "00"]]},
    Apart.ANSWER: {"answer": "ATTENDUE"},
    Apart.NO_POLL: {"effects": []},
    Apart.CEILING: {"effects": [{"effect": "NULLE_L73"}]},
    Apart.MANDATAIRE: {"mandataire_birth_name": ""},
    Apart.HOME: {"act_place_kind": 2},
    Apart.PAPER: {"channel": 4},
    Apart.IDENTITY: {"identity_document": None},
    Apart.NOT_TAKEN_IN: {"to_take_in": True},
}


def test_what_asks_for_a_look_of_its_own_is_not_plain_and_the_review_says_why(story: Story):
    rid, now = story.established(1), story.world.clock.now()
    agent = agent_of()
    agent.get("/mairie/")
    whole = row(rid)
    assert apart(whole, now) is None
    for why, change in CHANGES.items():
        whole.save()
        Procuration.objects.filter(rid=rid).update(**change)
        assert apart(row(rid), now) is why
        shown = review(agent, rid)
        said = TEXTS[f"mairie.apart.{why.value}"].replace("\xa0", " ")
        assert said[0].upper() + said[1:] in shown, why
        assert seen_of(shown) == [], why


def test_r_27_without_franceconnect_only_a_whole_control_of_identity_is_plain(story: Story):
    one, now = row(story.established(1)), story.world.clock.now()
    one.to_take_in = False
    for declared in (None, 0, 1, 2 | 4 | 8 | 16):
        one.declarations, one.authentication = declared, 0
        assert apart(one, now) is Apart.IDENTITY
        one.authentication = 1
        assert apart(one, now) is None


def test_every_reason_has_its_words():
    assert {f"mairie.apart.{why.value}" for why in Apart} <= set(TEXTS)


def test_r_72_one_whose_other_town_hall_has_not_answered_is_left_out(story: Story):
    rid = story.established(1, mandataire=replace(JEAN_CLAUDE, enrolment=LIFOU))
    agent = agent_of()
    assert "À examiner seule : l’autre mairie n’a pas donné son avis" in plain(agent.get("/mairie/"))
    facts.answer_for_mandataire(rid, account_of(LIFOU), None)
    assert "À examiner seule" not in plain(agent.get("/mairie/"))


def test_r_38_one_beyond_the_ceiling_does_not_wait_and_one_within_it_is_plain(story: Story):
    kept = story.established(1)
    beyond = story.established(2, mandataire=JEAN_CLAUDE)
    agent = agent_of()
    agent.get("/mairie/")
    now = story.world.clock.now()
    assert (apart(row(kept), now), apart(row(beyond), now)) == (None, Apart.NOT_OPEN)


def test_one_for_which_no_ballot_is_known_is_left_out(story: Story):
    today = story.world.clock.now().date()
    rid = story.established(
        1, validity=Period(first_day=today.replace(month=6), last_day=today.replace(month=7))
    )
    agent_of().get("/mairie/")
    assert apart(row(rid), story.world.clock.now()) is Apart.NO_POLL


def test_a_review_asks_the_same_number_of_questions_for_two_and_for_many(story: Story):
    agent, counts = agent_of(), []
    for numbers in (range(1, 3), range(3, 11)):
        for number in numbers:
            story.established(number)
        agent.get("/mairie/")
        rids = list(Procuration.objects.values_list("rid", flat=True))
        with CaptureQueriesContext(connection) as asked:
            agent.post(BATCH, {"rid": rids})
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 9


@pytest.fixture
def shared_story(transactional_db, tmp_path, officer):
    """A centre whose database several threads share: what they commit is real."""
    world = World(centre_of(tmp_path))
    install_centre(world.centre)
    brigade = world.brigade()
    brigade.enrols(officer)
    yield Story(world, world.kiosk(), brigade, officer)
    install_centre(None)


def test_a_batch_and_a_colleague_at_the_same_moment_make_one_decision_each(shared_story: Story):
    rids = [shared_story.established(number) for number in range(1, 6)]
    agent, second = agent_of(NOUMEA), agent_of(NOUMEA, "second")
    seen = seen_of(review(agent, *rids))
    together = Barrier(2)

    def batch() -> str:
        together.wait(timeout=30)
        try:
            return confirm(agent, seen)
        finally:
            connection.close()

    def alone() -> int:
        together.wait(timeout=30)
        try:
            sent = {"code": "PLAFOND_DEPASSE", "step": "confirmed"}
            return second.post(page(rids[2], "invalider/"), sent).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as workers:
        told, status = workers.submit(batch), workers.submit(alone)
        told, status = told.result(), status.result()
    assert decisions() == 5
    if status == 302:
        assert "4 procurations validées" in told
        assert "Un autre agent de votre mairie a invalidé cette procuration le" in told
    else:
        assert status == 409
        assert "5 procurations validées" in told
