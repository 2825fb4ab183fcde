"""The files of the trail: many writers, cut and altered lines, a full disk, the end of a trace."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command

from procuration.errors import CarrierUnavailable, RecordRejected
from server.traces import retention
from server.traces.checking import Fault, check, entries_of
from server.traces.entries import (
    BEGINNING,
    FIELDS,
    RIDS_MAX,
    Draft,
    Entry,
    Mark,
    Read,
    decode,
    encode,
)
from server.traces.reads import record_read, trail_of
from server.traces.retention import purge_traces
from server.traces.trail import Trail
from tests.server.townhall import account_of

NOW = datetime(2027, 4, 1, 9, tzinfo=UTC)
KEY = b"k" * 32
DRAFT = Draft(account="a1", role="agent de mairie", what=Read.ONE, place="98818", rids=("00" * 16,), count=1)


@pytest.fixture
def trail(tmp_path: Path) -> Trail:
    return Trail(tmp_path / "traces", tmp_path / "traces-head", KEY)


def faults(trail: Trail, *marks: Mark) -> set[Fault]:
    return {one.fault for one in check(trail, *marks).faults}


def test_a_line_reads_back_as_it_was_written():
    line, mark = encode(Entry(DRAFT, NOW, 7, BEGINNING.mac), KEY)
    assert decode(line[:-1], KEY) == (Entry(DRAFT, NOW, 7, BEGINNING.mac), mark)
    assert set(json.loads(line.rpartition(b" ")[0])) == FIELDS


def test_the_longest_line_fits():
    draft = Draft(
        account="a" * 120, role="é" * 120, what=Read.LIST, rids=("f" * 32,) * RIDS_MAX, subject="s" * 120
    )
    line, _ = encode(Entry(draft, NOW, 10**9, "0" * 64), KEY)
    assert decode(line[:-1], KEY)[0].draft == draft


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b" ",
        b"{} " + b"0" * 64,
        b"[" * 8_000 + b" " + b"0" * 64,
        b"\xff" * 10 + b" " + b"0" * 64,
        b'{"n":1} ' + b"z" * 64,
        b"x" * 20_000,
    ],
)
def test_a_foreign_line_is_refused_with_one_error(line: bytes):
    with pytest.raises(RecordRejected):
        decode(line, KEY)


def test_many_threads_write_one_chain(trail: Trail):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: trail.append(DRAFT, NOW), range(120)))
    done = check(trail)
    assert (done.entries, done.faults) == (120, [])


WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from server.traces.entries import Draft, Read
from server.traces.trail import Trail
trail = Trail(Path(sys.argv[1]) / "traces", Path(sys.argv[1]) / "traces-head", b"k" * 32)
for _ in range(60):
    trail.append(Draft(account=sys.argv[2], role="r", what=Read.ONE), datetime(2027, 4, 1, 9, tzinfo=UTC))
"""


def test_many_processes_write_one_chain(trail: Trail, tmp_path: Path):
    environment = {**os.environ, "PYTHONPATH": os.getcwd()}
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), str(n)], env=environment)
        for n in range(3)
    ]
    assert [one.wait(60) for one in writers] == [0, 0, 0]
    done = check(trail)
    assert (done.entries, done.faults) == (180, [])


def test_every_altered_byte_of_a_line_shows(trail: Trail):
    for _ in range(3):
        trail.append(DRAFT, NOW)
    file = trail.files()[0]
    whole = file.read_bytes()
    first = len(whole.partition(b"\n")[0]) + 1
    for place in range(first, first + whole[first:].index(b"\n")):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert faults(trail), place
    file.write_bytes(whole)
    assert faults(trail) == set()


@pytest.mark.parametrize(
    ("gone", "fault"), [(0, Fault.BEGINNING_MISSING), (1, Fault.MISSING), (2, Fault.END_MISSING)]
)
def test_a_removed_line_shows_at_either_end_and_in_the_middle(trail: Trail, gone: int, fault: Fault):
    for _ in range(3):
        trail.append(DRAFT, NOW)
    file = trail.files()[0]
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(line for n, line in enumerate(lines) if n != gone))
    assert faults(trail) == {fault}


def test_a_cut_end_still_shows_after_more_was_written(trail: Trail):
    for _ in range(3):
        trail.append(DRAFT, NOW)
    file = trail.files()[0]
    file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:1]))
    trail.append(DRAFT, NOW)
    assert faults(trail) == {Fault.MISSING}


def test_a_removed_day_shows_and_a_mark_of_the_log_finds_a_cut_that_hid_its_head(trail: Trail):
    for days in range(3):
        last = trail.append(DRAFT, NOW + timedelta(days=days))
    trail.files()[1].rename(trail.folder / "kept-by-somebody")
    assert faults(trail) == {Fault.MISSING}
    (trail.folder / "kept-by-somebody").rename(trail.folder / "2027-04-02.traces")
    trail.files()[2].unlink()
    trail.head_file.unlink()
    assert faults(trail) == set()
    assert faults(trail, last) == {Fault.END_MISSING}


