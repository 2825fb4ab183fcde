"""The signed table of public places: read as the préfet wrote it, or refused."""

from datetime import UTC, date, datetime

import pytest

from procuration.domain.sites import Opening, PublicPlace
from procuration.errors import RecordRejected
from procuration.record.tables import encode_table, read_sites, read_table

NOW = datetime(2027, 4, 1, tzinfo=UTC)
ROW = ["988-1", "Mairie annexe", "98818", [[[2027, 4, 2], 1_806_613_200, 1_806_634_800]]]


def read(*rows):
    return read_sites(read_table(encode_table(1, NOW, rows)))


def test_a_row_is_a_place_with_its_days_and_hours():
    opening = Opening(
        day=date(2027, 4, 2),
        opens_at=datetime.fromtimestamp(1_806_613_200, UTC),
        closes_at=datetime.fromtimestamp(1_806_634_800, UTC),
    )
    place = PublicPlace(id="988-1", name="Mairie annexe", insee_code="98818", openings=(opening,))
    assert read(ROW) == (place,)


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([ROW, ROW], "SITES_DUPLICATE"),
        ([[*ROW[:3], [[[2027, 4, 2], 1_806_634_800, 1_806_613_200]]]], "SITES_OPENING"),
        ([[*ROW[:3], [[[2027, 4, 2], 1_806_613_200, 1_806_613_200 + 86_401]]]], "SITES_OPENING"),
        ([["", *ROW[1:]]], "FIELD_TEXT"),
        ([ROW[:3]], "FIELD_LIST"),
        ([7], "FIELD_LIST"),
    ],
)
def test_a_row_that_says_something_else_is_refused(rows, code):
    with pytest.raises(RecordRejected, match=code):
        read(*rows)
