"""The hand of the demonstration with a stopwatch: what a finger or a key waits for, on the real program in
its real window, frame after frame.

A touch enters as from a touch screen, through a provider of Kivy's own loop, at an instant of its own: it
waits for the frame in hand like any other. The picture counts once it is finished (`glFinish`), and a page
once nothing is drawn any more.
"""

import gc
import queue
import random
import resource
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from weakref import ReferenceType

from kivy.base import EventLoop
from kivy.core.window import Window
from kivy.graphics.opengl import GL_RGBA, GL_UNSIGNED_BYTE, glReadPixels

from tests.demo import hand
from tests.demo.hand import TICK_SECONDS, Clock, Finger, NotYet
from tests.screens.states import ANSWERS, PLACE_TYPED

__all__ = ["TICK_SECONDS", "Clock", "Player"]

FRAME_SECONDS = 1 / 60
QUIET_SECONDS = 0.12
"""Nothing was drawn for so long: the page stands."""
LONGEST_SECONDS = 2.0
PRESS_TICKS = 3
_TODAY = datetime.now(UTC).date() + timedelta(days=1)
_PERIOD = {
    "election.kind": {"kind": "period"},
    "election.dates": {
        "first": tuple(_TODAY.strftime("%d %m %Y").split()),
        "last": tuple((_TODAY + timedelta(days=60)).strftime("%d %m %Y").split()),
    },
}


class Glass:
    """Where fingers and keys enter, each with the instant at which it did."""

    def __init__(self):
        self.waiting = queue.SimpleQueue()
        self.sent_at = self.taken_at = self.worked_at = 0.0

    def start(self):
        """Kivy calls it; nothing to open."""

    stop = start

    def update(self, dispatch_fn):
        """Called once a frame: hand over what came meanwhile."""
        while not self.waiting.empty():
            enter = self.waiting.get()
            self.taken_at, self.worked_at = time.perf_counter(), time.process_time()
            enter(dispatch_fn)

    def send_soon(self, enter):
        """From another thread, at some instant of a frame."""

        def send():
            self.sent_at = time.perf_counter()
            self.waiting.put(enter)

        threading.Timer(random.uniform(0, 2 * FRAME_SECONDS), send).start()


