"""How the receipt looks: one image, as wide as the paper lets a printer of 203 dpi print, the same on A4 and
on screen."""

import io
from typing import Final

import segno
from PIL import Image, ImageDraw

from kiosk_app.receipt import Receipt
from kiosk_app.sheet import (
    BLACK,
    BODY,
    MARGIN,
    SMALL,
    TITLE,
    WHITE,
    Printout,
    Roll,
    Sheet,
    font_of,
    printout_of,
)

_QUIET_MODULES: Final = 4
_REFERENCE_SIZES: Final = (88, 76, 64, 52)
_NARROW_LEFT: Final = 100


def printout(receipt: Receipt, roll: Roll = Roll.MM_80) -> Printout:
    """The receipt as an image, and the same image in its true size on one A4 page."""
    return printout_of(_drawn(receipt, roll))


def trial_page(roll: Roll = Roll.MM_80) -> Printout:
    """A page that shows whether a receipt would come out well: width, accents, and a code to scan."""
    paper = Sheet.new(roll.value)
    paper.text("Page d’essai", TITLE, bold=True, centred=True)
    paper.rule()
    paper.text("Les deux bords de ce cadre doivent se voir.", BODY)
    paper.text("Cette règle est en centimètres.", BODY)
    paper.gap(8)
    paper.ruler()
    paper.text("É È Ê Ç Œ à ù ï ʻ « ’ » 0123456789", BODY)
    paper.text("ABCDEFGHJKMNPQRSTUVWXYZ", BODY)
    code = _qr_image("PRQ1:" + "ESSAI0123456789" * 50, roll.value)
    assert code is not None, "800 characters fit on this paper"
    paper.paste_centred(code)
    paper.text("Aucune donnée. Cette page peut être jetée.", SMALL, centred=True)
    drawn = paper.cut()
    ImageDraw.Draw(drawn).rectangle((0, 0, drawn.width - 1, drawn.height - 1), outline=BLACK, width=3)
    return printout_of(drawn)


def _drawn(receipt: Receipt, roll: Roll) -> Image.Image:
    paper = Sheet.new(roll.value)
    say = receipt.labels
    paper.text(say("receipt.over"), BODY, centred=True)
    _write_beside(paper, receipt, "receipt.over")
    paper.text(say("filed.title"), TITLE, bold=True, centred=True)
    paper.rule()
    _draw_reference(paper, receipt)
    _draw_code(paper, receipt)
    _draw_warning(paper, receipt)
    _draw_steps(paper, receipt)
    paper.rule()
    _draw_request(paper, receipt)
    paper.rule()
    for note in receipt.notes:
        paper.text(note, SMALL)
        paper.gap(6)
    paper.text(receipt.filed, SMALL)
    return paper.cut()


def _draw_reference(paper: Sheet, receipt: Receipt) -> None:
    if receipt.reference is None:
        return
    wide = paper.width >= Roll.MM_80
    paper.text(receipt.labels("filed.reference"), BODY, centred=True)
    _write_beside(paper, receipt, "filed.reference")
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
            paper.text(line, BODY, left=left if wide else _NARROW_LEFT)
    paper.gap(4)


def _reference_size(reference: str, width: int) -> int:
    """The largest at which it stays on one line, also WWW WWW on a narrow roll."""
    fits = (s for s in _REFERENCE_SIZES if font_of(s, bold=True).getlength(reference) <= width - 2 * MARGIN)
    return next(fits, _REFERENCE_SIZES[-1])


def _draw_code(paper: Sheet, receipt: Receipt) -> None:
    code = _qr_image(receipt.qr_text, paper.width) if receipt.qr_text else None
    if code is None:
        paper.text(receipt.labels("receipt.show_reference"), centred=True)
        paper.gap(10)
        return
    paper.paste_centred(code)
    paper.text(receipt.labels("receipt.show"), SMALL, centred=True)
    _write_beside(paper, receipt, "receipt.show")
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
    with_quiet = Image.new("L", (modules * scale, modules * scale + 2 * quiet), WHITE)
    with_quiet.paste(Image.open(out).convert("L"), (0, quiet))
    return with_quiet


def _write_beside(paper: Sheet, receipt: Receipt, key: str) -> None:
    """The French below, for the officer, when the elector reads something else."""
    beside = receipt.labels.official(key)
    if beside:
        paper.text(beside, SMALL, centred=True)


def _draw_warning(paper: Sheet, receipt: Receipt) -> None:
    """The sentence nobody must miss: white on black."""
    sentence = receipt.labels("receipt.not_yet")
    top = paper.y
    paper.y += 12
    paper.text(sentence, 30, bold=True, centred=True, colour=WHITE)
    bottom = paper.y + 44
    paper.draw.rectangle((MARGIN, top, paper.width - MARGIN - 1, bottom), fill=BLACK)
    paper.y = top + 10
    paper.text(sentence, 30, bold=True, centred=True, colour=WHITE)
    paper.text(receipt.labels("receipt.step_left"), 26, centred=True, colour=WHITE)
    paper.y = bottom + 14


def _draw_steps(paper: Sheet, receipt: Receipt) -> None:
    for number, step in enumerate(receipt.steps, start=1):
        top = paper.y
        paper.text(f"{number}.", BODY, bold=True)
        paper.y = top
        paper.text(step, BODY, left=MARGIN + 38)
        paper.gap(6)
    if receipt.places:
        paper.text(receipt.labels("receipt.near"), SMALL, bold=True)
    for place in receipt.places:
        paper.text(place, SMALL)


def _draw_request(paper: Sheet, receipt: Receipt) -> None:
    rows = (
        ("receipt.mandant", (receipt.mandant,), ()),
        ("receipt.commune", (receipt.commune,), ()),
        ("receipt.mandataire", (receipt.mandataire,), ()),
        ("receipt.validity", receipt.validity, receipt.validity_in_french),
    )
    for key, lines, in_french in rows:
        beside = receipt.labels.official(key)
        paper.text(" – ".join(filter(None, (receipt.labels(key), beside))), SMALL)
        for line in lines:
            paper.text(line, BODY, bold=True)
        if in_french:
            paper.text(", ".join(in_french), SMALL)
        paper.gap(8)
