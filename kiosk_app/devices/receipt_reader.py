"""Reads the QR code of a receipt, or the zone of an identity document, whatever is plugged in: the interface,
and the reader of picture files.
"""

import io
from datetime import date
from pathlib import Path
from typing import Final, Protocol

from PIL import Image, UnidentifiedImageError

from kiosk_app.devices.code_in_picture import PIXELS_MAX, text_of
from kiosk_app.devices.mrz_in_picture import identity_of
from procuration.adapters.foreign_file import read_regular
from procuration.domain.mrz import IdentityZone
from procuration.errors import CarrierUnavailable, RecordRejected

PICTURE_BYTES_MAX: Final = 20 << 20
READING_SECONDS: Final = 15
"""How long a scanner or a camera waits for a receipt."""
_SUFFIXES: Final = {".png", ".jpg", ".jpeg"}


class ReceiptReader(Protocol):
    """Gives the text of the receipt held before it. What it says, and of whom, is not its business."""

    def read(self) -> str:
        """At most 3,000 characters, after `READING_SECONDS` at the latest; the device is free again then.

        Raises: RecordRejected QR when something unreadable was shown; CarrierUnavailable LECTEUR_ABSENT when
            the device is not there, RIEN_LU (ids: seconds) when nothing was shown to it in time.
        """

    def read_identity(self, today: date) -> IdentityZone:
        """What the zone of the document held before it says; a receipt is passed over. Its number is dropped
        at once, and nothing of it is written anywhere.

        Raises: RecordRejected with a code of `mrz.read_zone`, when something else was shown;
            CarrierUnavailable LECTEUR_ABSENT, RIEN_LU (ids: seconds).
        """

    def stop(self) -> None:
        """Ends the reading under way, if there is one, from another thread: it raises RIEN_LU. Whoever locks
        the station is not kept waiting by a scanner."""


class PictureReader:
    """The newest picture of a folder, or one picture, stands for the receipt held before a camera."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> str:
        """The text of the QR code. Raises: RecordRejected QR; CarrierUnavailable LECTEUR_ABSENT."""
        return text_in_picture(self._picture())

    def read_identity(self, today: date) -> IdentityZone:
        """What the zone says. Raises: RecordRejected MRZ_FORM; CarrierUnavailable LECTEUR_ABSENT."""
        try:
            found = identity_of(_grey(self._picture()), today)
        except RecordRejected as error:
            raise RecordRejected("MRZ_FORM") from error
        if found is None:
            raise RecordRejected("MRZ_FORM")
        return found

    def stop(self) -> None:
        """A picture is there or is not: nothing is waited for."""

    def _picture(self) -> bytes:
        try:
            if not self._path.exists():
                raise CarrierUnavailable("LECTEUR_ABSENT")
            path = self._newest() if self._path.is_dir() else self._path
            return read_regular(path.parent, path.name, PICTURE_BYTES_MAX)
        except FileNotFoundError as error:  # taken away since
            raise RecordRejected("QR") from error
        except OSError as error:
            raise CarrierUnavailable("LECTEUR_ABSENT") from error

    def _newest(self) -> Path:
        pictures = [path for path in self._path.iterdir() if path.suffix.lower() in _SUFFIXES]
        if not pictures:
            raise RecordRejected("QR")
        return max(pictures, key=lambda path: (path.lstat().st_mtime_ns, path.name))


def text_in_picture(picture: bytes) -> str:
    """The text of the one QR code in a picture. Raises: RecordRejected QR, whatever is wrong with it."""
    text = text_of(_grey(picture))
    if text is None:
        raise RecordRejected("QR")
    return text


def _grey(picture: bytes) -> Image.Image:
    """The picture without its colours. Raises: RecordRejected QR."""
    try:
        with Image.open(io.BytesIO(picture), formats=("PNG", "JPEG")) as image:
            if image.width * image.height > PIXELS_MAX:
                raise RecordRejected("QR")
            return image.convert("L")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise RecordRejected("QR") from error
