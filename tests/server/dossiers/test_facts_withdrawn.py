"""A town hall withdraws a fact recorded by mistake: the ledger keeps both, everything else follows."""

from datetime import UTC, date, datetime, timedelta

import pytest

from procuration.domain.candidates import Effect
from procuration.domain.events import Kind
from procuration.domain.facts import Fact, FactCode, FactWithdrawn, PortalAccount
from procuration.domain.identifiers import EventHash
from procuration.domain.status import Doubt, Status
from procuration.errors import RuleViolated
from procuration.record.event import parse_event
from procuration.record.inbox import State
from server.dossiers import mentions
from server.dossiers.facts import facts_of, record_fact, withdraw_fact
from server.dossiers.models import Procuration
from server.dossiers.plain import Apart, apart, state_token
from server.dossiers.rebuilding import rebuild_all
from server.dossiers.services import decide
from server.ledger.models import Event
from tests.builders import JEAN_CLAUDE, people
from tests.server.commune.test_files_due import files, town_hall
from tests.server.townhall import LIFOU, NOUMEA, Story, account_of

FIRST = date(2027, 4, 11)
OPENING = datetime(2027, 4, 10, 21, tzinfo=UTC)
TODAY = date(2027, 4, 1)
WHY = "Homonyme."


@pytest.fixture(autouse=True)
def rebuilt(story: Story):
    """Whatever a story did, the ledger alone says the same."""
    yield
    assert rebuild_all(story.world.centre, lambda _: None).differed == 0


def row(rid: str) -> Procuration:
    return Procuration.objects.get(rid=rid)


def status(rid: str) -> Status:
    return Status(row(rid).status)


def accepted(story: Story, number: int = 1, **changes: object) -> str:
    rid = story.established(number, **changes)
    decide(rid, account_of(), True, None)
    return rid


def recorded(rid: str, code: FactCode = FactCode.MANDATAIRE_DEAD, day: date = TODAY) -> str:
    """Returns: the hash of the fact."""
    record_fact(rid, account_of(), code, day)
    return mentions.in_force(row(rid))[-1].hash


def refused(rid: str, fact: str, reason: str = WHY, place=NOUMEA) -> str:
    events = Event.objects.count()
    with pytest.raises(RuleViolated) as refusal:
        withdraw_fact(rid, account_of(place), fact, reason)
    assert Event.objects.count() == events
    return refusal.value.code


def test_r_51_the_procuration_is_worth_what_it_was_and_both_events_stay(story: Story):
    rid = accepted(story)
    before = row(rid)
    fact = recorded(rid)
    void = row(rid)
    assert void.status == Status.ANNULEE_L77
    withdraw_fact(rid, account_of(), fact, WHY)
    after = row(rid)
    assert (after.status, after.code, after.effects) == (before.status, before.code, before.effects)
    assert after.register_lists == before.register_lists != void.register_lists, "R-56, R-57"
    assert [entry["kind"] for entry in after.history][-2:] == [Kind.FACT, Kind.FACT_WITHDRAWN]
    assert (after.history[-1]["fact"], after.history[-1]["reason"]) == (fact, WHY)
    assert mentions.in_force(after) == []


def test_r_50_a_vote_withdrawn_on_the_polling_day_lets_the_elector_vote(story: Story):
    rid = accepted(story)
    story.world.clock.at = OPENING + timedelta(hours=1)
    fact = recorded(rid, FactCode.MANDATAIRE_VOTED, FIRST)
    with pytest.raises(RuleViolated, match="DEJA_VOTE"):
        record_fact(rid, account_of(), FactCode.MANDANT_VOTED, FIRST)
    withdraw_fact(rid, account_of(), fact, "Mauvaise ligne.")
    record_fact(rid, account_of(), FactCode.MANDANT_VOTED, FIRST)
    assert row(rid).effects[0]["effect"] == Effect.VOTE_PERSONNEL
    assert facts_of(row(rid)) == [(FactCode.MANDANT_VOTED, FIRST)]


def test_twice_is_once_and_recorded_again_it_counts(story: Story):
    rid = accepted(story)
    fact = recorded(rid)
    for _ in range(2):
        withdraw_fact(rid, account_of(pseudonym="agent"), fact, WHY)
    assert Event.objects.filter(kind=Kind.FACT_WITHDRAWN).count() == 1
    again = recorded(rid)
    assert again != fact
    assert status(rid) is Status.ANNULEE_L77
    withdraw_fact(rid, account_of(), fact, WHY)
    assert status(rid) is Status.ANNULEE_L77, "the first one was withdrawn, not this one"


