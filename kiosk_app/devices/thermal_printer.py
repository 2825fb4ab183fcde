"""A thermal printer that speaks ESC/POS, on USB, on a serial port or on the network.

It is asked before, between the strips of the picture and after: whatever stops it is said with its own code,
and what it still holds in its memory is dropped. The paper is made again from what is on the disk.
"""

import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from PIL import Image

from kiosk_app.devices import printer_status as status
from kiosk_app.devices.printer import PrinterState
from procuration.domain.identifiers import Rid
from procuration.errors import CarrierUnavailable

if TYPE_CHECKING:
    from kiosk_app.devices.escpos_wires import Wire
    from kiosk_app.devices.printer_choice import PrinterDescription

STRIP_ROWS: Final = 128
"""8 KiB at most: what the memory of a small printer holds, two seconds of a line at 38,400 baud."""
TOTAL_SECONDS: Final = 60.0
COMING_OUT_SECONDS: Final = 20.0
"""A paper of a metre at 50 mm/s; a printer that does not know `GS r` is believed after that."""
_ROWS_MAX: Final = 6_000
_ANSWERS_MAX: Final = 64
_WHITE: Final = 255


class ThermalPrinter:
    """Reached only while something is printed or asked."""

    def __init__(
        self,
        described: "PrinterDescription",
        dots: int,
        *,
        total_seconds: float = TOTAL_SECONDS,
        coming_out_seconds: float = COMING_OUT_SECONDS,
    ) -> None:
        """Args: dots: that the head prints side by side."""
        self._described, self._dots = described, dots
        # A slow line needs its time: ten bits a byte, and as much again for the printer.
        line = 2 * 10 * _ROWS_MAX * dots // 8 // described.number if described.kind == "serial" else 0
        self._total_seconds, self._coming_out_seconds = total_seconds + line, coming_out_seconds

    def print_receipt(self, rid: Rid, image_png: bytes, pdf: bytes) -> None:
        """Raises: CarrierUnavailable, as `print_paper`."""
        self.print_paper("recu", image_png, pdf)

    def print_paper(self, name: str, image_png: bytes, pdf: bytes) -> None:
        """Raises: CarrierUnavailable LARGEUR_PAPIER, IMPRIMANTE_INJOIGNABLE, IMPRIMANTE_MUETTE, PAPIER_FINI,
        CAPOT_OUVERT, IMPRIMANTE_EN_PANNE."""
        strips = _strips(image_png, self._dots)
        end = time.monotonic() + self._total_seconds
        with self._reached() as wire:
            _check(wire)
            try:
                wire.send(status.INITIALISE)
                for strip in strips:
                    if time.monotonic() > end:
                        raise CarrierUnavailable("IMPRIMANTE_MUETTE")
                    wire.picture(strip, self._dots)
                    _check(wire)
                wire.finish()
                self._wait_until_out(wire)
            except Exception:
                _forget(wire)
                raise

    def state(self) -> PrinterState:
        """Raises: CarrierUnavailable, as `print_paper` but LARGEUR_PAPIER."""
        with self._reached() as wire:
            return PrinterState(near_end=_check(wire))

    @contextmanager
    def _reached(self) -> "Iterator[Wire]":
        """Open until the end of the block; whatever the cable does becomes one of our codes."""
        from kiosk_app.devices.escpos_wires import FAILURES

        wire = _wire_of(self._described)
        try:
            try:
                wire.open()
            except FAILURES as error:
                raise CarrierUnavailable("IMPRIMANTE_INJOIGNABLE") from error
            yield wire
        except FAILURES as error:
            raise CarrierUnavailable("IMPRIMANTE_MUETTE") from error
        finally:
            _close(wire)

    def _wait_until_out(self, wire: "Wire") -> None:
        """Until the printer says that all has come out; asked meanwhile what stands in its way."""
        wire.send(status.COME_OUT)
        end = time.monotonic() + self._coming_out_seconds
        while time.monotonic() < end:
            heard = wire.heard()
            if any(status.is_in_turn(byte) for byte in heard):
                break
            if not heard:
                _check(wire)
        _check(wire)


def _check(wire: "Wire") -> bool:
    """Whether paper is nearly out. Raises: CarrierUnavailable with what stands in the way."""
    near_end = False
    for asked in status.ASKED:
        answer = _answer(wire, asked)
        code = status.trouble_in(asked, answer)
        if code is not None:
            raise CarrierUnavailable(code)
        near_end = near_end or (asked == status.PAPER and status.is_near_end(answer))
    return near_end


def _answer(wire: "Wire", asked: bytes) -> int:
    wire.send(asked)
    for _ in range(_ANSWERS_MAX):
        heard = wire.heard()
        answer = status.first_status(heard)
        if answer is not None:
            return answer
        if not heard:
            break
    raise CarrierUnavailable("IMPRIMANTE_MUETTE")


def _forget(wire: "Wire") -> None:
    """A printer that cannot even be told so was switched off, and has forgotten by itself."""
    from kiosk_app.devices.escpos_wires import FAILURES

    try:
        wire.send(status.FORGET)
        wire.heard()  # it confirms; a line closed before that would drop the order
    except FAILURES:
        return


def _close(wire: "Wire") -> None:
    """A cable that was pulled out cannot be closed in good order; what matters has been said before."""
    from kiosk_app.devices.escpos_wires import FAILURES

    try:
        wire.close()
    except FAILURES:
        return


def _wire_of(described: "PrinterDescription") -> "Wire":
    from kiosk_app.devices.escpos_wires import NetworkWire, SerialWire, UsbWire

    match described.kind:
        case "net":
            return NetworkWire(described.place, described.number)
        case "serial":
            return SerialWire(described.place, described.number)
    vendor, product = (int(part, 16) for part in described.place.split(":"))
    return UsbWire(vendor, product)


def _strips(image_png: bytes, dots: int) -> list[Image.Image]:
    """The picture from top to bottom, in black and white. Scaled down, no scanner would read its code, and
    cut even less: a head too narrow is refused before anything is sent.

    Raises: CarrierUnavailable LARGEUR_PAPIER.
    """
    with Image.open(io.BytesIO(image_png), formats=("PNG",)) as opened:
        assert opened.height <= _ROWS_MAX, "a sheet is never longer"
        picture = opened.convert("L").point(lambda grey: _WHITE if grey > _WHITE // 2 else 0)
    if picture.width > dots:
        raise CarrierUnavailable("LARGEUR_PAPIER")
    tops = range(0, picture.height, STRIP_ROWS)
    return [picture.crop((0, top, picture.width, min(top + STRIP_ROWS, picture.height))) for top in tops]
