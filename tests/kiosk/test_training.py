"""A training tablet: it works as a real one, on marked paper, and nothing of it outlives it or counts."""

import io
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from kiosk_app import training_ground
from kiosk_app.devices.printer import FolderPrinter
from kiosk_app.devices.training_printer import TrainingPrinter, marked
from kiosk_app.parts import PluggedIn
from kiosk_app.presenters.accueil import AccueilPresenter
from kiosk_app.receipt_image import trial_page
from kiosk_app.training import TrainingWorkshop, band
from kiosk_app.training_ground import (
    AGENT_CODE,
    BIRTH,
    FOLDER_PREFIX,
    OFFICER_CODE,
    GroundBuilder,
    shipped_tables,
    throw_away_folder,
)
from kiosk_app.use_cases.find_request import FindRequest
from kiosk_app.use_cases.unlock import Unlock
from procuration.adapters.clock import SystemClock
from procuration.errors import CarrierUnavailable, RecordRejected
from procuration.record.enrolment import Profile
from tests.kiosk.presenters.fakes import ScreenSeen, VirtualTime, at_once, wording
from tests.kiosk.world import REFERENCE_DATA


def build(folder, profile=Profile.ACCUEIL, place="02408"):
    return GroundBuilder(folder, profile, place, shipped_tables(REFERENCE_DATA), SystemClock()).build()


@pytest.fixture
def ground(tmp_path):
    made = build(tmp_path)
    yield made
    made.station.close()


def presenter_of(ground, tmp_path, view):
    devices = PluggedIn(printer=FolderPrinter(tmp_path / "paper"), reader=None)
    workshop = TrainingWorkshop(ground, devices)
    view.training(band(wording(), ground, Profile.ACCUEIL))
    made = AccueilPresenter(view, wording(), workshop.accueil(VirtualTime(), at_once))
    made.start()
    return workshop, made


def test_an_invented_elector_files_with_answers_that_stand_already(ground, tmp_path):
    view = ScreenSeen()
    workshop, presenter = presenter_of(ground, tmp_path, view)
    presenter.act("unlock", {"code": AGENT_CODE})
    presenter.act("start", {})
    presenter.act("understood", {})
    assert view.page.name.startswith("K2")
    assert view.page.asked[0].value == "EXEMPLE"
    assert view.trained.startswith("FORMATION")
    assert AGENT_CODE in view.trained
    workshop.station.close()


def test_the_brigade_finds_the_invented_requests_that_the_band_names(tmp_path):
    ground = build(tmp_path, Profile.BRIGADE)
    shown = band(wording(), ground, Profile.BRIGADE)
    assert len(ground.references) == 3
    Unlock(ground.station)(OFFICER_CODE)
    for reference in ground.references:
        assert reference.startswith("FRM")
        assert f"{reference[:3]}\u00a0{reference[3:]}" in shown
        found = FindRequest(ground.station).by_reference(reference, BIRTH)
        assert "Fictif" in found.filed.mandant.given_names or "Fictive" in found.filed.mandant.given_names
    ground.station.close()


def test_nothing_is_shared_between_two_trainings(tmp_path):
    one, other = build(tmp_path / "1"), build(tmp_path / "2")
    assert one.realm != other.realm
    assert one.centre.kid != other.centre.kid


def test_a_commune_that_does_not_exist_is_refused(tmp_path):
    with pytest.raises(RecordRejected, match="COMMUNE_INCONNUE"):
        build(tmp_path, place="02999")


def test_every_paper_is_marked_at_its_head_its_foot_and_in_between(tmp_path):
    plain = trial_page()
    png, pdf = marked(plain.png)
    image, before = Image.open(io.BytesIO(png)).convert("L"), Image.open(io.BytesIO(plain.png))
    assert image.width == before.width
    assert image.height > before.height + 100
    for row in (2, image.height - 3):
        assert image.crop((0, row, image.width, row + 1)).getextrema() == (0, 0)
    assert pdf.startswith(b"%PDF")
    printer = TrainingPrinter(FolderPrinter(tmp_path))
    printer.print_receipt(bytes(16), plain.png, plain.pdf)
    printer.print_paper("essai", plain.png, plain.pdf)
    assert {path.read_bytes() for path in tmp_path.glob("*.png")} == {png}
    assert sorted(path.name for path in tmp_path.glob("*.pdf")) == [
        "formation-essai.pdf",
        "recu-00000000.pdf",
    ]


def test_a_training_writes_on_no_stick_and_moves_no_clock(ground, tmp_path):
    workshop, _ = presenter_of(ground, tmp_path, ScreenSeen())
    with pytest.raises(CarrierUnavailable, match="CLE_USB_ABSENTE"):
        workshop.copy_to_stick().start()
    workshop.station.open(AGENT_CODE)
    with pytest.raises(CarrierUnavailable, match="HORLOGE_NON_REGLABLE"):
        workshop._repair._set_clock(SystemClock().now())


def test_the_folder_is_deleted_at_the_end_and_after_an_error(tmp_path):
    with throw_away_folder(tmp_path) as folder:
        (folder / "poste").mkdir()
        assert folder.stat().st_mode & 0o077 == 0
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ZeroDivisionError), throw_away_folder(tmp_path):
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


CRASHED = """
import os, signal, sys
from pathlib import Path
from kiosk_app.training_ground import throw_away_folder
with throw_away_folder(Path(sys.argv[1])) as folder:
    (folder / "poste").write_text("x")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_crash_leaves_the_next_start_deletes(tmp_path):
    ended = subprocess.run([sys.executable, "-c", CRASHED, str(tmp_path)], check=False)
    assert ended.returncode == -signal.SIGKILL
    (left,) = tmp_path.iterdir()
    assert left.name.startswith(FOLDER_PREFIX)
    with throw_away_folder(tmp_path) as folder:
        assert list(tmp_path.iterdir()) == [folder]


def test_a_training_that_runs_is_not_deleted_by_another(tmp_path):
    with throw_away_folder(tmp_path) as first, throw_away_folder(tmp_path) as second:
        assert set(tmp_path.iterdir()) == {first, second}


def test_a_link_with_such_a_name_is_left_alone(tmp_path):
    precious, base = tmp_path / "precious", tmp_path / "base"
    for made in (precious, base):
        made.mkdir()
    (precious / training_ground._LOCK).touch()
    (base / f"{FOLDER_PREFIX}x").symlink_to(precious)
    with throw_away_folder(base):
        assert Path(precious / training_ground._LOCK).exists()
