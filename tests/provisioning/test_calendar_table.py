"""The calendar: which ballots are held where, on which day, between which instants."""

import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import provisioning.reference_data
from procuration.domain.people import Place, PlaceType
from procuration.domain.scrutin import scrutins_of
from procuration.record.tables import encode_table, read_calendar, read_table
from provisioning.reference_data.build_calendar import SOURCE, UnusableCalendar, calendar_rows

SHIPPED = Path(provisioning.reference_data.__file__).with_name("calendar-demo.cbor")

MINIMAL = """
version = 1
issued = 2026-01-01T00:00:00Z
saturday_territories = ["971"]
[place_sets]
metropole = ["02", "75"]
[[ballot]]
id = "2030-01-essai"
round_1 = 2030-01-06
opens = 08:00:00
closes = 18:00:00
elections = ["municipales"]
max_total = 2
max_france = 1
article = "Code électoral, art. L. 73"
source = "test"
verified = true
places = ["metropole", "971"]
"""


@pytest.fixture(scope="module")
def table():
    return read_table(SHIPPED.read_bytes())


@pytest.fixture(scope="module")
def calendar(table):
    return read_calendar(table)


def scrutin_of(calendar, ballot, code, type_=PlaceType.COMMUNE):
    place = Place(code=code, type=type_, cog_year=2026)
    found = [scrutin for scrutin in scrutins_of(place, calendar) if scrutin.ballot == ballot]
    assert len(found) <= 1
    return found[0] if found else None


NOUMEA, LAON, POINTE_A_PITRE, PAPEETE, NUKU_HIVA = "98818", "02408", "97120", "98735", "98731"
SATURDAY, SUNDAY = 5, 6


def test_the_shipped_calendar_is_built_from_its_source(table):
    rows = calendar_rows(tomllib.loads(SOURCE.read_text(encoding="utf-8")))
    assert SHIPPED.read_bytes() == encode_table(table.version, table.issued, rows)


def test_noumea_votes_on_sunday_and_opens_on_saturday_evening_in_utc(calendar):
    scrutin = scrutin_of(calendar, "2024-06-legislatives", NOUMEA)
    first, second = scrutin.rounds
    assert (first.day, second.day) == (date(2024, 6, 30), date(2024, 7, 7))
    assert first.opens_at == datetime(2024, 6, 29, 21, tzinfo=UTC)
    assert second.closes_at == datetime(2024, 7, 7, 7, tzinfo=UTC)
    assert scrutin.zone == "Pacific/Noumea"


@pytest.mark.parametrize(
    "territory", ["97105", "97209", "97302", "97502", "97701", "97801", PAPEETE, NUKU_HIVA]
)
@pytest.mark.parametrize(
    "ballot",
    ["2022-04-presidentielle", "2024-06-europeennes", "2024-06-legislatives", "2027-04-presidentielle"],
)
def test_the_americas_and_polynesie_vote_on_saturday_in_national_ballots(calendar, territory, ballot):
    scrutin = scrutin_of(calendar, ballot, territory)
    assert {round_.day.weekday() for round_ in scrutin.rounds} == {SATURDAY}


@pytest.mark.parametrize("territory", [LAON, NOUMEA, "97411", "97608", "98613"])
def test_elsewhere_national_ballots_are_held_on_sunday(calendar, territory):
    scrutin = scrutin_of(calendar, "2024-06-legislatives", territory)
    assert {round_.day.weekday() for round_ in scrutin.rounds} == {SUNDAY}


@pytest.mark.parametrize("territory", ["97105", "97209", "97302", "97502", PAPEETE, LAON, NOUMEA])
def test_municipal_ballots_are_held_on_sunday_everywhere(calendar, territory):
    scrutin = scrutin_of(calendar, "2026-03-municipales", territory)
    assert [round_.day for round_ in scrutin.rounds] == [date(2026, 3, 15), date(2026, 3, 22)]


@pytest.mark.parametrize("territory", ["97701", "97801", "98613"])
def test_territories_without_conseil_municipal_have_no_municipal_ballot(calendar, territory):
    assert scrutin_of(calendar, "2026-03-municipales", territory) is None


def test_polynesie_had_two_weeks_between_the_rounds_of_2022(calendar):
    scrutin = scrutin_of(calendar, "2022-06-legislatives", PAPEETE)
    assert [round_.day for round_ in scrutin.rounds] == [date(2022, 6, 4), date(2022, 6, 18)]


def test_the_marquesas_close_half_an_hour_before_tahiti(calendar):
    tahiti = scrutin_of(calendar, "2024-06-legislatives", PAPEETE)
    marquesas = scrutin_of(calendar, "2024-06-legislatives", NUKU_HIVA)
    assert marquesas.id == "2024-06-legislatives/987-marquesas"
    assert (tahiti.last_closing - marquesas.last_closing).total_seconds() == 1800


