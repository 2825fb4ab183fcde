"""The verifier as whoever gets it has it: one file, run or loaded by its path."""

import importlib.util
import subprocess
import sys
from pathlib import Path

FILE = Path(__file__).resolve().parents[2] / "docs" / "verifier" / "verify_proofs.py"


def load():
    """Its functions."""
    spec = importlib.util.spec_from_file_location("verify_proofs", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(*arguments):
    """Exit status and output, in a folder and with a path where none of our packages is."""
    done = subprocess.run(
        [sys.executable, "-I", str(FILE), *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd="/",
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr
