"""Receipts as a camera meets them: printed by the product, then spoilt on paper and before the lens.

What happens to the paper (fold, faded ink, dead dots of the print head) stays from frame to frame; what
happens before the lens (sharpness, noise, angle, light) is drawn anew for each. Everything comes from the
`Random` that is handed in. Lengths are camera pixels; a module of the code measures `pixels_per_module`.
"""

import io
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from random import Random

import segno
import zxingcpp
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from kiosk_app.devices.code_in_picture import text_of
from kiosk_app.receipt_image import printout
from kiosk_app.sheet import Roll
from tests.kiosk.test_receipt import paper

BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
TABLE = 70
"""Grey of what the receipt lies on."""
MARGIN_MODULES = 10
"""Of the paper, above and below the code, that the camera sees too: the words around it."""
FRAMES_MAX = 4
"""Of one receipt: a camera sees ten times as many in the time it has."""
RECEIPTS = (
    (785, Roll.MM_58),
    (805, Roll.MM_80),
    (1_100, Roll.MM_58),
    (1_427, Roll.MM_58),
    (1_427, Roll.MM_80),
    (2_867, Roll.MM_80),
)
"""Characters of the code, and the roll: usual requests, and the longest on either."""
NOISE_SIDE = 1_100
NOISE_DEVIATION = 42.7
"""Of the mean of three bytes drawn at random."""


@dataclass(frozen=True)
class Printed:
    """A receipt as it left the printer: the part of it that the camera sees, and its measures in dots."""

    text: str
    image: Image.Image
    dots_per_module: float
    code_side: int
    centre: tuple[float, float]


@lru_cache(maxsize=64)
def printed(characters: int, roll: Roll, seed: int) -> Printed:
    """The receipt of the product with a code of so many characters."""
    chance = Random(f"receipt {seed}")
    text = "PRQ1:" + "".join(chance.choices(BASE45, k=characters - 5))
    whole = Image.open(io.BytesIO(printout(paper(qr_text=text), roll).png)).convert("L")
    (found,) = zxingcpp.read_barcodes(whole)
    corner, opposite = found.position.top_left, found.position.bottom_right
    side = opposite.x - corner.x + 1
    dots = side / modules_of(characters)
    margin = round(MARGIN_MODULES * dots)
    top = max(corner.y - margin, 0)
    seen = whole.crop((0, top, whole.width, opposite.y + margin))
    on_table = Image.new("L", (seen.width + 4 * margin, seen.height), TABLE)
    on_table.paste(255, (margin, 0, on_table.width - margin, seen.height))  # the white border of the roll
    on_table.paste(seen, (2 * margin, 0))
    centre = (2 * margin + (corner.x + opposite.x) / 2, (corner.y + opposite.y) / 2 - top)
    return Printed(text, on_table, dots, side, centre)


def modules_of(characters: int) -> int:
    """Side of a code of level M with so many characters of Base45."""
    return int(
        segno.make("A" * characters, error="m", boost_error=False, micro=False).symbol_size(border=0)[0]
    )


@dataclass(frozen=True, kw_only=True)
class Damage:
    """How much of each. The defaults are a good camera above a new receipt.

    Attributes:
        blur: standard deviation, pixels; motion: length of the smear, pixels.
        noise: standard deviation, grey levels.
        angle: degrees; tilt: how much nearer one side is than the other, as a share.
        ink, white: grey of both, before `light` takes away up to that share towards one side.
        fold: sideways step of the paper at the crease, in modules; shade: share of light lost beside it.
        fading: share of the ink that is gone in the worst blotch; streaks: dots of the head that print pale.
    """

    blur: float = 0.5
    motion: float = 0.0
    noise: float = 4.0
    angle: float = 0.0
    tilt: float = 0.0
    ink: int = 30
    white: int = 225
    light: float = 0.0
    fold: float = 0.0
    shade: float = 0.0
    fading: float = 0.0
    streaks: int = 0


def blurred(chance: Random) -> Damage:
    """Out of focus, and a hand that moves."""
    return Damage(blur=chance.uniform(0.8, 2.2), motion=chance.choice((0.0, 2.0, 4.0)))


def noisy(chance: Random) -> Damage:
    """A dark room."""
    return Damage(noise=chance.uniform(15, 45), blur=chance.uniform(0.5, 1.0))


def turned(chance: Random) -> Damage:
    """Held any way round, and not flat."""
    return Damage(angle=chance.uniform(0, 360), tilt=chance.uniform(0, 0.16), blur=chance.uniform(0.5, 1.0))


