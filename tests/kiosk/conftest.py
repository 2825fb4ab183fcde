"""A world of tablets for each test."""

import pytest

from provisioning.__main__ import main as provision
from tests.kiosk.world import Centre, World

HOLDERS = ("1", "2", "3", "superviseur")


def secret(path, text):
    """A code or pass phrase in a file that only its owner reads."""
    path.write_text(f"{text}\n")
    path.chmod(0o600)
    return str(path)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """A real authority, cheap to open, and the options with its pass phrases."""
    base = tmp_path_factory.mktemp("authority")
    given = []
    for holder in HOLDERS:
        given += [
            "--pass-phrase-file",
            f"{holder}={secret(base / f'phrase-{holder}', f'phrase de passe de {holder}')}",
        ]
    folder = base / "a"
    assert (
        provision(["authority", "init", str(folder), "--memory-mib", "64", "--supervisor", "988", *given])
        == 0
    )
    return folder, given


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