class Player(hand.Player):
    """Carries out the commands of the hand, and keeps times:

    {"do": "keys", "text": "dubois", "by": "screen"}   into the box that has the focus, letter by letter
    {"do": "times"}                                    what was measured since the last time
    {"do": "rest", "seconds": 20}                      leave the tablet alone; its processor time meanwhile
    {"do": "requests", "number": 10}                   so many electors, each page drawn, without a hand
    {"do": "objects"}                                  how many of each type Python holds
    """

    def __init__(self, app, answers):
        super().__init__(app, answers)
        self.glass, self.times = Glass(), []
        self.visited = set()
        EventLoop.add_input_provider(self.glass)
        self.watched = None
        self.flips = []
        Window.bind(on_flip=self.drawn)
        app.root.bind(on_shown=lambda _, what: self.visited.clear() if what == "wiped" else None)

    # ---- the stopwatch
    def drawn(self, *_):
        """Bound after the program's own `glFinish`: the picture is there."""
        pixels = self.watched and glReadPixels(*self.watched, GL_RGBA, GL_UNSIGNED_BYTE)
        self.flips.append((time.perf_counter(), time.process_time(), pixels))

    def timed(self, enter, shown):
        """Send, then wait until `shown(flips)` gives the picture; milliseconds since it was sent, since the
        program was told, and of processor since then, on all cores."""
        self.flips.clear()
        self.glass.sent_at = 0.0
        self.glass.send_soon(enter)
        began = time.perf_counter()
        while not (self.glass.sent_at and (flip := shown(self.flips))):
            if time.perf_counter() - began > LONGEST_SECONDS:
                return None
            yield
        at, worked, _ = flip
        glass = self.glass
        seconds = (at - glass.sent_at, at - glass.taken_at, worked - glass.worked_at)
        return dict(zip(("ms", "work_ms", "cpu_ms"), (1000 * one for one in seconds), strict=True))

    def touch(self, widget):
        hand.reveal(widget)
        for _ in range(hand.FRAMES_BEFORE_A_TOUCH):
            yield
        x, y = widget.to_window(*widget.center)
        if not (0 <= x < Window.width and 0 <= y < Window.height):
            raise NotYet("out of sight")
        finger, before = Finger(x, y), self.page_now()
        self.glass.waiting.put(lambda dispatch: dispatch("begin", finger))
        for _ in range(PRESS_TICKS):
            yield
        found = yield from self.timed(lambda dispatch: dispatch("end", finger), self.stands)
        after = self.page_now()
        if found is not None and after != before:
            kind = after[0]
            self.note("page", found, visited=kind in self.visited, page=after[1])
            self.visited.add(kind)

    def page_now(self):
        page = self.app.root.page
        return type(page).__name__, page.name, tuple(self.screen.words()[:3])

    def stands(self, flips):
        """The last picture, once none has followed it for a while."""
        if not flips or time.perf_counter() - flips[-1][0] < QUIET_SECONDS:
            return None
        return flips[-1] if flips[-1][0] > self.glass.sent_at else None

    def note(self, what, found, **more):
        self.times.append({"what": what, **found, **more})

    # ---- commands
    def do_times(self, _):
        yield
        told, self.times = self.times, []
        return {"times": told}

    def do_keys(self, command):
        box = next((w for w in self.screen.widgets() if w.role == "textbox" and w.focus), None)
        if box is None:
            raise NotYet("no text box has the focus")
        x, y = box.to_window(*box.pos)
        self.watched = (int(x), int(y), int(box.width), int(box.height))
        for letter in command["text"]:
            for _ in range(PRESS_TICKS):
                yield
            Window.canvas.ask_update()  # a picture of the box as it is
            yield
            yield
            before, length = self.flips[-1][2], len(box.text)
            enter = self.entering(letter, command["by"], box)
            found = yield from self.timed(enter, lambda flips, before=before: _first_other(flips, before))
            if found is None or len(box.text) != length + 1:
                raise AssertionError(f"{letter!r} did not come: the box holds {box.text!r}")
            self.note(f"key {command['by']}", found)
        self.watched = None

    def entering(self, letter, by, box):
        if by == "real":

            def pressed(_):
                Window.dispatch("on_key_down", ord(letter), 0, None, [])
                Window.dispatch("on_textinput", letter)
                Window.dispatch("on_key_up", ord(letter), 0)

            return pressed
        key = next(w for w in hand._walk(self.app.root.page.keyboard) if hand._text(w).casefold() == letter)
        finger = Finger(*key.to_window(*key.center))
        EventLoop.post_dispatch_input("begin", finger)
        return lambda dispatch: dispatch("end", finger)

    def do_rest(self, command):
        """The ticks of the hand rest too."""
        for _ in range(hand.FRAMES_AFTER_A_TOUCH):
            yield
        began, worked = time.monotonic(), _processor_seconds()
        Clock.unschedule(self.tick)
        drawn = len(self.flips)

        def over(_):
            nonlocal began, worked
            began, worked = time.monotonic() - began, _processor_seconds() - worked
            Clock.schedule_interval(self.tick, TICK_SECONDS)

        Clock.schedule_once(over, command["seconds"])
        yield
        return {"share": worked / began, "frames": len(self.flips) - drawn}

    def do_requests(self, command):
        presenter = self.app.presenter
        for _ in range(command["number"]):
            presenter.act("start", {})
            yield
            presenter.act("understood", {})
            while presenter.form.question is not None:
                yield
                _answer(presenter)
            yield
            presenter.act("validate", {})
            while self.app.root.page.name != "K7-filed":
                yield
            for _ in range(4):
                yield
            presenter.act("end", {})
            yield
            self.flips.clear()

    def do_objects(self, _):
        """Kivy's own list of what it has drawn (weak references) is tidied at some pictures only."""
        yield
        gc.collect()
        kept = Counter(
            type(thing).__qualname__ for thing in gc.get_objects() if type(thing) is not ReferenceType
        )
        return {"objects": kept}


def _first_other(flips, before):
    return next((one for one in flips if one[2] is not None and one[2] != before), None)


def _answer(presenter):
    asked = presenter.form.question.key
    if asked in PLACE_TYPED:
        presenter.typed("place", "noum")
        presenter.picked(0)
    else:
        presenter.act("continue", _PERIOD.get(asked, ANSWERS[asked]))
    now = presenter.form.question
    assert now is None or now.key != asked, f"{asked} was not accepted"


def _processor_seconds():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
