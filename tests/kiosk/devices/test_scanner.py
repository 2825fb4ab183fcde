"""A scanner on a serial port: a pair of pseudo-terminals stands for the cable, the rest is the real thing."""

import os
import pty
import subprocess
import sys
import threading
import time
import tty
from pathlib import Path

import pytest

from kiosk_app.devices.choice import Description, UnknownReader, read_description, reader_of
from kiosk_app.devices.printer import NoPrinter
from kiosk_app.devices.receipt_reader import PictureReader
from kiosk_app.devices.scanner_lines import ScannerLines
from kiosk_app.devices.serial_scanner import SerialScanner
from kiosk_app.parts import PluggedIn, Workshop
from procuration.errors import CarrierUnavailable, RecordRejected
from procuration.record.limits import QR_TEXT_CHARACTERS_MAX
from tests.kiosk.presenters.fakes import VirtualTime, at_once

RECEIPT = b"PRQ1:" + b"A1B2 C3$D " * 80
LONGEST = b"P" * QR_TEXT_CHARACTERS_MAX


class Cable:
    """The scanner's end, and the name of the tablet's end."""

    def __init__(self):
        self.scanner, tablet = pty.openpty()
        tty.setraw(tablet)
        self.port = Path(os.ttyname(tablet))
        self._tablet = tablet

    def types(self, *pieces):
        """Once the port is open: whatever lay there before is dropped."""

        def type_them():
            waiting.wait(0.3)
            for piece in pieces:
                os.write(self.scanner, piece)
                waiting.wait(0.02)

        waiting = threading.Event()
        typing = threading.Thread(target=type_them, daemon=True)
        typing.start()
        return typing

    def unplug(self):
        os.close(self._tablet)
        os.close(self.scanner)


@pytest.fixture
def cable():
    made = Cable()
    yield made
    for descriptor in (made.scanner, made._tablet):
        try:
            os.close(descriptor)
        except OSError:  # a test unplugged it
            continue


def test_what_the_scanner_types_is_read_byte_for_byte_spaces_included(cable):
    typing = cable.types(RECEIPT[:300], RECEIPT[300:], b"\r\n")
    assert SerialScanner(cable.port, seconds=10).read().encode() == RECEIPT
    typing.join()


def test_the_port_is_free_between_two_receipts_and_an_old_scan_is_not_an_answer(cable):
    os.write(cable.scanner, b"PRQ1:OLD\r")
    typing = cable.types(b"PRQ1:NEW\r")
    assert SerialScanner(cable.port, seconds=10).read() == "PRQ1:NEW"
    typing.join()
    typing = cable.types(b"PRQ1:NEXT\n")
    assert SerialScanner(cable.port, seconds=10).read() == "PRQ1:NEXT"
    typing.join()


def test_while_one_receipt_is_awaited_nobody_else_has_the_port(cable):
    waiting = threading.Thread(target=_read_quietly, args=(SerialScanner(cable.port, seconds=1.5),))
    waiting.start()
    threading.Event().wait(0.4)
    with pytest.raises(CarrierUnavailable, match="LECTEUR_ABSENT"):
        SerialScanner(cable.port, seconds=0.2).read()
    waiting.join()


def test_a_reading_ends_when_the_station_is_locked_meanwhile(cable, brigade):
    devices = PluggedIn(printer=NoPrinter(), reader=SerialScanner(cable.port, seconds=60))
    parts = Workshop(brigade.station, brigade.spool, devices).brigade(VirtualTime(), at_once)
    began = time.monotonic()
    locking = threading.Timer(0.5, parts.lock)
    locking.start()
    with pytest.raises(CarrierUnavailable, match="RIEN_LU"):
        parts.scan()
    assert time.monotonic() - began < 30
    locking.join()
    typing = cable.types(b"PRQ1:A\r")
    assert parts.scan() == "PRQ1:A"
    typing.join()


def _read_quietly(scanner):
    with pytest.raises(CarrierUnavailable, match="RIEN_LU"):
        scanner.read()


def test_noise_and_half_a_line_are_nothing_read(cable):
    typing = cable.types(b"\x00\xff\xfe\r\n", b"\r\n\r\n", RECEIPT)
    with pytest.raises(CarrierUnavailable, match="RIEN_LU") as nothing:
        SerialScanner(cable.port, seconds=1).read()
    assert nothing.value.ids == {"seconds": 1}
    typing.join()


def test_a_line_that_is_too_long_gets_the_neutral_answer(cable):
    typing = cable.types(LONGEST, b"P\r")
    with pytest.raises(RecordRejected, match=r"^QR$"):
        SerialScanner(cable.port, seconds=10).read()
    typing.join()


