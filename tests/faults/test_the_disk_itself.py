"""The disk that forgets forgets only what nobody asked it to keep: else the power cuts prove nothing."""

import random

import pytest

from tests.faults.disk import SECTOR_BYTES, Disk
from tests.faults.recording import Recording, python, record

ROOT = "/tablet"
CUTS = 300


def outcomes(disk, tmp_path):
    """Every state in which this disk may come back, as {name: content}."""
    states = set()
    for seed in range(CUTS):
        image = tmp_path / str(seed)
        image.mkdir()
        disk.after_a_cut(random.Random(seed), ROOT, image)
        states.add(tuple(sorted((path.name, path.read_bytes()) for path in image.iterdir())))
    return [dict(state) for state in states]


@pytest.fixture
def disk():
    return Disk()


def test_what_was_flushed_with_its_name_is_there_after_every_cut(disk, tmp_path):
    file = disk.create(f"{ROOT}/log")
    file.write(0, b"acknowledged")
    file.sync()
    disk.sync_folder(ROOT)
    assert outcomes(disk, tmp_path) == [{"log": b"acknowledged"}]


def test_a_name_that_its_folder_was_not_asked_to_keep_may_be_lost(disk, tmp_path):
    disk.create(f"{ROOT}/log").sync()
    assert {"log" in state for state in outcomes(disk, tmp_path)} == {True, False}


def test_what_was_not_flushed_may_be_kept_lost_reordered_or_torn(disk, tmp_path):
    file = disk.create(f"{ROOT}/log")
    file.write(0, b"-" * 2 * SECTOR_BYTES)
    file.sync()
    disk.sync_folder(ROOT)
    file.write(0, b"1" * SECTOR_BYTES + b"2" * SECTOR_BYTES)
    contents = {state["log"] for state in outcomes(disk, tmp_path)}
    first, second = b"1" * SECTOR_BYTES, b"2" * SECTOR_BYTES
    old = b"-" * SECTOR_BYTES
    assert {old + old, first + second, first + old, old + second} <= contents
    assert any(b"1-" in content[:SECTOR_BYTES] for content in contents)


def test_a_renamed_file_has_its_old_name_or_its_new_one(disk, tmp_path):
    disk.create(f"{ROOT}/aside").sync()
    disk.sync_folder(ROOT)
    disk.rename(f"{ROOT}/aside", f"{ROOT}/log")
    assert sorted(map(list, outcomes(disk, tmp_path))) == [["aside"], ["log"]]


def test_a_removed_file_may_come_back(disk, tmp_path):
    disk.create(f"{ROOT}/journal").sync()
    disk.sync_folder(ROOT)
    disk.remove(f"{ROOT}/journal")
    assert {"journal" in state for state in outcomes(disk, tmp_path)} == {True, False}


@pytest.mark.slow
def test_a_recorded_program_leaves_on_this_disk_what_it_left_on_the_real_one(tmp_path):
    tree, marks, trace = tmp_path / "tree", tmp_path / "marks", tmp_path / "trace"
    tree.mkdir()
    record(python("tests.faults.tablet_life", tree, marks, "accueil"), trace)
    recording = Recording(trace, tree, marks)
    (cut,) = recording.cuts([len(recording.calls)], _KeepsAll())
    image = tmp_path / "image"
    image.mkdir()
    cut.write(image)
    real = {path.relative_to(tree): path.read_bytes() for path in tree.rglob("*") if path.is_file()}
    mapped = {
        place: real.pop(place) for place in list(real) if place.name in ("store.db-shm", "ballast", "turn")
    }
    assert mapped
    assert real == {path.relative_to(image): path.read_bytes() for path in image.rglob("*") if path.is_file()}


class _KeepsAll(random.Random):
    """A power cut after which everything happens to be there."""

    def randrange(self, *_):
        return 1
