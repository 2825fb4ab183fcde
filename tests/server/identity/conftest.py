"""What the tests of identities may ask for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from provisioning.demo.identity.desk import start_providers
from provisioning.demo.processes import Actor, Programs
from server.identity.addresses import forget_addresses
from server.identity.providers import install_providers
from tests.server.identity.hostile import Liar, liar

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def fresh_providers() -> Iterator[None]:
    """No provider is known, and nothing of earlier ones is kept."""
    forget_addresses()
    yield
    install_providers(None)
    forget_addresses()


@pytest.fixture
def fake(fresh_providers: None) -> Iterator[Liar]:
    """A provider that says what the test wants."""
    with liar() as told:
        yield told


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Actor]:
    """The certified provider in its four profiles, once for all tests."""
    programs = Programs(ROOT, tmp_path_factory.mktemp("providers"))
    try:
        yield start_providers(programs, ROOT / ".node" / "node_modules")
    finally:
        programs.stop_all()
