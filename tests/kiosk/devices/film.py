"""Films that stand for a camera, and the pictures in them."""

import io

import av
import segno
from PIL import Image

SIZE = (1280, 720)


def code(text="PRQ1:ABC", scale=4):
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="png", scale=scale, border=4)
    return Image.open(out).convert("L")


def seen(*pictures, grey=110):
    """One frame: what lies under the camera, side by side."""
    frame = Image.new("L", SIZE, grey)
    left = 40
    for picture in pictures:
        frame.paste(picture, (left, 20))
        left += picture.width + 40
    return frame


def film(path, frames, codec="mjpeg", colours="yuvj420p"):
    """The frames as a camera gives them, 25 a second."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream(codec, rate=25)
        stream.width, stream.height = frames[0].size
        stream.pix_fmt = colours
        for frame in frames:
            out.mux(stream.encode(av.VideoFrame.from_image(frame.convert("RGB"))))
        out.mux(stream.encode(None))
    return path
