"""Deciding what no rule decides: each kind of doubt, both ways, from signed events to both rows."""

from datetime import date

import pytest

from procuration.domain.events import Kind
from procuration.domain.facts import FactCode, PortalAccount, RulingOutcome
from procuration.domain.status import Doubt, Status
from procuration.domain.validity import Period
from procuration.errors import RuleViolated
from server.dossiers.cases import Level, choices_of
from server.dossiers.models import Procuration
from server.dossiers.rebuilding import rebuild_all
from server.ledger.enums import Aside
from server.ledger.models import Event
from server.ledger.verifying import verify_ledger
from server.notices.enums import MessageKind
from server.notices.models import Notice
from tests.builders import JEAN_CLAUDE
from tests.server.queue.stories import ADMINISTRATOR, Doubts, case, mandant, row, rules
from tests.server.townhall import NOUMEA

WAITS = Status.EN_ATTENTE_HUMAINE


def statuses(*rids: str) -> list[Status]:
    return [Status(row(rid).status) for rid in rids]


def keys(world, rid: str) -> list[str]:
    return [one.key for one in choices_of(case(world, rid))]


def rebuilt_is_the_same(doubts: Doubts) -> bool:
    return rebuild_all(doubts.world.centre, lambda _: None).differed == 0


STORIES = {
    Doubt.ORDRE_INCERTAIN: "unsure_order",
    Doubt.DEUX_PROCURATIONS: "two_procurations",
    Doubt.PLAFOND_LIBERE: "freed_ceiling",
    Doubt.RESILIATION_INCERTAINE: "unsure_withdrawal",
    Doubt.ACTES_SIMULTANES: "two_places_at_once",
    Doubt.VOTES_CONTRAIRES: "two_votes",
    Doubt.DEUX_DECISIONS: "two_decisions",
    Aside.CLOCK: "doubtful_clock",
}


def told(doubts: Doubts, code: str) -> tuple[str, ...]:
    found = getattr(doubts, STORIES[code])()
    return (found,) if isinstance(found, str) else found


@pytest.mark.parametrize("code", STORIES)
def test_each_story_waits_for_a_person_with_its_code_and_its_rule(doubts: Doubts, code: str):
    rid = told(doubts, code)[0]
    opened = case(doubts.world, rid)
    assert (row(rid).status, row(rid).code) == (WAITS, code)
    assert (opened.code, opened.waits, opened.last_ruling) == (code, True, "")
    assert opened.rule == row(rid).rule
    assert [side.letter for side in opened.sides] == list("ABCD"[: len(opened.sides)])


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ("order-A-B", [Status.TRANSMISE, Status.NULLE_L73]),
        ("order-B-A", [Status.NULLE_L73, Status.TRANSMISE]),
        ("keep-A", [Status.TRANSMISE, Status.NULLE_L73]),
        ("keep-B", [Status.NULLE_L73, Status.TRANSMISE]),
        ("none", [Status.NULLE_L73, Status.NULLE_L73]),
    ],
)
def test_r_43_a_person_says_which_was_drawn_up_first(doubts: Doubts, choice: str, expected):
    rids = doubts.unsure_order()
    assert keys(doubts.world, rids[0]) == ["order-A-B", "order-B-A", "keep-A", "keep-B", "none"]
    rules(doubts.world, rids[0], choice)
    assert statuses(*rids) == expected
    assert rebuilt_is_the_same(doubts)


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ("keep-A", [Status.TRANSMISE, Status.INVALIDEE]),
        ("keep-B", [Status.INVALIDEE, Status.TRANSMISE]),
        ("none", [Status.INVALIDEE, Status.INVALIDEE]),
    ],
)
def test_r_49_a_person_says_which_of_two_procurations_stands(doubts: Doubts, choice: str, expected):
    rids = doubts.two_procurations()
    assert keys(doubts.world, rids[1]) == ["keep-A", "keep-B", "none"]
    rules(doubts.world, rids[1], choice)
    assert statuses(*rids) == expected
    lost = [rid for rid, status in zip(rids, expected, strict=True) if status is Status.INVALIDEE]
    assert {row(rid).code for rid in lost} == {"PROCURATION_DEJA_EXISTANTE"}
    assert rebuilt_is_the_same(doubts)


