"""A thermal printer at the other end of a real wire: a TCP port or a pseudo-terminal; and below pyusb.

It speaks the ESC/POS that it is sent, draws its raster pictures as paper would show them, and can run out of
paper, have its cover open, say nothing, or die in the middle of a picture.
"""

import array
import io
import os
import pty
import select
import socket
import threading
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import usb.backend
import usb.core
from PIL import Image, ImageOps

HEAD = 512
FORGET = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
GOOD = 0x12


class ThermalPaper:
    """What a printer made of the bytes it got; independent of any wire.

    Attributes:
        answers: what `DLE EOT n` is answered with, by n; empty: it says nothing.
        rows_left: of the roll; 0 is the end of the paper.
        dies_after: bytes after which the wire is cut.
        sheets: what was cut off.
    """

    def __init__(self) -> None:
        self.answers = {2: GOOD, 3: GOOD, 4: GOOD}
        self.rows_left = 100_000
        self.dies_after: int | None = None
        self.knows_in_turn = True
        self.sheets: list[Image.Image] = []
        self.cut_short: list[Image.Image] = []
        self.got = self.forgotten = 0
        self._strips: list[Image.Image] = []
        self._data = b""

    def takes(self, data: bytes) -> bytes:
        """The next bytes of the wire; returns what the printer says."""
        self.got += len(data)
        self._data += data
        said = b""
        while (step := self._step()) is not None:
            used, answer = step
            self._data, said = self._data[used:], said + answer
        return said

    def opens_cover(self) -> None:
        self.answers[2] = GOOD | 0x04

    def runs_out(self) -> None:
        self.rows_left = 0

    def has_new_roll(self) -> None:
        self.rows_left = 100_000
        self.answers[4] = GOOD

    def _step(self) -> tuple[int, bytes] | None:
        data = self._data
        if data.startswith(FORGET[: len(data)]) and data[:2] == b"\x10\x14":
            return self._forgets() if len(data) >= len(FORGET) else None
        match data[:2]:
            case b"\x10\x04" if len(data) >= 3:
                return 3, self._status(data[2])
            case b"\x1b@":
                return 2, b""
            case b"\x1bd" if len(data) >= 3:
                return 3, b""
            case b"\x1dV" if len(data) >= 3:
                return self._cuts()
            case b"\x1dr" if len(data) >= 3:
                return 3, b"\x00" if self.knows_in_turn and self.rows_left else b""
            case b"\x1dv" if len(data) >= 8:
                return self._prints()
            case pair if len(pair) == 2 and pair[0] not in (0x10, 0x1B, 0x1D):
                raise AssertionError(f"no command of a printer: {data[:8].hex()}")
        return None

    def _status(self, n: int) -> bytes:
        if not self.answers:
            return b""
        if n == 4 and not self.rows_left:
            return bytes([GOOD | 0x60])
        return bytes([self.answers[n]])

    def _prints(self) -> tuple[int, bytes] | None:
        across, rows = (int.from_bytes(self._data[at : at + 2], "little") for at in (4, 6))
        size = 8 + across * rows
        if len(self._data) < size:
            return None
        assert across * 8 <= HEAD, "a head prints nothing beside itself"
        strip = Image.frombytes("1", (across * 8, rows), self._data[8:size])
        out = min(rows, self.rows_left)
        self.rows_left -= out
        if out:
            self._strips.append(ImageOps.invert(strip.convert("L")).crop((0, 0, across * 8, out)))
        return size, b""

    def _cuts(self) -> tuple[int, bytes]:
        self.sheets.append(self._joined())
        self._strips = []
        return 3, b""

    def _forgets(self) -> tuple[int, bytes]:
        self.forgotten += 1
        if self._strips:
            self.cut_short.append(self._joined())
        self._strips = []
        return len(FORGET), b"\x37\x25\x00"

    def _joined(self) -> Image.Image:
        sheet = Image.new("L", (HEAD, sum(one.height for one in self._strips) + 40), 255)
        top = 0
        for one in self._strips:
            sheet.paste(one, (0, top))
            top += one.height
        return sheet


class _Thread:
    def __init__(self, paper: ThermalPaper) -> None:
        self.paper = paper
        self.failure: BaseException | None = None
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._guarded)

    def starts(self) -> None:
        self._thread.start()

    def ends(self) -> None:
        self._ending.set()
        self._thread.join()
        if self.failure is not None:
            raise self.failure

    def _guarded(self) -> None:
        try:
            self._runs()
        except AssertionError as failure:
            self.failure = failure

    def _runs(self) -> None:
        raise NotImplementedError

    def _dead(self) -> bool:
        return self.paper.dies_after is not None and self.paper.got >= self.paper.dies_after