def folded(chance: Random) -> Damage:
    """Folded once, across the code."""
    return Damage(
        fold=chance.uniform(0.3, 1.0),
        shade=chance.uniform(0.2, 0.65),
        angle=chance.uniform(-8, 8),
        blur=chance.uniform(0.5, 0.9),
    )


def pale(chance: Random) -> Damage:
    """Low contrast: a grey print in bad light."""
    white = chance.randint(70, 190)
    return Damage(ink=white - chance.randint(18, 50), white=white, light=chance.uniform(0, 0.45), noise=3)


def faded(chance: Random) -> Damage:
    """Thermal paper after weeks in a pocket, from a head with pale dots."""
    return Damage(
        fading=chance.uniform(0.5, 0.92),
        streaks=chance.randint(0, 8),
        angle=chance.uniform(-5, 5),
        blur=chance.uniform(0.5, 0.9),
        noise=chance.uniform(4, 8),
    )


def everything(chance: Random) -> Damage:
    """Some of each at once."""
    return Damage(
        blur=chance.uniform(0.6, 1.3),
        noise=chance.uniform(5, 15),
        angle=chance.uniform(-40, 40),
        tilt=chance.uniform(0, 0.08),
        ink=chance.randint(40, 100),
        white=chance.randint(150, 210),
        light=chance.uniform(0, 0.35),
        fold=chance.uniform(0, 0.7),
        shade=chance.uniform(0, 0.4),
        fading=chance.uniform(0, 0.5),
        streaks=chance.randint(0, 3),
    )


KINDS: dict[str, Callable[[Random], Damage]] = {
    "blur": blurred,
    "noise": noisy,
    "rotation": turned,
    "fold": folded,
    "low contrast": pale,
    "thermal fading": faded,
    "everything at once": everything,
}


def frames(receipt: Printed, kind: str, chance: Random, pixels_per_module: float) -> Iterator[Image.Image]:
    """What the camera sees of one receipt, frame after frame, without end."""
    draw = KINDS[kind]
    first = draw(chance)
    spoilt = on_paper(receipt, first, Random(chance.random()))
    same = {"fold": first.fold, "shade": first.shade, "fading": first.fading, "streaks": first.streaks}
    while True:
        damage = replace(draw(chance), **same, ink=first.ink, white=first.white)
        yield before_the_lens(spoilt, receipt, damage, chance, pixels_per_module)


def one_receipt(kind: str, number: int, pixels_per_module: float) -> tuple[str, Iterator[Image.Image]]:
    """What the receipt of that number says, and its frames: the same at every run."""
    receipt = printed(*RECEIPTS[number % len(RECEIPTS)], number % 3)
    return receipt.text, frames(receipt, kind, Random(f"{kind} {number}"), pixels_per_module)


def frames_needed(kind: str, number: int, pixels_per_module: float) -> int:
    """How many frames the product looks at until it reads the receipt; 0 when it gives up."""
    text, pictures = one_receipt(kind, number, pixels_per_module)
    for count in range(1, FRAMES_MAX + 1):
        read = text_of(next(pictures))
        assert read in (None, text), "a damaged code never says something else"
        if read == text:
            return count
    return 0


def on_paper(receipt: Printed, damage: Damage, chance: Random) -> Image.Image:
    image = receipt.image
    if damage.fading or damage.streaks:
        image = _faded(image, receipt, damage, chance)
    if damage.fold or damage.shade:
        image = _folded(image, receipt, damage, chance)
    return image


def _faded(image: Image.Image, receipt: Printed, damage: Damage, chance: Random) -> Image.Image:
    """Ink is multiplied by a cloud of blotches and by the pale columns of the head."""
    least = round(255 * (1 - damage.fading))
    cloud = Image.new("L", (6, 6))
    cloud.putdata([chance.randint(least, 255) for _ in range(36)])
    density = cloud.resize(image.size, Image.Resampling.BICUBIC)
    pen = ImageDraw.Draw(density)
    for _ in range(damage.streaks):
        x = round(receipt.centre[0] + receipt.code_side * chance.uniform(-0.5, 0.5))
        pen.line((x, 0, x, image.height), fill=chance.randint(0, 120), width=1)
    table = image.point(lambda grey: 255 if grey == TABLE else 0)
    spoilt = ImageChops.invert(ImageChops.multiply(ImageChops.invert(image), density))
    spoilt.paste(TABLE, (0, 0), table)
    return spoilt


