"""« Sur votre téléphone »: the address of the web service, as a code and in words. What the elector does
there is a request of the web: nothing goes from this tablet to the telephone, and nothing comes back."""

import re
from collections.abc import Iterator
from typing import Final

from kiosk_app.presenters.pages import Command, TextPage
from kiosk_app.presenters.wording import Wording

WEB = "web"
LINE_CHARACTERS_MAX: Final = 18


def command(say: Wording) -> Command:
    """The button of the welcome page."""
    return Command(key=WEB, text=say("web.go"))


def _lines(address: str) -> Iterator[str]:
    """Cut after a dot, a hyphen or a stroke, never within a word: in large letters a line holds few."""
    line = ""
    for piece in re.findall(r"[^./-]*[./-]?", address):
        if line and len(line) + len(piece) > LINE_CHARACTERS_MAX:
            yield line
            line = ""
        line += piece
    yield line


def page(say: Wording, address: str) -> TextPage:
    """Args: address: of the web service, https."""
    written = "\n".join(_lines(address.removeprefix("https://").removesuffix("/")))
    sentences = ("web.what", "web.then", "web.nothing")
    return TextPage(
        name="K0-web",
        bar=say("bar.welcome"),
        bar_commands=(Command(key="display", text=say("bar.display")),),
        title=say("web.title"),
        paragraphs=(say("web.scan"), written, *(say(key) for key in sentences)),
        qr_text=address,
        qr_caption=say("web.code"),
        commands=(
            Command(key="welcome", text=say("go.back")),
            Command(key="start", text=say("web.here")),
        ),
    )
