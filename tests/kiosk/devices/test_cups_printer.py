"""A receipt on a printer of CUPS: a real server of the tests, and what stops its queues."""

import subprocess
import time

import pytest
import zxingcpp
from PIL import Image

from kiosk_app.devices import cups_status
from kiosk_app.devices.cups_printer import CupsPrinter
from kiosk_app.devices.printer_choice import printer_of, read_printer
from kiosk_app.receipt_image import printout
from procuration.errors import CarrierUnavailable
from tests import builders
from tests.cups import OfficePrinter, private_cups
from tests.kiosk.test_receipt import paper as receipt
from tests.thermal import unused_port

QR = "PRQ1:" + "RECU0123456789" * 60
PAGES = printout(receipt(qr_text=QR))


@pytest.fixture(scope="module")
def server():
    with private_cups() as made:
        yield made


@pytest.fixture
def cups(server, monkeypatch):
    monkeypatch.setenv("CUPS_SERVER", server.server)
    return server


@pytest.fixture
def office():
    made = OfficePrinter()
    yield made
    made.ends()


def sends(queue, seconds=20):
    CupsPrinter(queue, total_seconds=seconds).print_receipt(builders.rid(), PAGES.png, PAGES.pdf)


def refusal(queue, seconds=20):
    with pytest.raises(CarrierUnavailable) as refused:
        sends(queue, seconds)
    return refused.value.code


def test_the_receipt_comes_out_on_one_page_and_its_code_is_read(cups, office, tmp_path):
    cups.has("bureau", office.port)
    printer_of(read_printer("cups:bureau")).print_receipt(builders.rid(), PAGES.png, PAGES.pdf)
    (page,) = office.pages
    assert page == PAGES.pdf
    (tmp_path / "page.pdf").write_bytes(page)
    subprocess.run(["pdftoppm", "-r", "203", "-png", tmp_path / "page.pdf", tmp_path / "page"], check=True)
    (drawn,) = tmp_path.glob("page*.png")
    assert zxingcpp.read_barcode(Image.open(drawn)).text == QR


def test_the_job_is_named_after_the_request_and_its_page_is_not_kept(cups, office):
    cups.has("titres", office.port)
    sends("titres")
    assert cups.kept() == []
    told = (cups.folder / "log" / "error").read_text("utf-8", "replace")
    assert f"recu-{builders.rid()[:4].hex()}" in told
    assert "media=A4" in told
    assert "DUBOIS" not in told.upper()


def test_a_stopped_queue_is_named_and_gets_no_page(cups, office):
    cups.has("arret", office.port)
    cups.asked("cupsdisable", "-r", "entretien", "arret")
    assert refusal("arret") == "FILE_ARRETEE"
    assert (cups.asked("lpstat", "-W", "all", "-o", "arret"), office.pages) == ("", [])
    cups.asked("cupsenable", "arret")
    sends("arret")
    assert len(office.pages) == 1


def test_a_queue_that_accepts_nothing_is_named(cups, office):
    cups.has("refus", office.port)
    cups.asked("cupsreject", "refus")
    assert refusal("refus") == "FILE_ARRETEE"


def test_a_printer_that_is_unplugged_is_named_and_the_page_never_comes_out_later(cups):
    cups.has("loin", unused_port())
    before = time.monotonic()
    assert refusal("loin", seconds=2) == "IMPRIMANTE_INJOIGNABLE"
    assert time.monotonic() - before < 10
    assert cups.asked("lpstat", "-o", "loin") == ""
    assert cups.kept() == []


def test_a_queue_that_does_not_exist_and_a_server_that_does_not_answer_are_named(cups, monkeypatch):
    assert refusal("nulle-part") == "IMPRIMANTE_INJOIGNABLE"
    monkeypatch.setenv("CUPS_SERVER", f"127.0.0.1:{unused_port()}")
    assert refusal("bureau") == "IMPRIMANTE_INJOIGNABLE"


def test_a_server_that_keeps_no_history_prints_as_well(monkeypatch, office):
    with private_cups(history="No") as made:
        monkeypatch.setenv("CUPS_SERVER", made.server)
        made.has("bureau", office.port)
        sends("bureau")
        assert made.asked("lpstat", "-W", "completed", "-o", "bureau") == ""
    assert len(office.pages) == 1


IDLE = "printer a is idle.  enabled since Fri Nov 27 11:31:31 2026\n\tAlerts: {}\n"


@pytest.mark.parametrize(
    ("alerts", "code"),
    [
        ("none", None),
        ("media-low-report toner-low-warning", None),
        ("media-empty-error", "PAPIER_FINI"),
        ("cover-open", "CAPOT_OUVERT"),
        ("offline-report", "IMPRIMANTE_INJOIGNABLE"),
        ("media-jam-error", "IMPRIMANTE_EN_PANNE"),
    ],
)
def test_what_the_queue_reports_has_its_code(alerts, code):
    assert cups_status.trouble_of_queue(IDLE.format(alerts)) == code


def test_a_job_that_cups_gave_up_did_not_come_out():
    listed = (
        "a-7   root 1024 Fri\n\tStatus: \n\tAlerts: {}\n\tqueued for a\n"
        "a-6   root 1024 Fri\n\tAlerts: aborted-by-system\n"
    )
    assert cups_status.was_aborted("a-6", listed)
    assert not cups_status.was_aborted("a-7", listed.format("job-completed-successfully"))
    assert not cups_status.was_aborted("a-9", listed)
