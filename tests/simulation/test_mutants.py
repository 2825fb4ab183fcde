"""Deliberate bugs, each found by the simulator: what it cannot see, it does not guard."""

import pytest

from tests.simulation.mutation import MUTANTS, hunted, mutated
from tests.simulation.plan import Plan
from tests.simulation.runs import run

PATCHES = sorted(MUTANTS.glob("*.patch"))
PLANS = sorted(MUTANTS.glob("*.json"))

pytestmark = pytest.mark.slow


def test_there_are_ten_at_least_and_each_has_its_plan():
    assert len(PATCHES) >= 10
    assert [path.stem for path in PATCHES] == [path.stem for path in PLANS]


@pytest.mark.parametrize("patch", PATCHES, ids=lambda path: path.stem)
def test_a_deliberate_bug_is_found(patch, tmp_path):
    found = hunted(mutated(patch, tmp_path), str(patch.with_suffix(".json")))
    assert found.returncode == 1, f"{patch.read_text().splitlines()[0]}\n{found.stdout}\n{found.stderr}"


@pytest.mark.django_db
@pytest.mark.parametrize("plan", PLANS, ids=lambda path: path.stem)
def test_the_programs_as_they_are_pass_the_same_plan(plan):
    verdict = run(Plan.read(plan))
    assert not verdict.faults, verdict.said
