"""The folder between the program that holds the keys and the program that travels."""

import json
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procuration.adapters.spool import (
    SEALED_BYTES_MAX,
    URGENCY_BYTES_MAX,
    AgentSpool,
    AppSpool,
    AppStatus,
    check_code,
    decode_closings,
    encode_closings,
    name_of,
)
from procuration.errors import RecordRejected

STATUS = AppStatus(
    written_at=datetime(2021, 6, 20, 8, 0, tzinfo=UTC),
    receipt_at=datetime(2021, 6, 20, 7, 59, tzinfo=UTC),
    tree_size=12,
    kept=3,
    received=2,
    decided=1,
)


@pytest.fixture
def app(tmp_path: Path) -> AppSpool:
    return AppSpool(tmp_path)


@pytest.fixture
def agent(tmp_path: Path, app: AppSpool) -> AgentSpool:
    return AgentSpool(tmp_path)


def rejected_with(code: str):
    return pytest.raises(RecordRejected, match=f"^{code}$")


def test_a_bundle_is_named_after_the_hash_of_its_content(app, tmp_path):
    name = app.put_bundle(b"sealed")
    assert name == name_of(b"sealed")
    assert (tmp_path / "out" / f"{name}.prb").read_bytes() == b"sealed"


def test_the_same_bundle_twice_is_one_file(app):
    assert app.put_bundle(b"sealed") == app.put_bundle(b"sealed")
    assert len(app.bundle_names()) == 1


def test_the_agent_reads_what_the_app_sealed(app, agent):
    app.put_bundle(b"sealed")
    (waiting,) = agent.out_files()
    assert agent.read_out(waiting.name) == b"sealed"


def test_bundles_wait_in_the_order_they_were_written(app, tmp_path):
    names = [app.put_bundle(b"first"), app.put_bundle(b"second"), app.put_bundle(b"third")]
    for age, name in enumerate(names):
        os.utime(tmp_path / "out" / f"{name}.prb", ns=(age, age))
    assert app.bundle_names() == names


def test_the_app_reads_the_answer_under_the_name_of_the_bundle(app, agent):
    name = app.put_bundle(b"up")
    agent.put_answer(name, b"down")
    assert app.answer_names() == [name]
    assert app.read_answer(name) == b"down"


def test_an_answer_and_a_bundle_can_be_taken_away(app, agent):
    name = app.put_bundle(b"up")
    agent.put_answer(name, b"down")
    app.remove_answer(name)
    app.remove_bundle(name)
    assert app.answer_names() == app.bundle_names() == []


def test_a_refusal_carries_the_code_of_the_centre(app, agent):
    agent.put_refusal(name_of(b"up"), "SEAL_UNREADABLE")
    assert app.refusals() == {name_of(b"up"): "SEAL_UNREADABLE"}


def test_an_answer_replaces_an_earlier_refusal(app, agent):
    agent.put_refusal(name_of(b"up"), "UNKNOWN_DEVICE")
    agent.put_answer(name_of(b"up"), b"down")
    assert app.refusals() == {}


@pytest.mark.parametrize("content", [b"{", b"[]", b"3", b'{"code":3}', b'{"code":"<script>"}', b"\xff"])
def test_a_damaged_refusal_still_says_that_the_bundle_did_not_pass(app, tmp_path, content):
    (tmp_path / "in" / f"{'0' * 32}.refused").write_bytes(content)
    assert app.refusals() == {"0" * 32: "REFUSED"}


def test_an_enrolment_leaves_once_the_centre_has_it(app, agent):
    app.put_enrolment(b"enrolment")
    (waiting,) = agent.out_files()
    agent.remove_enrolment(waiting.name)
    assert agent.out_files() == []


def test_a_bundle_whose_content_is_not_its_name_is_not_carried(app, agent, tmp_path):
    name = app.put_bundle(b"sealed")
    (tmp_path / "out" / f"{name}.prb").write_bytes(b"Sealed")
    with rejected_with("SPOOL_DAMAGED"):
        agent.read_out(f"{name}.prb")


def test_only_regular_small_files_with_a_right_name_are_seen(agent, tmp_path):
    out = tmp_path / "out"
    (out / ".0123.tmp").write_bytes(b"half")
    (out / "notes.txt").write_bytes(b"x")
    (out / f"{'A' * 32}.prb").write_bytes(b"x")
    (out / f"{'0' * 31}.prb").write_bytes(b"x")
    (out / f"{'1' * 32}.prb").symlink_to(tmp_path / "in")
    (out / f"{'2' * 32}.prb").mkdir()
    (out / f"{'3' * 32}.prb").touch()
    os.mkfifo(out / f"{'4' * 32}.prb")
    with (out / f"{'5' * 32}.prb").open("wb") as file:
        file.truncate(SEALED_BYTES_MAX + 1)
    assert agent.out_files() == []


