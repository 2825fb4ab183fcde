"""What the rules say in every order in which procurations may have been drawn up, one order after the other,
against what the program says of all of them at once (R-38, R-39, R-43, R-45, R-46, R-49)."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from procuration.domain.candidates import Candidate, CeilingRevival, Effect, SecondProcuration
from procuration.domain.identifiers import EventHash, LogId, Rid
from procuration.domain.instants import Interval
from procuration.domain.order import Order
from procuration.domain.outcome import Rival, Withdrawal, with_context
from procuration.domain.rivals import judge_rivals
from procuration.domain.status import Doubt
from procuration.domain.validity import Ballots, OneScrutin, Rounds
from tests.builders import NOUMEA, SCRUTIN_ID
from tests.histories import CALENDAR

BALLOTS = Ballots(CALENDAR)
(FIRST,) = BALLOTS.served(OneScrutin(scrutin_id=SCRUTIN_ID, rounds=Rounds.FIRST), NOUMEA)
START = datetime(2027, 4, 1, 8, tzinfo=UTC)
GIVEN_AWAY, STANDS = "a person decides", "STANDS"
REQUIRE, LAST_WINS = SecondProcuration


def minutes(earliest: int, latest: int) -> Interval:
    return Interval(START + timedelta(minutes=earliest), START + timedelta(minutes=latest))


def procuration(number: int, log: int, seq: int, earliest: int, latest: int, **changes) -> Candidate:
    """One for the mandataire T, each of its own mandant, in France."""
    named = {
        "in_france": True,
        "mandant": f"M{number}",
        "mandataire": "T",
        "transmitted_at": None,
        "revival": CeilingRevival.STRICT,
        "rounds": (FIRST,),
    }
    return Candidate(
        rid=Rid(bytes([number]) * 16),
        act_hashes=(EventHash(bytes([number]) * 32),),
        log_id=LogId(bytes([log]) * 16),
        seq=seq,
        drawn_up=minutes(earliest, latest),
        claimed_at=START + timedelta(seconds=number),
        officer=f"officer {log}",
        **named | changes,
    )


def resiliation(number: int, of: int, log: int, seq: int, earliest: int, latest: int) -> Withdrawal:
    return Withdrawal(
        hash=EventHash(bytes([100 + number]) * 32),
        log_id=LogId(bytes([log]) * 16),
        seq=seq,
        when=minutes(earliest, latest),
        rid=Rid(bytes([of]) * 16),
        mandant="",
        vote_place=NOUMEA,
        validity=None,
    )


@dataclass
class Story:
    """Procurations and résiliations, none of them ruled upon."""

    procurations: list[Candidate]
    withdrawals: list[Withdrawal] = field(default_factory=list)

    def says(self) -> dict[Rid, Effect]:
        """What the program says."""
        return {rid: outcomes[FIRST.key].effect for rid, outcomes in judge_rivals(self.known, ()).items()}

    @property
    def known(self) -> list[Candidate]:
        rivals = [Rival(candidate=one) for one in self.procurations]
        return list(with_context(rivals, self.withdrawals, BALLOTS).values())

    def orders(self) -> Iterator[list[Candidate | Withdrawal]]:
        """Every order that the clocks and the chains of the logs allow."""
        return _orders([*self.procurations, *self.withdrawals], START - timedelta(days=1))

    def in_each_order(self) -> dict[Rid, set[str]]:
        """What the rules say of each, over all orders."""
        proved = Order(self.known, ())
        found: dict[Rid, set[str]] = {one.rid: set() for one in self.procurations}
        for order in self.orders():
            for rid, effect in _judged(order, proved).items():
                found[rid].add(effect)
        return found


def _span(one: Candidate | Withdrawal) -> Interval:
    return one.drawn_up if isinstance(one, Candidate) else one.when


def _orders(left: list, now: datetime) -> Iterator[list]:
    if not left:
        yield []
    for one in left:
        instant = max(now, _span(one).earliest)
        late = any(other.log_id == one.log_id and other.seq < one.seq for other in left)
        if not late and instant <= _span(one).latest:
            for rest in _orders([other for other in left if other is not one], instant):
                yield [one, *rest]


def _judged(order: list[Candidate | Withdrawal], proved: Order) -> dict[Rid, str]:
    """The rules in one order that is certain: written again here, as short as they are."""
    found: dict[Rid, str] = {}
    seen: list[Candidate] = []
    for one in order:
        in_force = [other for other in seen if found[other.rid] == STANDS]
        if isinstance(one, Withdrawal):
            if found.get(one.rid) == STANDS:
                found[one.rid] = "RESILIEE"
            continue
        seen.append(one)
        held = [other for other in in_force if other.mandataire == one.mandataire]
        own = [other for other in in_force if other.mandant == one.mandant]
        served = one.rounds[0]
        full = len(held) >= served.max_total
        if full or (one.in_france and sum(other.in_france for other in held) >= served.max_france):
            found[one.rid] = "NULLE_L73"
            continue
        found[one.rid] = STANDS
        known = any(
            other.transmitted_at and other.transmitted_at < proved.span(one).earliest for other in own
        )
        if own and one.second is REQUIRE:
            found[one.rid] = "DEJA_EXISTANTE" if known else GIVEN_AWAY
        for other in own:
            if one.second is LAST_WINS or found[one.rid] == GIVEN_AWAY:
                found[other.rid] = "RESILIEE" if one.second is LAST_WINS else GIVEN_AWAY
    return found


@st.composite
def stories(draw) -> Story:
    """Up to five procurations on up to four tablets whose clocks are more or less sure."""
    count, unsure = draw(st.integers(2, 5)), draw(st.sampled_from([0, 3, 8, 20, 50]))
    removed = draw(st.integers(0, 2))
    instants = draw(st.permutations(range(0, 40, 3)))[: count + removed]
    logs = [draw(st.integers(0, 3)) for _ in instants]
    widths = [(draw(st.integers(0, unsure)), draw(st.integers(0, unsure))) for _ in instants]
    total, france = draw(st.sampled_from([(2, 1), (2, 2), (3, 3)]))
    second = draw(st.sampled_from(list(SecondProcuration)))
    story = Story([])
    for number, (at, log, (before, after)) in enumerate(zip(instants, logs, widths, strict=True)):
        seq = sum(other < at and its == log for other, its in zip(instants, logs, strict=True))
        place = (log, seq, at - before, at + after)
        if number >= count:
            of = draw(st.integers(0, count - 1))
            story.withdrawals.append(resiliation(number, of, *place))
            continue
        known = draw(st.none() | st.integers(1, 20))
        story.procurations.append(
            procuration(
                number,
                *place,
                in_france=draw(st.booleans()),
                mandant=draw(st.sampled_from("ABCD")),
                mandataire=draw(st.sampled_from("TU")),
                transmitted_at=None if known is None else START + timedelta(minutes=at + known),
                second=second,
                rounds=(replace(FIRST, max_total=total, max_france=france),),
            )
        )
    return story


@given(stories())
def test_r_39_r_43_r_49_nothing_is_said_that_an_order_of_establishment_contradicts(story):
    """It stands when it stands in every order, it falls when it stands in none; a person decides the rest."""
    every, said = story.in_each_order(), story.says()
    assume(not any(GIVEN_AWAY in effects for effects in every.values()))
    for rid, effect in said.items():
        if effect is Effect.STANDS:
            assert every[rid] == {STANDS}
        elif effect is not Effect.DOUBT:
            assert STANDS not in every[rid]


@given(stories())
def test_i_9_r_49_no_more_stand_than_may(story):
    said = story.says()
    stand = [one for one in story.procurations if said[one.rid] is Effect.STANDS]
    assert len({one.mandant for one in stand}) == len(stand), "nobody votes twice"
    for held in ([one for one in stand if one.mandataire == name] for name in "TU"):
        assert len(held) <= story.procurations[0].rounds[0].max_total
        assert sum(one.in_france for one in held) <= story.procurations[0].rounds[0].max_france


@given(stories())
def test_r_43_what_is_certain_waits_for_nobody(story):
    """Clocks that are sure leave one order, and no doubt but those that the articles leave open."""
    assume(len(list(story.orders())) == 1)
    for rid, effects in story.in_each_order().items():
        if effects == {GIVEN_AWAY} or STANDS not in effects:
            continue
        assert story.says()[rid] in (Effect.STANDS, Effect.DOUBT)
        if all(one.second is LAST_WINS for one in story.procurations):
            assert story.says()[rid] is Effect.STANDS


# what the comparison of orders found


def effects(*procurations: Candidate, withdrawals=()) -> list[str]:
    said = Story(list(procurations), list(withdrawals)).says()
    return [said[one.rid].value for one in procurations]


def test_r_49_three_of_one_mandant_are_all_in_doubt():
    """The first may have ended before the third: that is no reason to let the second stand unseen."""
    changes = {"mandant": "M"}
    three = (
        procuration(1, 1, 0, 0, 2, mandataire="A", **changes),
        procuration(2, 1, 2, 4, 14, mandataire="B", **changes),
        procuration(3, 2, 0, 5, 20, mandataire="C", **changes),
    )
    ended = resiliation(1, 1, 1, 1, 3, 8)
    assert effects(*three, withdrawals=[ended]) == ["RESILIEE", "DOUBT", "DOUBT"]


def test_r_49_what_may_be_void_itself_replaces_nothing():
    """The last wins, when it counts: whether the second is over the ceiling of its mandataire is unsure."""
    changes = {"mandant": "M", "second": LAST_WINS}
    first = procuration(1, 1, 0, 0, 2, mandataire="A", **changes)
    second = procuration(2, 1, 1, 5, 15, **changes)
    rival = procuration(3, 2, 0, 5, 15, mandant="N")
    assert effects(first, second, rival) == ["DOUBT", "DOUBT", "DOUBT"]


def test_r_49_what_a_later_one_replaced_may_have_left_its_place_free_before():
    """The second of M may have been drawn up before that of N: then N's had room."""
    changes = {"mandant": "M", "second": LAST_WINS}
    first = procuration(1, 1, 0, 0, 2, **changes)
    between = procuration(2, 2, 0, 5, 15, mandant="N")
    second = procuration(3, 1, 1, 6, 16, mandataire="A", **changes)
    assert effects(first, between, second) == ["RESILIEE", "DOUBT", "STANDS"]


@pytest.mark.parametrize("second", list(SecondProcuration))
def test_r_18_an_act_at_one_second_in_two_places_replaces_nothing(second):
    one = procuration(1, 1, 0, 0, 2, mandant="M", mandataire="A", second=second)
    two = procuration(2, 1, 1, 5, 6, mandant="M", mandataire="B", second=second)
    twin = replace(two, rid=Rid(bytes(16)), act_hashes=(EventHash(bytes(32)),), log_id=LogId(bytes(16)))
    twin = replace(twin, mandant="N", mandataire="C")
    assert effects(one, two, twin) == ["DOUBT"] * 3
    assert Doubt.ACTES_SIMULTANES in Story([one, two, twin]).known[1].doubts
