"""A phrase chosen on one page of the tablet can be typed on every other page that asks for it."""

import pytest

from kiosk_app.presenters import install_pages
from tests.kiosk.presenters.fakes import wording


def signs_of(layout):
    from kiosk_app.screens.kit.keyboard_layouts import LAYOUTS

    keys = [key for page in LAYOUTS[layout] for row in page for key in row]
    return {key.face for key in keys if not key.action} | {
        key.action for key in keys if key.action == "space"
    }


def layouts_at_installation():
    asked = install_pages.codes(wording(), {}).asked
    return {box.key: box.layout for box in asked}


@pytest.mark.parametrize("sign", ["é", "ç", "7", "’", "space"])
def test_a_phrase_may_have_accents_digits_and_spaces(sign):
    assert sign in signs_of(layouts_at_installation()["supervisor"])


def test_every_sign_of_a_phrase_chosen_at_installation_can_be_typed_where_a_code_is_asked():
    layouts = layouts_at_installation()
    assert layouts["supervisor"] == layouts["supervisor.again"]
    assert signs_of(layouts["supervisor"]) - signs_of("secret") == set()


def test_every_page_of_keys_can_be_left():
    from kiosk_app.screens.kit.keyboard_layouts import LAYOUTS

    for pages in LAYOUTS.values():
        for number, rows in enumerate(pages):
            leads = {
                int(key.action.split()[1]) for row in rows for key in row if key.action.startswith("page")
            }
            assert leads or len(pages) == 1
            assert leads <= set(range(len(pages))) - {number}
