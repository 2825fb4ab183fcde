"""What the tests of identities may ask for."""

from collections.abc import Iterator

import pytest

from server.identity.addresses import forget_addresses
from server.identity.providers import install_providers
from tests.server.identity.hostile import Liar, liar


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
