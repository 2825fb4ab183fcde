"""The corpus: every input means today what its name says; it can neither rot nor grow unseen."""

import pytest

from tests.fuzz.make_corpus import BYTES_MAX, expected_of, way_of
from tests.fuzz.run import CORPUS, check_memory
from tests.fuzz.target import ACCEPTED
from tests.fuzz.targets import TARGETS

CORPUS_BYTES_MAX = 300_000


@pytest.mark.parametrize("name", TARGETS)
def test_every_input_of_the_corpus_ends_as_its_name_says(name):
    target = TARGETS[name]
    files = sorted((CORPUS / target.folder).iterdir())
    assert files
    for path in files:
        outcome = check_memory(target, path.read_bytes())
        assert expected_of(path.name) in (outcome, "crash"), path.name


@pytest.mark.parametrize("name", TARGETS)
def test_no_two_inputs_of_the_corpus_say_the_same(name):
    target = TARGETS[name]
    files = [path for path in (CORPUS / target.folder).iterdir() if expected_of(path.name) != "crash"]
    assert len({way_of(target, path.read_bytes()) for path in files}) == len(files)


def test_the_corpus_stays_small_and_has_no_parser_too_many():
    sizes = [path.stat().st_size for path in CORPUS.glob("*/*")]
    assert sum(sizes) <= CORPUS_BYTES_MAX
    assert max(sizes) <= BYTES_MAX
    assert {path.name for path in CORPUS.iterdir()} == {target.folder for target in TARGETS.values()}


def test_an_accepted_input_is_there_wherever_one_can_be():
    folders = {one.folder for one in TARGETS.values()}
    assert {path.parent.name for path in CORPUS.glob(f"*/{ACCEPTED}-*")} == folders
