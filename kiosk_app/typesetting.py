"""How the sentences of a catalogue become typographic.

They are written with plain spaces and straight apostrophes, so that no invisible character has to be typed or
reviewed there; `~` stands for a space that never breaks.
"""

import re
from typing import Final

NARROW: Final = "\u202f"
NO_BREAK: Final = "\u00a0"


def french(sentence: str) -> str:
    """Narrow no-break space before ; ! ?, no-break space before a colon and inside « », and ’."""
    sentence = _common(sentence)
    sentence = re.sub(r" ([;!?])", NARROW + r"\1", sentence)
    sentence = (
        sentence.replace(" :", NO_BREAK + ":").replace("« ", "«" + NO_BREAK).replace(" »", NO_BREAK + "»")
    )
    return sentence.replace("{n} ", "{n}" + NO_BREAK)


def english(sentence: str) -> str:
    """Curly apostrophes, and quotation marks “ ” for straight ones."""
    sentence = re.sub(r'"([^"]*)"', "\u201c\\1\u201d", _common(sentence))
    return sentence.replace("{n} ", "{n}" + NO_BREAK)


def _common(sentence: str) -> str:
    return sentence.replace("'", "’").replace("~", NO_BREAK)
