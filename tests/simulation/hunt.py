"""Runs plans without pytest, on a throw-away database, until an invariant breaks, or all with `--all`:
`python -m tests.simulation.hunt 3 8 cases/x.json`. For deliberate bugs, and for whoever looks for a seed.

Exit status: 0 every invariant held, 1 one was broken (or the simulated programs stopped), 2 the simulator
itself does not run.
"""

import os
import sys
from pathlib import Path

_OURS = (ImportError, SyntaxError, NameError, AttributeError, TypeError)


def main(names: list[str]) -> int:
    """Each name is a seed or the file of a plan."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.server_settings")
    import django

    django.setup()
    from django.test.utils import get_runner, setup_test_environment

    setup_test_environment()
    databases = get_runner(None, "django.test.runner.DiscoverRunner")(verbosity=0, interactive=False)
    config = databases.setup_databases()
    try:
        if names[:1] == ["--all"]:
            return max(map(_breaks, names[1:]))
        return 1 if any(map(_breaks, names)) else 0
    finally:
        databases.teardown_databases(config)


def _breaks(name: str) -> bool:
    from tests.simulation.plan import Plan, plan_of
    from tests.simulation.runs import run

    plan = plan_of(int(name)) if name.isdigit() else Plan.read(Path(name))
    try:
        verdict = run(plan)
    except _OURS:
        raise
    except Exception as error:  # noqa: BLE001  whatever a mutant does to itself
        sys.stdout.write(f"{name}: the programs stopped: {type(error).__name__} {error}\n")
        return True
    sys.stdout.write(f"{name}: {verdict.said}\n")
    return bool(verdict.faults)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except _OURS:
        sys.excepthook(*sys.exc_info())
        sys.exit(2)
