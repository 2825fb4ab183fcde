"""A receipt on a thermal printer that speaks ESC/POS over a real wire, and everything that can stop it."""

import io
import subprocess
import sys
import time

import pytest
import zxingcpp
from PIL import Image, ImageChops

from kiosk_app.devices.printer_choice import (
    NO_PRINTER,
    PrinterDescription,
    UnknownPrinter,
    printer_of,
    read_printer,
)
from kiosk_app.devices.thermal_printer import ThermalPrinter
from kiosk_app.receipt_image import printout
from kiosk_app.sheet import Roll
from procuration.errors import CarrierUnavailable
from tests import builders, thermal
from tests.kiosk.test_receipt import paper as receipt
from tests.thermal import GOOD, ThermalPaper

QR = "PRQ1:" + "RECU0123456789" * 60


@pytest.fixture
def paper():
    return ThermalPaper()


@pytest.fixture(params=[thermal.on_network, thermal.on_serial_port], ids=["network", "serial"])
def wired(request, paper):
    with request.param(paper) as text:
        yield text


def printed(roll=Roll.MM_80):
    return printout(receipt(qr_text=QR), roll)


def sends(text, roll=Roll.MM_80, pages=None):
    pages = pages or printed(roll)
    described = read_printer(text)
    printer = ThermalPrinter(described, described.dots or roll.value, coming_out_seconds=2)
    printer.print_receipt(builders.rid(), pages.png, pages.pdf)


def refusal(text, **options):
    with pytest.raises(CarrierUnavailable) as refused:
        sends(text, **options)
    return refused.value.code


@pytest.mark.parametrize("roll", list(Roll))
def test_the_receipt_comes_out_dot_for_dot_and_its_code_is_read(wired, paper, roll):
    pages = printed(roll)
    sends(wired, roll, pages)
    (sheet,) = paper.sheets
    assert zxingcpp.read_barcode(sheet).text == QR
    drawn = Image.open(io.BytesIO(pages.png)).convert("L").point(lambda grey: 255 if grey > 127 else 0)
    came_out = sheet.crop((0, 0, drawn.width, drawn.height))
    assert ImageChops.difference(came_out, drawn).getbbox() is None


def test_a_head_wider_than_the_roll_prints_the_receipt_in_its_middle(paper):
    with thermal.on_network(paper) as text:
        sends(f"{text};dots=512", Roll.MM_58)
    left, _, right, _ = ImageChops.invert(paper.sheets[0]).getbbox()
    assert abs(left - (512 - right)) <= 4
    assert zxingcpp.read_barcode(paper.sheets[0]).text == QR


def test_a_head_narrower_than_the_receipt_is_refused_before_anything_is_sent(paper):
    with thermal.on_network(paper) as text:
        assert refusal(f"{text};dots=384") == "LARGEUR_PAPIER"
    assert paper.got == 0


@pytest.mark.parametrize(
    ("happens", "code"),
    [
        (ThermalPaper.runs_out, "PAPIER_FINI"),
        (ThermalPaper.opens_cover, "CAPOT_OUVERT"),
        (lambda paper: paper.answers.update({3: GOOD | 0x08}), "IMPRIMANTE_EN_PANNE"),
        (lambda paper: paper.answers.update({2: GOOD | 0x20}), "PAPIER_FINI"),
        (lambda paper: paper.answers.clear(), "IMPRIMANTE_MUETTE"),
        (lambda paper: paper.answers.update(dict.fromkeys((2, 3, 4), 0xFF)), "IMPRIMANTE_MUETTE"),
    ],
    ids=["paper", "cover", "cutter", "stopped", "silent", "noise"],
)
def test_what_stops_the_printer_is_named_and_nothing_is_printed(wired, paper, happens, code):
    happens(paper)
    before = time.monotonic()
    assert refusal(wired) == code
    assert time.monotonic() - before < 5
    assert paper.sheets == paper.cut_short == []


def test_paper_that_ends_in_the_middle_is_named_and_the_rest_does_not_come_out_later(wired, paper):
    paper.rows_left = 300
    assert refusal(wired) == "PAPIER_FINI"
    assert paper.forgotten == 1
    paper.has_new_roll()
    sends(wired)
    (sheet,) = paper.sheets
    assert zxingcpp.read_barcode(sheet).text == QR


@pytest.mark.parametrize("bytes_", [1, 9_000, 20_000])
def test_a_printer_that_dies_in_the_middle_is_left_in_a_few_seconds(wired, paper, bytes_):
    paper.dies_after = bytes_
    before = time.monotonic()
    assert refusal(wired) == "IMPRIMANTE_MUETTE"
    assert time.monotonic() - before < 15
    paper.dies_after = None


