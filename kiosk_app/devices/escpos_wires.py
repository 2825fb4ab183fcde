"""The three cables of a thermal printer, through python-escpos, each with a time limit on everything.

The library waits for ever where a printer holds the line: a USB write, a serial write, the flush of a serial
port that is closed. A person stands before the screen, so nothing here waits longer than `WAIT_SECONDS`.
"""

import os
import socket
import tempfile
from typing import Final, Protocol

import serial  # type: ignore[import-untyped]
import usb.core  # type: ignore[import-untyped]
import usb.util  # type: ignore[import-untyped]

_PICKLES: Final = "ESCPOS_CAPABILITIES_PICKLE_DIR"

# When it is loaded, the library leaves a folder behind, with a copy of its table: not on this tablet.
with tempfile.TemporaryDirectory() as _folder:
    _before, tempfile.tempdir, os.environ[_PICKLES] = tempfile.tempdir, _folder, _folder
    try:
        from escpos.exceptions import Error as EscposError  # type: ignore[import-untyped]
        from escpos.printer import Network, Serial, Usb  # type: ignore[import-untyped]
    finally:
        tempfile.tempdir = _before
        del os.environ[_PICKLES]

WAIT_SECONDS: Final = 5.0
ANSWER_SECONDS: Final = 1.0
_PRINTER_CLASS: Final = 7
FAILURES: Final = (
    OSError,
    ValueError,
    AssertionError,
    EscposError,
    usb.core.USBError,
    usb.core.NoBackendError,
)
"""What a cable may answer. The library states with `assert` that a device was found."""


class Wire(Protocol):
    """An open printer: bytes go there, answers come back."""

    def open(self) -> None: ...
    def close(self) -> None: ...
    def picture(self, image: object, dots: int) -> None:
        """Sends one strip, as wide as the head."""

    def send(self, data: bytes) -> None: ...
    def heard(self) -> bytes:
        """What the printer said within `ANSWER_SECONDS`, b"" for nothing."""

    def finish(self) -> None:
        """Feeds and cuts."""


class _Sending:
    """What the three have in common, over the calls of the library."""

    def picture(self, image: object, dots: int) -> None:
        # The width of the head is the library's own check; without it, it writes a warning on the screen.
        self.profile.profile_data = {  # type: ignore[attr-defined]
            **self.profile.profile_data,  # type: ignore[attr-defined]
            "media": {"width": {"pixels": dots}},
        }
        self.image(image, impl="bitImageRaster", center=True)  # type: ignore[attr-defined]

    def send(self, data: bytes) -> None:
        self._raw(data)  # type: ignore[attr-defined]

    def heard(self) -> bytes:
        try:
            return bytes(self._read())  # type: ignore[attr-defined]
        except (TimeoutError, usb.core.USBTimeoutError):
            return b""

    def finish(self) -> None:
        self.cut()  # type: ignore[attr-defined]


class NetworkWire(_Sending, Network):
    """A printer at an address, port 9100 as a rule."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(host, port, timeout=WAIT_SECONDS)

    def open(self, raise_not_found: bool = True) -> None:
        """The library would leave a socket behind where nobody answers, and knows no IPv6."""
        self.device = socket.create_connection((self.host, self.port), WAIT_SECONDS)

    def _read(self) -> bytes:
        self.device.settimeout(ANSWER_SECONDS)
        try:
            data: bytes = self.device.recv(64)
        finally:
            self.device.settimeout(WAIT_SECONDS)
        if not data:
            raise ConnectionResetError("the printer closed the connection")
        return data


class SerialWire(_Sending, Serial):
    """A printer on a serial port, also one on USB that presents itself as one."""

    def __init__(self, path: str, baud: int) -> None:
        super().__init__(devfile=path, baudrate=baud, timeout=ANSWER_SECONDS)

    def open(self, raise_not_found: bool = True) -> None:
        super().open(raise_not_found)
        self.device.exclusive = True
        self.device.write_timeout = WAIT_SECONDS

    def _read(self) -> bytes:
        data: bytes = self.device.read(1)  # the library's sixteen would wait for bytes that never come
        return data

    def close(self) -> None:
        """Without the flush, which lasts as long as the printer holds the line."""
        port: object = self._device
        if isinstance(port, serial.Serial) and port.is_open:
            port.reset_output_buffer()
            port.close()
        self._device: object = False


class UsbWire(_Sending, Usb):
    """A printer on USB; its pipes are read from its own description."""

    def __init__(self, vendor: int, product: int) -> None:
        super().__init__(vendor, product, usb_args={}, timeout=round(WAIT_SECONDS * 1000))

    def open(self, raise_not_found: bool = True) -> None:
        super().open(raise_not_found)
        interface = usb.util.find_descriptor(
            self.device.get_active_configuration(), bInterfaceClass=_PRINTER_CLASS
        )
        for pipe in interface or ():
            if usb.util.endpoint_type(pipe.bmAttributes) != usb.util.ENDPOINT_TYPE_BULK:
                continue
            if usb.util.endpoint_direction(pipe.bEndpointAddress) == usb.util.ENDPOINT_IN:
                self.in_ep = pipe.bEndpointAddress
            else:
                self.out_ep = pipe.bEndpointAddress

    def _raw(self, msg: bytes) -> None:
        sent = self.device.write(self.out_ep, msg, self.timeout)
        if sent != len(msg):
            raise TimeoutError("the printer took half of it")

    def _read(self) -> bytes:
        return bytes(self.device.read(self.in_ep, 64, round(ANSWER_SECONDS * 1000)))
