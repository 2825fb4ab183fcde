"""How Kivy is started on a tablet that the public uses: no log file, no settings panel, no way out by a key.

Kivy reads all this when it is first imported: `configure` comes before any other module of this package.
"""

import logging
import os
from pathlib import Path

ENVIRONMENT = {
    "KIVY_NO_ARGS": "1",  # our own command line
    "KIVY_NO_FILELOG": "1",  # no file may hold what people do
    "KIVY_LOG_MODE": "PYTHON",  # Kivy must not take standard error: a failure has to be seen
    "KIVY_NO_CONFIG": "1",  # no file of settings, read or written
    "KIVY_CLIPBOARD": "dummy",  # memory only, and never used
}


def configure(
    *,
    home: Path,
    size: tuple[int, int] = (1280, 800),
    full_screen: bool = False,
    pixels_per_inch: float | None = None,
) -> None:
    """Prepare Kivy to start.

    Args:
        home: the only folder where Kivy may create its own (empty) folders.
        pixels_per_inch: of this screen; dp are physical, so that a target is 12.7 mm on every tablet.
    """
    os.environ.update(ENVIRONMENT)
    logging.getLogger("kivy").setLevel(logging.WARNING)
    os.environ["KIVY_HOME"] = str(home)
    if pixels_per_inch is not None:
        os.environ["KIVY_DPI"] = str(pixels_per_inch)
        os.environ["KIVY_METRICS_DENSITY"] = str(pixels_per_inch / 160)
    from kivy.config import Config

    for section, key, value in (
        ("graphics", "width", str(size[0])),
        ("graphics", "height", str(size[1])),
        ("graphics", "fullscreen", "auto" if full_screen else "0"),
        ("graphics", "resizable", "1"),
        ("graphics", "multisamples", "0"),  # four buffers of the screen in the place of one; text needs none
        ("kivy", "exit_on_escape", "0"),
        ("kivy", "desktop", "1"),
        ("kivy", "keyboard_mode", "system"),
        ("input", "mouse", "mouse,disable_multitouch"),
    ):
        Config.set(section, key, value)
