"""The search of communes behind the pages of electors (its answers: tests/domain/test_communes.py)."""

from dataclasses import replace

import pytest

from procuration.errors import RecordRejected
from server.usagers.commune_search import key_of, read_search, search_of
from tests.server.centre import communes_table


@pytest.fixture(scope="module")
def here():
    return read_search(communes_table())


def test_a_form_offers_what_a_tablet_offers_first(here):
    assert [one.label for one in here.search("st denis")][:2] == [
        "Saint-Denis (La Réunion)",
        "Saint-Denis (Seine-Saint-Denis)",
    ]
    assert [one.label for one in here.search("noumae")] == ["Nouméa (Nouvelle-Calédonie)"]


def test_the_place_offered_is_the_place_that_a_form_names(here):
    for found in here.search("cherbourg"):
        assert here.named(key_of(found)).place == found.place


def test_a_number_is_never_read_as_an_insee_code(here):
    assert [one.place.code for one in here.search("98811")] == ["98801"]  # the postal code of Belep, not Koné


def test_a_form_names_a_place_by_code_and_type(here):
    assert here.named("98818|1").label == "Nouméa (Nouvelle-Calédonie)"
    for unknown in ("", "98818", "98818|2", "75056|1|", "'--", "\x00"):
        assert here.named(unknown) is None


def test_paris_lyon_and_marseille_are_offered_by_arrondissement_only(here):
    assert all(one.place.code != "75056" for one in here.search("paris", 50))


def test_a_centre_without_the_table_finds_nothing():
    for typed in ("laon", "98800", "saint denis 93", "p"):
        assert search_of(None).search(typed) == ()
    assert search_of(None).named("98818|1") is None


@pytest.mark.parametrize("row", [["02", "Aisne"], ["02", "Aisne", 2026, "Europe/Paris", "", "02408|1|x|"], 3])
def test_a_table_that_is_not_one_is_refused(row):
    with pytest.raises(RecordRejected):
        read_search(replace(communes_table(), rows=(row,)))
