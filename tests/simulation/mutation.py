"""A copy of the programs with one deliberate bug in it, and the simulator run on that copy.

Each `mutants/NAME.patch` says in its first line what the bug is; `mutants/NAME.json` is a plan that finds it.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MUTANTS = Path(__file__).parent / "mutants"
_COPIED = ("procuration", "kiosk_app", "sync_agent", "server", "provisioning", "tests")
_SECONDS_MAX = 300


class PatchDoesNotApply(Exception):
    """The programs have changed: the patch must be drawn again."""


def mutated(patch: Path, folder: Path) -> Path:
    """A tree of the programs with the bug of a patch. Raises: PatchDoesNotApply."""
    for name in _COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
    command = ["git", "apply", "--whitespace=nowarn", "-p1", str(patch)]
    outside = {**os.environ, "GIT_CEILING_DIRECTORIES": str(folder.parent)}
    done = subprocess.run(command, cwd=folder, env=outside, capture_output=True, text=True, check=False)
    if done.returncode:
        raise PatchDoesNotApply(f"{patch.name}: {done.stderr}")
    return folder


def hunted(tree: Path, *names: str) -> subprocess.CompletedProcess[str]:
    """The simulator on the programs of a tree. Status 1: it found something."""
    environment = {**os.environ, "PYTHONPATH": str(tree), "TMPDIR": str(tree)}
    environment.pop("PROCURATION_HOME", None)
    command = [sys.executable, "-m", "tests.simulation.hunt", *names]
    return subprocess.run(
        command, cwd=tree, env=environment, capture_output=True, text=True, timeout=_SECONDS_MAX, check=False
    )
