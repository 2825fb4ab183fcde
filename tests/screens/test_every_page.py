"""Generic audits over every page in every state, in every size of window and type, contrast and language."""

import pytest

from kiosk_app.languages import sentences_of
from kiosk_app.presenters.wording import Language
from tests.conftest import BUDGET
from tests.screens.looks import EVERY, SIZES, Look, covering, looks_for
from tests.screens.states import all_states

TAB = 9
MORE = {sentences_of(language)["go.more"] for language in Language}


@pytest.fixture
def audits():
    from tests.screens.audits import AUDITS

    return AUDITS


SEEN = [
    (profile, look)
    for profile in ("accueil", "brigade", "install")
    for number, look in enumerate(looks_for(BUDGET))
    # Electors have every pair of settings at each change, officers and installers each setting: time.
    if profile == "accueil" or BUDGET > 1 or number in (0, 4, 8, 11)
]


@pytest.mark.parametrize(("profile", "look"), SEEN, ids=str)
def test_nothing_is_clipped_overlapping_too_small_nameless_or_out_of_sight(tablet, audits, look, profile):
    tablet.driver.resize(*SIZES[look.size])
    wrong = []
    for state in all_states():
        if state.profile == profile:
            tablet.reach(state, strong=look.strong, scale=look.scale, language=look.language)
            wrong += [
                f"{state.name}: {name}: {what}"
                for name, audit in audits.items()
                for what in audit(tablet.stage.page)
            ]
    assert wrong == []


def test_the_twelve_looks_bring_any_two_settings_together():
    def pairs(looks):
        settings = [(look.size, look.strong, look.scale, look.language) for look in looks]
        return {(i, j, one[i], one[j]) for one in settings for i in range(4) for j in range(i)}

    assert len(covering()) == 12
    assert pairs(covering()) == pairs(EVERY)


TABBED = [
    (Look(), ""),
    (Look("800x480"), "K2"),
    (Look("800x480", scale=1.75, language=Language.EASY), "K"),
    (Look("800x480"), "O2-check"),
    (Look("800x1280", strong=True, scale=1.4, language=Language.ENGLISH), "K"),
]


@pytest.mark.parametrize(("look", "only"), TABBED, ids=lambda value: str(value) or "all")
def test_tab_visits_every_control_once_in_sight_and_comes_back(tablet, look, only):
    from tests.screens.audits import described, hidden_focus, ring

    tablet.driver.resize(*SIZES[look.size])
    wrong = []
    for state in all_states():
        if not state.name.startswith(only):
            continue
        tablet.reach(state, strong=look.strong, scale=look.scale, language=look.language)
        scope = tablet.stage.dialog or tablet.stage.page
        expected, visited = ring(scope), []
        for _ in expected:
            tablet.driver.key(TAB)
            tablet.driver.frames(3)
            visited += [widget for widget in ring(scope) if widget.focus]
            wrong += [f"{state.name}: {what}" for what in hidden_focus(tablet.stage.page)]
        wrong += [
            f"{state.name}: {described(widget)} was left out"
            for widget in expected
            if widget not in visited
            and getattr(widget, "text", "") not in MORE  # gone once the focus has shown the rest
        ]
    assert wrong == []
