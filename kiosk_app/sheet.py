"""A sheet written from top to bottom: what every paper of a tablet is drawn on, for a roll and for A4."""

import io
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

DOTS_PER_INCH: Final = 203
_FONTS: Final = Path(__file__).resolve().parent / "fonts"
_A4_MILLIMETRES: Final = (210, 297)
_HEIGHT_MAX: Final = 6000
MARGIN: Final = 16
BLACK, WHITE = 0, 255
BODY, SMALL, TITLE = 25, 21, 31
_OF_A_PDF: Final = ("PIL.PdfImagePlugin", "PIL.TiffImagePlugin")
"""The page and the compression of its image. Pillow asked for a format that it has not read yet reads all
forty, with their libraries: 3 MiB.
"""


class Roll(IntEnum):
    """The paper, by the dots that its printer prints side by side; the rest of its width stays white."""

    MM_58 = 384
    MM_80 = 512


@dataclass(frozen=True, slots=True)
class Printout:
    """One paper, ready for the screen and for any printer."""

    png: bytes
    pdf: bytes


def printout_of(drawn: Image.Image) -> Printout:
    """The drawing as an image, and the same in its true size on one A4 page."""
    return Printout(png=_png(drawn), pdf=_pdf(drawn))


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", dpi=(DOTS_PER_INCH, DOTS_PER_INCH))
    return out.getvalue()


def _pdf(image: Image.Image) -> bytes:
    width, height = (round(side / 25.4 * DOTS_PER_INCH) for side in _A4_MILLIMETRES)
    page = Image.new("L", (width, max(height, image.height)), WHITE)
    page.paste(image, ((width - image.width) // 2, min(100, (page.height - image.height) // 2)))
    for plugin in _OF_A_PDF:
        import_module(plugin)
    out = io.BytesIO()
    page.convert("1", dither=Image.Dither.NONE).save(out, "PDF", resolution=DOTS_PER_INCH)
    return out.getvalue()


@cache
def font_of(size: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    """The shipped Noto Sans, in dots."""
    name = "NotoSans-Bold.ttf" if bold else "NotoSans-Regular.ttf"
    # By its path: from bytes, each of the six sizes would keep the file in memory twice.
    return ImageFont.truetype(str(_FONTS / name), size, layout_engine=ImageFont.Layout.BASIC)


@dataclass(slots=True)
class Sheet:
    """A tall sheet written from top to bottom, cut at the end."""

    image: Image.Image
    draw: ImageDraw.ImageDraw
    y: int = MARGIN

    @classmethod
    def new(cls, width: int) -> "Sheet":
        image = Image.new("L", (width, _HEIGHT_MAX), WHITE)
        return cls(image, ImageDraw.Draw(image))

    @property
    def width(self) -> int:
        return self.image.width

    def text(
        self,
        words: str,
        size: int = BODY,
        *,
        bold: bool = False,
        centred: bool = False,
        left: int = MARGIN,
        colour: int = BLACK,
    ) -> None:
        """A paragraph, broken at ordinary spaces only."""
        font = font_of(size, bold)
        step = round(size * 1.35)
        for line in broken(words, font, self.width - left - MARGIN):
            x = (self.width - font.getlength(line)) / 2 if centred else left
            self.draw.text((x, self.y), line, font=font, fill=colour)
            self.y += step

    def gap(self, pixels: int) -> None:
        """Leave room."""
        self.y += pixels

    def rule(self, *, below: int = 12) -> None:
        """A thin line between two parts."""
        self.y += 14
        self.draw.line((MARGIN, self.y, self.width - MARGIN, self.y), fill=BLACK, width=2)
        self.y += below

    def ruler(self) -> None:
        """The whole width in centimetres, to see on paper what a printer cuts off or scales."""
        step = DOTS_PER_INCH / 2.54
        bottom = self.y + 18
        self.draw.line((0, bottom, self.width - 1, bottom), fill=BLACK, width=2)
        for number in range(int(self.width / step) + 1):
            x = min(round(number * step), self.width - 2)
            self.draw.line((x, self.y, x, bottom), fill=BLACK, width=2)
            if number and x + 20 < self.width:
                self.draw.text((x + 4, self.y - 8), str(number), font=font_of(SMALL), fill=BLACK)
        self.draw.line((self.width - 2, self.y, self.width - 2, bottom), fill=BLACK, width=2)
        self.y = bottom + 12

    def paste_centred(self, image: Image.Image) -> None:
        """A picture below what is written."""
        self.image.paste(image, ((self.width - image.width) // 2, self.y))
        self.y += image.height

    def cut(self) -> Image.Image:
        """What was written, with a white margin."""
        return self.image.crop((0, 0, self.width, self.y + MARGIN))


def broken(words: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """The lines of a paragraph, broken at ordinary spaces only."""
    lines: list[str] = []
    for word in words.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.extend(_pieces(word, font, width))
    return lines


def _pieces(word: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """A word wider than the paper (a name of a hundred letters) is cut rather than lost."""
    if font.getlength(word) <= width:
        return [word]
    pieces = [""]
    for character in word:
        if font.getlength(pieces[-1] + character) > width:
            pieces.append("")
        pieces[-1] += character
    return pieces
