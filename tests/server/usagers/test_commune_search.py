"""The search of communes answers as the tablets do."""

from dataclasses import replace

import pytest

from kiosk_app.communes import CommuneIndex
from procuration.errors import RecordRejected
from server.usagers.commune_search import read_search, search_of
from tests.server.centre import communes_table

QUERIES = (
    "nouméa", "NOUMEA", "laon", "st denis", "saint-den", "havre", "ile des pins", "98800", "02000", "988",
    "paris 15", "75015", "koné", "mont dore", "saint den réunion", "l'hay", "strasb", "sainte-colombe", "p",
    "", "’", "éloi", "bourg en bresse", "cherbourg", "annecy le vieux", "noumae", "laonn", "x" * 5_000,
    "% _", "mata utu", "2a",
)  # fmt: skip


@pytest.fixture(scope="module")
def here():
    return read_search(communes_table())


@pytest.fixture(scope="module")
def tablet():
    return CommuneIndex.from_table(communes_table().rows)


@pytest.mark.parametrize("query", QUERIES)
def test_a_search_answers_as_a_tablet_does(here, tablet, query):
    expected = [(one.place, one.label, one.known_as) for one in tablet.search(query, 5)]
    found = [(one.place, one.label, one.known_as) for one in here.search(query, 5)]
    assert found[:2] == expected[:2]
    assert bool(found) == bool(expected)


def test_a_number_is_never_read_as_an_insee_code(here):
    assert [one.place.code for one in here.search("98811")] == ["98801"]  # the postal code of Belep, not Koné


def test_a_form_names_a_place_by_code_and_type(here):
    assert here.named("98818|1").label == "Nouméa (Nouvelle-Calédonie)"
    for unknown in ("", "98818", "98818|2", "75056|1|", "'--", "\x00"):
        assert here.named(unknown) is None


def test_paris_lyon_and_marseille_are_offered_by_arrondissement_only(here):
    assert all(one.place.code != "75056" for one in here.search("paris", 50))


def test_a_centre_without_the_table_finds_nothing():
    assert search_of(None).search("laon") == ()


@pytest.mark.parametrize("row", [["02", "Aisne"], ["02", "Aisne", 2026, "Europe/Paris", "", "02408|1|x|"], 3])
def test_a_table_that_is_not_one_is_refused(row):
    with pytest.raises(RecordRejected):
        read_search(replace(communes_table(), rows=(row,)))