class _OnNetwork(_Thread):
    def __init__(self, paper: ThermalPaper) -> None:
        super().__init__(paper)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._listening.settimeout(0.02)
        self.port = self._listening.getsockname()[1]

    def _runs(self) -> None:
        with self._listening:
            while not self._ending.is_set():
                try:
                    caller, _ = self._listening.accept()
                except TimeoutError:
                    continue
                with caller:
                    self._serves(caller)

    def _serves(self, caller: socket.socket) -> None:
        caller.settimeout(0.02)
        while not self._ending.is_set() and not self._dead():
            try:
                data = caller.recv(4096)
            except TimeoutError:
                continue
            except ConnectionResetError:
                return
            if not data:
                return
            said = self.paper.takes(data)
            if said:
                caller.sendall(said)


class _OnSerialPort(_Thread):
    def __init__(self, paper: ThermalPaper) -> None:
        super().__init__(paper)
        self._near, self._far = pty.openpty()
        tty.setraw(self._far)
        self.path = os.ttyname(self._far)

    def _runs(self) -> None:
        while not self._ending.is_set():
            if self._dead() or not select.select([self._near], [], [], 0.02)[0]:
                self._ending.wait(0.02)
                continue
            said = self.paper.takes(os.read(self._near, 4096))
            if said:
                os.write(self._near, said)
        os.close(self._near)
        os.close(self._far)


@contextmanager
def on_network(paper: ThermalPaper) -> Iterator[str]:
    """The printer at a port of this machine; gives its description for `--printer`."""
    printer = _OnNetwork(paper)
    printer.starts()
    try:
        yield f"net:127.0.0.1:{printer.port}"
    finally:
        printer.ends()


@contextmanager
def on_serial_port(paper: ThermalPaper) -> Iterator[str]:
    """The printer at a pseudo-terminal. One that dies goes on holding the line, as a hung one does."""
    printer = _OnSerialPort(paper)
    printer.starts()
    try:
        yield f"serial:{printer.path}@115200"
    finally:
        printer.ends()


def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def folders_in(place: Path) -> set[str]:
    return {path.name for path in place.iterdir()}


class _Described:
    """A descriptor, as pyusb asks for it."""

    def __init__(self, **fields: int) -> None:
        self.__dict__.update(fields)
        self.extra_descriptors = ()


class UsbPlug(usb.backend.IBackend):
    """A USB printer below pyusb: its descriptors, two bulk pipes. What libusb itself does is not here.

    Attributes:
        hangs: the pipe takes nothing any more, as long as pyusb waits.
    """

    OUT, IN = 0x03, 0x84

    def __init__(self, paper: ThermalPaper) -> None:
        self.paper, self.said, self.hangs = paper, b"", False
        self.waits: set[int] = set()

    def enumerate_devices(self):
        return ["printer"]

    def get_device_descriptor(self, dev):
        return _Described(
            bLength=18, bDescriptorType=1, bcdUSB=0x200, bDeviceClass=0, bDeviceSubClass=0,
            bDeviceProtocol=0, bMaxPacketSize0=64, idVendor=0x04B8, idProduct=0x0E15, bcdDevice=0x100,
            iManufacturer=0, iProduct=0, iSerialNumber=0, bNumConfigurations=1, address=5, bus=1,
            port_number=1, port_numbers=(1,), speed=3,
        )  # fmt: skip

    def get_configuration_descriptor(self, dev, config):
        if config:
            raise IndexError
        return _Described(
            bLength=9, bDescriptorType=2, wTotalLength=32, bNumInterfaces=1, bConfigurationValue=1,
            iConfiguration=0, bmAttributes=0xC0, bMaxPower=1,
        )  # fmt: skip

    def get_interface_descriptor(self, dev, intf, alt, config):
        if intf or alt:
            raise IndexError
        return _Described(
            bLength=9, bDescriptorType=4, bInterfaceNumber=0, bAlternateSetting=0, bNumEndpoints=2,
            bInterfaceClass=7, bInterfaceSubClass=1, bInterfaceProtocol=2, iInterface=0,
        )  # fmt: skip

    def get_endpoint_descriptor(self, dev, ep, intf, alt, config):
        return _Described(
            bLength=7, bDescriptorType=5, bEndpointAddress=(self.OUT, self.IN)[ep], bmAttributes=2,
            wMaxPacketSize=64, bInterval=0, bRefresh=0, bSynchAddress=0,
        )  # fmt: skip

    def get_configuration(self, dev_handle):
        return 1

    def bulk_write(self, dev_handle, ep, intf, data, timeout):
        assert ep == self.OUT, "another pipe than the printer's own"
        self.waits.add(timeout)
        if self.hangs:
            raise usb.core.USBTimeoutError("timed out")
        self.said += self.paper.takes(bytes(data))
        return len(data)

    def bulk_read(self, dev_handle, ep, intf, buff, timeout):
        assert ep == self.IN, "another pipe than the printer's own"
        self.waits.add(timeout)
        if not self.said:
            raise usb.core.USBTimeoutError("timed out")
        given, self.said = self.said[: len(buff)], self.said[len(buff) :]
        buff[: len(given)] = array.array("B", given)
        return len(given)

    def _done(self, *words):
        return None

    open_device = close_device = set_configuration = claim_interface = release_interface = reset_device = (
        _done
    )
