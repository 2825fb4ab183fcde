"""The migrations say what the models say: a table that nobody migrates would be missing in the field."""

import threading
import time
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterField,
    CreateModel,
    DeleteModel,
    RemoveField,
    RemoveIndex,
    RenameField,
    RenameModel,
    RunPython,
    RunSQL,
)
from django.db.models import CharField, Index

from server.config.migration_steps import AddIndexBesideWork
from server.ledger.models import RefusedCount
from tests.builders import NOW


@pytest.mark.django_db
def test_no_model_waits_for_a_migration():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


LARGE = {
    "ledger": {"event", "bundle", "leaf", "inboxentry", "setaside"},
    "dossiers": {"procuration", "withdrawal"},
    "notices": {"notice"},
}
"""Tables that have a row for each procuration or more."""
BEFORE_ANY_INSTALLATION = 20
"""No centre is installed anywhere yet: numbers up to this one are made on empty tables, and may lock them."""
HOLDS_A_TABLE = (AlterField, AddConstraint, AddIndex, RemoveIndex)
BREAKS_THE_OLD_PROGRAM = (RemoveField, RenameField, DeleteModel, RenameModel)


def faults_of(migration: Migration) -> list[str]:
    """What would stop a working centre: long locks on large tables, what the old program still needs, rows
    changed one by one inside the lock of a schema change."""
    large, found = LARGE.get(migration.app_label, set()), []
    made = {step.name.lower() for step in migration.operations if isinstance(step, CreateModel)}
    changed = {getattr(step, "model_name", "").lower() for step in migration.operations} - made - {""}
    if migration.atomic and len(changed) > 1:
        found.append(f"{sorted(changed)} in one transaction: an import locks them in another order")
    for step in migration.operations:
        name = getattr(step, "model_name", getattr(step, "name", "")).lower()
        if isinstance(step, AddIndexBesideWork):
            found += ["an index beside work needs atomic = False"] if migration.atomic else []
        elif name in large and isinstance(step, HOLDS_A_TABLE):
            found.append(f"{type(step).__name__} holds {name}")
        elif isinstance(step, AddField) and not step.field.null and not step.field.has_db_default():
            found.append(f"{name}.{step.name} without db_default: the program before writes no such column")
        elif isinstance(step, BREAKS_THE_OLD_PROGRAM):
            found.append(f"{type(step).__name__} {name}: the program before still asks for it")
        elif isinstance(step, (RunPython, RunSQL)) and len(migration.operations) > 1:
            found.append("rows and schema change in one migration")
    return found


def test_no_migration_stops_a_centre_that_works():
    loader = MigrationLoader(None, ignore_no_migrations=True)
    ours = {key: one for key, one in loader.disk_migrations.items() if one.__module__.startswith("server.")}
    assert len(ours) > 20
    after = [one for (_, name), one in ours.items() if int(name[:4]) > BEFORE_ANY_INSTALLATION]
    assert {one.name: found for one in after if (found := faults_of(one))} == {}


@pytest.mark.parametrize(
    ("step", "sound"),
    [
        (AddIndex("event", Index(fields=["kind"], name="x")), False),
        (AddIndexBesideWork("event", Index(fields=["kind"], name="x")), True),
        (AlterField("procuration", "code", CharField(max_length=9)), False),
        (RemoveField("bundle", "code"), False),
        (AddField("event", "more", CharField(max_length=9, default="", db_default="")), True),
        (AddField("event", "more", CharField(max_length=9, null=True)), True),
        (AddField("event", "more", CharField(max_length=9, default="")), False),
    ],
)
def test_the_rule_tells_a_long_lock(step, sound):
    made = type("Migration", (Migration,), {"operations": [step], "atomic": False})
    assert (
        faults_of(made("0099_x", "dossiers" if "procuration" in str(vars(step)) else "ledger")) == []
    ) is sound


@pytest.mark.parametrize(
    ("atomic", "steps", "sound"),
    [
        (True, (("event", "a"), ("event", "b")), True),
        (True, (("event", "a"), ("device", "b")), False),
        (False, (("event", "a"), ("device", "b")), True),
    ],
)
def test_the_rule_tells_two_tables_that_a_transaction_would_lock(atomic, steps, sound):
    operations = [AddField(model, name, CharField(max_length=9, null=True)) for model, name in steps]
    made = type("Migration", (Migration,), {"operations": operations, "atomic": atomic})
    assert (faults_of(made("0099_x", "ledger")) == []) is sound


@pytest.mark.django_db(transaction=True)
def test_an_index_is_made_while_others_write():
    """On PostgreSQL a transaction that wrote is still open: a plain index would wait for it with the table
    held, and every later writer with it. SQLite has one writer at a time: the index waits for its turn."""
    state = MigrationLoader(connection).project_state()
    step = AddIndexBesideWork("refusedcount", Index(fields=["code"], name="beside_work"))
    after = state.clone()
    step.state_forwards("ledger", after)
    wrote, may_end = threading.Event(), threading.Event()

    def writes_and_waits() -> None:
        with transaction.atomic():
            write(0)
            wrote.set()
            may_end.wait(20)
        connection.close()

    def makes_the_index() -> None:
        with connection.schema_editor(atomic=False) as editor:
            step.database_forwards("ledger", editor, state, after)
        connection.close()

    threads = [threading.Thread(target=one) for one in (writes_and_waits, makes_the_index)]
    threads[0].start()
    assert wrote.wait(20)
    threads[1].start()
    if connection.vendor == "postgresql":
        _wait_until_the_index_waits()
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
        write(1)
    may_end.set()
    for one in threads:
        one.join(30)
    assert RefusedCount.objects.count() == (2 if connection.vendor == "postgresql" else 1)
    with connection.cursor() as cursor:
        assert "beside_work" in connection.introspection.get_constraints(cursor, "ledger_refusedcount")
        cursor.execute("DROP INDEX beside_work")


def write(number: int) -> None:
    RefusedCount.objects.create(hour=NOW + timedelta(hours=number), code="X", count=1, last_at=NOW)


def _wait_until_the_index_waits() -> None:
    asked = "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX%%' AND wait_event_type = 'Lock'"
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute(asked, [])
            if cursor.fetchone():
                return
        time.sleep(0.02)
    raise AssertionError("the index waits for nobody")
