"""Alerts inform, they never refuse (DOMAIN 9.8; DESIGN, decision 14)."""

from datetime import date, timedelta

import pytest

from procuration.domain.acts import ActPlaceKind
from procuration.domain.alerts import Alert, AlertCode, AlertPolicy, PastAct, alerts_for
from procuration.domain.identifiers import Kid

TODAY = date(2026, 11, 22)
MINE, HERS = Kid(b"officer1"), Kid(b"officer2")
POLICY = AlertPolicy()


def act(n=0, *, day=TODAY, officer=MINE, place=ActPlaceKind.UNIT, mandataire=None):
    return PastAct(day=day, officer=officer, place=place, mandataire=mandataire or f"c|{n}")


def told(asked, past, policy=POLICY):
    return [(alert.code, alert.n) for alert in alerts_for(asked, past, policy)]


def test_an_ordinary_act_alerts_nobody():
    assert told(act(99), [act(n) for n in range(19)]) == []


@pytest.mark.parametrize(("before", "said"), [(0, []), (1, [1]), (3, [3])])
def test_a_mandataire_named_before_is_said_with_how_often(before, said):
    past = [act(mandataire="c|paul", day=TODAY - timedelta(days=n)) for n in range(before)]
    assert [n for code, n in told(act(mandataire="c|paul"), past)] == said


@pytest.mark.parametrize(("visits", "said"), [(2, []), (3, [(AlertCode.DOMICILES_NOMBREUX, 3)])])
def test_many_visits_at_home_on_one_day_are_said_at_home_only(visits, said):
    past = [act(n, place=ActPlaceKind.HOME, officer=HERS) for n in range(visits)]
    assert told(act(99, place=ActPlaceKind.HOME), past) == said
    assert told(act(99), past) == []
    assert told(act(99, place=ActPlaceKind.HOME, day=TODAY + timedelta(days=1)), past) == []


@pytest.mark.parametrize(("acts", "said"), [(19, []), (20, [(AlertCode.ACTES_NOMBREUX, 20)])])
def test_the_volume_of_a_day_is_that_of_one_officer(acts, said):
    past = [act(n) for n in range(acts)]
    assert told(act(99), past) == said
    assert told(act(99, officer=HERS), past) == []


def test_the_policy_moves_each_threshold_and_the_gravest_comes_first():
    policy = AlertPolicy(same_mandataire=2, home_visits_per_day=1, acts_per_day=2)
    past = [act(mandataire="c|paul", place=ActPlaceKind.HOME) for _ in range(2)]
    assert alerts_for(act(mandataire="c|paul", place=ActPlaceKind.HOME), past, policy) == (
        Alert(code=AlertCode.MANDATAIRE_REPETE, n=2),
        Alert(code=AlertCode.DOMICILES_NOMBREUX, n=2),
        Alert(code=AlertCode.ACTES_NOMBREUX, n=2),
    )


def test_a_threshold_of_zero_still_needs_one_act_before():
    assert told(act(), [], AlertPolicy(same_mandataire=0, home_visits_per_day=0, acts_per_day=0)) == []
