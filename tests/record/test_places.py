"""The signed table of places: one spelling for each place, bounded, read a part at a time."""

from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest

from procuration.domain.places import ESTABLISHING, Hours, PlaceKind, Point, nearest
from procuration.errors import RecordRejected
from procuration.record import places as table
from procuration.record.tables import encode_table, read_table
from tests.builders import NOW
from tests.domain.test_places import BRIGADE, FRIDAY

NOUMEA = replace(BRIGADE, id="988-1", commune="98818", point=Point(-22_27000, 166_44200), phone="00 00 01")
MIXED = replace(
    BRIGADE,
    id="02-2",
    kind=PlaceKind.POINT_ACCUEIL,
    week=((Hours(0, 1440),), (), (Hours(0, 1440),), (Hours(540, 720),), (), (), (Hours(0, 1),)),
    closures=((date(2026, 12, 24), date(2027, 1, 3)), (date(2027, 5, 1), date(2027, 5, 1))),
    last_day=None,
    point=None,
)
LINE = (
    "1|1|Brigade|1 rue~02000 Laon|02408|4956410,361990|12345=480-720,840-1080"
    "|2026-12-25||2026-01-01|2026-12-31"
)


def table_of(*rows):
    return read_table(encode_table(1, NOW, list(rows)))


def read(line, code="02"):
    return table.read_places(table_of([code, line]))


def refused(call, *arguments):
    with pytest.raises(RecordRejected) as rejection:
        call(*arguments)
    return rejection.value.code


def test_places_come_back_as_they_were_written():
    rows = table.encode_places([NOUMEA, MIXED, BRIGADE])
    assert set(table.read_places(table_of(*rows))) == {NOUMEA, MIXED, BRIGADE}
    assert table.count_by_departement(table_of(*rows)) == {"02": 2, "988": 1}
    assert list(table.read_kind(table_of(*rows), PlaceKind.POINT_ACCUEIL)) == [MIXED]
    assert table.read_departement(table_of(*rows), "988") == (NOUMEA,)
    assert table.read_departement(table_of(*rows), "59") == ()


def test_the_order_given_does_not_change_the_bytes():
    made = {
        encode_table(1, NOW, table.encode_places(order)) for order in permutations([NOUMEA, MIXED, BRIGADE])
    }
    assert len(made) == 1


def test_the_line_of_the_documentation_is_read():
    assert read(LINE)[0].week[0] == (Hours(480, 720), Hours(840, 1080))


@pytest.mark.parametrize(
    ("story", "old", "new", "code"),
    [
        ("a column too few", "|2026-12-31", "", "PLACES_LINE"),
        ("an unknown kind", "1|1|", "1|9|", "PLACES_LINE"),
        ("a kind with a leading zero", "1|1|", "1|01|", "PLACES_LINE"),
        ("no name", "|Brigade|", "| |", "FIELD_TEXT"),
        ("a name that breaks the line", "Brigade", "Bri\ngade", "FIELD_TEXT"),
        ("a name without end", "Brigade", "B" * 121, "FIELD_TEXT"),
        ("four lines of address", "1 rue", "1~2~3", "PLACES_LINE"),
        ("a commune of nowhere", "02408", "02 08", "PLACES_LINE"),
        ("a point beyond the pole", "4956410,", "9000001,", "PLACES_LINE"),
        ("half a point", "4956410,361990", "4956410", "PLACES_LINE"),
        ("digits of another script", "4956410", "\u0664956410", "PLACES_LINE"),
        ("a day that is not one", "12345=", "12348=", "PLACES_HOURS"),
        ("hours backwards", "480-720", "720-480", "PLACES_HOURS"),
        ("hours that touch", "720,840", "720,720", "PLACES_HOURS"),
        ("hours after midnight", "1080", "1441", "PLACES_HOURS"),
        ("five times a day", "840-1080", "721-722,723-724,725-726,840-1080", "PLACES_HOURS"),
        ("days of one week in two groups", "12345=480-720,840-1080", "12=480-720/345=480-720", "PLACES_LINE"),
        ("a closure that does not exist", "2026-12-25", "2026-13-25", "PLACES_DAY"),
        ("a closure backwards", "2026-12-25", "2026-12-25/2026-12-24", "PLACES_DAY"),
        ("a day in another spelling", "2026-12-25", "20261225", "PLACES_LINE"),
        ("over before it begins", "|2026-12-31", "|2025-12-31", "PLACES_DAY"),
    ],
)
def test_a_place_with_another_spelling_is_refused(story, old, new, code):
    assert old in LINE
    assert refused(read, LINE.replace(old, new, 1)) == code


@pytest.mark.parametrize(
    ("story", "rows", "code"),
    [
        ("in the row of another département", [["03", LINE]], "PLACES_ORDER"),
        ("twice in a row", [["02", f"{LINE};{LINE}"]], "PLACES_ORDER"),
        ("one identifier for two", [["02", LINE], ["988", LINE.replace("02408", "98818")]], "PLACES_TWICE"),
        ("rows out of order", [["988", LINE.replace("02408", "98818")], ["02", "2" + LINE[1:]]],
         "PLACES_ORDER"),
        ("a row without a place", [["02", ""]], "FIELD_TEXT"),
        ("a row of three", [["02", LINE, 1]], "FIELD_LIST"),
    ],
)  # fmt: skip
def test_a_table_out_of_order_is_refused(story, rows, code):
    assert refused(table.check_places, rows) == code


def test_more_places_than_a_tablet_can_hold_are_refused(monkeypatch):
    monkeypatch.setattr(table, "PLACES_MAX", 1)
    assert refused(table.encode_places, [NOUMEA, BRIGADE]) == "PLACES_COUNT"


def test_what_is_read_around_a_commune_holds_its_nearest_places():
    ring = [
        replace(BRIGADE, id=f"{n:03}", name=f"{n:03}", commune=f"{3 + n % 5:02}001",
                point=Point(49_56410 + 100 * n, 3_61990))
        for n in range(1, 200)
    ]  # fmt: skip
    all_places = [*ring, BRIGADE, NOUMEA]
    signed = table_of(*table.encode_places(all_places))
    around = table.read_around(signed, "02408", ESTABLISHING)
    assert len(around) == 1 + table.AROUND_MAX
    found = [nearest("02408", places, lambda place: FRIDAY, 5) for places in (around, all_places)]
    assert found[0] == found[1]
    assert NOUMEA not in around
