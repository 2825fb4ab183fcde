"""The commune table: how it is extracted, and what ships."""

import json
from pathlib import Path

import pytest

import provisioning.reference_data
from procuration.record.limits import TABLE_BYTES_MAX
from procuration.record.tables import encode_table, read_table
from provisioning.reference_data.extract_communes import clean_name, main, table_rows
from provisioning.reference_data.table_file import UnusableSource

SHIPPED = Path(provisioning.reference_data.__file__).with_name("communes-2026.cbor")
COLUMNS = ("code", "type", "population", "zone", "name", "aliases", "postal_codes")

TERRITORIES = [
    {"code": "01", "nom": "Ain"},
    {"code": "75", "nom": "Paris"},
    {"code": "986", "nom": "Wallis et Futuna"},
    {"code": "987", "nom": "Polynésie française"},
]


def record(code, nom, type_="commune-actuelle", departement="01", **more):
    return {"code": code, "nom": nom, "type": type_, "departement": departement, **more}


SOURCE = [
    record("01015", "Arboys en Bugey", codesPostaux=["01300"], population=662, anciensCodes=["01340"]),
    record("01015", "Arbignieu", "commune-deleguee", chefLieu="01015"),
    record("01340", "Saint-Bois", "commune-deleguee", chefLieu="01015"),
    record("75056", "Paris", departement="75", population=2_100_000),
    record("75101", "Paris 1er Arrondissement", "arrondissement-municipal", "75", codesPostaux=["75001"]),
    record("75115", "Paris 15e Arrondissement", "arrondissement-municipal", "75", codesPostaux=["75015"]),
    record("98412", "Archipel des Kerguelen", departement="984"),
    record("98611", "Alo", departement="986", codesPostaux=["98610"], population=1875),
    record("98719", "Gambier", departement="987", codesPostaux=["98755"], population=1570),
    record("98901", "Île de Clipperton", departement="989", codesPostaux=["98799"]),
]
FORMER = [record("01015", "Arbignieu"), record("01340", "Saint-Bois-le-Vieux")]


def places_of(rows):
    return [dict(zip(COLUMNS, place.split("|"), strict=True)) for row in rows for place in row[5].split(";")]


@pytest.fixture(scope="module")
def shipped():
    return read_table(SHIPPED.read_bytes())


@pytest.fixture(scope="module")
def shipped_places(shipped):
    return places_of(shipped.rows)


def names_of(places, code):
    return [place["name"] for place in places if place["code"] == code]


def test_a_deleguee_is_an_alias_of_the_commune_that_shares_its_code_and_not_a_place():
    (place,) = [place for place in places_of(table_rows(SOURCE, TERRITORIES)) if place["code"] == "01015"]
    assert (place["name"], place["aliases"]) == ("Arboys en Bugey", "Arbignieu,Saint-Bois")


def test_names_of_an_older_millesime_become_aliases_through_the_former_codes():
    (place, *_) = places_of(table_rows(SOURCE, TERRITORIES, FORMER))
    assert "Saint-Bois-le-Vieux" in place["aliases"].split(",")


def test_paris_is_replaced_by_its_arrondissements_and_the_ways_they_are_typed():
    paris = [place for place in places_of(table_rows(SOURCE, TERRITORIES)) if place["code"].startswith("75")]
    assert [(place["code"], place["type"], place["name"]) for place in paris] == [
        ("75101", "2", "Paris 1er"),
        ("75115", "2", "Paris 15e"),
    ]
    assert paris[0]["aliases"] == "Paris 1,Paris 1eme,Paris 1er Arrondissement,Paris Centre"
    assert paris[1]["aliases"] == "Paris 15,Paris 15eme,Paris 15e Arrondissement"


def test_territories_without_electoral_roll_have_no_row():
    assert [row[0] for row in table_rows(SOURCE, TERRITORIES)] == ["01", "75", "986", "987"]


def test_wallis_et_futuna_has_circonscriptions():
    row = table_rows(SOURCE, TERRITORIES)[2]
    assert (row[1], row[3], row[4]) == ("Wallis-et-Futuna", "Pacific/Wallis", "circonscription")


