"""Drives the real screens without a display: virtual time, fingers and keys. Private Kivy names live
only here.

Import this before anything of Kivy: without a display, a window that opens too early ends the process.
"""

import os
import tempfile
from pathlib import Path

if not os.environ.get("DISPLAY"):
    os.environ["SDL_VIDEODRIVER"] = "offscreen"  # EGL, no X server

from kiosk_app.screens.settings import configure

# 149.5 pixels per inch: 10.1 inches at 1280x800. Larger than any first: off screen, a window only shrinks.
configure(home=Path(tempfile.mkdtemp()), size=(1920, 1280), pixels_per_inch=149.5)

from kivy.config import Config  # noqa: E402

Config.set("graphics", "maxfps", "0")

from kivy.base import EventLoop, runTouchApp  # noqa: E402
from kivy.clock import Clock  # noqa: E402
from kivy.core.window import Window  # noqa: E402
from kivy.graphics.opengl import GL_RGBA, GL_UNSIGNED_BYTE, glReadPixels  # noqa: E402
from kivy.input.motionevent import MotionEvent  # noqa: E402
from kivy.uix.widget import Widget  # noqa: E402
from PIL import Image  # noqa: E402


class FakeTime:
    """Time moves only when the test says so."""

    now = 1000.0

    def __call__(self) -> float:
        return FakeTime.now


Clock.time, Clock._last_tick, Clock._max_fps = FakeTime(), FakeTime.now, 0


class Finger(MotionEvent):
    """One finger on the glass."""

    def __init__(self, x: float, y: float) -> None:
        super().__init__(
            "test", 1, (x / (Window.width - 1), y / (Window.height - 1)), is_touch=True, type_id="touch"
        )

    def depack(self, args: tuple[float, float]) -> None:
        (self.sx, self.sy), self.profile = args, ["pos"]
        super().depack(args)

    def move_to(self, x: float, y: float) -> None:
        self.move((x / (Window.width - 1), y / (Window.height - 1)))


class Driver:
    """A running application."""

    def __init__(self, app: object) -> None:
        self.app = app
        app._run_prepare()
        runTouchApp(embedded=True)
        self.frames(5)

    def frames(self, n: int, fps: int = 60) -> None:
        for _ in range(n):
            FakeTime.now += 1 / fps
            EventLoop.idle()

    def seconds(self, s: float) -> None:
        self.frames(int(s * 4), fps=4)

    def until(self, condition: object, limit: int = 600) -> None:
        for _ in range(limit):
            if condition():
                return
            self.frames(1)
        raise AssertionError("condition never became true")

    def resize(self, width: int, height: int) -> None:
        Window.size = (width, height)
        self.frames(4)

    def tap(self, widget: Widget) -> None:
        touch = Finger(*widget.to_window(*widget.center))
        for phase in ("begin", "end"):
            EventLoop.post_dispatch_input(phase, touch)
            self.frames(2)
        self.frames(3)

    def slide_off(self, widget: Widget) -> None:
        x, y = widget.to_window(*widget.center)
        touch = Finger(x, y)
        EventLoop.post_dispatch_input("begin", touch)
        self.frames(1)
        touch.move_to(x, y + widget.height * 3)
        EventLoop.post_dispatch_input("update", touch)
        EventLoop.post_dispatch_input("end", touch)
        self.frames(2)

    def key(self, code: int, *modifiers: str) -> None:
        Window.dispatch("on_key_down", code, code, None, list(modifiers))
        self.frames(1)
        Window.dispatch("on_key_up", code, code)
        self.frames(3)

    def type(self, text: str) -> None:
        for ch in text:
            Window.dispatch("on_textinput", ch)
        self.frames(3)

    def picture(self) -> Image.Image:
        self.frames(3)
        EventLoop.window.dispatch("on_draw")
        pixels = glReadPixels(0, 0, Window.width, Window.height, GL_RGBA, GL_UNSIGNED_BYTE)
        image = Image.frombytes("RGBA", (int(Window.width), int(Window.height)), bytes(pixels))
        return image.transpose(Image.Transpose.FLIP_TOP_BOTTOM).convert("RGB")

    def window_shows(self, root: Widget) -> bool:
        return EventLoop.status == "started" and list(Window.children) == [root]

    def close(self) -> None:
        self.app.stop()
        for child in list(Window.children):
            Window.remove_widget(child)
