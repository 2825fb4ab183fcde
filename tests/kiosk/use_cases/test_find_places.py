"""The nearest places, from the signed table of a tablet of Nouméa, on the screen and on the receipt."""

import io

import pytest
from PIL import Image

from kiosk_app import receipt_image
from kiosk_app.use_cases.find_places import FindPlaces
from procuration.domain.places import Standing
from procuration.errors import RecordRejected
from procuration.record.tables import encode_table
from tests.builders import NOW
from tests.kiosk.world import REFERENCE_DATA, draft

DEMO = (REFERENCE_DATA / "places-demo.cbor").read_bytes()


@pytest.fixture
def informed(kiosk):
    kiosk.receives(version=2, places=DEMO)
    return kiosk


def names(found):
    return [one.name for one in found]


def test_near_the_tablet_by_distance_with_the_hours_of_there(informed):
    find = FindPlaces(informed.station)
    found = find()
    assert find.here() == "98818"
    assert names(found)[:2] == ["Brigade inventée de Nouméa-Centre", "Commissariat inventé de Nouméa"]
    assert len(found) == 5
    assert found[0].metres < 1_000
    assert [one.metres for one in found] == sorted(one.metres for one in found)
    assert found[0].standing != Standing()


def test_near_a_commune_of_elsewhere_it_is_the_hour_of_there(informed):
    found = FindPlaces(informed.station)("02408")
    assert names(found)[0] == "Commissariat inventé de Laon"
    assert not any("Nouméa" in name for name in names(found))
    local = informed.station.proved_now().astimezone(informed.store.tables.zone_of("02"))
    assert found[0].today == local.date()


def test_a_desk_that_does_not_establish_is_nowhere_to_go(informed):
    assert not any("accueil" in name.casefold() for name in names(FindPlaces(informed.station)()))


def test_without_a_table_nothing_is_known_and_filing_goes_on(kiosk):
    assert FindPlaces(kiosk.station)() == ()
    assert kiosk.file(draft()).qr_text


def test_a_table_that_cannot_be_read_is_not_taken_into_use(informed):
    damaged = encode_table(2, NOW, [["988", "x"]])
    with pytest.raises(RecordRejected, match="PLACES_LINE"):
        informed.receives(version=3, places=damaged)
    assert names(FindPlaces(informed.station)())


def test_the_receipt_names_the_two_nearest_and_stays_on_one_page(informed, monkeypatch):
    drawn = []
    printout = receipt_image.printout
    monkeypatch.setattr(
        "kiosk_app.use_cases.file_request.printout",
        lambda paper, roll: drawn.append(paper) or printout(paper, roll),
    )
    informed.leases("XBQ7V3")
    receipt = informed.file(draft())
    assert [text.split(",")[0] for text in drawn[0].places] == names(FindPlaces(informed.station)())[:2]
    assert drawn[0].places[0] == "Brigade inventée de Nouméa-Centre, 1 rue Inventée, 98800 Nouméa"
    height = Image.open(io.BytesIO(receipt.image_png)).height
    assert height < 297 / 25.4 * 203
