"""From a plan that fails to a smaller one that still fails: steps are left out as long as it does (delta
debugging, Zeller and Hildebrandt 2002).
"""

from collections.abc import Callable

from tests.simulation.plan import Plan


def shrunk(plan: Plan, fails: Callable[[Plan], bool], *, runs_max: int = 200) -> Plan:
    """The smallest plan found in so many runs."""
    runs, size = 0, max(1, len(plan.steps) // 2)
    while runs < runs_max and plan.steps:
        smaller = None
        for start in range(0, len(plan.steps), size):
            runs += 1
            candidate = plan.without(set(range(start, start + size)))
            if fails(candidate):
                smaller = candidate
                break
            if runs >= runs_max:
                break
        if smaller is not None:
            plan = smaller
            size = min(size, max(1, len(plan.steps) // 2))
        elif size == 1:
            break
        else:
            size = max(1, size // 2)
    return plan
