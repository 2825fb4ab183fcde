"""An elector's tablet that has just been switched on."""

import pytest

from tests.kiosk.presenters.fakes import Accueil


@pytest.fixture
def tablet():
    return Accueil()


@pytest.fixture
def presenter(tablet):
    presenter = tablet.presenter()
    presenter.start()
    return presenter
