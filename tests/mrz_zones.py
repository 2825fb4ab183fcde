"""Zones of invented documents, made by the rules of ICAO Doc 9303, and pictures of them."""

import io
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFilter, ImageFont

FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf"
"""Debian package fonts-dejavu-core: not the letters of a document, but as evenly spaced."""
NUMBER = "12AB34567"


def value(character: str) -> int:
    if character == "<":
        return 0
    return int(character) if character.isdigit() else ord(character) - 55


def digit(text: str) -> str:
    return str(sum(value(one) * (7, 3, 1)[place % 3] for place, one in enumerate(text)) % 10)


@dataclass(frozen=True)
class Holder:
    """Who the document is of, as its zone writes them."""

    name: str = "DUBOIS"
    given: str = "ANGELA<CLAIRE<LOUISE"
    birth: str = "620824"
    sex: str = "F"
    expiry: str = "301231"
    number: str = NUMBER
    state: str = "FRA"

    @property
    def names(self) -> str:
        return f"{self.name}<<{self.given}" if self.given else self.name


def passport(holder: Holder = Holder(), code: str = "P<") -> list[str]:
    first = (code + holder.state + holder.names).ljust(44, "<")[:44]
    second = _numbers(holder) + "<" * 14 + "0"
    return [first, second + digit(second[:10] + second[13:20] + second[21:43])]


def card_of_two_lines(holder: Holder = Holder(), code: str = "I<") -> list[str]:
    first = (code + holder.state + holder.names).ljust(36, "<")[:36]
    second = _numbers(holder) + "<" * 7
    return [first, second + digit(second[:10] + second[13:20] + second[21:35])]


def card(holder: Holder = Holder(), code: str = "ID", optional: str = "") -> list[str]:
    """Of three lines, as the French one since 2021."""
    number = holder.number if len(holder.number) > 9 else holder.number + digit(holder.number)
    if len(holder.number) > 9:
        number = holder.number[:9] + "<" + holder.number[9:] + digit(holder.number)
    first = (code + holder.state + number + optional).ljust(30, "<")
    second = (
        f"{holder.birth}{digit(holder.birth)}{holder.sex}{holder.expiry}{digit(holder.expiry)}{holder.state}"
    ).ljust(29, "<")
    total = digit(first[5:30] + second[:7] + second[8:15] + second[18:29])
    return [first, second + total, holder.names.ljust(30, "<")[:30]]


def old_french_card(holder: Holder = Holder(), issued: str = "1206") -> list[str]:
    first = ("IDFRA" + holder.name).ljust(30, "<")[:30] + "751055"
    second = issued + "75105123"
    second += (
        digit(second) + holder.given.ljust(14, "<")[:14] + holder.birth + digit(holder.birth) + holder.sex
    )
    return [first, second + digit(first + second)]


def _numbers(holder: Holder) -> str:
    state = holder.state.ljust(3, "<")
    return (
        f"{holder.number}{digit(holder.number)}{state}{holder.birth}{digit(holder.birth)}"
        f"{holder.sex}{holder.expiry}{digit(holder.expiry)}"
    )


def joined(lines: list[str]) -> bytes:
    return "\n".join(lines).encode()


def picture(
    lines: list[str], size: int = 36, angle: float = 0.0, blur: float = 0.0, quality: int = 90
) -> Image.Image:
    """A grey page, the zone at its foot, as a scanner or a camera would give it."""
    font = ImageFont.truetype(FONT, size)
    width = round(max(font.getlength(line) for line in lines)) + 4 * size
    page = Image.new("L", (width, round(width * 0.65)), 225)
    draw = ImageDraw.Draw(page)
    top = page.height - round((len(lines) + 0.7) * size * 1.6)
    for number, line in enumerate(lines):
        draw.text((2 * size, top + round(number * size * 1.6)), line, font=font, fill=30)
    page = page.rotate(angle, fillcolor=225, resample=Image.Resampling.BICUBIC)
    page = page.filter(ImageFilter.GaussianBlur(blur)) if blur else page
    stored = io.BytesIO()
    page.save(stored, "JPEG", quality=quality)
    return Image.open(stored).convert("L")
