"""A camera: frame after frame, nothing kept, and free again whatever happened. A film stands for it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk_app.devices.camera import CameraReader
from procuration.errors import CarrierUnavailable
from tests.kiosk.devices.film import code, film, seen

RECEIPT = "PRQ1:" + "A1B2 C3$D" * 80


def held_open(path):
    """Whether this process still has the device in its hands."""
    links = [os.readlink(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd") if _is_open(fd)]
    return str(path) in links


def _is_open(fd):
    return os.path.lexists(f"/proc/self/fd/{fd}")


@pytest.mark.parametrize(
    ("name", "codec", "colours"),
    [("a.avi", "mjpeg", "yuvj420p"), ("b.avi", "rawvideo", "yuyv422"), ("c.mkv", "ffv1", "gray")],
)
def test_the_receipt_is_read_in_whatever_form_a_camera_gives_its_frames(tmp_path, name, codec, colours):
    path = film(tmp_path / name, [seen(code(RECEIPT))], codec, colours)
    assert CameraReader(path).read() == RECEIPT
    assert not held_open(path)


def test_frames_that_cannot_be_read_are_passed_over_until_one_can(tmp_path):
    blank, two = seen(), seen(code(), code("PRQ1:XYZ"))
    path = film(tmp_path / "film.avi", [blank, two, seen(code(RECEIPT)), seen(code("PRQ1:LATER"))])
    assert CameraReader(path).read() == RECEIPT


def test_half_a_frame_is_passed_over(tmp_path):
    path = film(tmp_path / "film.avi", [seen(code(RECEIPT))] * 3)
    data = bytearray(path.read_bytes())
    first = data.index(b"\xff\xd8\xff")
    data[first + 2 : first + 2000] = bytes(1998)
    path.write_bytes(data)
    assert CameraReader(path).read() == RECEIPT


def test_where_no_frame_shows_a_receipt_the_camera_says_so_and_is_free_again(tmp_path):
    path = film(tmp_path / "film.avi", [seen()] * 3)
    with pytest.raises(CarrierUnavailable, match="RIEN_LU") as nothing:
        CameraReader(path, seconds=7).read()
    assert nothing.value.ids == {"seconds": 7}
    assert not held_open(path)


def test_a_camera_does_not_look_longer_than_it_may(tmp_path):
    path = film(tmp_path / "film.avi", [seen(code(RECEIPT))] * 3)
    with pytest.raises(CarrierUnavailable, match="RIEN_LU"):
        CameraReader(path, seconds=0).read()
    assert not held_open(path)


def test_a_reading_ends_when_somebody_ends_it(tmp_path, monkeypatch):
    reader = CameraReader(film(tmp_path / "film.avi", [seen(), seen(code(RECEIPT))]), seconds=60)
    looked_at = []
    monkeypatch.setattr(
        "kiosk_app.devices.camera.text_of", lambda frame: looked_at.append(frame) or reader.stop()
    )
    with pytest.raises(CarrierUnavailable, match="RIEN_LU"):
        reader.read()
    assert len(looked_at) == 1
    monkeypatch.undo()
    assert reader.read() == RECEIPT


def missing(folder):
    return folder / "video0"


def text(folder):
    (folder / "text").write_text("not a film")
    return folder / "text"


def pipe(folder):
    os.mkfifo(folder / "pipe")
    return folder / "pipe"


def list_of_streams(folder):
    """A text that a careless library would follow to the network."""
    (folder / "list.m3u8").write_text(
        "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1:9/a.ts\n"
    )
    return folder / "list.m3u8"


@pytest.mark.parametrize(
    "source", [missing, text, pipe, list_of_streams, lambda _: Path("/dev/null"), lambda folder: folder]
)
def test_whatever_is_no_camera_is_an_absent_reader(tmp_path, source):
    with pytest.raises(CarrierUnavailable, match="LECTEUR_ABSENT"):
        CameraReader(source(tmp_path)).read()


def test_a_damaged_film_prints_nothing(tmp_path, capfd):
    path = film(tmp_path / "film.avi", [seen()] * 4)
    path.write_bytes(path.read_bytes()[:9_000] + b"\xff" * 3_000)
    with pytest.raises(CarrierUnavailable):
        CameraReader(path).read()
    assert capfd.readouterr() == ("", "")


def test_no_picture_is_written_anywhere(tmp_path):
    """The calls of the whole program, its libraries included: no file is opened to be written."""
    path = film(tmp_path / "film.avi", [seen(), seen(code(RECEIPT))])
    script = (
        "import os, pathlib\n"
        "from kiosk_app.devices.camera import CameraReader\n"
        "os.stat('/reading-begins')\n"
        f"print(CameraReader(pathlib.Path({str(path)!r})).read())\n"
    ).replace("os.stat('/reading-begins')", "os.path.lexists('/reading-begins')")
    calls = tmp_path / "calls"
    done = subprocess.run(
        ["strace", "-f", "-qq", "-e", "trace=file,memfd_create", "-o", calls, sys.executable, "-c", script],
        capture_output=True, text=True, check=True, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    assert done.stdout.strip() == RECEIPT
    _, _, reading = calls.read_text().partition("/reading-begins")
    assert str(path) in reading
    assert [
        line for line in reading.splitlines() if "O_WRONLY" in line or "O_RDWR" in line or "memfd" in line
    ] == []
