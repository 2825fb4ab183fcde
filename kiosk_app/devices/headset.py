"""Whether something is plugged into the headphone jack, as ALSA says it. What it does not say is no headset.

Sound cards with a sensor have a control such as « Headphone Jack » (kernel: Documentation/sound/hd-audio and
sound/core/ctljack.c); USB cards mostly have none.
"""

import re
import subprocess
from pathlib import Path
from typing import Final

AMIXER: Final = "amixer"
SECONDS_MAX: Final = 1.0
CONTENTS_MAX: Final = 200_000
_JACK: Final = re.compile(
    r"name='(?:[^'\n]* )?(?:Headphone|Headset)(?! Phantom)[^'\n]* ?Jack'[^\n]*\n\s*;[^\n]*\n\s*: values=on"
)
"""A phantom jack has no sensor: it is always on."""
_CARD: Final = re.compile(r"card(\d{1,2})")


def says_plugged(contents: str) -> bool:
    """Whether the controls of one card (`amixer contents`) show a headphone in its jack."""
    return _JACK.search(contents[:CONTENTS_MAX]) is not None


def headset_plugged(cards: Path = Path("/proc/asound"), amixer: str = AMIXER) -> bool:
    """Ask every card. Implements `presenters.voice.Headset`."""
    numbers = [found.group(1) for one in cards.glob("card*") if (found := _CARD.fullmatch(one.name))]
    return any(says_plugged(_contents(amixer, number)) for number in sorted(numbers))


def _contents(amixer: str, card: str) -> str:
    try:
        asked = subprocess.run(
            [amixer, "-c", card, "contents"],
            capture_output=True,
            timeout=SECONDS_MAX,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""  # not known: no headset
    return asked.stdout.decode("utf-8", "replace")
