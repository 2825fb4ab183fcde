"""The verifier is short, alone, and says how it is used."""

import ast
import sys

from tests.verifier.verifier import FILE, run


def test_it_has_at_most_two_hundred_lines_of_at_most_110_characters():
    lines = FILE.read_text(encoding="utf-8").splitlines()
    assert 50 < len(lines) <= 200
    assert max(map(len, lines)) <= 110


def test_it_imports_the_standard_library_and_cryptography_only():
    tree = ast.parse(FILE.read_text(encoding="utf-8"))
    named = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or "."]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert "cryptography" in named
    assert named - {"cryptography"} <= sys.stdlib_module_names
    assert not named & {"importlib", "subprocess", "ctypes", "runpy"}


def test_help_gives_an_example_and_the_exit_states():
    status, said = run("--help")
    assert status == 0
    assert "--ledger ledger.cbor" in said
    assert "0 all holds, 1 faults (listed), 2 wrong usage" in said


def test_wrong_usage_and_missing_files_are_status_two(tmp_path):
    assert run()[0] == 2
    assert run(tmp_path / "absent.cbor")[0] == 2
    assert run("--realm", "xyz", FILE)[0] == 2
