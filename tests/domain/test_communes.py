"""The commune search over the places that ship."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import provisioning.reference_data
from procuration.domain.communes import CommuneIndex
from procuration.domain.people import Place, PlaceType
from procuration.errors import RecordRejected
from procuration.record.tables import read_table

TABLE = Path(provisioning.reference_data.__file__).with_name("communes-2026.cbor")


@pytest.fixture(scope="module")
def index():
    return CommuneIndex.from_table(read_table(TABLE.read_bytes()).rows)


def labels(index, typed):
    return [suggestion.label for suggestion in index.search(typed)]


def test_every_place_where_electors_are_enrolled_is_in_the_index(index):
    assert (
        len(index) == 34_969 - 3 - 6 + 45
    )  # without Paris, Lyon, Marseille; without 984, 989; arrondissements


def test_a_suggestion_holds_the_place_with_its_type_and_millesime(index):
    (found,) = index.search("nouméa")
    assert found.place == Place(code="98818", type=PlaceType.COMMUNE, cog_year=2026)
    assert (found.label, found.postal_hint, found.known_as) == ("Nouméa (Nouvelle-Calédonie)", "98800", "")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("noum", "Nouméa (Nouvelle-Calédonie)"),
        ("NOUMEA", "Nouméa (Nouvelle-Calédonie)"),
        ("nouméa 988", "Nouméa (Nouvelle-Calédonie)"),
        ("nouvelle-calédonie noum", "Nouméa (Nouvelle-Calédonie)"),
        ("98800", "Nouméa (Nouvelle-Calédonie)"),
        ("laon aisne", "Laon (Aisne)"),
        ("02 laon", "Laon (Aisne)"),
        ("le havre", "Le Havre (Seine-Maritime)"),
        ("havre", "Le Havre (Seine-Maritime)"),
        ("ile des pins", "L’Île-des-Pins (Nouvelle-Calédonie)"),
        ("l'île-des-pins", "L’Île-des-Pins (Nouvelle-Calédonie)"),
        ("mont dore", "Le Mont-Dore (Nouvelle-Calédonie)"),
        ("foa", "La Foa (Nouvelle-Calédonie)"),
        ("us", "Us (Val-d’Oise)"),
        ("eu", "Eu (Seine-Maritime)"),
        ("2a", "Ajaccio (Corse-du-Sud)"),
    ],
)
def test_the_commune_meant_comes_first(index, typed, expected):
    assert labels(index, typed)[0] == expected


def test_biggest_communes_come_first(index):
    assert labels(index, "nou")[0] == "Nouméa (Nouvelle-Calédonie)"
    assert labels(index, "st")[0] == "Strasbourg (Bas-Rhin)"


def test_nothing_is_offered_below_two_characters(index):
    assert index.search("n") == []
    assert index.search("é ’") == []


def test_at_most_the_asked_number_of_places_is_offered(index):
    assert len(index.search("saint")) == 5
    assert len(index.search("saint", limit=3)) == 3


# Traps of the source (DOMAIN 6), one by one.


def test_trap_1_a_commune_deleguee_leads_to_the_commune_of_today_and_says_so(index):
    (found,) = index.search("arbignieu")
    assert found.place.code == "01015"
    assert (found.label, found.known_as) == ("Arboys en Bugey (Ain)", "Arbignieu")


def test_trap_2_homonyms_are_told_apart_by_their_departement(index):
    offered = labels(index, "st denis")
    assert offered[:4] == [
        "Saint-Denis (La Réunion)",
        "Saint-Denis (Seine-Saint-Denis)",
        "Saint-Denis (Aude)",
        "Saint-Denis (Gard)",
    ]


def test_trap_3_names_that_differ_by_an_accent_are_all_offered(index):
    offered = labels(index, "champagne")
    assert "Champagné (Sarthe)" in offered
    assert "Champagne (Ardèche)" in offered


@pytest.mark.parametrize("typed", ["oeuilly", "œuilly", "ŒUILLY"])
def test_trap_4_a_ligature_may_be_typed_as_two_letters(index, typed):
    assert set(labels(index, typed)) == {"Œuilly (Marne)", "Œuilly (Aisne)"}


@pytest.mark.parametrize("typed", ["st etienne", "ST-ÉTIENNE", "saint etienne", "St Étienne"])
def test_trap_4_st_stands_for_saint(index, typed):
    assert labels(index, typed)[0] == "Saint-Étienne (Loire)"


def test_trap_4_ste_stands_for_sainte(index):
    assert all(label.startswith("Sainte-Colombe (") for label in labels(index, "ste colombe"))


@pytest.mark.parametrize(
    ("typed", "postal_owner", "insee_owner"),
    [
        ("98811", "Belep (Nouvelle-Calédonie)", "Koné (Nouvelle-Calédonie)"),
        ("98821", "Ouégoa (Nouvelle-Calédonie)", "Païta (Nouvelle-Calédonie)"),
        ("98809", "Le Mont-Dore (Nouvelle-Calédonie)", "L’Île-des-Pins (Nouvelle-Calédonie)"),
    ],
)
def test_trap_5_five_digits_are_a_postal_code_and_never_an_insee_code(
    index, typed, postal_owner, insee_owner
):
    offered = labels(index, typed)
    assert postal_owner in offered
    assert insee_owner not in offered


def test_trap_6_a_postal_code_of_several_communes_offers_them_all(index):
    codes = {suggestion.place.code for suggestion in index.search("97150", limit=10)}
    assert "97801" in codes
    assert len(index.search("02200", limit=20)) > 5


@pytest.mark.parametrize(
    ("typed", "departement"), [("2B", "2B"), ("974", "974"), ("02", "02"), ("13", "13"), ("988", "988")]
)
def test_trap_7_a_departement_number_offers_its_communes(index, typed, departement):
    found = index.search(typed)
    assert len(found) == 5
    assert {suggestion.place.departement for suggestion in found} == {departement}


@pytest.mark.parametrize(
    ("typed", "label", "code"),
    [
        ("paris 15", "Paris 15e", "75115"),
        ("Paris 15e", "Paris 15e", "75115"),
        ("paris 15eme", "Paris 15e", "75115"),
        ("15 paris", "Paris 15e", "75115"),
        ("75015", "Paris 15e", "75115"),
        ("paris 1", "Paris 1er", "75101"),
        ("Paris 1er arrondissement", "Paris 1er", "75101"),
        ("lyon 3e", "Lyon 3e (Rhône)", "69383"),
        ("marseille 1er", "Marseille 1er (Bouches-du-Rhône)", "13201"),
    ],
)
def test_trap_8_paris_lyon_and_marseille_are_offered_by_arrondissement(index, typed, label, code):
    first = index.search(typed)[0]
    assert first.label == label
    assert first.place == Place(code=code, type=PlaceType.ARRONDISSEMENT_MUNICIPAL, cog_year=2026)


@pytest.mark.parametrize("code", ["75056", "69123", "13055"])
def test_trap_8_the_three_cities_are_never_offered_as_a_whole(index, code):
    assert index.named(Place(code=code, type=PlaceType.COMMUNE, cog_year=2026)) is None


@pytest.mark.parametrize("typed", ["kerguelen", "clipperton", "crozet", "terre adelie"])
def test_trap_9_territories_without_electoral_roll_are_not_offered(index, typed):
    assert not any(found.place.departement in {"984", "989"} for found in index.search(typed))


def test_trap_9_wallis_et_futuna_offers_its_three_circonscriptions(index):
    assert sorted(labels(index, "wallis et futuna")) == [
        "Alo (Wallis-et-Futuna)",
        "Sigave (Wallis-et-Futuna)",
        "Uvea (Wallis-et-Futuna)",
    ]


@pytest.mark.parametrize(
    ("typed", "today"),
    [
        ("berzy le sec", "Bernoy-le-Château (Aisne)"),
        ("goux les usiers", "Val-d’Usiers (Doubs)"),
        ("céreste", "Céreste-en-Luberon (Alpes-de-Haute-Provence)"),
    ],
)
def test_trap_10_a_name_of_2021_leads_to_the_commune_of_today(index, typed, today):
    assert today in labels(index, typed)


def test_trap_10_every_place_carries_the_millesime_of_its_list(index):
    assert {found.place.cog_year for found in index.search("saint", limit=50)} == {2026}


# Near spellings


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("noumae", "Nouméa (Nouvelle-Calédonie)"),
        ("strasbuorg", "Strasbourg (Bas-Rhin)"),
        ("montpelier", "Montpellier (Hérault)"),
        ("lile des pins", "L’Île-des-Pins (Nouvelle-Calédonie)"),
        ("sain etienne", "Saint-Étienne (Loire)"),
        ("dubea", "Dumbéa (Nouvelle-Calédonie)"),
    ],
)
def test_one_wrong_letter_still_finds_the_commune(index, typed, expected):
    assert labels(index, typed)[0] == expected


def test_two_wrong_words_find_nothing(index):
    assert index.search("zzzz yyyy") == []


# What a place is called


def test_a_place_of_a_request_is_named(index):
    place = Place(code="98818", type=PlaceType.COMMUNE, cog_year=2026)
    assert index.named(place).label == "Nouméa (Nouvelle-Calédonie)"


def test_a_code_without_its_type_is_not_a_place(index):
    place = Place(code="98818", type=PlaceType.ARRONDISSEMENT_MUNICIPAL, cog_year=2026)
    assert index.named(place) is None


# Hostile input


@given(typed=st.text(max_size=120), limit=st.integers(1, 8))
def test_no_text_makes_the_search_fail_or_answer_too_much(index, typed, limit):
    found = index.search(typed, limit)
    assert len(found) <= limit
    assert len({suggestion.place for suggestion in found}) == len(found)


@given(
    words=st.lists(
        st.sampled_from(
            ["st", "saint", "paris", "l", "98800", "15", "nord", "aisne", "sur", "|", ",", "é", "\n"]
        ),
        max_size=12,
    )
)
def test_no_combination_of_common_words_makes_the_search_fail(index, words):
    assert len(index.search(" ".join(words))) <= 5


def test_a_very_long_text_is_cut(index):
    assert index.search("noumea" + " " * 1_000_000) == index.search("noumea")


@pytest.mark.parametrize(
    "rows",
    [
        [["988", "Nouvelle-Calédonie"]],
        ["988"],
        [["988", "Nouvelle-Calédonie", 2026, "Pacific/Noumea", "commune", ""]],
        [["988", "Nouvelle-Calédonie", 2026, "Pacific/Noumea", "commune", "98818|1|many||Nouméa||98800"]],
        [["988", "Nouvelle-Calédonie", 2026, "Pacific/Noumea", "commune", "98818|9|85976||Nouméa||98800"]],
        [["988", "Nouvelle-Calédonie", 2026, "Pacific/Noumea", "commune", "98818|1|85976||Nouméa|98800"]],
        [["988", "Nouvelle-Calédonie", 2026, "Pacific/Noumea", "commune", "02408|1|24000||Laon||02000"]],
        [["988", "", 2026, "", "", ""]] * 201,
    ],
)
def test_a_table_of_another_shape_is_refused(rows):
    with pytest.raises(RecordRejected):
        CommuneIndex.from_table(rows)
