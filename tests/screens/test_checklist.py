"""Lines of the accessibility checklist without another test: docs/screens/checklist.md says which do."""

import re
from pathlib import Path

import pytest

from tests.kiosk.presenters.fakes import Accueil
from tests.screens.states import all_states, answer_until, first_question, open_post

TAB, ENTER, SPACE = 9, 13, 32
HERE = Path(__file__).parent
CHECKLIST = HERE.parents[1] / "docs" / "screens" / "checklist.md"
STEPS = (
    "mandant.birth_name",
    "mandant.birth_date",
    "place.question",
    "mandataire.birth_name",
    "election.which",
)


@pytest.fixture
def elector(tablet):
    tablet.start(Accueil())
    tablet.driver.frames(3)
    return tablet


def words(tablet):
    from kiosk_app.screens.kit import Btn, Txt

    return [widget.text for widget in tablet.stage.page.walk() if isinstance(widget, (Txt, Btn))]


def in_the_bar(tablet):
    return [(button.text, *button.pos) for button in tablet.stage.page.bar.buttons]


def focused(tablet):
    from tests.screens.audits import ring

    return next((widget for widget in ring(tablet.stage.page) if widget.focus), None)


def millimetres(pixels):
    from kivy.metrics import dp

    return pixels / dp(1) / 160 * 25.4


def test_capitals_are_3_5_mm_high_and_4_9_mm_in_large_type(tablet):
    from kiosk_app.screens.tokens import look

    capital = 0.714  # of an em, in Noto Sans
    for scale, wanted in ((1.0, 3.5), (1.4, 4.9), (1.75, 6.1)):
        look.scale = scale
        assert millimetres(look.body * capital) == pytest.approx(wanted, abs=0.05)


def test_help_and_quit_stand_at_the_same_place_from_the_first_question_to_the_verification(elector):
    first_question(elector.presenter)
    elector.driver.frames(6)
    bars = {tuple(in_the_bar(elector))}
    for question in (*STEPS, ""):
        elector.start(Accueil())
        answer_until(elector.presenter, question)
        elector.driver.key(TAB)
        elector.driver.frames(6)
        bars.add(tuple(in_the_bar(elector)))
    assert len(bars) == 1
    assert len(bars.pop()) >= 2


def test_the_first_page_tells_of_paper_and_of_a_person_and_its_settings_are_one_touch_away(elector):
    open_post(elector.presenter)
    elector.driver.frames(6)
    shown = " ".join(words(elector))
    assert elector.say("welcome.paper") in shown
    assert elector.say("bar.display") in shown


def test_shift_tab_goes_back_and_enter_and_space_press(elector):
    open_post(elector.presenter)
    elector.driver.frames(6)
    elector.driver.key(TAB)
    first = focused(elector)
    elector.driver.key(TAB)
    assert focused(elector) is not first
    elector.driver.key(TAB, "shift")
    assert focused(elector) is first
    for key, step in ((ENTER, "K1"), (SPACE, "K2")):
        while getattr(focused(elector), "kind", "") != "primary":
            elector.driver.key(TAB)
        elector.driver.key(key)
        assert elector.stage.page.name.startswith(step)


def test_nothing_flashes(elector):
    """Nothing is drawn while nobody does anything, not even a cursor."""
    from kivy.core.window import Window

    drawn = []
    note = lambda *_: drawn.append(1)  # noqa: E731 - to be unbound again
    for page in (open_post, first_question):
        elector.start(Accueil())
        page(elector.presenter)
        elector.driver.seconds(3)
        Window.bind(on_flip=note)
        elector.driver.seconds(5)
        Window.unbind(on_flip=note)
    assert not drawn


ASKING = ("K2-birth", "K4-birth", "K5-period", "O1-search", "O7-who", "O7-designation", "X5-clock-refused")
"""Pages with labels, hints, errors, dates and pairs of dates, by how their names begin."""


def test_every_label_stands_above_its_boxes_and_every_date_has_its_legend(tablet):
    from kiosk_app.screens.kit import DateBoxes, Field, Txt

    wrong, seen = [], set()
    for state in all_states():
        asks = next((name for name in ASKING if state.name.startswith(name)), "")
        if not asks:
            continue
        seen.add(asks)
        tablet.reach(state)
        for field in (widget for widget in tablet.stage.page.walk() if isinstance(widget, Field)):
            label = next((part for part in field.children if isinstance(part, Txt)), None)
            if field.label and (label is None or label.y < field.inputs[0].top):
                wrong.append(f"{state.name}: {field.label}")
            if isinstance(field.inputs[0], DateBoxes):
                wrong += [f"{state.name}: a box" for box in field.inputs[0].boxes if not box.name]
    assert not wrong
    assert seen == set(ASKING)


@pytest.mark.parametrize("band", ["", "FORMATION"])
def test_on_a_low_screen_the_question_is_in_sight_until_its_box_is_touched(elector, band):
    from kiosk_app.screens.kit import Title
    from tests.screens.audits import ring

    elector.driver.resize(800, 480)
    elector.stage.training(band)
    first_question(elector.presenter)
    elector.driver.frames(6)
    page = elector.stage.page
    title = next(widget for widget in page.walk() if isinstance(widget, Title))
    assert not page.keyboard_open
    assert page.scroller.y <= title.y <= title.top <= page.scroller.top
    box = next(widget for widget in ring(page) if widget.role == "textbox")
    elector.driver.tap(box)
    assert box.focus
    assert page.keyboard_open
    elector.stage.training("")


def test_what_the_checklist_names_is_there():
    """A test by its name, a picture by its file."""
    named = re.findall(r"`(test_\w+)`", CHECKLIST.read_text())
    tests = "\n".join(path.read_text() for path in HERE.parent.rglob("test_*.py"))
    assert len(named) > 20
    assert [name for name in named if f"def {name}(" not in tests] == []
    pictures = re.findall(r"\]\(([\w.-]+\.png)\)", CHECKLIST.read_text())
    assert pictures
    assert [name for name in pictures if not (CHECKLIST.parent / name).exists()] == []
