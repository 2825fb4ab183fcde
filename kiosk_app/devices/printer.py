"""Where the receipt comes out. A folder stands for the paper where no printer is plugged in."""

from pathlib import Path
from typing import Protocol

from procuration.adapters.durable_file import write_durably
from procuration.domain.identifiers import Rid
from procuration.errors import CarrierUnavailable

_OWNER_ONLY = 0o600


class Printer(Protocol):
    """Prints the receipt of one request."""

    def print_receipt(self, rid: Rid, image_png: bytes, pdf: bytes) -> None:
        """Raises: CarrierUnavailable IMPRESSION: the request is safe, the elector notes the reference."""

    def print_paper(self, name: str, image_png: bytes, pdf: bytes) -> None:
        """Any other paper. `name`: of its kind and its act, never of a person.

        Raises: CarrierUnavailable IMPRESSION, IMPRIMANTE_ABSENTE: what the paper says is safe.
        """


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


class NoPrinter:
    """Nothing is plugged in: the screen says so and shows the reference."""

    def print_receipt(self, rid: Rid, image_png: bytes, pdf: bytes) -> None:
        """Raises: CarrierUnavailable IMPRESSION."""
        raise CarrierUnavailable("IMPRESSION")

    def print_paper(self, name: str, image_png: bytes, pdf: bytes) -> None:
        """Raises: CarrierUnavailable IMPRIMANTE_ABSENTE."""
        raise CarrierUnavailable("IMPRIMANTE_ABSENTE")
