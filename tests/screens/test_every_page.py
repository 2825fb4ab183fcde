"""Generic audits over every page in every state, at two sizes of screen and of type, in both contrasts."""

import pytest

from tests.screens.states import all_states

LOOKS = {
    "1280x800": ((1280, 800), False, 1.0),
    "1280x800 very large, strong contrast": ((1280, 800), True, 1.75),
    "800x480": ((800, 480), False, 1.0),
    "800x480 very large, strong contrast": ((800, 480), True, 1.75),
}
TAB = 9
MORE = "Voir la suite"


@pytest.fixture
def audits():
    from tests.screens.audits import AUDITS

    return AUDITS


@pytest.mark.parametrize("profile", ["accueil", "brigade", "install"])
@pytest.mark.parametrize("look", LOOKS)
def test_nothing_is_clipped_overlapping_too_small_nameless_or_out_of_sight(tablet, audits, look, profile):
    size, strong, scale = LOOKS[look]
    tablet.driver.resize(*size)
    wrong = []
    for state in all_states():
        if state.profile == profile:
            tablet.reach(state, strong=strong, scale=scale)
            wrong += [
                f"{state.name}: {name}: {what}"
                for name, audit in audits.items()
                for what in audit(tablet.stage.page)
            ]
    assert wrong == []


@pytest.mark.parametrize(("look", "only"), [("1280x800", ""), ("800x480", "K2"), ("800x480", "O2-check")])
def test_tab_visits_every_control_once_in_sight_and_comes_back(tablet, look, only):
    from tests.screens.audits import described, hidden_focus, ring

    size, strong, scale = LOOKS[look]
    tablet.driver.resize(*size)
    wrong = []
    for state in all_states():
        if not state.name.startswith(only):
            continue
        tablet.reach(state, strong=strong, scale=scale)
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
            and getattr(widget, "text", "") != MORE  # gone once the focus has shown the rest
        ]
    assert wrong == []