@pytest.mark.parametrize(("choice", "expected"), [("keep-A", Status.TRANSMISE), ("none", Status.NULLE_L73)])
def test_r_39_a_person_says_whether_what_was_void_revives(doubts: Doubts, choice: str, expected):
    second, first = doubts.freed_ceiling()
    rules(doubts.world, second, choice)
    assert statuses(second, first) == [expected, Status.RESILIEE]
    assert rebuilt_is_the_same(doubts)


@pytest.mark.parametrize(("choice", "expected"), [("keep-A", Status.TRANSMISE), ("none", Status.RESILIEE)])
def test_r_46_a_person_says_whether_the_resiliation_came_after(doubts: Doubts, choice: str, expected):
    rid = doubts.unsure_withdrawal()
    assert len(case(doubts.world, rid).withdrawals) == 1
    rules(doubts.world, rid, choice)
    assert statuses(rid) == [expected]
    assert rebuilt_is_the_same(doubts)


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ("keep-A", [Status.TRANSMISE, Status.INVALIDEE]),
        ("all", [Status.TRANSMISE, Status.TRANSMISE]),
        ("none", [Status.INVALIDEE, Status.INVALIDEE]),
    ],
)
def test_r_18_a_person_says_which_of_two_acts_at_one_second_stands(doubts: Doubts, choice: str, expected):
    rids = doubts.two_places_at_once()
    by_letter = {side.letter: side.procuration.rid for side in case(doubts.world, rids[0]).sides}
    rules(doubts.world, rids[0], choice)
    assert statuses(by_letter["A"], by_letter["B"]) == expected
    assert rebuilt_is_the_same(doubts)


@pytest.mark.parametrize(
    ("choice", "expected"), [("keep-A", Status.UTILISEE), ("none", Status.VOTE_PERSONNEL)]
)
def test_r_50_a_person_says_who_voted(doubts: Doubts, choice: str, expected):
    rid = doubts.two_votes()
    assert len(case(doubts.world, rid).votes) == 2
    rules(doubts.world, rid, choice)
    effects = {effect["day"]: effect["effect"] for effect in row(rid).effects}
    assert effects["2027-04-11"] == expected.name
    assert rebuilt_is_the_same(doubts)


@pytest.mark.parametrize(
    ("choice", "expected"),
    [("keep-A", Status.TRANSMISE), ("keep-B", Status.REFUSEE), ("none", Status.DEMANDE)],
)
def test_r_18_a_person_says_which_of_two_decisions_counts(doubts: Doubts, choice: str, expected):
    rid = doubts.two_decisions()
    opened = case(doubts.world, rid)
    established = next(side for side in opened.sides if side.act.decision == 1)
    other = next(side for side in opened.sides if side.act.decision == 2)
    real = {"keep-A": f"keep-{established.letter}", "keep-B": f"keep-{other.letter}"}.get(choice, choice)
    rules(doubts.world, rid, real)
    assert statuses(rid) == [expected]
    assert rebuilt_is_the_same(doubts)


@pytest.mark.parametrize(("choice", "expected"), [("keep-A", Status.TRANSMISE), ("drop-A", Status.DEMANDE)])
def test_r_43_a_person_says_whether_an_act_counts_in_spite_of_its_clock(
    doubts: Doubts, choice: str, expected
):
    rid = doubts.doubtful_clock()
    rules(doubts.world, rid, choice)
    assert statuses(rid) == [expected]
    assert rebuilt_is_the_same(doubts)


def test_r_43_letting_an_act_count_does_not_rank_it_before_its_rivals(doubts: Doubts):
    first = doubts.doubtful_clock()
    second = doubts.establishes(2, "other", 7, mandant=mandant(2), mandataire=JEAN_CLAUDE)
    rules(doubts.world, first, "keep-A")
    assert {(row(rid).status, row(rid).code) for rid in (first, second)} == {(WAITS, Doubt.ORDRE_INCERTAIN)}


