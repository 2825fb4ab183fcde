"""The names of the months, in the languages of the tablet, January first. Apart from the sentences: a date is
typed on every visit, and would have every catalogue read.
"""

from typing import Final

FRENCH: Final = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
ENGLISH: Final = "January February March April May June July August September October November December"
ALL: Final = (FRENCH, ENGLISH)
"""Easy French has those of French."""
