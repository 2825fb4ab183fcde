"""A hand at a real tablet: runs the kiosk program as it is, touches its buttons, types, reads, takes
pictures.

`python -m tests.demo.player [options of procuration-kiosk]` reads one command a line on its standard
input, as JSON,
and answers one line for each. It adds nothing to the program: touches and letters enter by Kivy's own window.

    {"do": "press", "name": "Continuer"}          touch a button, a choice, a box, once it can be seen
    {"do": "type", "name": "Référence", "text"}   touch a text box (none named: the one with the focus),
    then type
    {"do": "touch", "text": "Transmission"}       touch words that are no button: somebody is there
    {"do": "wait", "text": "Gardée sur ce poste"} until these words are on the screen
    {"do": "read"}                                every word on the screen
    {"do": "picture", "path": "01-accueil.png"}   what the screen shows
    {"do": "quit"}                                close the program as its window would
"""

import importlib
import os
import sys
import threading
import time

from kiosk_app.__main__ import main as kiosk

LOOK_SECONDS = 0.05


def join(answers, hand):
    """Wait until the program has made its window, then sit beside it. Nothing of Kivy is imported before
    the program
    does so itself: it reads its settings at that moment."""
    while True:
        time.sleep(LOOK_SECONDS)
        module = sys.modules.get("kivy.app")
        app = module.App.get_running_app() if hasattr(module, "App") else None
        if getattr(getattr(app, "root", None), "page", None) is not None:
            break
    found = importlib.import_module(hand)
    player = found.Player(app, answers)
    found.Clock.schedule_interval(player.tick, found.TICK_SECONDS)
    player.listen()


def main(hand="tests.demo.hand"):
    """`hand`: the module with the `Player`; it is imported once Kivy is set up."""
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ["SDL_VIDEODRIVER"] = "offscreen"
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever else writes goes with the messages, never between two answers
    threading.Thread(target=join, args=(answers, hand), daemon=True).start()
    return kiosk(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
