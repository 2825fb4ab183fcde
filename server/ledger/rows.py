"""Many rows into one table in one movement: COPY on PostgreSQL, one prepared statement on SQLite.

Django's `bulk_create` makes an object per row; an import of 500 events spends more time there than on its
signatures.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import connection, models
from psycopg.types.json import Jsonb

Form = Callable[[Any], Any]


def insert_rows(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]], *, new: bool = True
) -> None:
    """Insert rows of plain values, in the order of `columns` (field names; a foreign key as its key value).

    Args:
        new: the caller holds the lock that makes these rows new, and one that exists fails the whole
        transaction; when False, a row that
            exists already stays as it is.
    """
    fields: list[Any] = [model._meta.get_field(name) for name in columns]
    forms = [(place, form) for place, field in enumerate(fields) if (form := _form(field)) is not None]
    ready: Iterable[Any] = map(_prepared(forms), rows) if forms else rows
    names = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    into = f"{connection.ops.quote_name(model._meta.db_table)} ({names})"
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            marks = ", ".join(["%s"] * len(fields))
            ignoring = "" if new else " ON CONFLICT DO NOTHING"
            # Names of our own tables and columns, never of anything received.
            cursor.executemany(f"INSERT INTO {into} VALUES ({marks}){ignoring}", list(ready))  # noqa: S608
        elif new:
            with cursor.copy(f"COPY {into} FROM STDIN (FORMAT BINARY)") as copy:
                copy.set_types([_postgresql_type(field) for field in fields])
                for row in ready:
                    copy.write_row(row)
        else:
            arrays = ", ".join(f"%s::{_postgresql_type(field)}[]" for field in fields)
            values = [list(column) for column in zip(*ready, strict=True)] or [[] for _ in fields]
            statement = f"INSERT INTO {into} SELECT * FROM unnest({arrays}) ON CONFLICT DO NOTHING"  # noqa: S608
            cursor.execute(statement, values)


def _prepared(forms: Sequence[tuple[int, Form]]) -> Callable[[Sequence[object]], list[object]]:
    def prepare(row: Sequence[object]) -> list[object]:
        values = list(row)
        for place, form in forms:
            if values[place] is not None:
                values[place] = form(values[place])
        return values

    return prepare


def _form(field: Any) -> Form | None:
    """How a value is given to the database, when not as it is."""
    postgresql = connection.vendor == "postgresql"
    if isinstance(field, models.JSONField):
        return (lambda value: Jsonb(value, _dumps)) if postgresql else _dumps
    if postgresql:
        return None
    if isinstance(field, models.DateTimeField):
        return _remembered(
            connection.ops.adapt_datetimefield_value
        )  # the rows of one import share most of their instants
    return connection.ops.adapt_datefield_value if isinstance(field, models.DateField) else None


def _remembered(form: Form) -> Form:
    known: dict[object, object] = {}

    def of(value: Any) -> Any:
        if value not in known:
            known[value] = form(value)
        return known[value]

    return of


def _dumps(value: object) -> str:
    return json.dumps(value) if value else "[]"


def _postgresql_type(field: Any) -> str:
    kind: str = field.rel_db_type(connection) if field.is_relation else field.db_type(connection)
    bare = kind.partition("(")[0]
    return {"timestamp with time zone": "timestamptz", "varchar": "text", "char": "text"}.get(bare, bare)
