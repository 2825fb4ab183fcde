"""A world of tablets for each test."""

import pytest

from tests.kiosk.world import Centre, World


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path)
    yield made
    for tablet in made.tablets:
        if hasattr(tablet, "station"):
            tablet.station.close()


@pytest.fixture
def centre(world):
    return Centre(world)


@pytest.fixture
def kiosk(world):
    return world.kiosk()


@pytest.fixture
def brigade(world, kiosk):
    return world.brigade().holds_epoch_key().enrols_officer()
