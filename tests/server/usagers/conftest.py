"""Every test counts from nothing what one address may ask."""

import pytest

from server.api.rates import Rates
from server.usagers import follow_views, views


@pytest.fixture(autouse=True)
def fresh_rates(monkeypatch):
    for module, name in ((views, "FILINGS"), (follow_views, "LOOK_UPS")):
        monkeypatch.setattr(
            module, name, Rates(each=1_000, each_seconds=60, together=9_999, together_seconds=60)
        )
