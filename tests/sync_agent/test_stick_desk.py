"""A copy asked for by touch: the app writes a wish, the agent does it; neither believes the other."""

import json
from dataclasses import replace

import pytest

from kiosk_app.use_cases.copy_to_stick import PICKED_UP_WITHIN_MS, SILENT_MS_MAX, CopyToStick, StickProgress
from procuration.adapters.spool import name_of
from procuration.adapters.stick_job import (
    Phase,
    StickReport,
    StickRequest,
    Wanted,
    read_report,
    read_request,
    write_report,
    write_request,
)
from procuration.errors import RecordRejected
from sync_agent.stick_desk import StickDesk
from tests.faults.small_disk import on_a_small_disk
from tests.sync_agent.sealed import CENTRE, OTHER, OURS, addressed, sealed

__all__ = ["addressed"]
pytestmark = pytest.mark.usefixtures("addressed")
ID = "0123456789abcdef"


@pytest.fixture
def media(tmp_path):
    folder = tmp_path / "media" / "procuration"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def desk(agent, clock, media):
    return StickDesk(agent, None, clock, media, is_mounted=lambda path: path == media)


@pytest.fixture
def copy(app, clock):
    """The app's side; while it waits, half a second passes."""
    numbers = iter(range(1, 100))
    return CopyToStick(app, clock, lambda n: next(numbers).to_bytes(n, "big"), clock.pass_seconds)


def test_r_54_what_waits_is_on_the_key_and_what_it_brought_is_read(app, agent, desk, copy, media):
    for number in range(3):
        app.put_bundle(sealed(CENTRE, b"%d" % number))
    (media / "PROCU").mkdir()
    (media / "PROCU" / "answer.prb").write_bytes(sealed(OURS))
    (media / "PROCU" / "other.prb").write_bytes(sealed(OTHER))
    copy.start()
    assert not copy.follow().ended
    desk.look()
    assert copy.follow() == StickProgress(
        ended=True, reading=False, done=4, total=4, read=1, copied=3, code=None
    )
    names = {path.name for path in (media / "PROCU").iterdir()}
    assert {f"{name}.prb" for name in app.bundle_names()} <= names
    assert "answer.prb" not in names  # it is taken: it need not travel any more
    assert app.answer_names() == [name_of(sealed(OURS))]


def test_one_wish_is_done_once(app, desk, copy, media):
    app.put_bundle(sealed(CENTRE))
    copy.start()
    desk.look()
    for path in (media / "PROCU").iterdir():
        path.unlink()
    desk.look()
    assert not list((media / "PROCU").iterdir())


def test_a_copy_that_is_cancelled_stops_after_the_file_of_the_moment(
    app, agent, desk, copy, media, monkeypatch
):
    for number in range(5):
        app.put_bundle(sealed(CENTRE, b"%d" % number))
    copy.start()
    watch = desk._watch

    def cancelled_after_two(done, total):
        if done == 2:
            copy.cancel()
        return watch(done, total)

    monkeypatch.setattr(desk, "_watch", cancelled_after_two)
    desk.look()
    progress = copy.follow()
    assert (progress.ended, progress.stopped, progress.copied) == (True, True, 2)
    assert len(list((media / "PROCU").glob("*.prb"))) == 2
    desk.look()
    assert copy.follow() == progress


@pytest.mark.parametrize("mounted", [False, True])
def test_nothing_is_copied_where_nothing_is_mounted(app, agent, clock, copy, media, mounted):
    app.put_bundle(sealed(CENTRE))
    (media / "KEY").mkdir()
    desk = StickDesk(agent, None, clock, media, is_mounted=lambda path: mounted and path.name == "KEY")
    copy.start()
    desk.look()
    assert copy.follow().code == (None if mounted else "STICK_ABSENT")
    assert (media / "KEY" / "PROCU").exists() is mounted
    assert not (media / "PROCU").exists()


def test_a_machine_without_the_setting_says_so(agent, clock, copy):
    copy.start()
    StickDesk(agent, None, clock, None).look()
    assert copy.follow().code == "STICK_NOT_SET"


def test_a_folder_that_does_not_exist_holds_no_key(agent, clock, copy, tmp_path):
    copy.start()
    StickDesk(agent, None, clock, tmp_path / "none").look()
    assert copy.follow().code == "STICK_ABSENT"


