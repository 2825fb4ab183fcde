"""The figures of the law: their value for a territory and a day."""

import tomllib
from datetime import date
from pathlib import Path

import pytest

import provisioning.reference_data
from procuration.domain.law import Law
from procuration.domain.people import Place, PlaceType
from procuration.record.tables import encode_table, read_law, read_table
from provisioning.reference_data.build_law import SOURCE, UnusableLaw, law_rows

SHIPPED = Path(provisioning.reference_data.__file__).with_name("law.cbor")
NOUMEA = Place(code="98818", type=PlaceType.COMMUNE, cog_year=2026)
LAON = Place(code="02408", type=PlaceType.COMMUNE, cog_year=2026)

ROW = """
[[parameter]]
name = "{name}"
value = 1
territory = "{territory}"
from = {start}
{end}
article = "test"
"""


def source(*rows):
    return tomllib.loads("".join(ROW.format(**row) for row in rows))


def row(start="2021-04-06", end="", name="control_regime", territory="*"):
    return {"start": start, "end": f"to = {end}" if end else "", "name": name, "territory": territory}


@pytest.fixture(scope="module")
def table():
    return read_table(SHIPPED.read_bytes())


@pytest.fixture(scope="module")
def law(table):
    return Law(read_law(table))


def test_the_shipped_law_is_built_from_its_source(table):
    rows = law_rows(tomllib.loads(SOURCE.read_text(encoding="utf-8")))
    assert SHIPPED.read_bytes() == encode_table(table.version, table.issued, rows)


@pytest.mark.parametrize(
    ("place", "day", "regime"),
    [
        (LAON, date(2021, 6, 20), "MAIRIE"),
        (LAON, date(2022, 1, 2), "MAIRIE"),
        (LAON, date(2022, 1, 3), "REU"),
        (LAON, date(2024, 6, 30), "REU"),
        (NOUMEA, date(2021, 6, 20), "MAIRIE"),
        (NOUMEA, date(2024, 6, 30), "MAIRIE"),
        (NOUMEA, date(2027, 4, 11), "MAIRIE"),
    ],
)
def test_r_70_the_town_hall_controls_in_2021_and_in_nouvelle_caledonie_the_register_elsewhere(
    law, place, day, regime
):
    assert law.control_regime(place, day) == regime


@pytest.mark.parametrize(
    ("name", "place", "day", "value"),
    [
        ("same_commune_required", LAON, date(2021, 6, 20), 1),
        ("same_commune_required", LAON, date(2022, 4, 10), 0),
        ("max_total", LAON, date(2024, 6, 30), 2),
        ("max_france", LAON, date(2024, 6, 30), 1),
        ("validity_max_years", LAON, date(2026, 11, 22), 1),
        ("validity_max_years_consular", LAON, date(2026, 11, 22), 3),
        ("request_expiry_months", NOUMEA, date(2026, 11, 22), 2),
        ("age_minimum_years", NOUMEA, date(2026, 11, 22), 18),
        ("elector_number_accepted", LAON, date(2026, 11, 22), 1),
        ("elector_number_accepted", NOUMEA, date(2026, 11, 22), 0),
        ("mandataire_from_outside_accepted", NOUMEA, date(2026, 11, 22), 0),
        ("mandataire_from_outside_accepted", LAON, date(2026, 11, 22), 1),
        ("body_retention_months", LAON, date(2026, 11, 22), 12),
        ("home_visit_papers_retention_months", LAON, date(2026, 11, 22), 6),
    ],
)
def test_a_figure_of_the_law_depends_on_the_place_and_the_day(law, name, place, day, value):
    assert law.number(name, place, day) == value


def test_every_figure_has_a_value_on_every_day_since_the_procedure_exists(table, law):
    for name in {parameter.name for parameter in read_law(table)}:
        for day in (
            date(2021, 4, 6),
            date(2021, 12, 31),
            date(2022, 1, 1),
            date(2022, 1, 3),
            date(2030, 1, 1),
        ):
            assert law.find(name, NOUMEA, day).article
            assert law.find(name, LAON, day).article


@pytest.mark.parametrize(
    "rows",
    [
        [row(), row("2022-01-01")],
        [row(end="2022-01-01"), row("2022-01-01")],
        [row("2022-01-01", "2021-01-01")],
        [row(name="Regime")],
        [row(territory="Laon")],
    ],
    ids=[
        "never ended",
        "both in force one day",
        "ends before it begins",
        "malformed name",
        "malformed territory",
    ],
)
def test_a_law_that_contradicts_itself_is_refused(rows):
    with pytest.raises(UnusableLaw):
        law_rows(source(*rows))
