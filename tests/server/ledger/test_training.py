"""« Can never reach the real centre »: everything a training tablet ever wrote, carried to a real centre."""

import pytest

from kiosk_app.training_ground import AGENT_CODE, GroundBuilder, invented_requests, shipped_tables
from kiosk_app.use_cases.exchange import Exchange
from kiosk_app.use_cases.file_request import FileRequest
from kiosk_app.use_cases.unlock import Unlock
from procuration.adapters.clock import SystemClock
from procuration.domain.people import Place, PlaceType
from procuration.errors import RecordRejected
from procuration.record.enrolment import Profile
from procuration.record.sealed import Purpose, open_seal, seal
from server.ledger.enrol import accept_enrolment
from server.ledger.models import Device, Event
from server.ledger.services import accept_bundle
from tests import builders
from tests.builders import NOW
from tests.kiosk.world import REFERENCE_DATA

LAON = Place(code="02408", type=PlaceType.COMMUNE, cog_year=2026)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A training in which somebody filed a request, and the files that stand in its spool."""
    folder = tmp_path_factory.mktemp("formation")
    clock = SystemClock()
    ground = GroundBuilder(folder, Profile.ACCUEIL, LAON.code, shipped_tables(REFERENCE_DATA), clock).build()
    Unlock(ground.station)(AGENT_CODE)
    FileRequest(ground.station)(invented_requests(LAON, clock.now())[0])
    exchange = Exchange(ground.station, ground.spool, pause=lambda _: None)
    for _ in range(4):
        exchange.step()
    ground.station.close()
    bundles = sorted((ground.spool.folder / "out").glob("*.prb"))
    (enrolment,) = (path for path in (ground.spool.folder / "out").iterdir() if path.suffix != ".prb")
    assert bundles, "something was ready to leave"
    return ground, [path.read_bytes() for path in bundles], enrolment.read_bytes()


def test_its_bundles_are_refused_as_they_are(world, trained):
    before = (Device.objects.count(), Event.objects.count())
    for sealed in trained[1]:
        with pytest.raises(RecordRejected):
            accept_bundle(world.centre, sealed, NOW)
    assert (Device.objects.count(), Event.objects.count()) == before


def test_its_enrolment_is_refused_as_it_is(world, trained):
    before = Device.objects.count()
    with pytest.raises(RecordRejected):
        accept_enrolment(world.centre, trained[2], NOW)
    assert Device.objects.count() == before


def real(plain, purpose):
    """The same content, sealed anew to the real centre in its realm: the most that somebody could do."""
    return seal(plain, builders.sealing_key("server").public, purpose, builders.REALM)


def opened(ground, sealed, purpose):
    keys = {ground.centre.kid: ground.centre}
    return open_seal(sealed, keys, purpose, ground.realm, max_bytes=1 << 23)


def test_sealed_anew_to_the_real_centre_its_bundles_are_still_nobody_s(world, trained):
    ground, bundles, _ = trained
    before = (Device.objects.count(), Event.objects.count())
    for sealed in bundles:
        plain = opened(ground, sealed, Purpose.UP)
        with pytest.raises(RecordRejected) as refused:
            accept_bundle(world.centre, real(plain, Purpose.UP), NOW)
        assert refused.value.code == "APPAREIL_INCONNU"
    assert (Device.objects.count(), Event.objects.count()) == before


def test_sealed_anew_its_enrolment_is_signed_by_nobody_the_centre_knows(world, trained):
    ground, _, enrolment = trained
    plain = opened(ground, enrolment, Purpose.ENROL)
    with pytest.raises(RecordRejected) as refused:
        accept_enrolment(world.centre, real(plain, Purpose.ENROL), NOW)
    assert refused.value.code == "RESPONSABLE_INCONNU"
