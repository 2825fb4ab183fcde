"""The zone of a document, from a picture, a camera or a hand-held reader; its number goes nowhere."""

import os
import threading
from dataclasses import replace
from datetime import date

import pytest
from PIL import Image

from kiosk_app.devices import mrz_in_picture
from kiosk_app.devices.camera import CameraReader
from kiosk_app.devices.mrz_in_picture import identity_of, recognised
from kiosk_app.devices.mrz_lines import ScannedZone, identity_in
from kiosk_app.devices.receipt_reader import PictureReader
from kiosk_app.devices.serial_scanner import SerialScanner
from procuration.domain.people import PartialDate
from procuration.errors import CarrierUnavailable, RecordRejected
from tests.kiosk.devices.film import film, seen
from tests.kiosk.devices.test_scanner import cable  # noqa: F401 - a fixture
from tests.mrz_zones import Holder, card, joined, old_french_card, passport, picture

TODAY = date(2026, 11, 27)
MARIE = Holder(name="DURAND", given="MARIE<LOUISE")
WORN = {"angle": 0.6, "blur": 0.6, "quality": 70}


@pytest.mark.parametrize("layout", [passport, card, old_french_card])
@pytest.mark.parametrize("damage", [{}, WORN], ids=["clean", "worn"])
def test_a_document_is_read_from_a_picture(layout, damage):
    read = identity_of(picture(layout(MARIE), **damage), TODAY)
    assert read is not None
    assert (read.birth_name, read.birth_date) == ("DURAND", PartialDate(1962, 8, 24))


def test_a_picture_without_a_zone_is_none(tmp_path):
    assert identity_of(seen(), TODAY) is None
    seen().save(tmp_path / "a.png")
    with pytest.raises(RecordRejected, match="MRZ_FORM"):
        PictureReader(tmp_path).read_identity(TODAY)
    (tmp_path / "b.png").write_bytes(b"no picture")
    with pytest.raises(RecordRejected, match="MRZ_FORM"):
        PictureReader(tmp_path / "b.png").read_identity(TODAY)
    with pytest.raises(CarrierUnavailable, match="LECTEUR_ABSENT"):
        PictureReader(tmp_path / "c.png").read_identity(TODAY)


def test_the_newest_picture_of_a_folder_may_be_a_document(tmp_path):
    picture(passport(MARIE)).save(tmp_path / "a.png")
    assert PictureReader(tmp_path).read_identity(TODAY).birth_name == "DURAND"


def test_a_zone_whose_check_digits_do_not_agree_is_not_read():
    lines = passport(MARIE)
    wrong = [lines[0], lines[1].replace("620824", "620825")]
    assert identity_of(picture(wrong), TODAY) is None


def test_a_camera_passes_over_frames_until_one_shows_a_document(tmp_path):
    shown = picture(passport(MARIE)).resize((1240, 680), Image.Resampling.BICUBIC)
    path = film(tmp_path / "a.avi", [seen(), seen(shown)], "rawvideo", "yuyv422")
    assert CameraReader(path).read_identity(TODAY).given_names == "MARIE LOUISE"


def test_nothing_is_written_to_a_disk_while_a_picture_is_read(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    before = set(os.listdir("/tmp"))
    assert identity_of(picture(passport(MARIE)), TODAY) is not None
    assert os.listdir(tmp_path) == []
    assert not [name for name in set(os.listdir("/tmp")) - before if "tess" in name.casefold()]


def test_a_recognition_that_takes_too_long_is_ended(tmp_path, monkeypatch):
    slow = tmp_path / "slow"
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setattr(mrz_in_picture, "_ARGUMENTS", (str(slow),))
    assert recognised(Image.new("L", (2_000, 2_000)), seconds=0.3).strip(b"\0") == b""


def test_without_the_program_there_is_no_reader(monkeypatch):
    monkeypatch.setattr(mrz_in_picture, "_ARGUMENTS", ("/nowhere/tesseract",))
    with pytest.raises(CarrierUnavailable, match="LECTEUR_ABSENT"):
        identity_of(picture(passport(MARIE)), TODAY)


# ---- what a machine makes of a zone


@pytest.mark.parametrize(
    ("line", "heard"),
    [
        (0, lambda row: row.rstrip("<") + "<<<<<K<KKKK"),
        (0, lambda row: row.rstrip("<") + "<X<<<<<K<"),
        (0, lambda row: row.replace("O", "0")),
        (0, " ".join),
        (1, lambda row: row.replace("62082", "6Z0B2")),
        (1, lambda row: row.replace("<<<<<<<<<<<<<<", "<<<<S<<<K<<<<<<<<<")),
        (1, lambda row: row.replace("<<<<<<<<<<<<<<", "<<<<")),
    ],
)
def test_what_is_usually_misread_is_put_right(line, heard):
    lines = passport(Holder(name="MOREAU", given="PAUL"))
    lines[line] = heard(lines[line])
    read = identity_in(bytearray(b"REPUBLIQUE FRANCAISE PASSEPORT\n" + joined(lines)), TODAY)
    assert read is not None
    assert (read.birth_name, read.given_names) == ("MOREAU", "PAUL")


def test_the_text_is_emptied_whatever_it_was():
    for text in (joined(passport()), joined(passport()).replace(b"6208", b"6209"), b"A" * 100):
        held = bytearray(text)
        identity_in(held, TODAY)
        assert held == bytes(len(text))


# ---- a hand-held reader


@pytest.mark.parametrize("layout", [passport, card, old_french_card])
@pytest.mark.parametrize("end", [b"\r", b"\r\n", b"\n"])
def test_a_hand_held_reader_types_a_document(cable, layout, end):  # noqa: F811
    data = end.join(line.encode() for line in layout(MARIE)) + end
    typing = cable.types(data[:40], data[40:])
    assert SerialScanner(cable.port, seconds=10).read_identity(TODAY).birth_name == "DURAND"
    typing.join()


def test_the_same_reader_tells_a_receipt_from_a_document(cable):  # noqa: F811
    typing = cable.types(b"PRQ1:ABC\r")
    with pytest.raises(RecordRejected, match="MRZ_FORM"):
        SerialScanner(cable.port, seconds=10).read_identity(TODAY)
    typing.join()


def test_a_wrong_check_digit_is_said_and_an_endless_line_ends(cable):  # noqa: F811
    wrong = passport()
    typing = cable.types(joined([wrong[0], wrong[1][:-1] + "9"]) + b"\r")
    with pytest.raises(RecordRejected, match="MRZ_CHECK"):
        SerialScanner(cable.port, seconds=10).read_identity(TODAY)
    typing.join()
    with pytest.raises(RecordRejected, match="MRZ_SIZE"):
        ScannedZone(TODAY).after(memoryview(b"<" * 500))


def test_whoever_locks_the_station_is_not_kept_waiting(cable):  # noqa: F811
    reader = SerialScanner(cable.port, seconds=60)
    threading.Timer(0.3, reader.stop).start()
    with pytest.raises(CarrierUnavailable, match="RIEN_LU"):
        reader.read_identity(TODAY)


def test_a_number_of_any_length_is_held_nowhere_after_the_reading():
    zone = ScannedZone(TODAY)
    read = zone.after(memoryview(joined(card(replace(MARIE, number="ZQ9XK47W12"))) + b"\n"))
    zone.empty()
    assert read is not None
    assert "ZQ9XK47W12"[:9] not in repr([getattr(read, name) for name in read.__slots__])
    assert not any(zone._zone)
