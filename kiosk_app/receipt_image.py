"""How the receipt looks: one image, as wide as the paper lets a printer of 203 dpi print, the same on A4 and
on screen."""

import io
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from pathlib import Path
from typing import Final

import segno
from PIL import Image, ImageDraw, ImageFont

from kiosk_app.receipt import NBSP, Receipt

DOTS_PER_INCH: Final = 203
_FONTS: Final = Path(__file__).resolve().parent / "fonts"
_A4_MILLIMETRES: Final = (210, 297)
_MARGIN: Final = 16
_BLACK, _WHITE = 0, 255
_QUIET_MODULES: Final = 4
_BODY, _SMALL, _TITLE = 25, 21, 31
_REFERENCE_SIZES: Final = (88, 76, 64, 52)
_NARROW_LEFT: Final = 100


class Roll(IntEnum):
    """The paper, by the dots that its printer prints side by side; the rest of its width stays white."""

    MM_58 = 384
    MM_80 = 512


@dataclass(frozen=True, slots=True)
class Printout:
    """The receipt, ready for the screen and for any printer."""

    png: bytes
    pdf: bytes


def printout(receipt: Receipt, roll: Roll = Roll.MM_80) -> Printout:
    """The receipt as an image, and the same image in its true size on one A4 page."""
    drawn = _drawn(receipt, roll)
    return Printout(png=_png(drawn), pdf=_pdf(drawn))


def trial_page(roll: Roll = Roll.MM_80) -> Printout:
    """A page that shows whether a receipt would come out well: width, accents, and a code to scan."""
    paper = _Paper.new(roll.value)
    paper.text("Page d’essai", _TITLE, bold=True, centred=True)
    paper.rule()
    paper.text("Les deux bords de ce cadre doivent se voir.", _BODY)
    paper.text("É È Ê Ç Œ à ù ï ʻ « ’ » 0123456789", _BODY)
    paper.text("ABCDEFGHJKMNPQRSTUVWXYZ", _BODY)
    code = _qr_image("PRQ1:" + "ESSAI0123456789" * 50, roll.value)
    assert code is not None, "800 characters fit on this paper"
    paper.paste_centred(code)
    paper.text("Aucune donnée. Cette page peut être jetée.", _SMALL, centred=True)
    drawn = paper.cut()
    ImageDraw.Draw(drawn).rectangle((0, 0, drawn.width - 1, drawn.height - 1), outline=_BLACK, width=3)
    return Printout(png=_png(drawn), pdf=_pdf(drawn))


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", dpi=(DOTS_PER_INCH, DOTS_PER_INCH))
    return out.getvalue()


