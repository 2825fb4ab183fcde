"""Many rows into one table in one movement: COPY on PostgreSQL, one prepared statement on SQLite.

Django's `bulk_create` makes an object per row; an import of 500 events spends more time there than on its
signatures.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any, Final, cast

from django.db import connection, models
from psycopg import adapters
from psycopg.pq import Format
from psycopg.types.json import Jsonb

Form = Callable[[Any], Any]
_ENCODER: Final = json.JSONEncoder(check_circular=False)
"""Our columns hold lists of a few texts and numbers; making an encoder for each took as long as using it."""


def insert_rows(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]], *, new: bool = True
) -> None:
    """Insert rows of plain values, in the order of `columns` (field names; a foreign key as its key value).

    Args:
        new: the caller holds the lock that makes these rows new, and one that exists fails the whole
        transaction; when False, a row that
            exists already stays as it is.
    """
    given = iter(rows)
    for first in given:
        rows = chain((first,), given)
        break
    else:
        return  # no row, no statement
    target = _target(connection.vendor, model, tuple(columns))
    if connection.vendor != "postgresql":
        _execute_many(target, rows, new=new)
    elif new:
        _copy(target, rows)
    else:
        _insert_missing(target, rows)


@dataclass(frozen=True, slots=True)
class _Target:
    """Where rows go.

    Attributes:
        into: the quoted names of a table of ours and its columns, never of anything received.
        types: of the columns, as PostgreSQL names them.
    """

    into: str
    fields: tuple[Any, ...]
    types: tuple[str, ...]


@lru_cache(maxsize=64)
def _target(vendor: str, model: type[models.Model], columns: tuple[str, ...]) -> _Target:
    """Worked out once per process: for a small bundle it would cost as much as the rows themselves."""
    fields: tuple[Any, ...] = tuple(model._meta.get_field(name) for name in columns)
    names = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    into = f"{connection.ops.quote_name(model._meta.db_table)} ({names})"
    types = tuple(map(_postgresql_type, fields)) if vendor == "postgresql" else ()
    return _Target(into, fields, types)


def _execute_many(target: _Target, rows: Iterable[Sequence[Any]], *, new: bool) -> None:
    marks = ", ".join(["%s"] * len(target.fields))
    ignoring = "" if new else " ON CONFLICT DO NOTHING"
    ready = list(_in_form(rows, [_sqlite_form(field) for field in target.fields]))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {target.into} VALUES ({marks}){ignoring}", ready)  # noqa: S608


def _copy(target: _Target, rows: Iterable[Sequence[Any]]) -> None:
    forms = [_binary_form(kind) for kind in target.types]
    types = ["bytea" if form else kind for kind, form in zip(target.types, forms, strict=True)]
    statement = f"COPY {target.into} FROM STDIN (FORMAT BINARY)"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.set_types(types)  # what has a form is bytes already, sent as they are
        for row in _in_form(rows, forms):
            copy.write_row(row)


def _insert_missing(target: _Target, rows: Iterable[Sequence[Any]]) -> None:
    arrays = ", ".join(f"%s::{kind}[]" for kind in target.types)
    ready = _in_form(rows, [_wrapped if kind == "jsonb" else None for kind in target.types])
    values = [list(column) for column in zip(*ready, strict=True)] or [[] for _ in target.types]
    statement = f"INSERT INTO {target.into} SELECT * FROM unnest({arrays}) ON CONFLICT DO NOTHING"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _in_form(rows: Iterable[Sequence[Any]], forms: Sequence[Form | None]) -> Iterable[Sequence[Any]]:
    """The rows with each value as its column's form makes it; None stays None."""
    given = [(place, form) for place, form in enumerate(forms) if form is not None]

    def prepare(row: Sequence[Any]) -> list[Any]:
        values = list(row)
        for place, form in given:
            if values[place] is not None:
                values[place] = form(values[place])
        return values

    return map(prepare, rows) if given else rows


def _sqlite_form(field: Any) -> Form | None:
    if isinstance(field, models.JSONField):
        return _dumps
    if isinstance(field, models.DateTimeField):
        return _remembered(connection.ops.adapt_datetimefield_value)
    return connection.ops.adapt_datefield_value if isinstance(field, models.DateField) else None


def _binary_form(kind: str) -> Form | None:
    """How a value of this type stands in a binary COPY, where the driver would work it out in Python for
    each row.
    """
    if kind not in ("jsonb", "timestamptz", "date"):
        return None
    dumper: Any = adapters.get_dumper_by_oid(adapters.types[kind].oid, Format.BINARY)(object)
    if kind == "jsonb":
        dumper.dumps = _dumps
        return cast(Form, dumper.dump)
    return _remembered(dumper.dump)


def _remembered(form: Form) -> Form:
    """The rows of one import share most of their instants."""
    known: dict[object, object] = {}

    def of(value: Any) -> Any:
        found = known.get(value)
        if found is None:
            found = known[value] = form(value)
        return found

    return of


def _wrapped(value: object) -> Jsonb:
    return Jsonb(value, _dumps)


def _dumps(value: object) -> str:
    return _ENCODER.encode(value) if value else "[]"


def _postgresql_type(field: Any) -> str:
    kind: str = field.rel_db_type(connection) if field.is_relation else field.db_type(connection)
    bare = kind.partition("(")[0]
    return {"timestamp with time zone": "timestamptz", "varchar": "text", "char": "text"}.get(bare, bare)
