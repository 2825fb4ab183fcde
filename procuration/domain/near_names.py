"""When two spellings of a name are near: marks, hyphens and order apart, one letter wrong at most.

It informs an officer who looks for a request or compares a document; it never decides that two people are one
(that is `people.same_person`).
"""

from collections.abc import Iterable
from typing import Final

from procuration.domain.people import fold_name

NEAR_LETTERS_MIN: Final = 4
"""Under four letters, one wrong letter makes another name: « Léo », « Léa »."""


def one_letter_apart(one: str, other: str) -> bool:
    """Whether one edit makes them equal: a letter added, dropped or replaced, or two neighbours exchanged."""
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1:
        return False
    start = next((at for at, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) < len(long):
        return short[start:] == long[start + 1 :]
    rest = short[start + 1 :], long[start + 1 :]
    exchanged = short[start : start + 2] == long[start : start + 2][::-1]
    return rest[0] == rest[1] or (exchanged and short[start + 2 :] == long[start + 2 :])


def is_near(one: str, other: str) -> bool:
    """Two folded words that one typing error explains."""
    if one == other:
        return True
    return min(len(one), len(other)) >= NEAR_LETTERS_MIN and one_letter_apart(one, other)


def words_answer(typed: Iterable[str], names: Iterable[str]) -> int | None:
    """Whether every typed word begins, or nearly is, a word of the names, in any order.

    Args:
        typed, names: folded words.
    Returns: how many words needed forgiveness; None when one answers nothing. Each word of the names answers
        once: « Marie Marie » is not « Marie ».
    """
    left, forgiven = list(names), 0
    for word in sorted(typed, key=len, reverse=True):
        found = next((name for name in left if name == word), None)
        found = found or next((name for name in left if name.startswith(word)), None)
        if found is None:
            found = next((name for name in left if is_near(word, name)), None)
            forgiven += 1
        if found is None:
            return None
        left.remove(found)
    return forgiven


def folded_words(*names: str | None) -> list[str]:
    """The folded words of several names, in their order."""
    return [word for name in names if name for word in fold_name(name).split()]
