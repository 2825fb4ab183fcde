"""The options that say what is plugged into a tablet: printer, roll, reader of receipts."""

import argparse
from collections.abc import Mapping
from typing import Final

from kiosk_app.devices.choice import Description, UnknownReader, read_description
from kiosk_app.devices.printer_choice import PrinterDescription, UnknownPrinter, read_printer
from kiosk_app.sheet import Roll

_ROLLS: Final = {"58": Roll.MM_58, "80": Roll.MM_80}


def add_devices(parser: argparse.ArgumentParser, environment: Mapping[str, str], prefix: str) -> None:
    """`--printer`, `--roll` and `--scanner`. `prefix`: of their names in the environment."""
    parser.add_argument(
        "--printer", type=_printer, metavar="IMPRIMANTE",
        default=environment.get(f"{prefix}PRINTER") or "none",
        help="imprimante\u00a0: usb:04b8:0e15, serial:/dev/ttyUSB0@19200 ou net:192.168.1.50:9100 (thermique,"
        " ESC/POS\u202f; «\u202f;dots=576\u202f» dit la largeur de sa tête)\u202f; cups:NOM\u202f;"
        " folder:DOSSIER, à la place du papier\u202f; none (défaut)",
    )  # fmt: skip
    parser.add_argument(
        "--roll", type=_roll, metavar="MM", default=environment.get(f"{prefix}ROLL") or "80",
        help="largeur du rouleau de l’imprimante, 58 ou 80 mm (défaut 80)",
    )  # fmt: skip
    parser.add_argument(
        "--scanner", type=_scanner, metavar="LECTEUR", default=environment.get(f"{prefix}SCANNER") or None,
        help="ce qui lit les reçus\u00a0: serial:/dev/ttyACM0 ou serial:/dev/ttyS0@115200 (port série)\u202f;"
        " camera:/dev/video0\u202f; sinon une image, ou un dossier dont la plus récente est lue",
    )  # fmt: skip


def _roll(text: str) -> Roll:
    if text not in _ROLLS:
        raise argparse.ArgumentTypeError(f"58 ou 80, pas {text}")
    return _ROLLS[text]


def _scanner(text: str) -> Description:
    try:
        return read_description(text)
    except UnknownReader as error:
        raise argparse.ArgumentTypeError(
            f"ni serial:PORT, ni camera:SOURCE, ni un chemin\u00a0: {text}"
        ) from error


def _printer(text: str) -> PrinterDescription:
    try:
        return read_printer(text)
    except UnknownPrinter as error:
        raise argparse.ArgumentTypeError(
            f"ni usb:…, ni serial:…, ni net:…, ni cups:…, ni folder:…, ni none\u00a0: {text}"
        ) from error