def test_a_key_that_is_full_says_how_many_are_on_it(app, agent, clock, copy, media):
    for number in range(30):
        app.put_bundle(sealed(CENTRE, b"%02d" % number + bytes(60_000)))

    def story(key):
        copy.start()
        StickDesk(agent, None, clock, key).look()  # a real mount
        progress = copy.follow()
        assert (progress.ended, progress.code) == (True, "STICK_FULL")

    on_a_small_disk(media, 1, story)


def test_an_agent_that_does_not_answer_is_told_after_a_while(copy, clock):
    copy.start()
    assert not copy.follow().ended
    clock.pass_seconds(PICKED_UP_WITHIN_MS / 1000)
    assert copy.follow() == StickProgress(ended=True, code="AGENT_SILENT")


def test_an_agent_that_falls_silent_is_told_after_a_longer_while(copy, clock, app):
    copy.start()
    request = read_request(app.folder)
    write_report(app.folder, StickReport(id=request.id, phase=Phase.COPYING, done=1, total=2))
    assert not copy.follow().ended
    clock.pass_seconds(SILENT_MS_MAX / 1000)
    assert copy.follow().code == "AGENT_SILENT"


def test_a_copy_under_way_when_the_agent_died_has_failed(agent, desk, copy, app):
    copy.start()
    request = read_request(app.folder)
    write_report(app.folder, StickReport(id=request.id, phase=Phase.COPYING, done=1, total=2))
    desk.recover()
    assert copy.follow().code == "AGENT_STOPPED"
    desk.look()
    assert copy.follow().code == "AGENT_STOPPED"


def test_a_copy_that_ended_stays_as_it_ended_when_the_agent_starts_again(agent, desk, copy):
    copy.start()
    desk.look()
    ended = copy.follow()
    desk.recover()
    assert copy.follow() == ended


def test_asking_again_while_a_copy_goes_on_follows_that_one(app, copy):
    copy.start()
    first = read_request(app.folder)
    write_report(app.folder, StickReport(id=first.id, phase=Phase.COPYING))
    copy.follow()
    copy.start()
    assert read_request(app.folder) == first
    write_report(app.folder, StickReport(id=first.id, phase=Phase.DONE))
    copy.start()
    assert read_request(app.folder) != first


@pytest.mark.parametrize(
    "damaged",
    [
        b"", b"null", b"[]", b"{}", b"[" * 4_000, b"\xff\xfe",
        json.dumps({"version": 2, "id": ID, "wanted": "copy"}).encode(),
        json.dumps({"version": 1, "id": "../../etc", "wanted": "copy"}).encode(),
        json.dumps({"version": 1, "id": ID, "wanted": "format"}).encode(),
        json.dumps({"version": 1, "id": ID, "wanted": "copy", "path": "/etc"}).encode(),
        StickRequest(ID, Wanted.COPY).to_json() + b" " * 4_096,
    ],
)  # fmt: skip
def test_a_wish_that_is_damaged_is_none(app, agent, desk, damaged):
    (app.folder / "stick-request.json").write_bytes(damaged)
    assert read_request(app.folder) is None
    desk.look()
    assert read_report(app.folder) is None


@pytest.mark.parametrize(
    "change",
    [
        {"done": -1}, {"total": 1_000_001}, {"read": True}, {"copied": "1"}, {"code": "not a code"},
        {"phase": "exploded"}, {"id": 3}, {"more": 1},
    ],
)  # fmt: skip
def test_a_report_that_is_damaged_is_none(app, change):
    good = json.loads(StickReport(id=ID, phase=Phase.DONE).to_json())
    with pytest.raises(RecordRejected):
        StickReport.from_json(json.dumps(good | change).encode())


def test_wish_and_report_are_written_and_read():
    request = StickRequest(ID, Wanted.STOP)
    assert StickRequest.from_json(request.to_json()) == request
    report = StickReport(id=ID, phase=Phase.FAILED, done=1, total=2, read=3, copied=4, carried=5, code="DISK")
    assert StickReport.from_json(report.to_json()) == report
    assert StickReport.from_json(replace(report, code=None).to_json()).code is None


def test_the_wish_of_another_time_is_not_followed(app, copy, desk):
    copy.start()
    write_request(app.folder, StickRequest(ID, Wanted.COPY))
    desk.look()
    assert copy.follow().code is None
    assert not copy.follow().ended
