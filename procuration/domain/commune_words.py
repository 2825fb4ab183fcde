"""Words of commune names: how they are folded, what a typed word may stand for, and which words exist at all.

Decides that « Saint-Étienne », « st etienne » and « SAINT ETIENNE » are the same words.
Leaves to `communes` which places answer.
"""

import re
import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Final

QUERY_CHARACTERS_MIN: Final = 2
QUERY_CHARACTERS_MAX: Final = 64
QUERY_WORDS_MAX: Final = 8

_ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz0123456789"
_AFTER_EVERY_LETTER: Final = "~"
_ABBREVIATIONS: Final = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
_LIGATURES: Final = (("œ", "oe"), ("æ", "ae"))
_WORD_JOINTS: Final = "'’ʻ-()"


def fold(text: str) -> str:
    """Words of a-z and 0-9, one space apart: lower case, no marks, œ as oe, anything else a space."""
    without_marks = re.sub("[\u0300-\u036f]+", "", _decomposed(text))
    return re.sub("[^a-z0-9]+", " ", without_marks).strip()


def fold_lines(text: str) -> str:
    """The same folding for many names at once, where the separators | , and line ends stay.

    A chain of replacements: `str.translate` alone would cost a tablet a tenth of a second here.
    """
    for joint in _WORD_JOINTS:
        text = text.replace(joint, " ")
    bare = _decomposed(text).encode("ascii", "ignore").decode("ascii")
    while "  " in bare:
        bare = bare.replace("  ", " ")
    return bare


def _decomposed(text: str) -> str:
    text = text.casefold()
    for ligature, letters in _LIGATURES:
        text = text.replace(ligature, letters)
    return unicodedata.normalize("NFKD", text)


def readings_of(query: str) -> list[str]:
    """The folded query: first as typed, then with a last « st » spelled out; an earlier « st » always is.

    A last « st » may also begin a longer word, Strasbourg. Digits alone are one number, « 98 800 » too.
    """
    words = fold(query[:QUERY_CHARACTERS_MAX]).split()[:QUERY_WORDS_MAX]
    if len("".join(words)) < QUERY_CHARACTERS_MIN:
        return []
    if all(word.isdigit() for word in words):
        return ["".join(words)]
    spelled_out = [_ABBREVIATIONS.get(word, word) for word in words]
    return list(dict.fromkeys((" ".join([*spelled_out[:-1], words[-1]]), " ".join(spelled_out))))


def one_letter_away(word: str) -> Iterator[str]:
    """Every word at one edit: a letter dropped, added or replaced, or two neighbours exchanged."""
    for cut in range(len(word) + 1):
        head, tail = word[:cut], word[cut:]
        if tail:
            yield head + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        for letter in _ALPHABET:
            yield head + letter + tail
            if tail:
                yield head + letter + tail[1:]


class Vocabulary:
    """The words of many lines: how often words begin in a way, and between which lines."""

    def __init__(self, lines: Iterable[str]) -> None:
        first: dict[str, int] = {}
        last: dict[str, int] = {}
        count: dict[str, int] = {}
        for number, line in enumerate(lines):
            for word in line.split():
                last[word] = number
                if word in count:
                    count[word] += 1
                else:
                    count[word] = 1
                    first[word] = number
        words = sorted(count)
        self._counts = array("I", accumulate(map(count.__getitem__, words), initial=0))
        self._first = array("I", map(first.__getitem__, words))
        self._last = array("I", map(last.__getitem__, words))
        # Fresh strings side by side: the ones of the scan would keep its whole memory alive.
        together = " ".join(words)
        for scanned in (first, last, count, words):
            scanned.clear()
        self._words = together.split()

    def __contains__(self, word: str) -> bool:
        low = bisect_left(self._words, word)
        return low < len(self._words) and self._words[low] == word

    def frequency(self, beginning: str) -> int:
        """How many words begin so."""
        low, high = self._range(beginning)
        return self._counts[high] - self._counts[low]

    def span(self, beginning: str) -> range:
        """The lines between the first and the last that have such a word; empty when there is none."""
        low, high = self._range(beginning)
        return range(min(self._first[low:high]), max(self._last[low:high]) + 1) if low < high else range(0)

    def _range(self, beginning: str) -> tuple[int, int]:
        low = bisect_left(self._words, beginning)
        return low, bisect_right(self._words, beginning + _AFTER_EVERY_LETTER, low)
