"""Writing with three keys: everything the screen keyboard can type, in presses that a hand can bear."""

import pytest

from kiosk_app.languages import wording
from kiosk_app.presenters.letters import RINGS, Does, Item, LetterChooser, item_name, letter_name, spelled_out
from kiosk_app.presenters.wording import Language

PRESSES_MAX = 60


def way(ring: tuple[Item, ...], to: int) -> tuple[int, int]:
    """The shorter way round, as a step and how often."""
    right, left = to, len(ring) - to
    return (1, right) if right <= left else (-1, left)


def presses(text: str, layout: str) -> int:
    """How many keys write this text, by the shortest ways; checks that it is written so."""
    chooser, count, written = LetterChooser(layout), 1, ""
    chooser.turn(1)
    for letter in text:
        groups = RINGS[layout]
        at = next(n for n, one in enumerate(groups) if letter in (one.text, *one.letters))
        moves = [way(groups, at)]
        if groups[at].does is Does.GROUP:
            inside = (*groups[at].letters, "back")
            moves.append(way(inside, inside.index(letter)))
        for step, times in moves:
            for _ in range(times):
                chooser.turn(step)
            item = chooser.choose()
            count += times + 1
        assert item is not None
        written += item.text
    assert written == text
    return count


@pytest.mark.parametrize("name", ["delacroi", "thibault", "kanehiro", "françois", "lemaître", "zimmerma"])
def test_a_name_of_eight_letters_takes_bearable_presses(name):
    assert presses(name, "name") <= PRESSES_MAX


def test_a_birth_date_and_a_postcode_are_short():
    assert presses("1962", "digits") <= 22
    assert presses("98800", "letters") <= 42


def test_everything_on_the_screen_keyboard_can_be_written():
    from kiosk_app.screens.kit.keyboard_layouts import LAYOUTS

    for layout, ring in RINGS.items():
        offered = {letter for item in ring for letter in (item.text, *item.letters)}
        keys = {key.face for page in LAYOUTS[layout] for row in page for key in row if not key.action}
        keys |= {key.action.split()[1] for page in LAYOUTS[layout] for row in page for key in row
                 if key.action.startswith("type ")}  # fmt: skip
        assert keys - offered == set(), layout
    assert set(LAYOUTS) - set(RINGS) == {"secret"}


@pytest.mark.parametrize("language", Language)
def test_each_letter_has_a_name_of_its_own_in_its_ring(language):
    say = wording()
    say.speak(language)
    for layout, ring in RINGS.items():
        names = [item_name(say, item) for item in ring]
        assert len(set(names)) == len(names), layout
        for item in ring:
            letters = [letter_name(say, letter) for letter in item.letters]
            assert len(set(letters)) == len(letters), (layout, letters)


def test_letters_and_signs_are_called_by_words():
    say = wording()
    assert letter_name(say, "É") == "e accent aigu"
    assert letter_name(say, "ç") == "c cédille"
    assert spelled_out(say, "a@b.fr") == "a, arobase, b, point, f, r"


def test_a_group_is_left_where_it_was_entered():
    chooser = LetterChooser("name")
    for _ in range(3):
        chooser.turn(1)
    assert chooser.choose().letters[0] == "k"
    chooser.turn(-1)
    assert chooser.choose().does is Does.BACK
    assert chooser.here.letters[0] == "k"


def test_left_of_the_first_group_stand_finished_erase_and_read():
    chooser = LetterChooser("name")
    found = []
    for _ in range(3):
        chooser.turn(-1)
        found.append(chooser.here.does)
    assert found == [Does.DONE, Does.ERASE, Does.READ]


def test_the_first_select_only_says_where_the_hand_stands():
    chooser = LetterChooser("digits")
    assert (chooser.here, chooser.choose()) == (None, None)
    assert chooser.here.text == "0"
