"""A fact recorded by mistake, between the centre and a town hall that only a stick joins (decision 0043)."""

from datetime import UTC, datetime

import pytest

from procuration.domain.facts import FactCode
from procuration.domain.status import Status
from procuration.domain.validity import OneScrutin, Rounds
from server.dossiers.facts import record_fact, withdraw_fact
from server.dossiers.mentions import in_force
from server.dossiers.models import Procuration
from server.notices.models import Notice
from tests.builders import JEAN_CLAUDE, NOW, SCRUTIN_ID
from tests.server.commune.hall import carried
from tests.server.commune.test_by_stick import decides, goes_round
from tests.server.townhall import LIFOU, account_of

POLLING = datetime(2027, 4, 10, 23, tzinfo=UTC)
ONE_ROUND = OneScrutin(scrutin_id=SCRUTIN_ID, rounds=Rounds.FIRST)
VOTED = {"code": str(int(FactCode.MANDANT_VOTED)), "day": "2027-04-11", "step": "confirmed"}


def dead_by_mistake(rid: str) -> str:
    """At the centre. Returns: the hash of the fact."""
    record_fact(rid, account_of(), FactCode.MANDATAIRE_DEAD, NOW.date())
    (fact,) = in_force(Procuration.objects.get(rid=rid))
    return fact.hash


def here(mairie) -> Procuration:
    """The only procuration, as the town hall reads it."""
    with mairie.here():
        return Procuration.objects.get()


def withdraws(mairie, rid: str, fact: str) -> None:
    answers = {"mention": fact, "reason": "Mauvaise ligne.", "step": "confirmed"}
    assert decides(mairie, rid, "retirer/", **answers).status_code == 302


def test_what_the_centre_withdrew_ends_nothing_at_the_town_hall(story, world, mairie, stick):
    rid = story.established()
    goes_round(world, mairie, stick)
    before = here(mairie).status
    fact = dead_by_mistake(rid)
    goes_round(world, mairie, stick)
    assert here(mairie).status == Status.ANNULEE_L77
    withdraw_fact(rid, account_of(), fact, "Homonyme.")
    assert goes_round(world, mairie, stick).refused == ()
    assert here(mairie).status == before


def test_a_death_that_the_town_hall_withdraws_is_withdrawn_once_the_centre_heard(story, world, mairie, stick):
    """Another commune may have recorded it too: until then the centre's word stands."""
    rid = story.established()
    fact = dead_by_mistake(rid)
    goes_round(world, mairie, stick)
    withdraws(mairie, rid, fact)
    assert here(mairie).status == Status.ANNULEE_L77
    with mairie.browser() as browser:
        page = browser.get(f"/mairie/procurations/{rid}/").content.decode()
        assert "Le centre le saura par la clé." in page
    goes_round(world, mairie, stick)
    assert Procuration.objects.get(rid=rid).status in (Status.TRANSMISE, Status.RECUE)
    assert here(mairie).status in (Status.TRANSMISE, Status.RECUE)
    with mairie.browser() as browser:
        assert "par la clé" not in browser.get(f"/mairie/procurations/{rid}/").content.decode()


@pytest.mark.parametrize("known_to_the_centre", [False, True])
def test_r_50_a_vote_on_the_wrong_line_is_withdrawn_at_once_on_the_polling_day(
    story, world, mairie, stick, known_to_the_centre: bool
):
    rid = story.established(validity=ONE_ROUND)
    goes_round(world, mairie, stick)
    before = here(mairie).status
    world.clock.at = POLLING
    assert decides(mairie, rid, "vote/", **VOTED).status_code == 302
    if known_to_the_centre:
        goes_round(world, mairie, stick)
    spent = here(mairie)
    assert spent.status == Status.VOTE_PERSONNEL
    withdraws(mairie, rid, in_force(spent)[0].hash)
    after = here(mairie)
    assert (after.status, after.effects[0]["effect"]) == (before, "STANDS")
    assert decides(mairie, rid, "vote/", **VOTED).status_code == 302
    assert here(mairie).status == Status.VOTE_PERSONNEL
    mairie.writes(stick)
    carried(world, stick)
    assert Procuration.objects.get(rid=rid).status == Status.VOTE_PERSONNEL
    assert Notice.objects.filter(rid=rid, told__gt="").count() == 0


def test_r_51_a_death_recorded_in_another_commune_is_explained_without_network(story, world, mairie, stick):
    """The computer knows the word of the centre only, and says by which rule."""
    other = story.established(1, vote_place=LIFOU)
    record_fact(other, account_of(LIFOU), FactCode.MANDATAIRE_DEAD, NOW.date())
    rid = story.established(2, mandataire=JEAN_CLAUDE)
    goes_round(world, mairie, stick)
    with mairie.browser() as browser:
        page = browser.get(f"/mairie/procurations/{rid}/").content.decode()
    assert "Le mandataire est décédé ou a perdu ses droits" in page
    assert "la mairie d’une autre commune" in page
    assert "par la clé" not in page