def _folded(image: Image.Image, receipt: Printed, damage: Damage, chance: Random) -> Image.Image:
    """Below the crease the paper is shifted, leans away and is darker; the crease itself is a pale line."""
    crease = round(receipt.centre[1] + receipt.code_side * chance.uniform(-0.35, 0.35))
    step = damage.fold * receipt.dots_per_module * chance.choice((-1, 1))
    lean = chance.uniform(-0.02, 0.02)
    below = image.crop((0, crease, image.width, image.height))
    squeeze = 1 + damage.fold * 0.02
    below = below.transform(
        below.size,
        Image.Transform.AFFINE,
        (1, lean, step, 0, squeeze, 0),
        Image.Resampling.BICUBIC,
        fillcolor=TABLE,
    )
    out = image.copy()
    out.paste(below, (0, crease))
    ImageDraw.Draw(out).line((0, crease, out.width, crease), fill=200, width=1)
    light = Image.linear_gradient("L").resize((image.width, image.height - crease))
    floor = round(255 * (1 - damage.shade))
    shading = Image.new("L", image.size, 255)
    shading.paste(light.point(lambda grey: floor + (255 - floor) * grey // 255), (0, crease))
    return ImageChops.multiply(out, shading)


def before_the_lens(
    image: Image.Image, receipt: Printed, damage: Damage, chance: Random, pixels_per_module: float
) -> Image.Image:
    """The picture of one frame, grey."""
    seen = _looked_at(image, receipt, damage, chance, pixels_per_module)
    low, high = damage.ink, damage.white
    seen = seen.point(lambda grey: low + (high - low) * grey // 255)
    if damage.light:
        lamp = Image.linear_gradient("L").rotate(chance.choice((0, 90, 180, 270))).resize(seen.size)
        floor = round(255 * (1 - damage.light))
        seen = ImageChops.multiply(seen, lamp.point(lambda grey: floor + (255 - floor) * grey // 255))
    if damage.motion:
        seen = _smeared(seen, damage.motion, chance)
    seen = seen.filter(ImageFilter.GaussianBlur(damage.blur))
    return _with_noise(seen, damage.noise, chance)


def _looked_at(
    image: Image.Image, receipt: Printed, damage: Damage, chance: Random, pixels_per_module: float
) -> Image.Image:
    """Turned, tilted and scaled: a projection from the picture to the paper, about the middle of the code."""
    scale = receipt.dots_per_module / pixels_per_module  # dots for a pixel
    side = receipt.code_side / scale
    turn = math.radians(damage.angle)
    extent = math.ceil(side * (abs(math.cos(turn)) + abs(math.sin(turn)))) + 14 * round(pixels_per_module)
    middle = extent / 2 + chance.uniform(-2, 2)
    across = damage.tilt / extent * math.cos(direction := chance.uniform(0, 2 * math.pi))
    along = damage.tilt / extent * math.sin(direction)
    cos, sin = scale * math.cos(turn), scale * math.sin(turn)
    x, y = receipt.centre
    rows = [
        (cos + x * across, -sin + x * along, x),
        (sin + y * across, cos + y * along, y),
        (across, along, 1.0),
    ]
    moved = [(p, q, r - (p + q) * middle) for p, q, r in rows]  # from the corner, not from the middle
    whole = moved[2][2]
    data = [value / whole for row in moved for value in row][:8]
    return image.transform(
        (extent, extent), Image.Transform.PERSPECTIVE, data, Image.Resampling.BICUBIC, fillcolor=TABLE
    )


def _smeared(image: Image.Image, length: float, chance: Random) -> Image.Image:
    turn = chance.uniform(0, math.pi)
    steps = 4
    out = image
    for step in range(1, steps):
        distance = length * step / (steps - 1)
        move = (1, 0, distance * math.cos(turn), 0, 1, distance * math.sin(turn))
        moved = image.transform(
            image.size, Image.Transform.AFFINE, move, Image.Resampling.BILINEAR, fillcolor=TABLE
        )
        out = Image.blend(out, moved, 1 / (step + 1))
    return out


@lru_cache(maxsize=1)
def _noise_tile() -> Image.Image:
    chance = Random("noise of a sensor")
    one, two, three = (
        Image.frombytes("L", (NOISE_SIDE, NOISE_SIDE), chance.randbytes(NOISE_SIDE**2)) for _ in range(3)
    )
    return Image.blend(Image.blend(one, two, 1 / 2), three, 1 / 3)


def _with_noise(image: Image.Image, deviation: float, chance: Random) -> Image.Image:
    left, top = (chance.randrange(NOISE_SIDE - length + 1) for length in image.size)
    tile = _noise_tile().crop((left, top, left + image.width, top + image.height))
    factor = deviation / NOISE_DEVIATION
    tile = tile.point(lambda grey: round(128 + (grey - 128) * factor))
    return ImageChops.add(image, tile, offset=-128)
