"""Deaths, lost rights, votes, and the answer of the mandataire's town hall."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from procuration.domain.events import Kind
from procuration.domain.facts import ENDS_WITH_THE_MANDANT, ENDS_WITH_THE_MANDATAIRE, FactCode
from procuration.domain.refusal import RefusalCode
from procuration.domain.status import Status
from procuration.domain.validity import OneScrutin, Period, Rounds
from procuration.errors import RuleViolated
from server.dossiers import selectors
from server.dossiers.facts import answer_for_mandataire, facts_of, record_fact
from server.dossiers.models import Procuration
from server.dossiers.rebuilding import rebuild_all
from server.dossiers.services import decide
from server.ledger.models import Event
from tests.builders import ANGELA, JEAN_CLAUDE, SCRUTIN_ID
from tests.server.townhall import LAON, LIFOU, NOUMEA, Story, account_of

FIRST, SECOND = date(2027, 4, 11), date(2027, 4, 25)
OPENING = datetime(2027, 4, 10, 21, tzinfo=UTC)  # 8:00 on the 11th in Nouméa
TODAY = date(2027, 4, 1)
FROM_LIFOU = replace(JEAN_CLAUDE, enrolment=LIFOU)
ONE_ROUND = OneScrutin(scrutin_id=SCRUTIN_ID, rounds=Rounds.FIRST)


@pytest.fixture(autouse=True)
def rebuilt(story: Story):
    """Whatever a story did, the ledger alone says the same."""
    yield
    assert rebuild_all(story.world.centre, lambda _: None).differed == 0


def row(rid: str) -> Procuration:
    return Procuration.objects.get(rid=rid)


def status(rid: str) -> tuple[Status, str, str]:
    one = row(rid)
    return Status(one.status), one.code, one.rule


def accepted(story: Story, number: int = 1, **changes: object) -> str:
    rid = story.established(number, **changes)
    decide(rid, account_of(), True, None)
    return rid


def on_polling_day(story: Story) -> None:
    story.world.clock.at = OPENING + timedelta(hours=1)


def refused(rid: str, code: FactCode, day: date, place=NOUMEA) -> str:
    events = Event.objects.count()
    with pytest.raises(RuleViolated) as refusal:
        record_fact(rid, account_of(place), code, day)
    assert Event.objects.count() == events
    return refusal.value.code


@pytest.mark.parametrize("code", sorted(ENDS_WITH_THE_MANDATAIRE))
def test_r_51_a_mandataire_dead_or_without_rights_makes_the_procuration_void(story: Story, code: FactCode):
    rid = accepted(story)
    record_fact(rid, account_of(), code, TODAY)
    assert status(rid) == (Status.ANNULEE_L77, "DECES_OU_DROITS", "R-51")


def test_r_51_every_procuration_of_that_mandataire_is_void_whoever_recorded_it(story: Story):
    first = story.established(1, validity=ONE_ROUND)
    later = OneScrutin(scrutin_id=SCRUTIN_ID, rounds=Rounds.SECOND)
    elsewhere = story.established(2, mandataire=JEAN_CLAUDE, vote_place=LIFOU, validity=later)
    somebody_else_s = story.established(3)
    record_fact(first, account_of(), FactCode.MANDATAIRE_DEAD, TODAY)
    assert [status(rid)[2] for rid in (first, elsewhere)] == ["R-51", "R-51"]
    assert row(somebody_else_s).status == Status.TRANSMISE


@pytest.mark.parametrize("code", sorted(ENDS_WITH_THE_MANDANT))
def test_r_52_a_mandant_dead_without_rights_or_struck_off_leaves_nothing_to_vote_for(
    story: Story, code: FactCode
):
    rid = story.established(1)
    record_fact(rid, account_of(), code, TODAY)
    assert status(rid) == (Status.ANNULEE_L77, "DECES_OU_DROITS", "R-52")


def test_r_52_the_same_fact_twice_is_one_event(story: Story):
    rid = story.established(1)
    for _ in range(3):
        record_fact(rid, account_of(), FactCode.MANDANT_DEAD, TODAY)
    assert Event.objects.filter(kind=Kind.FACT).count() == 1
    assert facts_of(row(rid)) == [(FactCode.MANDANT_DEAD, TODAY)]


@pytest.mark.parametrize("day", [date(2027, 4, 2), date(1890, 1, 1), date.min, date.max])
def test_r_52_an_impossible_day_is_refused(story: Story, day: date):
    assert refused(story.established(1), FactCode.MANDANT_DEAD, day) == "FAIT_DATE"


def test_r_52_the_day_is_the_commune_s(story: Story):
    rid = story.established(1)
    story.world.clock.at = datetime(2027, 4, 2, 13, 30, tzinfo=UTC)  # already the 3rd in Nouméa
    record_fact(rid, account_of(), FactCode.MANDANT_DEAD, date(2027, 4, 3))
    assert status(rid)[0] is Status.ANNULEE_L77


def test_r_52_a_death_after_the_poll_changes_nothing(story: Story):
    rid = accepted(story, validity=ONE_ROUND)
    story.world.clock.at = datetime(2027, 4, 20, tzinfo=UTC)
    record_fact(rid, account_of(), FactCode.MANDANT_DEAD, date(2027, 4, 18))
    assert status(rid)[0] is Status.VALIDEE


def test_r_52_a_request_that_nobody_established_has_no_fact(story: Story):
    assert refused(story.filed(1), FactCode.MANDANT_DEAD, TODAY) == "PAS_ETABLIE"


def test_r_52_what_is_refused_already_has_no_fact(story: Story):
    rid = story.established(1)
    decide(rid, account_of(), False, RefusalCode.MANDANT_NON_INSCRIT)
    assert refused(rid, FactCode.MANDANT_DEAD, TODAY) == "SANS_EFFET"


@pytest.mark.parametrize("code", list(FactCode))
def test_i_8_the_town_hall_of_another_place_records_nothing(story: Story, code: FactCode):
    rid = story.established(1, mandataire=FROM_LIFOU)
    for place in (LIFOU, LAON):
        assert refused(rid, code, TODAY, place) == "DOSSIER_INCONNU"


def test_r_51_the_town_hall_records_facts_where_the_register_controls_too(story: Story):
    of_laon = {"vote_place": LAON, "mandataire": replace(JEAN_CLAUDE, enrolment=LAON)}
    rid = story.established(1, **of_laon, validity=Period(first_day=TODAY, last_day=FIRST))
    assert row(rid).regime == "REU"
    record_fact(rid, account_of(LAON), FactCode.MANDATAIRE_DEAD, TODAY)
    assert status(rid)[::2] == (Status.ANNULEE_L77, "R-51")


def test_r_50_the_mandant_may_vote_while_the_mandataire_has_not(story: Story):
    rid = accepted(story, validity=ONE_ROUND)
    on_polling_day(story)
    record_fact(rid, account_of(), FactCode.MANDANT_VOTED, FIRST)
    assert status(rid) == (Status.VOTE_PERSONNEL, "", "R-50")
    assert refused(rid, FactCode.MANDATAIRE_VOTED, FIRST) == "DEJA_VOTE"


def test_r_50_once_the_mandataire_has_voted_the_mandant_cannot(story: Story):
    rid = accepted(story, validity=ONE_ROUND)
    on_polling_day(story)
    record_fact(rid, account_of(), FactCode.MANDATAIRE_VOTED, FIRST)
    assert status(rid) == (Status.UTILISEE, "", "R-50")
    assert refused(rid, FactCode.MANDANT_VOTED, FIRST) == "DEJA_VOTE"


def test_r_50_the_procuration_is_spent_for_that_round_only(story: Story):
    rid = accepted(story)
    on_polling_day(story)
    record_fact(rid, account_of(), FactCode.MANDANT_VOTED, FIRST)
    assert status(rid)[0] is Status.VALIDEE
    assert [effect["effect"] for effect in row(rid).effects] == ["VOTE_PERSONNEL", "STANDS"]
    story.world.clock.at += timedelta(days=14)
    record_fact(rid, account_of(), FactCode.MANDATAIRE_VOTED, SECOND)
    assert status(rid)[0] is Status.UTILISEE


def test_r_50_the_same_vote_twice_is_one_event(story: Story):
    rid = accepted(story)
    on_polling_day(story)
    for _ in range(2):
        record_fact(rid, account_of(), FactCode.MANDATAIRE_VOTED, FIRST)
    assert Event.objects.filter(kind=Kind.FACT).count() == 1


def test_r_50_a_vote_before_the_opening_or_on_another_day_is_refused(story: Story):
    rid = accepted(story, validity=ONE_ROUND)
    story.world.clock.at = OPENING - timedelta(seconds=1)
    assert refused(rid, FactCode.MANDANT_VOTED, FIRST) == "VOTE_PAS_OUVERT"
    on_polling_day(story)
    assert refused(rid, FactCode.MANDANT_VOTED, FIRST + timedelta(days=1)) == "JOUR_SANS_VOTE"
    assert refused(rid, FactCode.MANDANT_VOTED, SECOND) == "JOUR_SANS_VOTE"


def test_r_50_a_mandataire_does_not_vote_with_what_the_town_hall_has_not_accepted(story: Story):
    rid = story.established(1)
    on_polling_day(story)
    assert refused(rid, FactCode.MANDATAIRE_VOTED, FIRST) == "PAS_VALIDEE"
    record_fact(rid, account_of(), FactCode.MANDANT_VOTED, FIRST)


def test_r_50_a_round_that_is_lost_is_not_voted(story: Story):
    accepted(story, 1, validity=ONE_ROUND)
    rid = accepted(story, 2, mandataire=JEAN_CLAUDE)
    assert [effect["effect"] for effect in row(rid).effects] == ["NULLE_L73", "STANDS"]
    on_polling_day(story)
    assert refused(rid, FactCode.MANDATAIRE_VOTED, FIRST) == "SANS_EFFET_CE_JOUR"


def test_r_50_nobody_votes_twice_for_one_elector_with_two_procurations(story: Story):
    first = accepted(story, 1, validity=ONE_ROUND)
    people = {"mandant": ANGELA, "mandataire": replace(JEAN_CLAUDE, birth_name="AUTRE")}
    second = story.established(2, validity=ONE_ROUND, **people)
    on_polling_day(story)
    assert Status(row(first).status) is Status.EN_ATTENTE_HUMAINE  # two of one mandant, no résiliation
    record_fact(second, account_of(), FactCode.MANDANT_VOTED, FIRST)
    assert refused(first, FactCode.MANDANT_VOTED, FIRST) == "DEJA_VOTE"
    assert refused(first, FactCode.MANDATAIRE_VOTED, FIRST) == "DEJA_VOTE"


def test_r_72_an_acceptance_waits_for_the_mandataire_s_town_hall(story: Story):
    rid = accepted(story, mandataire=FROM_LIFOU)
    assert status(rid) == (Status.RECUE, "", "R-72")
    assert row(rid).answer == "ATTENDUE"
    assert rid not in {one.rid for one in selectors.waiting(NOUMEA.code, NOUMEA.type)}
    answer_for_mandataire(rid, account_of(LIFOU), None)
    assert (status(rid)[0], row(rid).answer) == (Status.VALIDEE, "DONNEE")


def test_r_72_a_town_hall_that_accepted_does_not_decide_again_while_it_waits(story: Story):
    rid = accepted(story, mandataire=FROM_LIFOU)
    with pytest.raises(RuleViolated, match="DEJA_DECIDE"):
        decide(rid, account_of(), False, RefusalCode.PLAFOND_DEPASSE)


def test_r_72_an_answer_may_come_before_the_decision(story: Story):
    rid = story.established(1, mandataire=FROM_LIFOU)
    answer_for_mandataire(rid, account_of(LIFOU), None)
    assert status(rid)[0] is Status.TRANSMISE
    decide(rid, account_of(), True, None)
    assert status(rid)[0] is Status.VALIDEE


@pytest.mark.parametrize(
    "code",
    [
        RefusalCode.PLAFOND_DEPASSE,
        RefusalCode.MANDATAIRE_INTROUVABLE,
        RefusalCode.MANDATAIRE_SANS_DROITS,
    ],
)
def test_r_72_an_answer_that_refuses_invalidates_whatever_was_accepted(story: Story, code: RefusalCode):
    rid = accepted(story, mandataire=FROM_LIFOU)
    answer_for_mandataire(rid, account_of(LIFOU), code)
    assert status(rid) == (Status.INVALIDEE, code.value, "R-72")
    assert [entry["kind"] for entry in row(rid).history][-2:] == [
        Kind.DECISION,
        Kind.MANDATAIRE_TOWN_HALL,
    ]


def test_r_72_an_answer_may_be_changed_and_the_last_one_counts(story: Story):
    rid = accepted(story, mandataire=FROM_LIFOU)
    answers = [RefusalCode.PLAFOND_DEPASSE, RefusalCode.PLAFOND_DEPASSE, None, None]
    for answer in answers:
        story.world.clock.at += timedelta(minutes=1)
        answer_for_mandataire(rid, account_of(LIFOU), answer)
    assert status(rid)[0] is Status.VALIDEE
    assert Event.objects.filter(kind=Kind.MANDATAIRE_TOWN_HALL).count() == 2


def test_r_72_only_the_mandataire_s_town_hall_answers_and_only_when_it_is_asked(story: Story):
    asked = story.established(1, mandataire=FROM_LIFOU)
    not_asked = story.established(2)
    for rid, place in ((asked, NOUMEA), (asked, LAON), (not_asked, NOUMEA), ("0" * 32, LIFOU)):
        with pytest.raises(RuleViolated, match="DOSSIER_INCONNU"):
            answer_for_mandataire(rid, account_of(place), None)
    with pytest.raises(RuleViolated, match="MOTIF_INCONNU"):
        answer_for_mandataire(asked, account_of(LIFOU), RefusalCode.MANDANT_ABSENT)


def test_r_72_elsewhere_than_in_nouvelle_caledonie_nobody_asks(story: Story):
    elsewhere = replace(JEAN_CLAUDE, enrolment=NOUMEA)
    rid = story.established(
        1, vote_place=LAON, mandataire=elsewhere, validity=Period(first_day=TODAY, last_day=FIRST)
    )
    assert row(rid).answer == ""


def test_r_72_the_other_procurations_of_the_mandataire_are_shown_in_the_order_of_establishment(story: Story):
    first = story.established(1, mandataire=FROM_LIFOU)
    asked = story.established(2, mandataire=FROM_LIFOU)
    story.established(3)
    later = OneScrutin(scrutin_id=SCRUTIN_ID, rounds=Rounds.SECOND)
    only_second = story.established(4, mandataire=FROM_LIFOU, validity=later)
    assert shown_with(asked) == [first, asked, only_second]
    one_round = story.established(5, mandataire=FROM_LIFOU, validity=ONE_ROUND)
    assert shown_with(one_round) == [first, asked, one_round]


def shown_with(rid: str) -> list[str]:
    return [one.rid for one in selectors.held_by_the_same_mandataire(row(rid))]


def test_r_72_what_is_decided_against_or_answered_is_asked_no_more(story: Story):
    refused_here = story.established(1, mandataire=FROM_LIFOU)
    answered = story.established(2, mandataire=replace(FROM_LIFOU, birth_name="AUTRE"))
    assert {one.rid for one in selectors.asked_of(LIFOU.code, LIFOU.type)} == {refused_here, answered}
    decide(refused_here, account_of(), False, RefusalCode.MANDANT_NON_INSCRIT)
    answer_for_mandataire(answered, account_of(LIFOU), None)
    assert not selectors.asked_of(LIFOU.code, LIFOU.type).exists()
    assert [one.rid for one in selectors.answered_by(LIFOU.code, LIFOU.type)] == [answered]
