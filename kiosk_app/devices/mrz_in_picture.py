"""The zone of the identity document in a grey picture, recognised by the Debian program `tesseract`.

The picture goes in through a pipe and the characters come out through another: nothing is written to a disk.
The zone stands in the lower part of a document, so that part is looked at first, then the whole.
"""

import os
import subprocess
import threading
from datetime import date
from typing import Final

from PIL import Image, ImageOps

from kiosk_app.devices.mrz_lines import TEXT_BYTES_MAX, identity_in
from procuration.domain.mrz import IdentityZone
from procuration.errors import CarrierUnavailable

SECONDS_MAX: Final = 8.0
"""Of one recognition: half a second is usual."""
PIXELS_MAX: Final = 50_000_000
_PROGRAM: Final = "/usr/bin/tesseract"
_ARGUMENTS: Final = (
    _PROGRAM,
    "stdin",
    "stdout",
    "--psm",
    "6",  # one block of lines
    "-c",
    "tessedit_char_whitelist=ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<",
    "-c",
    "load_system_dawg=0",  # no word of English stands in a zone
    "-c",
    "load_freq_dawg=0",
)
_ENVIRONMENT: Final = {"OMP_THREAD_LIMIT": "1", "LC_ALL": "C"}
_TRIES: Final = ((0.55, 1_100), (0.55, 1_500), (0.0, 1_100), (0.0, 1_800))
"""Where the part looked at begins, and how wide it is made: a second size reads what the first did not."""


def identity_of(grey: Image.Image, today: date) -> IdentityZone | None:
    """What the zone says; None when none can be read. Raises: CarrierUnavailable LECTEUR_ABSENT without the
    program."""
    if grey.width * grey.height > PIXELS_MAX:
        return None
    for top, width in _TRIES:
        band = grey.crop((0, round(grey.height * top), grey.width, grey.height))
        found = identity_in(recognised(_prepared(band, width)), today)
        if found is not None:
            return found
    return None


def _prepared(band: Image.Image, width: int) -> Image.Image:
    """Wide enough to be read and small enough to be read fast, its greys spread out."""
    height = max(1, round(band.height * width / band.width))
    return ImageOps.autocontrast(band.resize((width, height), Image.Resampling.BICUBIC), cutoff=1)


def recognised(picture: Image.Image, seconds: float = SECONDS_MAX) -> bytearray:
    """The lines that the program sees, zeros behind them; empty when it takes too long. It never changes its
    size: what a byte array leaves when it moves stays in memory."""
    text = bytearray(TEXT_BYTES_MAX)
    try:
        with subprocess.Popen(
            _ARGUMENTS,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_ENVIRONMENT,
            bufsize=0,
        ) as program:
            watchdog = threading.Timer(seconds, program.kill)
            watchdog.start()
            try:
                return _exchanged(program, picture, text)
            finally:
                watchdog.cancel()
                program.kill()
    except FileNotFoundError as error:
        raise CarrierUnavailable("LECTEUR_ABSENT") from error


def _exchanged(program: "subprocess.Popen[bytes]", picture: Image.Image, text: bytearray) -> bytearray:
    """The program reads its whole input before it says anything."""
    assert program.stdin is not None
    assert program.stdout is not None
    try:
        with program.stdin as pipe:
            pipe.write(b"P5 %d %d 255\n" % picture.size)
            view = memoryview(picture.tobytes())
            while view:
                view = view[os.write(pipe.fileno(), view) :]
    except BrokenPipeError:  # ended by the watchdog
        return text
    filled = 0
    while filled < len(text):
        count = os.readv(program.stdout.fileno(), [memoryview(text)[filled:]])
        if not count:
            break
        filled += count
    return text
