"""What the tests of the human queue ask for."""

import pytest

from procuration.adapters.keys import SoftwareKey
from tests.server.centre import Tablet, World
from tests.server.queue.stories import Doubts


@pytest.fixture
def doubts(world: World, kiosk: Tablet, officer: SoftwareKey) -> Doubts:
    return Doubts(world, kiosk, officer)