def test_r_43_choosing_between_two_decisions_does_not_rank_a_procuration_before_its_rivals(doubts: Doubts):
    first = doubts.two_decisions()
    second = doubts.establishes(2, "other", 7, mandant=mandant(2), mandataire=JEAN_CLAUDE)
    established = next(side for side in case(doubts.world, first).sides if side.act.decision == 1)
    rules(doubts.world, first, f"keep-{established.letter}")
    assert {(row(rid).status, row(rid).code) for rid in (first, second)} == {(WAITS, Doubt.ORDRE_INCERTAIN)}


def test_r_43_of_three_the_person_gives_each_its_rank(doubts: Doubts):
    rids = [*doubts.unsure_order()]
    rids.append(doubts.establishes(3, "third", 9, mandant=mandant(3), mandataire=JEAN_CLAUDE))
    opened = case(doubts.world, rids[0])
    assert opened.takes_ranks
    assert [side.procuration.rid for side in opened.sides] == rids
    for wrong in ("order-A-B", "order-A-A-B", "order-A-B-D", "order-"):
        with pytest.raises(RuleViolated, match="CHOIX_INCONNU"):
            rules(doubts.world, rids[0], wrong)
    rules(doubts.world, rids[0], "order-C-A-B")
    assert statuses(*rids) == [Status.NULLE_L73, Status.NULLE_L73, Status.TRANSMISE]
    assert rebuilt_is_the_same(doubts)


def test_r_39_nobody_decides_against_the_log_of_a_tablet(doubts: Doubts):
    rids = [*doubts.unsure_order()]
    rids.append(doubts.establishes(3, "brigade", 9, mandant=mandant(3), mandataire=JEAN_CLAUDE))
    letters = {side.procuration.rid: side.letter for side in case(doubts.world, rids[1]).sides}
    first, other, later = (letters[one] for one in rids)
    with pytest.raises(RuleViolated, match="ORDRE_IMPOSSIBLE"):
        rules(doubts.world, rids[1], f"order-{later}-{other}-{first}")
    rules(doubts.world, rids[1], f"order-{other}-{first}-{later}")
    assert statuses(*rids) == [Status.NULLE_L73, Status.TRANSMISE, Status.NULLE_L73]


def test_r_43_none_of_three_means_none(doubts: Doubts):
    rids = [*doubts.unsure_order()]
    rids.append(doubts.establishes(3, "third", 9, mandant=mandant(3), mandataire=JEAN_CLAUDE))
    rules(doubts.world, rids[1], "none")
    assert statuses(*rids) == [Status.NULLE_L73] * 3
    assert rebuilt_is_the_same(doubts)


@pytest.mark.parametrize(("choice", "expected"), [("keep-A", Status.TRANSMISE), ("none", Status.RESILIEE)])
def test_r_46_a_period_without_any_ballot_yet_can_be_decided_too(doubts: Doubts, choice: str, expected):
    period = Period(first_day=date(2028, 1, 10), last_day=date(2028, 1, 20))
    doubts.files(1, validity=period)
    rid = doubts.unsure_withdrawal()
    assert (row(rid).status, row(rid).effects) == (WAITS, [])
    rules(doubts.world, rid, choice)
    assert statuses(rid) == [expected]
    assert rebuilt_is_the_same(doubts)


# what is written, and what replaces it


def test_one_signed_event_is_written_for_each_request_with_the_same_words(doubts: Doubts):
    rids = doubts.unsure_order()
    before = Event.objects.filter(kind=Kind.RULING).count()
    rules(doubts.world, rids[0], "keep-B")
    assert Event.objects.filter(kind=Kind.RULING).count() == before + 2
    (given,) = case(doubts.world, rids[1], Level.RIVALS).rulings
    assert given.account == ADMINISTRATOR
    assert given.reason == "Vu les deux registres."
    assert given.outcome is RulingOutcome.FIRST_STANDS
    assert verify_ledger(doubts.world.centre, lambda _: None).faults == []


@pytest.mark.parametrize("code", STORIES)
def test_a_decision_is_reversed_by_another_one_only(doubts: Doubts, code: str):
    rid = told(doubts, code)[0]
    mine = next(side for side in case(doubts.world, rid).sides if side.procuration.rid == rid)
    first, last = f"keep-{mine.letter}", keys(doubts.world, rid)[-1]
    rules(doubts.world, rid, first)
    decided = row(rid).status, row(rid).effects
    level = case(doubts.world, rid).level
    rules(doubts.world, rid, last, level=level)
    assert (row(rid).status, row(rid).effects) != decided
    opened = case(doubts.world, rid, level)
    assert len(opened.rulings) == 2
    assert opened.code == code
    rules(doubts.world, rid, first, level=level)
    assert (row(rid).status, row(rid).effects) == decided
    assert rebuilt_is_the_same(doubts)


