"""A hand-held scanner on a serial port, also one on USB that presents itself as a serial port.

Not one that stands for a keyboard: what it types depends on the layout, and goes to whatever has the focus.
"""

import termios
from pathlib import Path
from typing import Final

import serial  # type: ignore[import-untyped]

from kiosk_app.devices.patience import Patience
from kiosk_app.devices.receipt_reader import READING_SECONDS
from kiosk_app.devices.scanner_lines import ScannerLines
from procuration.errors import CarrierUnavailable, RecordRejected

BAUD: Final = 9_600
_WAIT_SECONDS: Final = 0.1
_BYTES_AT_ONCE: Final = 4_096


class SerialScanner:
    """The port is open, and nobody else's, only while a receipt is awaited."""

    def __init__(self, port: Path, baud: int = BAUD, seconds: float = READING_SECONDS) -> None:
        self._port, self._baud, self._patience = port, baud, Patience(seconds)

    def stop(self) -> None:
        self._patience.end()

    def read(self) -> str:
        """The next line. Raises: RecordRejected QR; CarrierUnavailable LECTEUR_ABSENT, RIEN_LU."""
        self._patience.begin()
        try:
            with serial.Serial(
                str(self._port), self._baud, timeout=_WAIT_SECONDS, exclusive=True
            ) as port:  # opening drops what was scanned before: it was not asked for
                return self._next_line(port)
        except (OSError, ValueError, termios.error) as error:  # serial.SerialException is an OSError
            raise CarrierUnavailable("LECTEUR_ABSENT") from error
        except RecordRejected as error:
            raise RecordRejected("QR") from error

    def check(self) -> None:
        """Whether the port opens; nothing is read. Raises: CarrierUnavailable LECTEUR_ABSENT."""
        try:
            with serial.Serial(str(self._port), self._baud, timeout=_WAIT_SECONDS, exclusive=True):
                return
        except (OSError, ValueError, termios.error) as error:
            raise CarrierUnavailable("LECTEUR_ABSENT") from error

    def _next_line(self, port: serial.Serial) -> str:
        lines = ScannerLines()
        while self._patience.lasts():
            data: bytes = port.read(min(port.in_waiting or 1, _BYTES_AT_ONCE))
            line = lines.line_in(data)
            if line is not None:
                return line
        raise self._patience.exhausted()
