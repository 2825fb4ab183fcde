"""Which reader of receipts a tablet has, said by one text: `serial:/dev/ttyACM0`, `serial:/dev/ttyS0@115200`,
`camera:/dev/video0`, or the path of a picture or of a folder of pictures.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk_app.devices.receipt_reader import PictureReader, ReceiptReader

_PICTURE: Final = "picture"
SERIAL: Final = "serial"
_KINDS: Final = (SERIAL, "camera")
_BAUDS: Final = ("9600", "19200", "38400", "57600", "115200")


class UnknownReader(ValueError):
    """No reader is described by this text."""


@dataclass(frozen=True, slots=True)
class Description:
    """A reader before it is made.

    Attributes:
        path: of the device, the film, the picture or the folder.
        baud: speed of a serial port, one of the five in use; None for the usual one.
    """

    kind: str
    path: Path
    baud: int | None = None


def read_description(text: str) -> Description:
    """A text without a colon before its first slash is a path. Raises: UnknownReader."""
    kind, colon, rest = text.partition(":")
    if not colon or "/" in kind:
        return Description(_PICTURE, Path(text))
    path, at, baud = rest.partition("@") if kind == SERIAL else (rest, "", "")
    if kind not in _KINDS or not path or (at and baud not in _BAUDS):
        raise UnknownReader(text)
    return Description(kind, Path(path), int(baud) if baud else None)


def reader_of(described: Description) -> ReceiptReader:
    """The reader itself. The libraries of a device take memory, and are loaded only where there is one."""
    match described.kind:
        case "serial":
            from kiosk_app.devices.serial_scanner import BAUD, SerialScanner

            return SerialScanner(described.path, described.baud or BAUD)
        case "camera":
            from kiosk_app.devices.camera import CameraReader

            return CameraReader(described.path)
    return PictureReader(described.path)