def _pdf(image: Image.Image) -> bytes:
    width, height = (round(side / 25.4 * DOTS_PER_INCH) for side in _A4_MILLIMETRES)
    page = Image.new("L", (width, max(height, image.height)), _WHITE)
    page.paste(image, ((width - image.width) // 2, min(100, (page.height - image.height) // 2)))
    out = io.BytesIO()
    page.convert("1", dither=Image.Dither.NONE).save(out, "PDF", resolution=DOTS_PER_INCH)
    return out.getvalue()


@cache
def _font(size: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    name = "NotoSans-Bold.ttf" if bold else "NotoSans-Regular.ttf"
    # By its path: from bytes, each of the six sizes would keep the file in memory twice.
    return ImageFont.truetype(str(_FONTS / name), size, layout_engine=ImageFont.Layout.BASIC)


@dataclass(slots=True)
class _Paper:
    """A tall sheet written from top to bottom, cut at the end."""

    image: Image.Image
    draw: ImageDraw.ImageDraw
    y: int = _MARGIN

    @classmethod
    def new(cls, width: int) -> "_Paper":
        image = Image.new("L", (width, 6000), _WHITE)
        return cls(image, ImageDraw.Draw(image))

    @property
    def width(self) -> int:
        return self.image.width

    def text(
        self,
        words: str,
        size: int = _BODY,
        *,
        bold: bool = False,
        centred: bool = False,
        left: int = _MARGIN,
        colour: int = _BLACK,
    ) -> None:
        """A paragraph, broken at ordinary spaces only."""
        font = _font(size, bold)
        step = round(size * 1.35)
        for line in _broken(words, font, self.width - left - _MARGIN):
            x = (self.width - font.getlength(line)) / 2 if centred else left
            self.draw.text((x, self.y), line, font=font, fill=colour)
            self.y += step

    def gap(self, pixels: int) -> None:
        self.y += pixels

    def rule(self) -> None:
        """A thin line between two parts."""
        self.y += 14
        self.draw.line((_MARGIN, self.y, self.width - _MARGIN, self.y), fill=_BLACK, width=2)
        self.y += 12

    def paste_centred(self, image: Image.Image) -> None:
        self.image.paste(image, ((self.width - image.width) // 2, self.y))
        self.y += image.height

    def cut(self) -> Image.Image:
        return self.image.crop((0, 0, self.width, self.y + _MARGIN))


def _broken(words: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
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


def _drawn(receipt: Receipt, roll: Roll) -> Image.Image:
    paper = _Paper.new(roll.value)
    paper.text("Voter par procuration", _BODY, centred=True)
    paper.text("Votre demande est enregistrée", _TITLE, bold=True, centred=True)
    paper.rule()
    _draw_reference(paper, receipt)
    _draw_code(paper, receipt)
    _draw_warning(paper)
    _draw_steps(paper, receipt)
    paper.rule()
    _draw_request(paper, receipt)
    paper.rule()
    for note in receipt.notes:
        paper.text(note, _SMALL)
        paper.gap(6)
    paper.text(receipt.filed, _SMALL)
    return paper.cut()


def _draw_reference(paper: _Paper, receipt: Receipt) -> None:
    if receipt.reference is None:
        return
    wide = paper.width >= Roll.MM_80
    paper.text(f"Votre référence{NBSP}:", _BODY, centred=True)
    paper.gap(-14)
    paper.text(receipt.reference, _reference_size(receipt.reference, paper.width), bold=True, centred=True)
    paper.gap(-4)
    half = (len(receipt.spelling) + 1) // 2
    columns = ((0, 40), (half, paper.width // 2 + 16))
    top = paper.y
    for start, left in columns:
        if wide:
            paper.y = top
        for line in receipt.spelling[start : start + half]:
            paper.text(line, _BODY, left=left if wide else _NARROW_LEFT)
    paper.gap(4)


def _reference_size(reference: str, width: int) -> int:
    """The largest at which it stays on one line, also WWW WWW on a narrow roll."""
    fits = (s for s in _REFERENCE_SIZES if _font(s, bold=True).getlength(reference) <= width - 2 * _MARGIN)
    return next(fits, _REFERENCE_SIZES[-1])


def _draw_code(paper: _Paper, receipt: Receipt) -> None:
    code = _qr_image(receipt.qr_text, paper.width) if receipt.qr_text else None
    if code is None:
        paper.text("Présentez cette référence à la gendarmerie ou au commissariat.", centred=True)
        paper.gap(10)
        return
    paper.paste_centred(code)
    paper.text("À montrer à la gendarmerie", _SMALL, centred=True)
    paper.text("ou au commissariat.", _SMALL, centred=True)
    paper.gap(10)


def _qr_image(text: str, width: int) -> Image.Image | None:
    """The code with its quiet zone above and below; beside it, the white of the roll. Four dots per module
    where the paper allows, else three; None when even these are too wide."""
    code = segno.make(text, error="m", boost_error=False, micro=False)
    modules = int(code.symbol_size(border=0)[0])
    scale = 4 if (modules + 2 * _QUIET_MODULES) * 4 <= width else 3
    if modules * scale > width:
        return None
    out = io.BytesIO()
    code.save(out, kind="png", scale=scale, border=0)
    quiet = _QUIET_MODULES * scale
    with_quiet = Image.new("L", (modules * scale, modules * scale + 2 * quiet), _WHITE)
    with_quiet.paste(Image.open(out).convert("L"), (0, quiet))
    return with_quiet


def _draw_warning(paper: _Paper) -> None:
    """The sentence nobody must miss: white on black."""
    top = paper.y
    paper.y += 12
    paper.text("Elle n’est pas encore valable.", 30, bold=True, centred=True, colour=_WHITE)
    bottom = paper.y + 44
    paper.draw.rectangle((_MARGIN, top, paper.width - _MARGIN - 1, bottom), fill=_BLACK)
    paper.y = top + 10
    paper.text("Elle n’est pas encore valable.", 30, bold=True, centred=True, colour=_WHITE)
    paper.text("Il reste une étape.", 26, centred=True, colour=_WHITE)
    paper.y = bottom + 14


def _draw_steps(paper: _Paper, receipt: Receipt) -> None:
    for number, step in enumerate(receipt.steps, start=1):
        top = paper.y
        paper.text(f"{number}.", _BODY, bold=True)
        paper.y = top
        paper.text(step, _BODY, left=_MARGIN + 38)
        paper.gap(6)


def _draw_request(paper: _Paper, receipt: Receipt) -> None:
    rows = (
        ("Vous (mandant)", (receipt.mandant,)),
        ("Vous votez à", (receipt.commune,)),
        ("Votera pour vous (mandataire)", (receipt.mandataire,)),
        ("Procuration demandée pour", receipt.validity),
    )
    for label, lines in rows:
        paper.text(label, _SMALL)
        for line in lines:
            paper.text(line, _BODY, bold=True)
        paper.gap(8)
