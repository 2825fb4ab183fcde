"""Rows written in one movement are the rows that Django would have written, on both databases."""

from datetime import UTC, date, datetime

import pytest
from django.db import models

from server.dossiers.fold import COLUMNS
from server.dossiers.models import Procuration
from server.ledger.models import Device, LookUpMiss
from server.ledger.rows import insert_rows

INSTANT = datetime(1999, 12, 31, 23, 59, 59, 123_456, tzinfo=UTC)  # before the epoch of PostgreSQL
RIDS = [f"{number:032x}" for number in range(1, 5)]


def value_for(field: models.Field, rid: str):
    """Something that each kind of column may lose."""
    if field.primary_key:
        return rid
    if field.null:
        return None
    match field:
        case models.BooleanField():
            return True
        case models.DateTimeField():
            return INSTANT
        case models.DateField():
            return date(1944, 8, 22)
        case models.JSONField():
            return [{"nom": "Zoé « L’Œil »", "rang": 1}, ["2027-04-11"], []]
        case models.CharField():
            return "é" * min(field.max_length or 1, 3)
    return 7


def filled(rid: str, **changes) -> dict[str, object]:
    fields = {name: Procuration._meta.get_field(name) for name in COLUMNS}
    return {name: value_for(field, rid) for name, field in fields.items()} | changes


def written(rows: list[dict[str, object]], *, new: bool) -> None:
    insert_rows(Procuration, COLUMNS, ([row[name] for name in COLUMNS] for row in rows), new=new)


@pytest.mark.parametrize("new", [True, False])
def test_a_row_is_read_back_as_it_was_given(db, new):
    rows = [
        filled(RIDS[0]),
        filled(RIDS[1], established_at=INSTANT, period_first=date(2027, 4, 11), polling_days=[]),
    ]
    written(rows, new=new)
    assert list(Procuration.objects.order_by("rid").values(*COLUMNS)) == rows


def test_a_row_that_exists_stays_when_it_may_exist(db):
    written([filled(RIDS[0], email="a@exemple.fr")], new=True)
    written([filled(RIDS[0], email="b@exemple.fr"), filled(RIDS[1])], new=False)
    assert Procuration.objects.get(pk=RIDS[0]).email == "a@exemple.fr"
    assert Procuration.objects.count() == 2


def test_a_row_without_a_number_of_its_own_gets_one(world, kiosk):
    device = Device.objects.get(log_id=kiosk.log_id.hex())
    rows = [(device.pk, "0123456789abcdef", INSTANT)] * 2
    insert_rows(LookUpMiss, ("device", "officer", "at"), rows)
    assert [(one.officer, one.at) for one in LookUpMiss.objects.all()] == [("0123456789abcdef", INSTANT)] * 2
    assert len(set(LookUpMiss.objects.values_list("pk", flat=True))) == 2


@pytest.mark.parametrize("asked", [[], RIDS[:1], RIDS[1:3], [*RIDS, "f" * 32]])
def test_among_finds_what_in_finds(db, asked):
    written([filled(rid) for rid in RIDS], new=True)
    found = Procuration.objects.filter(rid__among=asked).order_by("rid").values_list("rid", flat=True)
    assert list(found) == [rid for rid in RIDS if rid in asked]
