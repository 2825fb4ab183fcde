"""How large the code of a receipt comes out of the printer: measured on the picture that it is sent."""

import io
from dataclasses import replace
from random import Random

import zxingcpp
from PIL import Image

from kiosk_app.receipt_image import printout
from kiosk_app.sheet import DOTS_PER_INCH, Roll
from procuration.domain.events import BootTime
from procuration.record.event import EventPair, body_hash, sign_event
from procuration.record.printed import qr_text
from tests import builders
from tests.kiosk.test_receipt import paper

MILLIMETRES_PER_INCH = 25.4
QUIET_MODULES = 4
FIGURES = ((640, Roll.MM_58, 47), (1_600, Roll.MM_80, 65))
"""Bytes of the body of a request, the roll, the millimetres that its code may take with its quiet zone."""
OLD_NUMBER = 2**32
"""No number of an envelope is written longer than this one: a tablet after four thousand million events."""


def longest_text(body_bytes):
    """The text of a request with such a body, signed by a tablet whose numbers are as long as they get."""
    kiosk = builders.Device("kiosk")
    body = Random(body_bytes).randbytes(body_bytes)
    envelope = kiosk.envelope(builders.filed(), body, builders.rid())
    envelope = replace(
        envelope,
        body_hash=body_hash(body),
        seq=OLD_NUMBER - 1,
        directory_version=OLD_NUMBER - 1,
        body_key_seq=OLD_NUMBER - 1,
        boot=BootTime(boot_id=bytes(8), monotonic_ms=OLD_NUMBER, floor=envelope.boot.floor),
    )
    pair = EventPair(sign_event(envelope, kiosk.key, builders.REALM), body)
    return qr_text(pair, builders.directory().epochs[0], builders.REALM)


def picture(text, roll):
    return Image.open(io.BytesIO(printout(paper(qr_text=text), roll).png)).convert("L")


def box_of_code(image):
    """Left, top, right, bottom: the outermost dark points of the code, right and bottom excluded."""
    (found,) = zxingcpp.read_barcodes(image)
    first, last = found.position.top_left, found.position.bottom_right
    around = image.crop((0, first.y - 4, image.width, last.y + 4)).point(lambda grey: 255 - grey)
    left, top, right, bottom = around.getbbox()
    return left, top + first.y - 4, right, bottom + first.y - 4


def dots_per_module(image, box):
    """The upper left finder pattern is seven modules wide, its outer ring unbroken."""
    left, top, *_ = box
    ring = (image.getpixel((left + number, top)) for number in range(image.width - left))
    return next(number for number, grey in enumerate(ring) if grey) // 7


def size_mm(image):
    """Side of the code and of its quiet zone of four modules, on paper."""
    left, top, right, bottom = box = box_of_code(image)
    assert right - left == bottom - top
    side = right - left + 2 * QUIET_MODULES * dots_per_module(image, box)
    return side / DOTS_PER_INCH * MILLIMETRES_PER_INCH
