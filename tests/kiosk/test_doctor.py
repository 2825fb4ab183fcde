"""`procuration-kiosk doctor`: what is wrong with a tablet is named, with the next step, and no person is."""

import io
import json
import os
import shutil
import time
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image

from kiosk_app import __main__ as program
from kiosk_app import readiness
from kiosk_app.readiness import Level
from kiosk_app.sheet import Roll
from procuration.errors import CarrierUnavailable
from tests import thermal
from tests.kiosk.devices import film
from tests.kiosk.test_command import Desk
from tests.thermal import GOOD, ThermalPaper

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
DAY = timedelta(days=1)
MIB = 1024 * 1024


@pytest.fixture(autouse=True)
def _this_process_stays_as_it_was(monkeypatch):
    monkeypatch.setattr(program, "keep_memory_private", lambda: None)


@pytest.fixture
def paper():
    return ThermalPaper()


@pytest.fixture(scope="module")
def installed(tmp_path_factory, authority):
    """One tablet, installed once: each test has a copy."""
    base = tmp_path_factory.mktemp("installed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(program, "keep_memory_private", lambda: None)
        made = Desk(base, authority)
        made.prepares()
        assert made.installs(made.is_enrolled()) == 0
    return base


@pytest.fixture
def desk(tmp_path, authority, installed):
    shutil.copytree(installed, tmp_path / "desk")
    return Desk(tmp_path / "desk", authority)


def asks(desk, capsys, *options):
    """The exit status, and how each part stands."""
    status = desk.kiosk("doctor", "--json", *options)
    said = json.loads(capsys.readouterr().out)
    return status, {check["name"]: check for check in said["checks"]}


@pytest.mark.slow
def test_a_tablet_in_order_is_told_part_by_part(desk, capsys, paper):
    with thermal.on_network(paper) as text:
        status, parts = asks(desk, capsys, "--printer", text, "--code-file", desk.code)
    assert status == 0
    assert list(parts) == [
        "imprimante", "magasin", "disque", "horloge", "échange", "annuaire", "lecteur", "son",
    ]  # fmt: skip
    assert {name: parts[name]["level"] for name in ("imprimante", "magasin", "échange", "annuaire")} == (
        dict.fromkeys(("imprimante", "magasin", "échange", "annuaire"), "good")
    )
    assert paper.sheets == []


@pytest.mark.slow
def test_the_readiness_page_comes_out_when_asked(desk, capsys, paper):
    with thermal.on_network(paper) as text:
        assert desk.kiosk("doctor", "--printer", text, "--print", "--roll", "58") == 0
    assert "La page est sortie." in capsys.readouterr().out
    (sheet,) = paper.sheets
    assert sheet.point(lambda grey: 255 - grey).getbbox()[3] > 300


@pytest.mark.slow
@pytest.mark.parametrize(
    ("happens", "said"),
    [
        (ThermalPaper.runs_out, "Il n’y a plus de papier."),
        (ThermalPaper.opens_cover, "L’imprimante est ouverte."),
        (lambda paper: paper.answers.clear(), "L’imprimante ne répond pas."),
    ],
    ids=["paper", "cover", "silent"],
)
def test_a_printer_that_cannot_print_ends_with_status_three_and_a_sentence(
    desk, capsys, paper, happens, said
):
    happens(paper)
    with thermal.on_network(paper) as text:
        status, parts = asks(desk, capsys, "--printer", text)
    assert (status, parts["imprimante"]["level"], parts["imprimante"]["said"]) == (3, "broken", said)
    assert parts["imprimante"]["next"]


@pytest.mark.slow
def test_a_roll_that_is_nearly_out_is_watched(desk, capsys, paper):
    paper.answers[4] = GOOD | 0x0C
    with thermal.on_network(paper) as text:
        status, parts = asks(desk, capsys, "--printer", text)
    assert (status, parts["imprimante"]["level"]) == (0, "watch")


@pytest.mark.slow
def test_a_camera_gives_a_frame_and_one_that_is_away_is_named(desk, capsys, tmp_path):
    seen = film.film(tmp_path / "seen.avi", [film.seen()])
    status, parts = asks(desk, capsys, "--scanner", f"camera:{seen}")
    assert (status, parts["caméra"]["level"]) == (0, "good")
    status, parts = asks(desk, capsys, "--scanner", "camera:/dev/no-such-camera")
    assert (status, parts["caméra"]["level"]) == (3, "broken")
    status, parts = asks(desk, capsys, "--scanner", "serial:/dev/no-such-port")
    assert (status, parts["lecteur"]["level"]) == (3, "broken")


@pytest.mark.slow
def test_a_store_that_others_may_read_or_that_is_not_encrypted_is_a_failure(desk, capsys):
    store = desk.base / "store"
    (store / "store.db").chmod(0o644)
    status, parts = asks(desk, capsys)
    assert (status, parts["magasin"]["level"]) == (1, "broken")
    (store / "store.db").chmod(0o600)
    (store / "store.db").write_bytes(b"SQLite format 3\x00" + bytes(4080))
    status, parts = asks(desk, capsys)
    assert (status, "MAGASIN_NON_CHIFFRE" in parts["magasin"]["said"]) == (1, True)


@pytest.mark.slow
def test_what_waits_for_long_in_the_spool_is_watched_and_open_folders_are_a_failure(desk, capsys):
    out = desk.base / "spool" / "out"
    waiting = next(iter(out.iterdir()))
    old = time.time() - 9 * 86_400
    os.utime(waiting, (old, old))
    status, parts = asks(desk, capsys)
    assert (status, parts["échange"]["level"]) == (0, "watch")
    assert "depuis 9" in parts["échange"]["said"]
    out.chmod(0o777)
    status, parts = asks(desk, capsys)
    assert (status, parts["échange"]["level"]) == (1, "broken")


@pytest.mark.slow
def test_nothing_that_doctor_says_names_the_place_or_a_person(desk, capsys):
    desk.kiosk("doctor", "--code-file", desk.code)
    said = capsys.readouterr().out
    assert "TAHUA" not in said.upper()
    assert str(desk.base) not in said
    assert (desk.base / "code").read_text().strip() not in said


@pytest.mark.parametrize(
    ("check", "level"),
    [
        (readiness.of_clock(NOW, NOW - DAY, NOW - DAY, synchronised=True), Level.GOOD),
        (readiness.of_clock(NOW, NOW - DAY, None, synchronised=False), Level.WATCH),
        (readiness.of_clock(NOW, NOW - DAY, NOW - 31 * DAY, synchronised=True), Level.WATCH),
        (readiness.of_clock(NOW, NOW - DAY, NOW + DAY, synchronised=True), Level.BROKEN),
        (readiness.of_clock(NOW, NOW + DAY, None, synchronised=True), Level.BROKEN),
        (readiness.of_disk(5000 * MIB, 200 * MIB, writable=True), Level.GOOD),
        (readiness.of_disk(999 * MIB, 200 * MIB, writable=True), Level.WATCH),
        (readiness.of_disk(199 * MIB, 200 * MIB, writable=True), Level.BROKEN),
        (readiness.of_disk(5000 * MIB, 200 * MIB, writable=False), Level.BROKEN),
        (readiness.of_directory(6, 14), Level.GOOD),
        (readiness.of_directory(7, 14), Level.WATCH),
        (readiness.of_directory(14, 14), Level.BROKEN),
        (readiness.of_directory(None, 14), Level.UNTESTED),
        (readiness.of_sound(voice=True, cards=1), Level.GOOD),
        (readiness.of_sound(voice=True, cards=0), Level.WATCH),
        (readiness.of_sound(voice=False, cards=1), Level.WATCH),
        (readiness.of_spool(1, 0, 6 * DAY, private=True, writable=True), Level.GOOD),
        (readiness.of_spool(1, 0, 7 * DAY, private=True, writable=True), Level.WATCH),
        (readiness.of_spool(0, 0, None, private=True, writable=False), Level.BROKEN),
        (readiness.of_store(None, None, private=True, opened=False), Level.BROKEN),
        (readiness.of_reader("lecteur", None), Level.BROKEN),
        (readiness.no_reader(), Level.WATCH),
    ],
)
def test_each_part_is_good_watched_or_broken_at_its_limit(check, level):
    assert check.level is level
    assert bool(check.next_step) is (level is not Level.GOOD)


@pytest.mark.parametrize("code", sorted(readiness._PRINTER))
def test_every_trouble_of_a_printer_has_its_next_step(code):
    check = readiness.of_printer(CarrierUnavailable(code), near_end=False, printed=False)
    assert (check.level, bool(check.next_step), check.device) == (Level.BROKEN, True, True)


def test_the_page_of_a_narrow_roll_is_as_wide_as_its_head():
    printed = readiness.page([readiness.of_directory(15, 14)], NOW, Roll.MM_58)
    assert Image.open(io.BytesIO(printed.png)).width == Roll.MM_58
