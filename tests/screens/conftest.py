"""One running tablet for all screen tests of a process: Kivy has one window."""

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session")
def only_tablet() -> Iterator[object]:
    from tests.screens.tablet import Tablet

    tablet = Tablet()
    yield tablet
    tablet.close()


@pytest.fixture
def tablet(only_tablet):
    """The tablet, in the size and look that everybody starts with."""
    only_tablet.driver.resize(1280, 800)
    yield only_tablet
    only_tablet.stage.wipe()
