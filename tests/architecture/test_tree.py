"""The tree as it is: imports, sizes, names and words."""

from pathlib import Path

import pytest

from tests.architecture import imports, shape, words

ROOT = words.ROOT
PROGRAMS = ("procuration", "kiosk_app", "sync_agent", "server", "provisioning")
SOURCES = [
    path
    for path in words.tracked_files()
    if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in PROGRAMS
]
NOT_TEXT = {".lock", ".woff2", ".ttf", ".otf", ".png", ".cbor"}


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def test_the_five_programs_are_read():
    assert {path.relative_to(ROOT).parts[0] for path in SOURCES} == set(PROGRAMS)


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_imports_only_what_the_table_allows(program):
    found = [
        sentence
        for path in SOURCES
        if path.relative_to(ROOT).parts[0] == program
        for sentence in imports.violations(module_name(path), path.read_text())
    ]
    assert found == []


def test_modules_and_functions_stay_short():
    assert [s for path in SOURCES for s in shape.too_long(path.relative_to(ROOT), path.read_text())] == []


def test_modules_are_named_after_what_they_decide():
    assert [s for path in SOURCES if (s := shape.shapeless_name(path.relative_to(ROOT)))] == []


def test_no_error_is_swallowed():
    assert [
        s for path in SOURCES for s in shape.swallowed_errors(path.relative_to(ROOT), path.read_text())
    ] == []


def test_every_folder_of_code_is_a_package():
    folders = {path.parent for path in SOURCES}
    assert [
        str(folder.relative_to(ROOT)) for folder in folders if not (folder / "__init__.py").exists()
    ] == []


def test_no_file_names_a_registry_or_a_folder_of_the_machine():
    places = words.forbidden_places()
    found = {
        str(path.relative_to(ROOT)): said
        for path in words.tracked_files()
        if (said := list(words.said_in(words.text_of(path), places)))
    }
    assert found == {}


def test_nothing_is_left_for_later_in_the_code():
    assert {
        str(path.relative_to(ROOT)): said
        for path in words.tracked_files()
        if path.suffix not in NOT_TEXT
        and (said := list(words.said_in(words.text_of(path), words.UNFINISHED)))
    } == {}


def test_decision_notes_are_numbered_once_each():
    numbers = sorted(path.name[:4] for path in (ROOT / "docs" / "decisions").glob("*.md"))
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]
