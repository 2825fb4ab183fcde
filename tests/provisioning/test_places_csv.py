"""The spreadsheet of places: every fault is said with its line, its column and what to do."""

from datetime import date
from pathlib import Path

import pytest

from procuration.domain.places import Hours, PlaceKind, Point
from provisioning import publication
from provisioning.__main__ import main
from provisioning.places_commands import commune_codes
from provisioning.places_csv import COLUMNS, FAULTS_MAX, read_csv

CODES = frozenset({"02408", "98818"})
GOOD = {
    "id": "02-1", "genre": "gendarmerie", "nom": "Brigade de Laon", "adresse_1": "1 rue Inventée",
    "adresse_2": "02000 Laon", "code_commune": "02408", "latitude": "49,56412", "longitude": "3.6199",
    "lundi": "8h-12h 14h-18h30", "mardi": "08:00-12:00, 14:00-18:30",
    "mercredi": "8 h à 12 h et 14 h à 18 h 30",
    "jeudi": "fermé", "fermetures": "25/12/2026, 2027-08-02 au 2027-08-13", "du": "2026-01-01",
}  # fmt: skip
SHIPPED = publication.REFERENCE_DATA / "places-demo.csv"


def csv_of(*rows, delimiter=";"):
    lines = [COLUMNS, *([f'"{row.get(name, "")}"' for name in COLUMNS] for row in rows)]
    return "\r\n".join(delimiter.join(line) for line in lines).encode()


def faults(*rows):
    return [(one.line, one.column) for one in read_csv(csv_of(*rows), CODES).faults]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("delimiter", [";", ","])
def test_a_spreadsheet_is_read_as_excel_and_others_write_it(mark, delimiter):
    read = read_csv(mark + csv_of(GOOD, delimiter=delimiter), CODES)
    assert read.faults == ()
    (place,) = read.places
    assert (place.kind, place.point) == (PlaceKind.GENDARMERIE, Point(49_56412, 3_61990))
    assert place.week[0] == place.week[1] == place.week[2] == (Hours(480, 720), Hours(840, 1110))
    assert place.week[3] == ()
    assert place.closures == (
        (date(2026, 12, 25), date(2026, 12, 25)), (date(2027, 8, 2), date(2027, 8, 13)),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("id", ""), ("id", "x" * 37), ("genre", "mairie"), ("nom", ""), ("nom", "Brigade | Laon"),
        ("adresse_1", ""), ("adresse_2", "a" * 121), ("code_commune", "02999"), ("code_commune", "Laon"),
        ("latitude", ""), ("latitude", "91"), ("longitude", "1e5"), ("longitude", "NaN"), ("lundi", "8h-"),
        ("lundi", "14h-18h 8h-12h"), ("lundi", "8h-25h"), ("lundi", "8h-12h30-14h"), ("lundi", "24h30-25h"),
        ("lundi", "1h-2h 3h-4h 5h-6h 7h-8h 9h-10h"), ("fermetures", "Noël"), ("telephone", "0" * 25),
        ("fermetures", "2027-08-13 au 2027-08-02"), ("fermetures", "2027-05-01, 2027-05-01"),
        ("du", ""), ("du", "2027-02-30"), ("du", "31/11/2026"), ("au", "2025-12-31"),
    ],
)  # fmt: skip
def test_a_cell_that_does_not_follow_is_named(column, cell):
    assert faults(GOOD, GOOD | {"id": "02-2", column: cell}) == [(3, column)]


def test_every_fault_is_said_at_once_and_nothing_is_kept():
    read = read_csv(csv_of(GOOD | {"nom": "", "lundi": "x"}, GOOD, GOOD | {"id": "3", "genre": ""}), CODES)
    assert [(one.line, one.column) for one in read.faults] == [
        (2, "nom"), (2, "lundi"), (3, "id"), (4, "genre"),
    ]  # fmt: skip
    assert read.places == ()
    assert str(read.faults[1]).startswith("Ligne 2, colonne « lundi » : écrivez les heures ainsi")


def test_no_more_than_a_hundred_faults_are_said():
    rows = [GOOD | {"id": str(number), "nom": "", "lundi": "x"} for number in range(90)]
    assert len(faults(*rows)) == FAULTS_MAX


def test_a_cell_of_several_lines_does_not_shift_the_numbers():
    assert faults(GOOD | {"nom": "Brigade\nde Laon"}, GOOD | {"id": "2", "nom": ""}) == [(4, "nom")]


@pytest.mark.parametrize(
    ("story", "data", "words"),
    [
        ("Excel of Windows", csv_of(GOOD).decode().encode("cp1252"), "CSV UTF-8"),
        ("nothing", b"", "aucun lieu"),
        ("a header alone", csv_of(), "aucun lieu"),
        ("a column missing", csv_of(GOOD).replace(b"jeudi", b"jeu"), "en première ligne : jeudi"),
        ("a column more", csv_of(GOOD).replace(b"id;", b"id;note;", 1), "inconnues : note"),
        ("an open quote", csv_of(GOOD)[:-1], "guillemet"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_says_what_to_do(story, data, words):
    (fault,) = read_csv(data, CODES).faults
    assert words in fault.sentence


def test_a_line_of_another_width_is_named():
    data = csv_of(GOOD) + b"\r\na;b"
    assert [(one.line, one.column) for one in read_csv(data, CODES).faults] == [(3, "")]


def test_a_consulate_has_a_code_that_no_commune_has():
    assert faults(GOOD | {"genre": "consulat", "code_commune": "99109"}) == []


def test_the_shipped_table_is_that_of_its_spreadsheet_and_says_that_it_is_invented(tmp_path):
    out = tmp_path / "places.cbor"
    assert main(["places", "import", str(SHIPPED), "--out", str(out), "--issued", "2026-11-27"]) == 0
    assert out.read_bytes() == SHIPPED.with_suffix(".cbor").read_bytes()
    places = read_csv(SHIPPED.read_bytes(), commune_codes()).places
    assert all("invent" in place.name and place.id.startswith("INVENTE") for place in places)


def test_nothing_is_written_when_there_is_a_fault(tmp_path, capsys):
    source, out = tmp_path / "lieux.csv", tmp_path / "places.cbor"
    source.write_bytes(csv_of(GOOD | {"nom": ""}))
    assert main(["places", "import", str(source), "--out", str(out)]) == 1
    assert not out.exists()
    said = capsys.readouterr().err
    assert "Ligne 2, colonne « nom »" in said
    assert "PLACES_CSV" in said


@pytest.mark.parametrize(
    ("name", "status"), [("places-demo.csv", 0), ("places-demo.cbor", 0), ("law.cbor", 1)]
)
def test_check_reads_a_spreadsheet_or_a_table(name, status):
    assert main(["places", "check", str(Path(publication.REFERENCE_DATA) / name)]) == status