def test_without_a_scanner_or_with_one_unplugged_the_reader_is_absent(cable, tmp_path):
    for port in (tmp_path / "ttyACM0", tmp_path, Path("/dev/null")):
        with pytest.raises(CarrierUnavailable, match="LECTEUR_ABSENT"):
            SerialScanner(port, seconds=0.2).read()
    cut = threading.Timer(0.3, cable.unplug)
    cut.start()
    with pytest.raises(CarrierUnavailable, match="LECTEUR_ABSENT"):
        SerialScanner(cable.port, seconds=10).read()
    cut.join()


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        (b"PRQ1:A\r", "PRQ1:A"),
        (b"PRQ1:A\n", "PRQ1:A"),
        (b"\r\nPRQ1:A\r\nPRQ1:B\r", "PRQ1:A"),
        (b" PRQ1:A \r", " PRQ1:A "),
        (b"noise\x07\rPRQ1:A\r", "PRQ1:A"),
        ("é\r".encode() + b"PRQ1:A\r", "PRQ1:A"),
        (LONGEST + b"\r", LONGEST.decode()),
        (LONGEST + b"PPP\xff\rPRQ1:A\r", "PRQ1:A"),
        (b"PRQ1:A", None),
        (b"", None),
        (b"\r\n\r\n", None),
    ],
)
def test_a_line_is_what_stands_between_two_ends_however_it_comes(typed, line):
    assert ScannerLines().line_in(typed) == line
    lines = ScannerLines()
    found = [one for byte in typed if (one := lines.line_in(bytes((byte,)))) is not None]
    assert found[:1] == ([] if line is None else [line])


def test_a_line_without_end_takes_no_more_memory_than_a_receipt():
    lines = ScannerLines()
    for _ in range(1000):
        assert lines.line_in(LONGEST) is None
    assert len(lines._line) == QR_TEXT_CHARACTERS_MAX
    with pytest.raises(RecordRejected, match="QR_FORM"):
        lines.line_in(b"\r")
    assert lines.line_in(b"PRQ1:A\r") == "PRQ1:A"


@pytest.mark.parametrize(
    ("text", "described"),
    [
        ("serial:/dev/ttyACM0", Description("serial", Path("/dev/ttyACM0"))),
        ("serial:/dev/ttyS0@115200", Description("serial", Path("/dev/ttyS0"), 115_200)),
        ("camera:/dev/video0", Description("camera", Path("/dev/video0"))),
        ("reçus", Description("picture", Path("reçus"))),
        ("/srv/a:b/c.png", Description("picture", Path("/srv/a:b/c.png"))),
    ],
)
def test_one_text_says_what_reads_the_receipts(text, described):
    assert read_description(text) == described


def test_each_description_becomes_its_reader():
    kinds = ["serial:/dev/ttyACM0", "camera:/dev/video0", "reçus"]
    made = [type(reader_of(read_description(kind))).__name__ for kind in kinds]
    assert made == ["SerialScanner", "CameraReader", PictureReader.__name__]


def test_a_tablet_without_scanner_and_camera_loads_no_library_for_them():
    script = "import sys, kiosk_app.__main__; print(sorted({'av', 'serial'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "text",
    ["serial:", "camera:", "usb:/dev/x", "serial:/dev/ttyS0@", "serial:/dev/x@fast", "serial:/dev/x@1234"],
)
def test_a_text_that_describes_no_reader_is_refused(text):
    with pytest.raises(UnknownReader):
        read_description(text)


def test_a_reading_that_was_stopped_leaves_the_port_to_the_next_one_at_once(cable):
    scanner, ends = SerialScanner(cable.port, seconds=30), []

    def listen():
        try:
            ends.append(scanner.read())
        except CarrierUnavailable as error:
            ends.append(error.code)

    listening = threading.Thread(target=listen)
    listening.start()
    while not scanner._patience._end:  # it has begun
        threading.Event().wait(0.01)
    scanner.stop()
    typing = cable.types(b"PRQ1:ASKED\r")
    assert scanner.read() == "PRQ1:ASKED"
    typing.join()
    listening.join()
    assert ends == ["RIEN_LU"]


@pytest.mark.parametrize(
    ("scanner", "listens"), [("serial:/dev/ttyACM0", True), ("camera:/dev/video0", False)]
)
def test_only_a_reader_that_a_person_aims_listens_unasked(scanner, listens):
    plugged = PluggedIn.of_options(None, read_description(scanner))
    assert plugged.hand_held is listens
    assert not PluggedIn.of_options(None, None).hand_held