def test_a_place_outside_the_zone_of_its_territory_carries_its_own():
    row = table_rows(SOURCE, TERRITORIES)[3]
    assert (row[3], places_of([row])[0]["zone"]) == ("Pacific/Tahiti", "Pacific/Gambier")


@pytest.mark.parametrize("name", ["Nom;coupé", "Nom|coupé", "Nom,coupé"])
def test_a_name_that_would_break_the_columns_is_refused(name):
    with pytest.raises(UnusableSource):
        clean_name(name)


def write_package(folder):
    data = folder / "package" / "data"
    data.mkdir(parents=True)
    (data / "communes.json").write_text(json.dumps(SOURCE), encoding="utf-8")
    (data / "departements.json").write_text(json.dumps(TERRITORIES), encoding="utf-8")
    return data.parent


def test_a_package_becomes_a_table_file(tmp_path):
    output = tmp_path / "communes.cbor"
    assert main([str(write_package(tmp_path)), "--output", str(output)]) == 0
    assert [row[0] for row in read_table(output.read_bytes()).rows] == ["01", "75", "986", "987"]


def test_a_folder_without_package_is_refused_and_leaves_nothing(tmp_path, capsys):
    output = tmp_path / "communes.cbor"
    assert main([str(tmp_path), "--output", str(output)]) == 1
    assert list(tmp_path.iterdir()) == []
    assert "FileNotFoundError" in capsys.readouterr().err


# What ships


def test_the_shipped_table_is_small_and_canonical(shipped):
    data = SHIPPED.read_bytes()
    assert len(data) < 2_500_000 < TABLE_BYTES_MAX
    assert encode_table(shipped.version, shipped.issued, shipped.rows) == data


def test_the_shipped_table_has_every_commune_of_2026(shipped_places):
    communes = [place for place in shipped_places if place["type"] == "1"]
    arrondissements = [place for place in shipped_places if place["type"] == "2"]
    without_roll, divided = 6, 3
    assert len(communes) + without_roll + divided == 34_969
    assert len(arrondissements) == 20 + 9 + 16


@pytest.mark.parametrize(
    ("territory", "count"),
    [
        ("971", 32),
        ("972", 34),
        ("973", 22),
        ("974", 24),
        ("975", 2),
        ("976", 17),
        ("977", 1),
        ("978", 1),
        ("986", 3),
        ("987", 48),
        ("988", 33),
        ("75", 20),
    ],
)
def test_each_territory_has_its_places(shipped, territory, count):
    (row,) = [row for row in shipped.rows if row[0] == territory]
    assert len(places_of([row])) == count


def test_a_code_and_its_type_name_one_place(shipped_places):
    keys = {(place["code"], place["type"]) for place in shipped_places}
    assert len(keys) == len(shipped_places)


def test_no_name_has_a_homonym_in_its_departement(shipped):
    for row in shipped.rows:
        names = [place["name"] for place in places_of([row])]
        assert len(set(names)) == len(names), row[0]


def test_postal_and_insee_codes_cross_in_nouvelle_caledonie(shipped_places):
    (belep,) = [place for place in shipped_places if place["postal_codes"] == "98811"]
    assert (belep["code"], belep["name"]) == ("98801", "Belep")
    assert names_of(shipped_places, "98811") == ["Koné"]


def test_the_marquesas_and_gambier_keep_their_own_time(shipped_places):
    zones = {place["zone"] for place in shipped_places if place["zone"]}
    assert zones == {"Pacific/Marquesas", "Pacific/Gambier"}
    assert sum(place["zone"] == "Pacific/Marquesas" for place in shipped_places) == 6


def test_every_place_but_those_without_inhabitants_has_a_population(shipped_places):
    # The six villages destroyed in 1916 have a mayor, no inhabitant and no elector.
    empty = {place["code"] for place in shipped_places if place["population"] == "0"}
    assert empty == {"55039", "55050", "55139", "55189", "55239", "55307"}
