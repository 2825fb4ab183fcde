"""What every test of the server may ask for."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from procuration.adapters.keys import SoftwareKey
from server.config.centre import install_centre
from server.config.settings import OPTIONS
from server.ledger import durability
from tests import builders
from tests.server.centre import Tablet, World, centre_of
from tests.server.townhall import Story


@pytest.fixture
def world(db: None, tmp_path) -> Iterator[World]:
    """A centre with an empty database, installed as this process's own."""
    world = World(centre_of(tmp_path))
    install_centre(world.centre)
    yield world
    install_centre(None)


@pytest.fixture
def kiosk(world: World) -> Tablet:
    return world.kiosk()


@pytest.fixture
def brigade(world: World, officer: SoftwareKey) -> Tablet:
    """A brigade tablet whose log already holds the officer's habilitation."""
    tablet = world.brigade()
    tablet.enrols(officer)
    return tablet


@pytest.fixture
def officer() -> SoftwareKey:
    return builders.key("officer")


@pytest.fixture
def story(world: World, kiosk: Tablet, brigade: Tablet, officer: SoftwareKey) -> Story:
    """What a town hall, the console and the mails are about."""
    return Story(world, kiosk, brigade, officer)


@pytest.fixture
def disk(world: World, tmp_path: Path) -> Iterator[Path]:
    """A folder that is the centre's archive."""
    durability._writer.cache_clear()
    folder = tmp_path / "archive"
    folder.mkdir()
    world.centre = replace(world.centre, archive_dir=folder)
    install_centre(world.centre)
    yield folder
    durability._writer.cache_clear()


@pytest.fixture(scope="session")
def database_name() -> str:
    """Which database these tests run on, for failure messages."""
    return "postgresql" if OPTIONS.database_url else "sqlite"


assert os.environ.get("DJANGO_SETTINGS_MODULE"), "pytest reads it from pyproject.toml"