@pytest.mark.parametrize(
    ("code", "type_", "elections"),
    [
        (LAON, PlaceType.COMMUNE, ("departementales", "regionales")),
        ("75115", PlaceType.ARRONDISSEMENT_MUNICIPAL, ("regionales",)),
        ("69383", PlaceType.ARRONDISSEMENT_MUNICIPAL, ("regionales",)),
        ("69266", PlaceType.COMMUNE, ("regionales",)),  # Villeurbanne
        ("69264", PlaceType.COMMUNE, ("departementales", "regionales")),  # Villefranche-sur-Saône
        ("2A004", PlaceType.COMMUNE, ("territoriales",)),
        ("97209", PlaceType.COMMUNE, ("territoriales",)),
        ("97302", PlaceType.COMMUNE, ("territoriales",)),
        ("97608", PlaceType.COMMUNE, ("departementales",)),
        ("97411", PlaceType.COMMUNE, ("departementales", "regionales")),
    ],
)
def test_the_ballots_of_june_2021_depend_on_the_commune(calendar, code, type_, elections):
    scrutin = scrutin_of(calendar, "2021-06-departementales-regionales", code, type_)
    assert scrutin.elections == elections
    assert [round_.day for round_ in scrutin.rounds] == [date(2021, 6, 20), date(2021, 6, 27)]


def test_nouvelle_caledonie_has_no_departementales(calendar):
    assert scrutin_of(calendar, "2021-06-departementales-regionales", NOUMEA) is None


def test_a_mandataire_may_hold_two_procurations_of_france_in_june_2021_only(calendar):
    for scrutin in calendar:
        expected = (2, 2) if scrutin.ballot.startswith("2021-06") else (2, 1)
        assert (scrutin.max_total, scrutin.max_france) == expected, scrutin.id


@pytest.mark.parametrize(
    ("code", "type_", "elections"),
    [
        (LAON, PlaceType.COMMUNE, ("municipales",)),
        ("75115", PlaceType.ARRONDISSEMENT_MUNICIPAL, ("municipales", "arrondissements")),
        ("13201", PlaceType.ARRONDISSEMENT_MUNICIPAL, ("municipales", "arrondissements")),
        ("69383", PlaceType.ARRONDISSEMENT_MUNICIPAL, ("municipales", "arrondissements", "metropolitaines")),
        ("69266", PlaceType.COMMUNE, ("municipales", "metropolitaines")),
    ],
)
def test_the_ballots_of_march_2026_depend_on_the_commune(calendar, code, type_, elections):
    assert scrutin_of(calendar, "2026-03-municipales", code, type_).elections == elections


def test_the_european_ballot_has_one_round(calendar):
    assert len(scrutin_of(calendar, "2024-06-europeennes", LAON).rounds) == 1


def test_a_ballot_lies_ahead_for_every_place_at_the_date_of_the_demonstration(calendar):
    now = datetime(2026, 11, 22, tzinfo=UTC)
    for code in (LAON, NOUMEA, PAPEETE, "97411", "97801", "98613", "2A004"):
        place = Place(code=code, type=PlaceType.COMMUNE, cog_year=2026)
        assert any(scrutin.last_closing > now for scrutin in scrutins_of(place, calendar))


def test_polls_open_at_eight_and_close_from_six_in_the_evening_local_time(calendar):
    for scrutin in calendar:
        zone = ZoneInfo(scrutin.zone)
        for round_ in scrutin.rounds:
            opening, closing = round_.opens_at.astimezone(zone), round_.closes_at.astimezone(zone)
            assert (opening.date(), opening.hour) == (round_.day, 8)
            assert closing.date() == round_.day
            assert closing.hour in (18, 19)


# The build script


def test_a_minimal_calendar_has_a_row_for_the_mainland_and_one_overseas():
    rows = calendar_rows(tomllib.loads(MINIMAL))
    assert [row[0] for row in rows] == ["2030-01-essai/971", "2030-01-essai/metropole"]
    assert rows[1][2:5] == [["02", "75"], [2030, 1, 6], None]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("round_1 = 2030-01-06", "round_1 = 2030-01-07"),
        ("round_1 = 2030-01-06", "round_1 = 2030-01-06\nround_2 = 2029-12-30"),
        ('"municipales"', '"inconnues"'),
        ('["metropole", "971"]', '["metropole", "971", "75"]'),
        ("2030-01-essai", "2030 01 essai"),
    ],
    ids=["a Monday", "rounds out of order", "an unknown election", "a place named twice", "a malformed id"],
)
def test_a_calendar_that_cannot_be_is_refused(before, after):
    with pytest.raises(UnusableCalendar):
        calendar_rows(tomllib.loads(MINIMAL.replace(before, after)))