def test_r_43_a_new_rival_opens_the_case_again_and_an_old_order_does_not_bind_the_new_one(doubts: Doubts):
    rids = [*doubts.unsure_order()]
    rules(doubts.world, rids[0], "order-A-B")
    rids.append(doubts.establishes(3, "third", 9, mandant=mandant(3), mandataire=JEAN_CLAUDE))
    waiting = [rid for rid in rids if row(rid).status == WAITS]
    assert rids[2] in waiting
    rules(doubts.world, rids[2], "order-B-A-C")
    assert statuses(*rids) == [Status.NULLE_L73, Status.TRANSMISE, Status.NULLE_L73]
    assert rebuilt_is_the_same(doubts)


@pytest.mark.parametrize("choice", ["keep-A", "order-A-B"])
def test_r_43_a_decision_says_nothing_of_a_rival_that_came_later(doubts: Doubts, choice: str):
    rids = [*doubts.unsure_order()]
    rules(doubts.world, rids[0], choice)
    rids.append(doubts.establishes(3, "third", 9, mandant=mandant(3), mandataire=JEAN_CLAUDE))
    assert statuses(rids[0], rids[2]) == [WAITS, WAITS]
    opened = case(doubts.world, rids[0])
    assert {side.procuration.rid for side in opened.sides} == set(rids)
    rules(doubts.world, rids[0], "keep-A")
    assert statuses(*rids) == [Status.TRANSMISE, Status.NULLE_L73, Status.NULLE_L73]
    assert rebuilt_is_the_same(doubts)


def test_r_46_a_decision_about_the_order_says_nothing_of_a_resiliation_that_came_later(doubts: Doubts):
    rids = doubts.unsure_order()
    rules(doubts.world, rids[0], "keep-A")
    doubts.revokes(1, "third", 3)
    assert (row(rids[0]).status, row(rids[0]).code) == (WAITS, Doubt.RESILIATION_INCERTAINE)
    rules(doubts.world, rids[0], "keep-A")
    assert statuses(*rids)[0] == Status.TRANSMISE
    doubts.revokes(1, "fourth", 4)
    assert (row(rids[0]).status, row(rids[0]).code) == (WAITS, Doubt.RESILIATION_INCERTAINE)
    rules(doubts.world, rids[0], "none")
    assert statuses(*rids)[0] == Status.RESILIEE
    assert rebuilt_is_the_same(doubts)


def test_r_50_a_decision_about_the_order_says_nothing_of_votes_that_were_reported_later(doubts: Doubts):
    rids = doubts.unsure_order()
    rules(doubts.world, rids[0], "keep-A")
    doubts.votes(1, FactCode.MANDANT_VOTED, FactCode.MANDATAIRE_VOTED)
    assert (row(rids[0]).status, row(rids[0]).code) == (WAITS, Doubt.VOTES_CONTRAIRES)


def test_two_persons_at_once_the_second_sees_what_the_first_decided(doubts: Doubts):
    rids = doubts.unsure_order()
    both_saw = case(doubts.world, rids[0]).token
    rules(doubts.world, rids[0], "keep-A", seen=both_saw)
    with pytest.raises(RuleViolated, match="DEJA_TRANCHE"):
        rules(doubts.world, rids[1], "keep-B", seen=both_saw, level=Level.RIVALS)
    assert statuses(*rids) == [Status.TRANSMISE, Status.NULLE_L73]
    rules(doubts.world, rids[1], "keep-B", level=Level.RIVALS)
    assert statuses(*rids) == [Status.NULLE_L73, Status.TRANSMISE]


def test_a_case_that_changed_meanwhile_is_shown_again_before_it_is_decided(doubts: Doubts):
    rids = doubts.unsure_order()
    seen = case(doubts.world, rids[0]).token
    doubts.establishes(3, "third", 9, mandant=mandant(3), mandataire=JEAN_CLAUDE)
    with pytest.raises(RuleViolated, match="CAS_CHANGE"):
        rules(doubts.world, rids[0], "keep-A", seen=seen)


