"""The code on the paper: as small as promised, and with white around it."""

import pytest
import zxingcpp

from kiosk_app.receipt_image import _reference_size
from kiosk_app.sheet import Roll, broken, font_of
from tests.kiosk.devices import printed_size
from tests.kiosk.devices.damage import printed

ROLL_MM = {Roll.MM_58: 58, Roll.MM_80: 80}
DOT_MM = 25.4 / 203


@pytest.mark.parametrize(("body_bytes", "roll", "most_mm"), printed_size.FIGURES)
def test_the_code_of_the_longest_request_of_a_roll_is_as_small_as_promised(body_bytes, roll, most_mm):
    text = printed_size.longest_text(body_bytes)
    image = printed_size.picture(text, roll)
    assert zxingcpp.read_barcode(image).text == text
    size = printed_size.size_mm(image)
    assert most_mm - 1 < size <= most_mm  # and the figure is no idle promise


@pytest.mark.parametrize(
    ("characters", "roll", "dots"),
    [
        (785, Roll.MM_58, 3),
        (1_427, Roll.MM_58, 3),
        (785, Roll.MM_80, 4),
        (1_427, Roll.MM_80, 4),
        (2_867, Roll.MM_80, 3),
    ],
)
def test_modules_have_three_dots_or_four_and_white_around_the_code(characters, roll, dots):
    text = printed(characters, roll, 0).text
    image = printed_size.picture(text, roll)
    left, top, right, bottom = box = printed_size.box_of_code(image)
    assert printed_size.dots_per_module(image, box) == dots
    quiet = printed_size.QUIET_MODULES * dots
    for strip in ((0, top - quiet, image.width, top), (0, bottom, image.width, bottom + quiet),
                  (0, top, left, bottom), (right, top, image.width, bottom)):  # fmt: skip
        assert image.crop(strip).getextrema() == (255, 255)
    beside = (ROLL_MM[roll] - image.width * DOT_MM) / 2
    assert beside + left * DOT_MM >= quiet * DOT_MM, "the white of the roll completes the quiet zone"


def test_a_text_longer_than_the_paper_is_wide_is_not_printed():
    with pytest.raises(ValueError, match="not enough values"):
        printed(1_700, Roll.MM_58, 0)


def test_the_widest_reference_stays_on_one_line_of_the_narrow_roll():
    for roll in Roll:
        size = _reference_size("WWW\u00a0WWW", roll)
        assert len(broken("WWW\u00a0WWW", font_of(size, bold=True), roll - 32)) == 1
