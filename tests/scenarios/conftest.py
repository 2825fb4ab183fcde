"""One scene for each test."""

import pytest

from server.config.centre import install_centre
from tests.scenarios.world import Scene


@pytest.fixture
def scene(db, tmp_path):
    made = Scene(tmp_path)
    install_centre(made.centre)
    yield made
    for tablet in made.world.tablets:
        if hasattr(tablet, "station"):
            tablet.station.close()
    install_centre(None)


@pytest.fixture(params=["kiosk", "brigade"])
def tablet(scene, request):
    """A tablet of each profile that the centre knows."""
    return getattr(scene, request.param)()
