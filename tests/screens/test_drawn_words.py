"""Words that are drawn stand once in memory, as a texture."""

import pytest

from tests.kiosk.presenters.fakes import Accueil
from tests.screens.states import open_post


def labels(widget):
    from kivy.uix.label import Label

    if isinstance(widget, Label):
        yield widget
    for child in widget.children:
        yield from labels(child)


@pytest.fixture
def first_page(tablet):
    """Where an elector begins. What the wipe puts off is done here, not in the next test."""
    tablet.start(Accueil())
    open_post(tablet.presenter)
    tablet.driver.frames(3)
    yield tablet.stage
    tablet.stage.wipe()
    tablet.driver.seconds(2)


def test_words_keep_no_surface_once_they_are_drawn(first_page):
    drawn = [label for label in labels(first_page) if label.text and label.texture is not None]
    assert len(drawn) > 3
    assert all(label.texture.width > 1 for label in drawn)
    assert [label.text for label in drawn if label._label._surface is not None] == []
