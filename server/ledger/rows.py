"""Many rows into one table in one movement: COPY on PostgreSQL, one prepared statement on SQLite.

Django's `bulk_create` makes an object per row; an import of 500 events spends more time there than on its signatures.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import connection, models
from psycopg.types.json import Jsonb

Form = Callable[[Any], Any]


def insert_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Insert rows of plain values, in the order of `columns` (field names; a foreign key as its key value).

    The caller holds the lock that makes these rows new: a row that exists already fails the whole transaction.
    """
    fields = [model._meta.get_field(name) for name in columns]
    names = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    forms = [(place, form) for place, field in enumerate(fields) if (form := _form(field)) is not None]
    ready = map(_prepared(forms), rows) if forms else rows
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT BINARY)") as copy:
                copy.set_types([_postgresql_type(field) for field in fields])
                for row in ready:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(fields))
            statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608  # our own tables and columns
            cursor.executemany(statement, ready)


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
        return Jsonb if postgresql else json.dumps
    if postgresql:
        return None
    if isinstance(field, models.DateTimeField):
        return connection.ops.adapt_datetimefield_value
    return connection.ops.adapt_datefield_value if isinstance(field, models.DateField) else None


def _postgresql_type(field: Any) -> str:
    kind: str = field.rel_db_type(connection) if field.is_relation else field.db_type(connection)
    return {"timestamp with time zone": "timestamptz", "varchar": "text"}.get(kind.partition("(")[0], kind.partition("(")[0])
