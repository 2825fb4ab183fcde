"""What a scanner types, cut into lines: one line is one code that it read.

A line ends with CR or LF, or both. It holds printable ASCII: the noise of a plug, or of a wrong speed, is no
line. Spaces stay where they are, Base45 uses them.
"""

from typing import Final

from procuration.errors import RecordRejected
from procuration.record.limits import QR_TEXT_CHARACTERS_MAX

_ENDS: Final = b"\r\n"
_FIRST, _LAST = ord(" "), ord("~")


class ScannerLines:
    """The line under way; never more of it in memory than a receipt may have."""

    def __init__(self) -> None:
        self._start()

    def _start(self) -> None:
        self._line = bytearray()
        self._too_long = self._noise = False

    def line_in(self, data: bytes) -> str | None:
        """The first line that these bytes end; those behind it are somebody's second scan, and are dropped.

        Raises: RecordRejected QR_FORM when it had more than 3,000 characters.
        """
        for byte in data:
            if byte in _ENDS:
                line = self._ended()
                if line:
                    return line
            else:
                self._add(byte)
        return None

    def _add(self, byte: int) -> None:
        if not _FIRST <= byte <= _LAST:
            self._noise = True
        elif len(self._line) == QR_TEXT_CHARACTERS_MAX:
            self._too_long = True
        else:
            self._line.append(byte)

    def _ended(self) -> str:
        """The line, empty when it was noise."""
        line, noise, too_long = self._line.decode("ascii"), self._noise, self._too_long
        self._start()
        if noise:
            return ""
        if too_long:
            raise RecordRejected("QR_FORM")
        return line
