"""Files that look sealed to whoever only reads addresses: nothing can open them, nobody here should try."""

import pytest

from procuration.adapters.addresses import Addresses, write_addresses
from procuration.domain.identifiers import Kid
from procuration.record import canonical

OURS, CENTRE, OTHER = (Kid(bytes([number]) * 8) for number in (1, 2, 3))
KNOWN = Addresses(ours=frozenset({OURS}), centre=frozenset({CENTRE}))


def sealed(kid: Kid, text: bytes = b"") -> bytes:
    return canonical.encode([1, 2, kid, b"nobody reads this: " + text])


@pytest.fixture
def addressed(agent):
    """The app has told the agent whose seals are whose."""
    write_addresses(agent.folder, KNOWN)
