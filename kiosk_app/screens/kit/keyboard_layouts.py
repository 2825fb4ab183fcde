"""What stands on the keys of the screen keyboard, for each kind of answer.

A key is written as its letter, or as an action between angle brackets, with its width when it is not 1.
The accents are always in sight where names are typed: nobody has to look for « é ».
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class KeySpec:
    """One key: what it types or does, and how wide it is in units of one letter."""

    face: str
    action: str = ""
    width: float = 1.0


Row = tuple[KeySpec, ...]


def letters(faces: str) -> Row:
    """A row of plain keys from faces separated by spaces."""
    return tuple(KeySpec(face) for face in faces.split())


ERASE: Final = KeySpec("key.erase", "erase", 1.6)
SHIFT: Final = KeySpec("key.shift", "shift")
LEFT, RIGHT = KeySpec("key.left", "left"), KeySpec("key.right", "right")
NEXT: Final = KeySpec("key.next", "next", 2.2)
SPACE: Final = KeySpec("key.space", "space", 4.4)


def page(face: str, number: int, width: float = 2.2) -> KeySpec:
    """The key that shows another page of the same layout."""
    return KeySpec(face, f"page {number}", width)


AZERTY: Final = (
    (*letters("a z e r t y u i o p"), ERASE),
    letters("q s d f g h j k l m ’"),
    (SHIFT, *letters("w x c v b n î ï ô -")),
)
ACCENTS: Final = letters("é è ê ë à â ä ç ù û ü")
MORE: Final = (
    letters("á ã å ā æ ć č ð í ī ì"),
    (*letters("ł ñ ń ò ó õ ö ø ō œ"), ERASE),
    letters("š ś ș ț þ ú ū ý ÿ ž ʻ"),
    (SHIFT, *letters("ź ż ğ ı ř ď ß đ . -")),
)
DIGIT_ROW: Final = letters("1 2 3 4 5 6 7 8 9 0 -")
WRITE: Final = (KeySpec("key.space", "space", 3.4), LEFT, RIGHT, NEXT)

LAYOUTS: Final[dict[str, tuple[tuple[Row, ...], ...]]] = {
    "name": (
        (ACCENTS, *AZERTY, (page("key.more", 1), SPACE, LEFT, RIGHT, NEXT)),
        (*MORE, (page("key.back_to_letters", 0), SPACE, LEFT, RIGHT, NEXT)),
    ),
    "letters": (
        (ACCENTS, *AZERTY, (page("key.digits", 1), SPACE, LEFT, RIGHT, NEXT)),
        (DIGIT_ROW, *AZERTY, (page("key.accents", 0), SPACE, LEFT, RIGHT, NEXT)),
    ),
    "email": (
        (
            (*letters("1 2 3 4 5 6 7 8 9 0"), KeySpec("+")),
            (*letters("a z e r t y u i o p"), ERASE),
            letters("q s d f g h j k l m _"),
            (KeySpec("@"), *letters("w x c v b n . - '"), KeySpec("%")),
            (
                KeySpec(".fr", "type .fr", 2.2),
                KeySpec(".com", "type .com", 2.2),
                KeySpec("@", "", 2.2),
                LEFT,
                RIGHT,
                NEXT,
            ),
        ),
    ),
    "digits": (
        (
            letters("1 2 3"),
            letters("4 5 6"),
            letters("7 8 9"),
            (KeySpec("key.erase", "erase"), KeySpec("0"), KeySpec("key.next", "next")),
        ),
    ),
    "secret": (
        (
            letters("1 2 3"),
            letters("4 5 6"),
            letters("7 8 9"),
            (
                page("key.letters", 1, 1.0),
                KeySpec("0"),
                KeySpec("key.erase", "erase"),
                KeySpec("key.next", "next"),
            ),
        ),
        (DIGIT_ROW, *AZERTY, (page("key.digits", 0, 1.6), page("key.accents", 2, 1.6), *WRITE)),
        (ACCENTS, *AZERTY, (page("key.digits", 0, 1.6), page("key.letters", 1, 1.6), *WRITE)),
    ),
    "reference": (
        (
            (*letters("2 3 4 5 6 7 8 9"), ERASE),
            letters("A Z E R T Y U P Q"),
            letters("S D F G H J K M W"),
            (*letters("X C V B N"), LEFT, RIGHT, KeySpec("key.next", "next", 2)),
        ),
    ),
}
NARROW: Final = frozenset({"digits"})  # their keys would be absurdly wide on a wide screen
