"""Which printer a tablet has, said by one text: `usb:04b8:0e15`, `serial:/dev/ttyUSB0@19200`,
`net:192.168.1.50:9100`, `cups:NAME`, `folder:PATH`, the path of a folder, or `none`.

A thermal printer may add the dots of its head, when its manual says another number than the roll's:
`usb:04b8:0e15;dots=576`.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk_app.devices.printer import FolderPrinter, NoPrinter, Printer
from kiosk_app.sheet import Roll

PORT: Final = 9100
BAUD: Final = 38_400
_BAUDS: Final = ("9600", "19200", "38400", "57600", "115200")
_DOTS: Final = (288, 1_280)
_USB: Final = re.compile(r"([0-9a-fA-F]{4}):([0-9a-fA-F]{4})")
_NET: Final = re.compile(r"([A-Za-z0-9][A-Za-z0-9.-]{0,252})(?::([0-9]{1,5}))?")
_SERIAL: Final = re.compile(r"(/[^@]{1,250})(?:@([0-9]{1,6}))?")
_CUPS: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,126}")


class UnknownPrinter(ValueError):
    """No printer is described by this text."""


@dataclass(frozen=True, slots=True)
class PrinterDescription:
    """A printer before it is made.

    Attributes:
        kind: usb, serial, net, cups, folder or none.
        place: device file, host, queue or folder; of a printer on USB, vendor and product in hexadecimal.
        number: speed of a serial port in baud, or port of a host.
        dots: that the head prints side by side; None for as many as the roll's.
    """

    kind: str
    place: str = ""
    number: int = 0
    dots: int | None = None


NO_PRINTER: Final = PrinterDescription("none")


def read_printer(text: str) -> PrinterDescription:
    """A text without a colon before its first slash is the path of a folder. Raises: UnknownPrinter."""
    if text == NO_PRINTER.kind:
        return NO_PRINTER
    kind, colon, rest = text.partition(":")
    if not colon or "/" in kind:
        return PrinterDescription("folder", text)
    if kind == "folder" and rest:
        return PrinterDescription("folder", rest)
    if kind == "cups" and _CUPS.fullmatch(rest):
        return PrinterDescription("cups", rest)
    return _thermal(text, kind, rest)


def _thermal(text: str, kind: str, rest: str) -> PrinterDescription:
    address, semicolon, option = rest.partition(";")
    dots = _dots(text, option) if semicolon else None
    if kind == "usb" and (found := _USB.fullmatch(address)):
        return PrinterDescription(kind, f"{found[1]}:{found[2]}".lower(), dots=dots)
    if kind == "serial" and (found := _SERIAL.fullmatch(address)) and (found[2] or "9600") in _BAUDS:
        return PrinterDescription(kind, found[1], int(found[2] or BAUD), dots)
    if kind == "net" and (found := _NET.fullmatch(address)) and 0 < int(found[2] or PORT) < 65_536:
        return PrinterDescription(kind, found[1], int(found[2] or PORT), dots)
    raise UnknownPrinter(text)


def _dots(text: str, option: str) -> int:
    name, _, value = option.partition("=")
    if name != "dots" or not re.fullmatch(r"[0-9]{3,4}", value) or not _DOTS[0] <= int(value) <= _DOTS[1]:
        raise UnknownPrinter(text)
    return int(value)


def printer_of(described: PrinterDescription, roll: Roll = Roll.MM_80) -> Printer:
    """The printer itself, not reached yet. Libraries are loaded when something is printed."""
    match described.kind:
        case "folder":
            return FolderPrinter(Path(described.place))
        case "cups":
            from kiosk_app.devices.cups_printer import CupsPrinter

            return CupsPrinter(described.place)
        case "none":
            return NoPrinter()
    from kiosk_app.devices.thermal_printer import ThermalPrinter

    return ThermalPrinter(described, described.dots or roll.value)
