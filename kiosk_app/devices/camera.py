"""A camera that looks at the receipt, or at the identity document: frame after frame until one can be read,
then it is free again.

A V4L2 device, or a film in a file, which stands for one. Frames are grey pictures in memory, one at a time.
"""

import stat
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Final, TypeVar

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from PIL import Image

from kiosk_app.devices.code_in_picture import PIXELS_MAX, text_of
from kiosk_app.devices.mrz_in_picture import identity_of
from kiosk_app.devices.patience import Patience
from kiosk_app.devices.receipt_reader import READING_SECONDS
from procuration.domain.mrz import IdentityZone
from procuration.errors import CarrierUnavailable

T = TypeVar("T")
_DEVICE: Final = "v4l2"
_DEVICE_OPTIONS: Final = {"video_size": "1280x720"}
"""A code of 173 modules with its quiet zone, at the 4 pixels per module that a camera should see."""
_FILE_OPTIONS: Final = {
    "protocol_whitelist": "file",  # a list of streams in a film may not name a place of the network
    "format_whitelist": "avi,matroska,webm,mov,mp4",
}
_DO_NOT_BLOCK: Final = {"fflags": "4"}
"""AVFMT_FLAG_NONBLOCK, which has no name there: a camera that falls silent must not hold the reading."""
_OPENING_SECONDS: Final = 5.0
_WAIT_SECONDS: Final = 0.005

av.logging.set_level(None)  # the library's lines would name files and devices on the error output


class CameraReader:
    """The camera is open only while a receipt or a document is awaited; nobody is filmed otherwise."""

    def __init__(self, source: Path, seconds: float = READING_SECONDS) -> None:
        self._source, self._patience = source, Patience(seconds)

    def stop(self) -> None:
        self._patience.end()

    def read(self) -> str:
        """The first text that a frame gives. Raises: CarrierUnavailable LECTEUR_ABSENT, RIEN_LU."""
        return self._first(text_of)

    def read_identity(self, today: date) -> IdentityZone:
        """The first zone that a frame gives. Raises: CarrierUnavailable LECTEUR_ABSENT, RIEN_LU."""
        return self._first(lambda grey: identity_of(grey, today))

    def _first(self, seen_in: Callable[[Image.Image], T | None]) -> T:
        self._patience.begin()
        try:
            with self._opened() as camera:
                for frame in _frames(camera, self._patience):
                    found = seen_in(_grey(frame))
                    if found is not None:
                        return found
        except (OSError, ValueError, av.FFmpegError) as error:
            raise CarrierUnavailable("LECTEUR_ABSENT") from error
        raise self._patience.exhausted()

    def glance(self) -> tuple[int, int]:
        """Width and height of one frame. Raises: CarrierUnavailable LECTEUR_ABSENT."""
        self._patience.begin()
        try:
            with self._opened() as camera:
                for frame in _frames(camera, self._patience):
                    return frame.width, frame.height
        except (OSError, ValueError, av.FFmpegError) as error:
            raise CarrierUnavailable("LECTEUR_ABSENT") from error
        raise CarrierUnavailable("LECTEUR_ABSENT")

    def _opened(self) -> InputContainer:
        mode = self._source.stat().st_mode
        if not (stat.S_ISCHR(mode) or stat.S_ISREG(mode)):
            raise FileNotFoundError(self._source)  # a pipe would hold the opening for ever
        device = stat.S_ISCHR(mode)
        return av.open(
            str(self._source) if device else f"file:{self._source}",
            format=_DEVICE if device else None,
            container_options={**_DO_NOT_BLOCK, **(_DEVICE_OPTIONS if device else _FILE_OPTIONS)},
            timeout=_OPENING_SECONDS,
        )


def _frames(camera: InputContainer, patience: Patience) -> Iterator[VideoFrame]:
    """Every frame as long as it lasts; damaged ones are passed over, large ones refused."""
    stream = camera.streams.video[0] if camera.streams.video else None
    if stream is None or stream.width * stream.height > PIXELS_MAX:
        return
    while patience.lasts():
        try:
            packet = next(camera.demux(stream))
            for frame in packet.decode():
                assert isinstance(frame, VideoFrame), "it is the stream of pictures"
                yield frame
        except av.BlockingIOError:  # the camera has no new frame yet
            time.sleep(_WAIT_SECONDS)
        except av.InvalidDataError:  # half a frame, as cameras give at first
            continue
        except (StopIteration, av.EOFError):  # the end of a film
            return


def _grey(frame: VideoFrame) -> Image.Image:
    """The light of the frame, without its colours."""
    plane = frame.reformat(format="gray").planes[0]
    return Image.frombytes("L", (plane.width, plane.height), bytes(plane), "raw", "L", plane.line_size, 1)
