"""What a procuration is worth in one round, from its dossier: on which list it stands then."""

from datetime import timedelta

import pytest
from django.test import Client

from procuration.domain.candidates import Effect
from procuration.domain.register import State
from procuration.domain.status import Doubt, Status
from procuration.domain.validity import Period
from server.dossiers.listing import lists_of
from server.dossiers.models import Procuration
from server.registers.polls import Poll
from server.registers.selectors import registered, rows_of
from server.registers.sheet import reason_words
from server.texts_fr import TEXTS
from tests.builders import JEAN_CLAUDE, NOUMEA
from tests.server.registers.conftest import ROUND, decides, plain, somebody
from tests.server.townhall import Story

SECOND_ROUND = "/mairie/registres/2027-04-25/2"


def worth(rid: str, *effects: str, doubt: str = "", **columns: object) -> None:
    """The dossier as a comparison with rivals would leave it, one effect for each round."""
    days = ("2027-04-11", "2027-04-25")
    written = [
        {
            "ballot": "2027-04-presidentielle",
            "round": number,
            "day": day,
            "effect": effect,
            "doubt": doubt if effect == "DOUBT" else "",
            "rule": "R-39",
            "because": [],
        }
        for number, (day, effect) in enumerate(zip(days, effects, strict=False), start=1)
    ]
    row = Procuration.objects.get(rid=rid)
    for name, value in {"effects": written, **columns}.items():
        setattr(row, name, value)
    row.register_lists = lists_of(vars(row))
    row.save()


def state(story: Story, poll: Poll) -> tuple[State, str]:
    (entry,) = registered(rows_of(NOUMEA, poll), poll, story.world.centre.tables)
    return entry.state, entry.code


def test_r_42_void_for_one_round_it_stays_usable_for_the_other(story: Story, agent: Client):
    rid = story.established(1)
    decides(rid)
    worth(rid, "NULLE_L73", "STANDS", status=Status.VALIDEE)
    for kind in ("public", "emargement"):
        assert "DUBOIS" not in plain(agent.get(f"{ROUND}/{kind}/"))
        assert "DUBOIS" in plain(agent.get(f"{SECOND_ROUND}/{kind}/"))
    first, second = (plain(agent.get(f"{one}/interne/")) for one in (ROUND, SECOND_ROUND))
    assert "Nulle (article L. 73)" in first
    assert "Le mandataire a déjà trop de procurations" in first
    assert "Le mandataire a déjà trop" not in second
    assert "Validée" in second


def test_r_50_a_mandant_who_voted_leaves_the_list_of_that_round_only(story: Story, agent: Client):
    rid = story.established(1)
    decides(rid)
    worth(rid, "VOTE_PERSONNEL", "STANDS", status=Status.VALIDEE)
    assert "DUBOIS" not in plain(agent.get(f"{ROUND}/emargement/"))
    assert "DUBOIS" in plain(agent.get(f"{ROUND}/public/"))
    assert "DUBOIS" in plain(agent.get(f"{SECOND_ROUND}/emargement/"))


@pytest.mark.parametrize(
    ("effect", "expected"), [(one, State(one.value)) for one in Effect if one is not Effect.STANDS]
)
def test_each_effect_is_the_state_of_its_line(story: Story, agent: Client, poll: Poll, effect, expected):
    rid = story.established(1)
    decides(rid)
    worth(rid, effect.value, "STANDS")
    assert state(story, poll)[0] is expected
    assert TEXTS[f"register.state.{expected.value}"] in agent.get(f"{ROUND}/interne/").content.decode()


def test_an_end_that_a_rival_brings_is_no_refusal_of_the_town_hall(story: Story, agent: Client, poll: Poll):
    rid = story.established(1)
    decides(rid)
    worth(rid, "DEJA_EXISTANTE", "DEJA_EXISTANTE", status=Status.INVALIDEE, code="PROCURATION_DEJA_EXISTANTE")
    assert state(story, poll) == (State.DEJA_EXISTANTE, "PROCURATION_DEJA_EXISTANTE")


