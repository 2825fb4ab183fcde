"""Folders in the place of a printer and a camera."""

import io
import os

import pytest
import segno
from PIL import Image

from kiosk_app.devices.printer import FolderPrinter, NoPrinter
from kiosk_app.devices.receipt_reader import PictureReader, text_in_picture
from procuration.errors import CarrierUnavailable, RecordRejected
from tests import builders


def picture(text="PRQ1:ABC", kind="PNG", scale=4):
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="png", scale=scale, border=4)
    image = Image.open(out).convert("RGB")
    again = io.BytesIO()
    image.save(again, kind)
    return again.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_the_code_of_a_picture_is_read(kind):
    assert text_in_picture(picture(kind=kind)) == "PRQ1:ABC"


def test_a_small_relative_of_the_qr_code_is_not_a_receipt():
    """A Micro QR is hardly protected: one is found by chance in many a blurred receipt."""
    out = io.BytesIO()
    segno.make("76274", micro=True).save(out, kind="png", scale=5, border=4)
    with pytest.raises(RecordRejected, match=r"^QR$"):
        text_in_picture(out.getvalue())


def test_a_turned_picture_is_read_too():
    image = Image.open(io.BytesIO(picture(scale=6))).rotate(37, expand=True, fillcolor="white")
    out = io.BytesIO()
    image.save(out, "PNG")
    assert text_in_picture(out.getvalue()) == "PRQ1:ABC"


def blank():
    out = io.BytesIO()
    Image.new("L", (300, 300), 255).save(out, "PNG")
    return out.getvalue()


def two_codes():
    one = Image.open(io.BytesIO(picture()))
    both = Image.new("RGB", (2 * one.width, one.height), "white")
    both.paste(one, (0, 0))
    both.paste(Image.open(io.BytesIO(picture("PRQ1:XYZ"))), (one.width, 0))
    out = io.BytesIO()
    both.save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [b"", b"not a picture", picture()[:200], blank(), two_codes(), b"GIF89a" + bytes(50)],
    ids=["empty", "text", "cut", "blank", "two", "gif"],
)
def test_whatever_is_not_one_receipt_gets_one_neutral_answer(data):
    with pytest.raises(RecordRejected, match=r"^QR$"):
        text_in_picture(data)


def test_a_picture_of_a_billion_points_is_refused_before_it_is_unpacked():
    out = io.BytesIO()
    Image.new("1", (40_000, 2_000)).save(out, "PNG")
    with pytest.raises(RecordRejected, match=r"^QR$"):
        text_in_picture(out.getvalue())


def test_the_newest_picture_of_the_folder_is_the_one_held_before_the_camera(tmp_path):
    for age, text in ((2, "PRQ1:OLD"), (1, "PRQ1:NEW")):
        path = tmp_path / f"{text[5:]}.png"
        path.write_bytes(picture(text))
        os.utime(path, (1_000_000 - age, 1_000_000 - age))
    (tmp_path / "notes.txt").write_text("later")
    assert PictureReader(tmp_path).read() == "PRQ1:NEW"
    assert PictureReader(tmp_path / "OLD.png").read() == "PRQ1:OLD"


def test_an_empty_folder_is_no_receipt_and_a_missing_one_is_no_reader(tmp_path):
    with pytest.raises(RecordRejected, match=r"^QR$"):
        PictureReader(tmp_path).read()
    with pytest.raises(CarrierUnavailable, match="LECTEUR_ABSENT"):
        PictureReader(tmp_path / "missing").read()


def test_a_link_is_not_followed(tmp_path):
    (tmp_path / "true.png").write_bytes(picture())
    (tmp_path / "link").mkdir()
    (tmp_path / "link" / "a.png").symlink_to(tmp_path / "true.png")
    with pytest.raises(RecordRejected):
        PictureReader(tmp_path / "link").read()


def test_the_folder_printer_writes_both_forms_and_no_name_of_a_person(tmp_path):
    FolderPrinter(tmp_path / "paper").print_receipt(builders.rid(), b"png", b"%PDF")
    names = sorted(path.name for path in (tmp_path / "paper").iterdir())
    prefix = builders.rid()[:4].hex()
    assert names == [f"recu-{prefix}.pdf", f"recu-{prefix}.png"]


def test_without_a_printer_the_program_says_so():
    with pytest.raises(CarrierUnavailable, match="IMPRESSION"):
        NoPrinter().print_receipt(builders.rid(), b"", b"")
