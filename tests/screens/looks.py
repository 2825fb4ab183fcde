"""In what look a page may be met: size of the window, contrast, size of type, language."""

from dataclasses import dataclass
from itertools import product

from kiosk_app.presenters.wording import Language

SIZES = {"1280x800": (1280, 800), "1920x1200": (1920, 1200), "800x480": (800, 480), "800x1280": (800, 1280)}
SCALES = (1.0, 1.4, 1.75)
PORTRAIT = "800x1280"


@dataclass(frozen=True)
class Look:
    """One way to see every page."""

    size: str = "1280x800"
    strong: bool = False
    scale: float = 1.0
    language: Language = Language.FRENCH

    def __str__(self) -> str:
        contrast = "strong" if self.strong else "normal"
        return f"{self.size} x{self.scale:g} {contrast} {self.language}"


EVERY = tuple(
    Look(size, strong, scale, language)
    for size, strong, scale, language in product(SIZES, (False, True), SCALES, Language)
)


def covering() -> tuple[Look, ...]:
    """Twelve looks in which any two settings meet at least once: each size with each language, and the size
    of type and the contrast along the diagonals."""
    return tuple(
        Look(size, (i + j) % 2 == 1, SCALES[(i + j) % 3], language)
        for i, size in enumerate(SIZES)
        for j, language in enumerate(Language)
    )


def looks_for(budget: int) -> tuple[Look, ...]:
    """What a run looks at: `make test` the twelve, `make test-long` every combination."""
    return covering() if budget == 1 else EVERY