@pytest.mark.parametrize("doubt", Doubt)
def test_every_doubt_has_its_sentence(story: Story, agent: Client, poll: Poll, doubt: Doubt):
    rid = story.established(1)
    worth(rid, "DOUBT", "STANDS", doubt=doubt.value, status=Status.EN_ATTENTE_HUMAINE, code=doubt.value)
    assert state(story, poll) == (State.DOUBT, doubt.value)
    assert reason_words(doubt.value) != doubt.value
    assert "DUBOIS" not in plain(agent.get(f"{ROUND}/public/"))


def test_a_doubt_about_the_procuration_itself_holds_for_each_round(story: Story, agent: Client):
    rid = story.established(1)
    worth(rid, "STANDS", "STANDS", status=Status.EN_ATTENTE_HUMAINE, code="HORLOGE_DOUTEUSE")
    for round_ in (ROUND, SECOND_ROUND):
        seen = plain(agent.get(f"{round_}/interne/"))
        assert "En attente d’une décision humaine" in seen
        assert "L’heure du poste est douteuse" in seen
        assert "DUBOIS" not in plain(agent.get(f"{round_}/public/"))


def test_r_42_two_ballots_of_one_day_that_disagree_make_a_doubt(story: Story, agent: Client, poll: Poll):
    rid = story.established(1)
    decides(rid)
    worth(rid, "STANDS")
    row = Procuration.objects.get(rid=rid)
    other = {**row.effects[0], "ballot": "2027-04-partielle", "effect": "NULLE_L73"}
    Procuration.objects.filter(rid=rid).update(effects=[row.effects[0], other])
    assert state(story, poll) == (State.DOUBT, "")


def test_r_72_accepted_here_it_is_not_usable_before_the_mandataire_s_town_hall_has_answered(
    story: Story, agent: Client, poll: Poll
):
    rid = story.established(1)
    decides(rid)
    Procuration.objects.filter(rid=rid).update(answer="ATTENDUE", status=Status.RECUE)
    assert state(story, poll)[0] is State.RECUE
    assert "DUBOIS" not in plain(agent.get(f"{ROUND}/emargement/"))
    Procuration.objects.filter(rid=rid).update(answer="DONNEE", status=Status.VALIDEE)
    assert "DUBOIS" in plain(agent.get(f"{ROUND}/emargement/"))


def test_r_72_a_refusal_of_the_mandataire_s_town_hall_is_a_refusal_with_its_reason(
    story: Story, agent: Client, poll: Poll
):
    rid = story.established(1)
    refused = {"answer": "DONNEE", "status": Status.INVALIDEE, "code": "PLAFOND_DEPASSE"}
    Procuration.objects.filter(rid=rid).update(effects=[], **refused)
    assert state(story, poll) == (State.INVALIDEE, "PLAFOND_DEPASSE")


def test_r_39_the_surplus_of_a_mandataire_leaves_the_lists_by_itself(story: Story, agent: Client):
    """Two procurations drawn up in France for one mandataire: the first stands, the second is void (R-38)."""
    decides(story.established(1, mandant=somebody("PREMIÈRE"), mandataire=JEAN_CLAUDE))
    story.brigade.wall += timedelta(minutes=30)
    story.world.clock.at += timedelta(minutes=30)
    story.established(2, mandant=somebody("SECONDE", "Berthe"), mandataire=JEAN_CLAUDE)
    public, internal = (plain(agent.get(f"{ROUND}/{kind}/")) for kind in ("public", "interne"))
    assert ("PREMIÈRE" in public, "SECONDE" in public) == (True, False)
    assert internal.index("PREMIÈRE") < internal.index("SECONDE") < internal.index("Nulle (article L. 73)")


def test_a_period_stands_in_every_round_between_its_days(story: Story, agent: Client):
    today = story.world.clock.now().date()
    decides(story.established(1, validity=Period(first_day=today, last_day=today + timedelta(days=300))))
    for round_ in (ROUND, SECOND_ROUND):
        assert "DUBOIS" in plain(agent.get(f"{round_}/emargement/"))