# refusals


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reason": ""}, "MOTIF_VIDE"),
        ({"reason": " \n\t "}, "MOTIF_VIDE"),
        ({"reason": "x" * 501}, "MOTIF_TROP_LONG"),
        ({"reason": "vu \u202e les pièces"}, "MOTIF_ILLISIBLE"),
        ({"reason": "vu\x07"}, "MOTIF_ILLISIBLE"),
        ({"reason": "vu\x00"}, "MOTIF_ILLISIBLE"),
        ({"choice": "keep-Z"}, "CHOIX_INCONNU"),
        ({"choice": "ff" * 32}, "CHOIX_INCONNU"),
        ({"choice": ""}, "CHOIX_INCONNU"),
        ({"seen": ""}, "CAS_CHANGE"),
        ({"seen": "ab.cd"}, "DEJA_TRANCHE"),
        ({"rid": "00" * 16}, "CAS_INCONNU"),
        ({"rid": "nothing"}, "CAS_INCONNU"),
    ],
)
def test_what_is_no_decision_is_refused_and_writes_nothing(doubts: Doubts, changes, code: str):
    rids = doubts.unsure_order()
    before = Event.objects.count(), statuses(*rids)
    with pytest.raises(RuleViolated, match=code):
        rules(doubts.world, rids[0], **{"choice": "keep-A", **changes})
    assert (Event.objects.count(), statuses(*rids)) == before


@pytest.mark.parametrize(
    "account",
    [
        PortalAccount(pseudonym="agent-1", role="agent de mairie", place=NOUMEA),
        PortalAccount(pseudonym="agent-1", role=ADMINISTRATOR.role, place=NOUMEA),
        PortalAccount(pseudonym="agent-1", role="agent de mairie", place=None),
        PortalAccount(pseudonym="", role=ADMINISTRATOR.role, place=None),
    ],
)
def test_only_a_central_administrator_decides(doubts: Doubts, account: PortalAccount):
    rid = doubts.unsure_withdrawal()
    with pytest.raises(RuleViolated, match="PAS_ADMINISTRATEUR"):
        rules(doubts.world, rid, "keep-A", by=account)
    assert row(rid).status == WAITS


def test_a_reason_of_500_characters_in_several_lines_is_kept(doubts: Doubts):
    rid = doubts.unsure_withdrawal()
    rules(doubts.world, rid, "keep-A", reason="  première ligne\r\nseconde " + "é" * 476)
    (given,) = case(doubts.world, rid, Level.RIVALS).rulings
    assert given.reason == "première ligne seconde " + "é" * 476


def test_a_procuration_that_needs_nobody_is_no_case(doubts: Doubts):
    rid = doubts.establishes(1, "brigade")
    with pytest.raises(Procuration.DoesNotExist):
        case(doubts.world, rid)


@pytest.mark.parametrize(
    ("story", "code"), [("silent_law", Aside.LOI_INCONNUE), ("forked_brigade", Aside.FORK)]
)
def test_what_a_decision_cannot_mend_has_no_choice(doubts: Doubts, story: str, code: Aside):
    rid = getattr(doubts, story)()
    assert (row(rid).status, row(rid).code) == (WAITS, code)
    assert choices_of(case(doubts.world, rid)) == []
    with pytest.raises(RuleViolated, match="CAS_SANS_DECISION"):
        rules(doubts.world, rid, "keep-A")


def test_the_mandant_whose_procuration_stands_after_all_gets_the_recepisse_once(doubts: Doubts):
    rids = doubts.unsure_order()
    kinds = {rid: list(Notice.objects.filter(rid=rid).values_list("kind", flat=True)) for rid in rids}
    assert kinds == {rids[0]: [1, 2], rids[1]: [1]}, "the first stood until the second came"
    rules(doubts.world, rids[0], "keep-A")
    rules(doubts.world, rids[0], "keep-B", level=Level.RIVALS)
    rules(doubts.world, rids[0], "keep-A", level=Level.RIVALS)
    assert [Notice.objects.filter(rid=rid, kind=MessageKind.M2).count() for rid in rids] == [1, 1]