@pytest.mark.parametrize("make", [lambda p: p.symlink_to("/etc/hostname"), os.mkfifo, Path.mkdir])
def test_a_link_a_pipe_or_a_folder_is_not_opened(agent, tmp_path, make):
    name = f"{'1' * 32}.prb"
    make(tmp_path / "out" / name)
    with rejected_with("FILE_NOT_REGULAR"):
        agent.read_out(name)


def test_a_name_that_leaves_the_folder_is_not_opened(agent, tmp_path):
    (tmp_path / "secret").write_bytes(b"secret")
    with rejected_with("FILE_NOT_REGULAR"):
        agent.read_out("../secret")


def test_nothing_larger_than_a_bundle_is_handed_over(app):
    with rejected_with("SEALED_TOO_LARGE"):
        app.put_bundle(b"x" * (SEALED_BYTES_MAX + 1))


def test_what_a_crash_left_half_written_is_removed(agent, tmp_path):
    (tmp_path / "in" / ".abc.prb.12.tmp").write_bytes(b"half")
    agent.clear_leftovers()
    assert list((tmp_path / "in").iterdir()) == []


def test_the_agent_shows_the_last_proof_the_app_wrote(app, agent):
    app.write_status(STATUS)
    assert agent.app_status() == STATUS


def test_a_tablet_without_receipt_has_a_status_too(app, agent):
    app.write_status(replace(STATUS, receipt_at=None, tree_size=None))
    assert agent.app_status() == replace(STATUS, receipt_at=None, tree_size=None)


def test_without_status_of_the_app_there_is_no_proof(agent):
    assert agent.app_status() is None


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"kept": -1},
        {"kept": None},
        {"kept": True},
        {"tree_size": "12"},
        {"written_at": None},
        {"written_at": "2021-06-20T08:00:00"},
        {"receipt_at": "hier"},
        {"name": "DUBOIS"},
    ],
)
def test_a_status_that_says_anything_else_is_refused(change):
    fields = json.loads(STATUS.to_json()) | change
    with rejected_with("STATUS_MALFORMED"):
        AppStatus.from_json(json.dumps(fields).encode())


@given(st.binary(max_size=200) | st.text().map(str.encode))
def test_no_bytes_make_the_status_reader_fail_otherwise(data):
    with rejected_with("STATUS_MALFORMED"):
        AppStatus.from_json(data)


CLOSINGS = {f"{'1' * 32}.prb": datetime(2027, 4, 11, 8, 0, tzinfo=UTC)}


def test_r_55_the_agent_reads_which_closing_depends_on_a_file(app, agent):
    assert agent.closings() == {}
    app.write_closings(CLOSINGS)
    assert agent.closings() == CLOSINGS


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"closings": []},
        {"closings": None},
        {"closings": {"../out.prb": "2027-04-11T08:00:00+00:00"}},
        {"closings": {f"{'1' * 32}.prb": "2027-04-11T08:00:00"}},
        {"closings": {f"{'1' * 32}.prb": None}},
        {"closings": {f"{'1' * 32}.prb": 3}},
        {"closings": {f"{'1' * 32}.prb": "0001-01-01T00:00:00+14:00"}},
        {"closings": {f"{'1' * 32}.prb": "9999-12-31T23:59:59-12:00"}},
        {"closings": {f"{'1' * 32}.prb": "1969-12-31T23:59:59+00:00"}},
    ],
)
def test_closings_that_say_anything_else_are_refused_and_count_for_nothing(agent, tmp_path, change):
    data = json.dumps(json.loads(encode_closings(CLOSINGS)) | change).encode()
    with rejected_with("URGENCY_MALFORMED"):
        decode_closings(data)
    (tmp_path / "urgency.json").write_bytes(data)
    assert agent.closings() == {}


@given(st.binary(max_size=200) | st.text().map(str.encode) | st.just(b"[" * 100_000))
def test_no_bytes_make_the_reader_of_closings_fail_otherwise(data):
    with rejected_with("URGENCY_MALFORMED"):
        decode_closings(data)


@pytest.mark.parametrize("make", [lambda p: p.symlink_to("/etc/hostname"), os.mkfifo, Path.mkdir, Path.touch])
def test_closings_behind_a_link_a_pipe_or_a_folder_count_for_nothing(agent, tmp_path, make):
    make(tmp_path / "urgency.json")
    assert agent.closings() == {}


def test_closings_larger_than_any_app_writes_count_for_nothing(agent, tmp_path):
    (tmp_path / "urgency.json").write_bytes(encode_closings(CLOSINGS) + b" " * URGENCY_BYTES_MAX)
    assert agent.closings() == {}


@pytest.mark.parametrize("code", ["", "lower", "A" * 65, "AVEC ESPACE", "<b>", 3, None, "É"])
def test_a_code_is_capitals_digits_and_underscores(code):
    with rejected_with("CODE_MALFORMED"):
        check_code(code)


def test_the_first_root_left_by_the_app_is_read_by_the_agent(app, agent):
    assert agent.first_root() is None
    app.put_root(b"root")
    assert agent.first_root() == b"root"
