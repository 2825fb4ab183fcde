"""Colours measured as WCAG measures them, and letters that the shipped fonts can draw."""

import unicodedata
from pathlib import Path

import pytest
from PIL import ImageFont

from kiosk_app import texts_en, texts_falc, texts_fr

FONTS = Path(__file__).resolve().parents[2] / "kiosk_app" / "fonts"
AGAINST_BACKGROUND = ["text", "hint", "primary", "error", "ok", "warn", "info"]


@pytest.fixture
def tokens(only_tablet):
    from kiosk_app.screens import tokens

    return tokens


def luminance(colour):
    def linear(channel):
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("role", AGAINST_BACKGROUND)
def test_words_stand_out_at_7_to_1_and_at_10_to_1_in_strong_contrast(tokens, role):
    assert contrast(tokens.NORMAL[role], tokens.NORMAL["bg"]) >= 7
    assert contrast(tokens.STRONG[role], tokens.STRONG["bg"]) >= 10


@pytest.mark.parametrize("role", ["text", "hint"])
def test_words_stand_out_on_inputs_panels_and_pressed_keys(tokens, role):
    for ground in ("input_bg", "panel", "pressed"):
        assert contrast(tokens.NORMAL[role], tokens.NORMAL[ground]) >= 6
        assert contrast(tokens.STRONG[role], tokens.STRONG[ground]) >= 9


@pytest.mark.parametrize("role", ["focus", "inactive", "key_border", "primary"])
def test_borders_and_the_focus_stand_out_at_3_to_1(tokens, role):
    for colours in (tokens.NORMAL, tokens.STRONG):
        assert contrast(colours[role], colours["bg"]) >= 3


@pytest.mark.parametrize("catalogue", [texts_fr, texts_en, texts_falc])
@pytest.mark.parametrize("font", ["NotoSans-Regular.ttf", "NotoSans-Bold.ttf"])
def test_every_letter_of_the_sentences_and_keys_can_be_drawn(only_tablet, font, catalogue):
    from kiosk_app.screens.kit.keyboard_layouts import LAYOUTS

    keys = {key.face for pages in LAYOUTS.values() for page in pages for row in page for key in row}
    letters = set("".join([*catalogue.SENTENCES.values(), *keys, *(key.upper() for key in keys)]))
    drawn = ImageFont.truetype(str(FONTS / font), 40)
    missing = bytes(drawn.getmask("\U000f0000"))
    blank = {letter for letter in letters if unicodedata.category(letter) == "Zs" or letter == "\n"}
    assert [letter for letter in letters - blank if bytes(drawn.getmask(letter)) == missing] == []


def test_the_licence_of_the_fonts_is_shipped_with_them():
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text(encoding="utf-8")
