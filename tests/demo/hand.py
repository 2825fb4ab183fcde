"""The hand itself: finds what is on the stage by role and name, touches it, types, looks. Needs Kivy
already set up."""

import json
import queue
import sys
import time
import traceback

from kivy.base import EventLoop
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.graphics.opengl import GL_RGBA, GL_UNSIGNED_BYTE, glReadPixels
from kivy.input.motionevent import MotionEvent
from PIL import Image

from kiosk_app.screens.kit.focus import reveal

TICK_SECONDS = 0.02
SECONDS_MAX = 60.0
FRAMES_BEFORE_A_TOUCH = 4
FRAMES_AFTER_A_TOUCH = 8


class NotYet(Exception):
    """The screen does not show what the command needs: try again at the next tick."""


def plain(text):
    """Words as a person types them: plain spaces and apostrophes."""
    return " ".join(text.replace("’", "'").split())


class Screen:
    """What can be seen and touched on the stage now."""

    def __init__(self, stage):
        self.stage = stage

    def scope(self):
        """The dialog when one is open, else the page."""
        return self.stage.dialog or self.stage.page

    def widgets(self):
        """Every control of the scope, in reading order."""
        return [w for w in _walk(self.scope()) if getattr(w, "role", "")]

    def words(self):
        """Everything written on the screen."""
        return [plain(w.text) for w in _walk(self.scope()) if getattr(w, "text", "") and not _secret(w)]

    def named(self, name, roles):
        wanted = plain(name)
        found = [w for w in self.widgets() if w.role in roles and wanted in (plain(w.name), plain(_text(w)))]
        found = found or [w for w in self.widgets() if w.role in roles and plain(_text(w)).startswith(wanted)]
        if not found:
            raise NotYet(f"no {'/'.join(roles)} called {name!r}")
        return found[0]


def _walk(widget):
    yield widget
    for child in reversed(widget.children):
        yield from _walk(child)


def _secret(widget):
    return bool(getattr(widget, "secret", False))


def _text(widget):
    return getattr(widget, "text", "") or ""


class Player:
    """Carries out commands one after the other, inside Kivy's own loop."""

    def __init__(self, app, answers):
        self.app, self.answers = app, answers
        self.commands = queue.Queue()
        self.current = None
        self.since = 0.0
        self.steps = None

    def listen(self):
        for line in sys.stdin:
            self.commands.put(json.loads(line))
        self.commands.put({"do": "quit"})

    def tick(self, _):
        if self.current is None:
            try:
                self.current = self.commands.get_nowait()
            except queue.Empty:
                return
            self.since, self.steps = time.monotonic(), None
        try:
            self.advance()
        except NotYet as reason:
            if time.monotonic() - self.since > self.current.get("seconds", SECONDS_MAX):
                self.answer(ok=False, error=str(reason), words=self.screen.words())
        except Exception:  # noqa: BLE001  # the other side must hear of any failure
            self.answer(ok=False, error=traceback.format_exc())

    @property
    def screen(self):
        return Screen(self.app.root)

    def advance(self):
        """One tick of the present command; a command that takes several frames is a generator."""
        if self.steps is None:
            self.steps = getattr(self, "do_" + self.current["do"])(self.current)
        try:
            next(self.steps)
        except StopIteration as done:
            self.answer(ok=True, **(done.value or {}))
        except NotYet:
            self.steps = None
            raise

    def answer(self, **values):
        self.current = self.steps = None
        print(json.dumps(values), file=self.answers, flush=True)

    # ---- commands
    def do_press(self, command):
        widget = self.screen.named(command["name"], ("button", "radio", "checkbox", "link"))
        yield from self.touch(widget)

    def do_type(self, command):
        if command.get("name"):
            yield from self.touch(self.screen.named(command["name"], ("textbox",)))
        box = next((w for w in self.screen.widgets() if w.role == "textbox" and w.focus), None)
        if box is None:
            raise NotYet("no text box has the focus")
        for letter in command["text"]:
            Window.dispatch("on_textinput", letter)
        yield
        if _text(box) != command["text"] and not _secret(box):
            raise AssertionError(f"typed {command['text']!r}, the box holds {_text(box)!r}")

    def do_touch(self, command):
        """Touch words that are no button: somebody is there."""
        wanted = plain(command["text"])
        words = [w for w in _walk(self.screen.scope()) if plain(_text(w)).startswith(wanted)]
        if not words:
            raise NotYet(f"{wanted!r} is not on the screen")
        yield from self.touch(words[0])

    def do_wait(self, command):
        wanted = plain(command["text"])
        if not any(wanted in words for words in self.screen.words()):
            raise NotYet(f"{wanted!r} is not on the screen")
        yield

    def do_read(self, _):
        yield
        return {"words": self.screen.words()}

    def do_picture(self, command):
        for _ in range(FRAMES_AFTER_A_TOUCH):
            yield
        Window.dispatch("on_draw")
        width, height = (int(side) for side in Window.size)
        pixels = glReadPixels(0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE)
        image = Image.frombytes("RGBA", (width, height), bytes(pixels))
        image.transpose(Image.Transpose.FLIP_TOP_BOTTOM).convert("RGB").save(command["path"])

    def do_quit(self, _):
        yield
        Clock.schedule_once(lambda _: self.app.stop(), 0)

    # ---- fingers
    def touch(self, widget):
        reveal(widget)
        for _ in range(FRAMES_BEFORE_A_TOUCH):
            yield
        x, y = widget.to_window(*widget.center)
        if not (0 <= x < Window.width and 0 <= y < Window.height):
            raise NotYet("out of sight")
        finger = Finger(x, y)
        EventLoop.post_dispatch_input("begin", finger)
        yield
        EventLoop.post_dispatch_input("end", finger)
        for _ in range(FRAMES_AFTER_A_TOUCH):
            yield


class Finger(MotionEvent):
    """One finger on the glass."""

    def __init__(self, x, y):
        place = (x / (Window.width - 1), y / (Window.height - 1))
        super().__init__("hand", 1, place, is_touch=True, type_id="touch")

    def depack(self, args):
        (self.sx, self.sy), self.profile = args, ["pos"]
        super().depack(args)
