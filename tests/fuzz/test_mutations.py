"""Every parser answers or rejects, in little time and memory, whatever is done to a true record."""

import os
from random import Random

import pytest

from procuration.errors import RecordRejected
from tests.fuzz.fragments import FRAGMENTS
from tests.fuzz.mutator import BLIND, CBOR, LINES, Mutator
from tests.fuzz.run import (
    SECONDS_MAX,
    TakesTooLong,
    TakesTooMuch,
    check_memory,
    crash_file,
    fuzz,
    no_longer_than,
)
from tests.fuzz.target import ACCEPTED, Target
from tests.fuzz.targets import TARGETS

MUTATIONS = 2_000
SEED = os.environ.get("PROCURATION_TEST_SEED") or "1"
"""The same inputs for the same code: a red `make test` speaks of the change. `make fuzz` goes elsewhere."""


@pytest.mark.fuzz
@pytest.mark.parametrize("name", TARGETS)
def test_a_parser_answers_or_rejects_whatever_it_is_given(name, budget):
    print(f"PROCURATION_TEST_SEED={SEED}")
    target = TARGETS[name]
    report = fuzz(target, MUTATIONS * budget // target.share, f"{SEED} {name}")
    kept = [crash_file(target, data) for data, _ in report.failures.values()]
    assert not report.failures, (SEED, [str(path) for path in kept], report.failures)


@pytest.mark.parametrize("name", [name for name in TARGETS if name != "answer of the line"])
def test_what_nobody_touched_is_accepted(name):
    target = TARGETS[name]
    assert {target.outcome(seed) for seed in target.seeds} == {ACCEPTED}


@pytest.mark.parametrize("name", TARGETS)
def test_mutations_are_the_same_again_for_the_same_seed(name):
    target = TARGETS[name]
    one, again, other = (Mutator(target.seeds, target.form, Random(s), target.prefix) for s in (1, 1, 2))
    assert [one() for _ in range(50)] == [again() for _ in range(50)] != [other() for _ in range(50)]


@pytest.mark.parametrize(
    ("name", "deepest"),
    [
        ("content", "PERSON_NAME"),
        ("signed envelope", "ENVELOPE_FIELDS"),
        ("signed manifest up", "FIELD_BYTES"),
        ("paper inside", "BODY_HASH"),
        ("receipt", "PROOF_LENGTH"),
        ("directory", "DIRECTORY_KID"),
        ("calendar", "CALENDAR_CEILING"),
        ("entries", "EPOCH_KEY"),
    ],
)
def test_mutations_reach_the_last_checks_of_a_parser(name, deepest):
    target = TARGETS[name]
    assert deepest in fuzz(target, 4_000 // target.share, "deep").outcomes


def planted(name: str, read, form: str = CBOR, **more: object) -> Target:
    return Target(name=name, read=read, seeds=(bytes.fromhex("83010243616263"),), form=form, **more)


def fails_on(data: bytes) -> None:
    if FRAGMENTS[30] in data:
        raise KeyError("a parser with a hole in it")
    raise RecordRejected("CBOR_TYPE")


def test_a_parser_with_a_hole_is_found_and_its_input_kept(tmp_path):
    target = planted("with a hole", fails_on)
    report = fuzz(target, 20_000, "planted")
    ((data, what),) = report.failures.values()
    assert "KeyError" in what
    kept = crash_file(target, data, tmp_path)
    assert kept.parent.name == "with-a-hole"
    assert kept.name.startswith("crash-")
    with pytest.raises(KeyError):
        target.outcome(kept.read_bytes())


def test_a_parser_that_reads_two_encodings_of_one_value_is_found():
    report = fuzz(planted("lax", bytes, write=lambda read: read.rstrip(b"0"), form=LINES), 2_000, "planted")
    assert any("NotTheSameBytes" in what for _, what in report.failures.values())


def test_a_parser_that_takes_too_much_memory_is_found():
    with pytest.raises(TakesTooMuch):
        check_memory(planted("hungry", lambda data: bytearray(4 << 20)), b"\x00")
    assert check_memory(planted("sober", lambda data: bytearray(1 << 19)), b"\x00") == ACCEPTED


def test_a_parser_that_never_ends_is_interrupted():
    def loops() -> None:
        while True:
            pass

    with pytest.raises(TakesTooLong), no_longer_than(0.05):
        loops()
    assert SECONDS_MAX > 0.05


@pytest.mark.parametrize("form", [CBOR, LINES, BLIND])
def test_a_mutator_of_each_form_rarely_repeats_itself(form):
    mutations = Mutator([bytes.fromhex("83010243616263")], form, Random(3))
    assert len({mutations() for _ in range(1_000)}) > 300
