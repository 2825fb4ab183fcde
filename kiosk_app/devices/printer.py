"""Where the receipt comes out. A folder stands for the paper where no printer is plugged in."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from procuration.adapters.durable_file import write_durably
from procuration.domain.identifiers import Rid
from procuration.errors import CarrierUnavailable

_OWNER_ONLY = 0o600


@dataclass(frozen=True, slots=True)
class PrinterState:
    """A printer that would print now. `near_end`: its paper will soon be out."""

    near_end: bool = False


class Printer(Protocol):
    """Prints the receipt of one request."""

    def print_receipt(self, rid: Rid, image_png: bytes, pdf: bytes) -> None:
        """Raises: CarrierUnavailable IMPRESSION: the request is safe, the elector notes the reference."""

    def print_paper(self, name: str, image_png: bytes, pdf: bytes) -> None:
        """Any other paper. `name`: of its kind and its act, never of a person.

        Raises: CarrierUnavailable IMPRESSION, IMPRIMANTE_ABSENTE: what the paper says is safe.
        """

    def state(self) -> PrinterState:
        """Prints nothing. Raises: CarrierUnavailable, with what would keep a paper from coming out."""


class FolderPrinter:
    """Writes each receipt as PDF and as picture, named after the request, never after a person."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def print_receipt(self, rid: Rid, image_png: bytes, pdf: bytes) -> None:
        """Raises: CarrierUnavailable IMPRESSION."""
        self.print_paper(f"recu-{rid[:4].hex()}", image_png, pdf)

    def print_paper(self, name: str, image_png: bytes, pdf: bytes) -> None:
        """Raises: CarrierUnavailable IMPRESSION."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_durably(self._folder / f"{name}.pdf", pdf, _OWNER_ONLY)
            write_durably(self._folder / f"{name}.png", image_png, _OWNER_ONLY)
        except OSError as error:
            raise CarrierUnavailable("IMPRESSION") from error

    def state(self) -> PrinterState:
        """Raises: CarrierUnavailable IMPRESSION, for a folder that cannot be written."""
        parent = next(path for path in (self._folder, *self._folder.absolute().parents) if path.exists())
        if not parent.is_dir() or not os.access(parent, os.W_OK):
            raise CarrierUnavailable("IMPRESSION")
        return PrinterState()


class NoPrinter:
    """Nothing is plugged in: the screen says so and shows the reference."""

    def print_receipt(self, rid: Rid, image_png: bytes, pdf: bytes) -> None:
        """Raises: CarrierUnavailable IMPRESSION."""
        raise CarrierUnavailable("IMPRESSION")

    def print_paper(self, name: str, image_png: bytes, pdf: bytes) -> None:
        """Raises: CarrierUnavailable IMPRIMANTE_ABSENTE."""
        raise CarrierUnavailable("IMPRIMANTE_ABSENTE")

    def state(self) -> PrinterState:
        """Raises: CarrierUnavailable IMPRIMANTE_ABSENTE."""
        raise CarrierUnavailable("IMPRIMANTE_ABSENTE")
