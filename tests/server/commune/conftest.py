"""A centre, a town hall without network, and a stick."""

import pytest

from tests.server.commune.hall import TownHall


@pytest.fixture
def stick(tmp_path):
    folder = tmp_path / "cle"
    folder.mkdir()
    return folder


@pytest.fixture
def mairie(world, tmp_path, kiosk, brigade):
    """The town hall of Nouméa, installed; the centre has not heard of it yet."""
    hall = TownHall(tmp_path / "mairie", world.clock)
    hall.is_enrolled(directory_of(kiosk, brigade))
    return hall


def directory_of(kiosk, brigade):
    from tests import builders

    return builders.directory((kiosk, kiosk.role), (brigade, brigade.role))
