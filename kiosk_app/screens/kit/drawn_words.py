"""What Kivy keeps of words once they are drawn: the texture alone.

Kivy draws words on a surface, copies it into the texture and keeps the surface as long as the label lives:
every word twice in memory, 3 MiB with the keys of the keyboards, and one copy more of what a person wrote.
"""

from kivy.core.text import Label as DrawnWords


def let_surfaces_go() -> None:
    """From now on; `_render_end` is private to Kivy: a new Kivy has to be looked at here."""
    DrawnWords._render_end = _pixels_alone


def _pixels_alone(words: DrawnWords) -> object:
    pixels = words._surface.get_data()  # a copy
    words._surface = None
    return pixels
