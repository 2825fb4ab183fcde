"""The text of the one QR code in a grey picture, read as it is and then, if need be, prepared in three ways.

A thermal print that was folded, kept in a pocket or held askew in bad light is read by one preparation or
another (decision 0016). Pictures stay in memory.
"""

from collections.abc import Callable
from typing import Final

import zxingcpp
from PIL import Image, ImageChops, ImageFilter

from procuration.record.limits import QR_TEXT_CHARACTERS_MAX

PIXELS_MAX: Final = 50_000_000
"""Of a picture or a frame, looked at before it is unpacked."""
_PREPARED_PIXELS_MAX: Final = 8_000_000
"""A sharp picture of a telephone needs no preparation, and would take seconds with it."""
_QR: Final = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCodeModel2)
"""Without its small relatives: a Micro QR, hardly protected, is found by chance in a blurred receipt."""
_LOCAL, _ALREADY_TWO = zxingcpp.Binarizer.LocalAverage, zxingcpp.Binarizer.BoolCast


def text_of(grey: Image.Image) -> str | None:
    """The text; None when there is no code that can be read, more than one, or one too long for a receipt."""
    prepared = grey.width * grey.height <= _PREPARED_PIXELS_MAX
    for prepare, binarizer in _WAYS if prepared else _WAYS[:1]:
        found = zxingcpp.read_barcodes(prepare(grey), formats=_QR, binarizer=binarizer)
        if found:
            return _the_one(found)
    return None


def _the_one(found: list[zxingcpp.Barcode]) -> str | None:
    """Two receipts side by side: whose request would it be?"""
    text: str = found[0].text
    return text if len(found) == 1 and len(text) <= QR_TEXT_CHARACTERS_MAX else None


def _as_it_is(grey: Image.Image) -> Image.Image:
    return grey


def _larger(grey: Image.Image) -> Image.Image:
    """For modules of three pixels, and lines of a fold."""
    return grey.resize((grey.width * 3 // 2, grey.height * 3 // 2), Image.Resampling.BICUBIC)


def _smoother(grey: Image.Image) -> Image.Image:
    """For noise, and for the pale dots of a worn print head."""
    return grey.filter(ImageFilter.GaussianBlur(0.8))


def _against_its_surroundings(grey: Image.Image) -> Image.Image:
    """For ink that went pale in places: black is what is darker than the mean of a few modules around."""
    twice = grey.resize((grey.width * 2, grey.height * 2), Image.Resampling.BICUBIC)
    around = twice.filter(ImageFilter.BoxBlur(24))
    return ImageChops.subtract(twice, around, scale=0.5, offset=128).point(_BLACK_OR_WHITE)


_BLACK_OR_WHITE: Final = [0] * 129 + [255] * 127
_WAYS: Final[tuple[tuple[Callable[[Image.Image], Image.Image], zxingcpp.Binarizer], ...]] = (
    (_as_it_is, _LOCAL),
    (_larger, _LOCAL),
    (_smoother, _LOCAL),
    (_against_its_surroundings, _ALREADY_TWO),
)
"""Cheapest first: 2, 6, 5 and 17 ms for a frame of 0.3 million points."""
