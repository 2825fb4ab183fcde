"""Reads the QR code of a receipt from a picture. Scanners and cameras come behind the same interface."""

import io
from pathlib import Path
from typing import Final, Protocol

import zxingcpp
from PIL import Image, UnidentifiedImageError

from procuration.adapters.foreign_file import read_regular
from procuration.errors import CarrierUnavailable, RecordRejected
from procuration.record.limits import QR_TEXT_CHARACTERS_MAX

PICTURE_BYTES_MAX: Final = 20 << 20
PIXELS_MAX: Final = 50_000_000
_SUFFIXES: Final = {".png", ".jpg", ".jpeg"}


class ReceiptReader(Protocol):
    """Gives the text of the receipt held before it."""

    def read(self) -> str:
        """Raises: RecordRejected QR when nothing readable is there; CarrierUnavailable LECTEUR_ABSENT."""


class PictureReader:
    """The newest picture of a folder, or one picture, stands for the receipt held before a camera."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> str:
        """The text of the QR code. Raises: RecordRejected QR; CarrierUnavailable LECTEUR_ABSENT."""
        return text_in_picture(self._picture())

    def _picture(self) -> bytes:
        if not self._path.exists():
            raise CarrierUnavailable("LECTEUR_ABSENT")
        path = self._newest() if self._path.is_dir() else self._path
        try:
            return read_regular(path.parent, path.name, PICTURE_BYTES_MAX)
        except FileNotFoundError as error:
            raise RecordRejected("QR") from error

    def _newest(self) -> Path:
        pictures = [path for path in self._path.iterdir() if path.suffix.lower() in _SUFFIXES]
        if not pictures:
            raise RecordRejected("QR")
        return max(pictures, key=lambda path: (path.lstat().st_mtime_ns, path.name))


def text_in_picture(picture: bytes) -> str:
    """The text of the one QR code in a picture. Raises: RecordRejected QR, whatever is wrong with it."""
    try:
        with Image.open(io.BytesIO(picture), formats=("PNG", "JPEG")) as image:
            if image.width * image.height > PIXELS_MAX:
                raise RecordRejected("QR")
            grey = image.convert("L")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise RecordRejected("QR") from error
    found = zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    if len(found) != 1 or len(found[0].text) > QR_TEXT_CHARACTERS_MAX:
        raise RecordRejected("QR")
    text: str = found[0].text
    return text