def test_lines_of_two_trails_do_not_mix(trail: Trail, tmp_path: Path):
    other = Trail(tmp_path / "other", tmp_path / "other-head", b"o" * 32)
    trail.append(DRAFT, NOW)
    other.append(DRAFT, NOW)
    other.files()[0].rename(trail.folder / "2027-03-31.traces")
    assert Fault.ALTERED in faults(trail)


def test_a_line_torn_by_a_power_cut_goes_and_the_chain_goes_on(trail: Trail):
    trail.append(DRAFT, NOW)
    file = trail.files()[0]
    whole = file.read_bytes()
    with file.open("ab") as end:
        end.write(whole[:50])
    trail.append(DRAFT, NOW)
    done = check(trail)
    assert (done.entries, done.faults) == (2, [])


def test_a_first_line_torn_by_a_power_cut_goes_too(trail: Trail):
    trail.folder.mkdir()
    (trail.folder / "2027-04-01.traces").write_bytes(b'{"account":')
    trail.append(DRAFT, NOW)
    done = check(trail)
    assert (done.entries, done.faults) == (1, [])


def test_a_full_disk_takes_no_part_of_a_line(trail: Trail, monkeypatch):
    trail.append(DRAFT, NOW)
    size = trail.files()[0].stat().st_size
    real = os.write
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda descriptor, data: real(descriptor, data[:40]))
        with pytest.raises(CarrierUnavailable, match="TRACE_IMPOSSIBLE"):
            trail.append(DRAFT, NOW)
    assert trail.files()[0].stat().st_size == size
    trail.append(DRAFT, NOW)
    assert check(trail).faults == []


def test_a_clock_that_goes_back_does_not_write_in_an_older_file(trail: Trail):
    trail.append(DRAFT, NOW)
    trail.append(DRAFT, NOW - timedelta(days=2))
    assert [path.name for path in trail.files()] == ["2027-04-01.traces"]
    assert check(trail).faults == []


def test_a_trace_goes_after_twelve_months_and_the_checker_knows_who_took_it(world):
    trail = trail_of(world.centre)
    began = world.clock.at
    for days in (0, 1, 100):
        world.clock.at = began + timedelta(days=days)
        record_read(account_of(), Read.ONE, rids=["00" * 16])
    world.clock.at = began + timedelta(days=364)
    assert purge_traces(world.centre) == 0
    world.clock.at = began + timedelta(days=368)
    assert purge_traces(world.centre, dry_run=True) == 2
    assert purge_traces(world.centre) == 2
    assert check(trail).faults == []
    assert [one.draft.what for one in entries_of(trail)] == [Read.ONE, Read.RETENTION, Read.RETENTION]
    trail.files()[0].unlink()
    assert faults(trail) == {Fault.BEGINNING_MISSING}


def test_the_setting_says_for_how_long(world, monkeypatch):
    from dataclasses import replace

    record_read(account_of(), Read.ONE)
    world.clock.at += timedelta(days=190)
    record_read(account_of(), Read.ONE)
    monkeypatch.setattr(retention, "OPTIONS", replace(retention.OPTIONS, traces_months=6))
    assert purge_traces(world.centre) == 1


def test_the_commands_list_verify_and_export(world, capsys, tmp_path: Path):
    record_read(account_of(), Read.ONE, rids=["11" * 16])
    record_read(account_of(pseudonym="agent-2"), Read.SEARCH, count=3, asked="Luc MARTIN")
    call_command("traces", "list", "--account", "agent-2", "--json")
    told = json.loads(capsys.readouterr().out)
    assert (told["what"], told["count"], told["rids"]) == ("search", 3, [])
    assert "MARTIN" not in json.dumps(told)
    call_command("traces", "list", "--asked", "luc martin")
    assert len(capsys.readouterr().out.splitlines()) == 1
    call_command("traces", "list", "--rid", "11" * 16, "--until", "1999-01-01")
    assert capsys.readouterr().out == ""
    call_command("traces", "export", "--out", str(tmp_path / "out.jsonl"))
    assert len((tmp_path / "out.jsonl").read_text().splitlines()) == 2
    assert (tmp_path / "out.jsonl").stat().st_mode & 0o777 == 0o600
    capsys.readouterr()
    call_command("traces", "verify", "--json")
    assert json.loads(capsys.readouterr().out)["faults"] == []
    file = trail_of(world.centre).files()[0]
    file.write_bytes(file.read_bytes().replace(b"agent-2", b"agent-3"))
    with pytest.raises(SystemExit) as ended:
        call_command("traces", "verify")
    assert ended.value.code == 1
    assert "TRACE_ALTEREE" in capsys.readouterr().out
