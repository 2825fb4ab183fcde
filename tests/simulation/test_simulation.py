"""Random histories of a few tablets and their centre: whatever goes wrong, nothing acknowledged is lost,
nothing has an effect twice, and nothing has one without an officer.
"""

import os
from pathlib import Path

import pytest

from tests.simulation.conftest import SUMMARY
from tests.simulation.plan import Plan, plan_of
from tests.simulation.runs import Verdict, run
from tests.simulation.shrink import shrunk

SEEDS = int(os.environ.get("PROCURATION_SIMULATION_SEEDS", "50"))
FIRST = int(os.environ.get("PROCURATION_SIMULATION_FIRST", "1"))
CASES = sorted((Path(__file__).parent / "cases").glob("*.json"))
FAILED = Path("build") / "simulation"
SHRINKING_RUNS_MAX = int(os.environ.get("PROCURATION_SIMULATION_SHRINKING", "40"))

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.mark.parametrize("seed", range(FIRST, FIRST + SEEDS))
def test_every_invariant_holds_after_a_run(seed, record_property):
    verdict = run(plan_of(seed))
    tell(verdict, record_property)
    if verdict.faults:
        pytest.fail(f"{verdict.said}\n{kept(verdict)}", pytrace=False)


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_what_once_failed_fails_no_more(case, record_property):
    verdict = run(Plan.read(case))
    tell(verdict, record_property)
    assert not verdict.faults, verdict.said


def test_the_same_seed_is_the_same_history():
    first, second = run(plan_of(FIRST)), run(plan_of(FIRST))
    assert first.ledger == second.ledger
    assert first.counts == second.counts


def tell(verdict: Verdict, record_property) -> None:
    """For the summary after all tests."""
    record_property(
        SUMMARY,
        {
            "hours": verdict.plan.hours,
            "faults": len(verdict.faults),
            "clones": verdict.clones,
            "clones_found": verdict.clones_found,
            "seconds": verdict.seconds,
            "wall_seconds": verdict.wall_seconds,
            "counts": verdict.counts,
        },
    )


def kept(verdict: Verdict) -> str:
    """A smaller plan that breaks the same invariant, as a file to be moved into `cases`."""
    broken = {fault.partition(" ")[0] for fault in verdict.faults}

    def fails(plan: Plan) -> bool:
        return bool(broken & {fault.partition(" ")[0] for fault in run(plan).faults})

    small = shrunk(verdict.plan, fails, runs_max=SHRINKING_RUNS_MAX)
    FAILED.mkdir(parents=True, exist_ok=True)
    path = FAILED / f"seed-{verdict.plan.seed}.json"
    path.write_text(small.as_json(), "utf-8")
    return (
        f"{len(small.steps)} of {len(verdict.plan.steps)} steps are left: {path}, for tests/simulation/cases"
    )