def test_i_8_neither_another_town_hall_nor_another_procuration_reaches_it(story: Story):
    rid, other = accepted(story), story.established(2)
    fact = recorded(rid)
    assert refused(rid, fact, place=LIFOU) == "DOSSIER_INCONNU"
    assert refused(other, fact) == "MENTION_INCONNUE"
    assert refused(rid, row(rid).act_hash) == "MENTION_INCONNUE"
    assert refused(rid, "not a hash") == "MENTION_INCONNUE"


def test_a_reason_that_cannot_stand_in_the_register_withdraws_nothing(story: Story):
    rid = story.established(1)
    fact = recorded(rid)
    wrong = {" ": "MOTIF_VIDE", "x" * 201: "MOTIF_TROP_LONG", "a\u202eb": "MOTIF_ILLISIBLE"}
    assert {reason: refused(rid, fact, reason) for reason in wrong} == wrong


def test_r_51_every_procuration_of_the_mandataire_follows(story: Story):
    rid, other = accepted(story), story.established(2, mandataire=JEAN_CLAUDE)
    before = row(other).status
    fact = recorded(rid)
    assert status(other) is Status.ANNULEE_L77
    assert mentions.ended_from_elsewhere(row(other))
    assert mentions.recorded_on(row(other)) == row(rid)
    withdraw_fact(rid, account_of(), fact, WHY)
    assert row(other).status == before
    assert not mentions.ended_from_elsewhere(row(other))


def test_r_49_what_was_given_in_its_place_waits_for_a_person_of_the_centre(story: Story):
    rid = accepted(story)
    fact = recorded(rid, day=date(2027, 3, 28))
    second = story.established(2, mandant=people(1)["mandant"], mandataire=people(2)["mandataire"])
    assert status(second) is not Status.EN_ATTENTE_HUMAINE
    withdraw_fact(rid, account_of(), fact, WHY)
    assert {(status(one), row(one).code) for one in (rid, second)} == {
        (Status.EN_ATTENTE_HUMAINE, Doubt.DEUX_PROCURATIONS.value)
    }


def test_r_02_a_withdrawn_fact_does_not_keep_it_out_of_a_batch_but_changes_what_was_reviewed(story: Story):
    rid = story.established(1)
    fact, reviewed = recorded(rid), state_token(row(rid))
    withdraw_fact(rid, account_of(), fact, WHY)
    assert apart(row(rid), story.world.clock.now()) is not Apart.FACT
    assert state_token(row(rid)) != reviewed


def test_a_town_hall_without_network_reads_both(story: Story):
    hall = town_hall(story.world, "hall")
    rid = accepted(story)
    fact = recorded(rid)
    withdraw_fact(rid, account_of(), fact, WHY)
    story.world.hears(hall)
    kinds = [parse_event(one.sign1)[1].kind for one in files(hall)[-1].others]
    assert kinds[-2:] == [Kind.FACT, Kind.FACT_WITHDRAWN]
    assert hall.inbox[-1] == State(bytes.fromhex(rid), Status.VALIDEE, None)


def withdrawal(fact: str) -> FactWithdrawn:
    account = PortalAccount(pseudonym="agent", role="agent de mairie", place=NOUMEA)
    return FactWithdrawn(fact_hash=EventHash(bytes.fromhex(fact)), reason=WHY, account=account)


@pytest.mark.parametrize(("place", "stands"), [("98818", True), ("98814", False)])
def test_a_town_hall_without_network_withdraws_for_its_own_commune_only(
    story: Story, place: str, stands: bool
):
    hall = town_hall(story.world, "hall", place=place)
    rid = accepted(story)
    fact = recorded(rid)
    hall.records(withdrawal(fact), rid=bytes.fromhex(rid))
    story.world.hears(hall)
    assert (status(rid) is Status.VALIDEE) is stands
    assert [code for code, _ in row(rid).aside] == ([] if stands else ["AUTRE_COMMUNE"])


def test_a_tablet_withdraws_nothing(story: Story):
    rid = accepted(story)
    fact = recorded(rid)
    story.brigade.records(withdrawal(fact), rid=bytes.fromhex(rid))
    story.world.hears(story.brigade)
    assert status(rid) is Status.ANNULEE_L77


def test_a_withdrawal_that_comes_before_its_fact_withdraws_it_too(story: Story):
    hall, late = town_hall(story.world, "hall"), town_hall(story.world, "late")
    rid = accepted(story)
    dead = Fact(code=FactCode.MANDATAIRE_DEAD, day=TODAY, account=None)
    pair = late.records(dead, rid=bytes.fromhex(rid))
    hall.records(withdrawal(pair.hash.hex()), rid=bytes.fromhex(rid))
    story.world.hears(hall)
    assert status(rid) is Status.VALIDEE
    story.world.hears(late)
    assert status(rid) is Status.VALIDEE