def test_a_printer_that_cannot_say_when_it_has_finished_is_believed_after_a_while(paper):
    paper.knows_in_turn = False
    with thermal.on_network(paper) as text:
        sends(text)
    assert len(paper.sheets) == 1


@pytest.mark.parametrize(
    "text",
    [f"net:127.0.0.1:{thermal.unused_port()}", "serial:/dev/no-such-port", "usb:04b8:0e15"],
    ids=["network", "serial", "usb"],
)
def test_a_printer_that_is_not_there_is_named(text):
    assert refusal(text) == "IMPRIMANTE_INJOIGNABLE"


def test_a_roll_that_is_nearly_out_is_told_and_prints(wired, paper):
    assert not printer_of(read_printer(wired)).state().near_end
    paper.answers[4] = GOOD | 0x0C
    assert printer_of(read_printer(wired)).state().near_end
    sends(wired)
    assert len(paper.sheets) == 1


@pytest.mark.parametrize(
    ("text", "described"),
    [
        ("none", NO_PRINTER),
        ("paper", PrinterDescription("folder", "paper")),
        ("/srv/a:b", PrinterDescription("folder", "/srv/a:b")),
        ("folder:/srv/paper", PrinterDescription("folder", "/srv/paper")),
        ("usb:04B8:0e15", PrinterDescription("usb", "04b8:0e15")),
        ("usb:04b8:0e15;dots=576", PrinterDescription("usb", "04b8:0e15", dots=576)),
        ("serial:/dev/ttyUSB0", PrinterDescription("serial", "/dev/ttyUSB0", 38_400)),
        ("serial:/dev/ttyUSB0@19200", PrinterDescription("serial", "/dev/ttyUSB0", 19_200)),
        ("net:192.168.1.50", PrinterDescription("net", "192.168.1.50", 9100)),
        ("net:printer.local:9101;dots=384", PrinterDescription("net", "printer.local", 9101, 384)),
        ("cups:Accueil_1", PrinterDescription("cups", "Accueil_1")),
    ],
)
def test_one_text_says_which_printer(text, described):
    assert read_printer(text) == described


@pytest.mark.parametrize(
    "text",
    [
        "usb:", "usb:04b8", "usb:04b8:0e15;", "usb:04b8:0e15;dots=12", "usb:04b8:0e15;dots=9999",
        "serial:ttyUSB0", "serial:/dev/ttyUSB0@300", "net:", "net:-x", "net:a:0", "net:a:70000",
        "net:a:1;x=1", "cups:", "cups:-o", "cups:a b", "lpt:1", "folder:", "usb:04b8:0e15:",
    ],
)  # fmt: skip
def test_any_other_text_is_refused(text):
    with pytest.raises(UnknownPrinter):
        read_printer(text)


def test_the_library_is_loaded_when_something_is_printed_and_leaves_no_folder_behind(paper, tmp_path):
    code = (
        "import sys; from kiosk_app.devices.printer_choice import printer_of, read_printer\n"
        "printer = printer_of(read_printer(sys.argv[1])); print('escpos' in sys.modules)\n"
        "printer.state(); print('escpos' in sys.modules)"
    )
    with thermal.on_network(paper) as text:
        place = {"PYTHONPATH": ":".join(sys.path), "TMPDIR": str(tmp_path)}
        command = [sys.executable, "-c", code, text]
        run = subprocess.run(command, capture_output=True, text=True, check=True, env=place)
    assert (run.stdout.split(), run.stderr) == (["False", "True"], "")
    assert thermal.folders_in(tmp_path) == set()


@pytest.fixture
def plug(paper, monkeypatch):
    plug = thermal.UsbPlug(paper)
    monkeypatch.setattr("usb.backend.libusb1.get_backend", lambda *_: plug)
    return plug


def test_on_usb_the_receipt_goes_through_the_pipes_that_the_printer_describes(plug, paper):
    sends("usb:04b8:0e15")
    assert zxingcpp.read_barcode(paper.sheets[0]).text == QR
    assert plug.waits == {1000, 5000}


def test_another_device_on_usb_is_not_the_printer(plug, paper):
    assert refusal("usb:04b8:0e16") == "IMPRIMANTE_INJOIGNABLE"
    assert paper.got == 0


def test_a_usb_printer_that_takes_nothing_more_is_left(plug, paper):
    paper.runs_out()
    assert refusal("usb:04b8:0e15") == "PAPIER_FINI"
    plug.hangs = True
    assert refusal("usb:04b8:0e15") == "IMPRIMANTE_MUETTE"
