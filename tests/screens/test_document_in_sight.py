"""On a low screen the answer of the reader of documents lies below the data of the request."""

import pytest

from tests.screens.looks import SIZES
from tests.screens.states import all_states
from tests.screens.test_fingers_and_keys import walk


@pytest.mark.parametrize("name", ["O2-identity-same", "O2-identity-different", "O2-identity-nothing"])
@pytest.mark.parametrize("size", ["800x480", "1280x800"])
def test_what_was_read_is_in_sight_with_the_button_that_reads_again(tablet, name, size):
    tablet.driver.resize(*SIZES[size])
    tablet.reach(next(state for state in all_states() if state.name == name))
    page = tablet.stage.page
    notice, view = walk(page.content, "DocumentPart")[0].children[0], page.scroller
    focused = next(button for button in walk(page, "Btn") if button.focus)
    assert focused.text == "Lire de nouveau la pièce"
    for widget in (notice, focused):
        top = widget.to_window(*widget.pos)[1] + widget.height
        assert view.y < top <= view.top + 1
