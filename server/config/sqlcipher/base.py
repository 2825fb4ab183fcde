"""Django's SQLite, opened through SQLCipher: every page of the file is encrypted with a raw 32-byte key.

Only what the other library needs is here: how a connection is opened, its cursor, and how Python values are
written. Django looks for `DatabaseWrapper` in a module of this name.
"""

import datetime
import decimal
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any

from django.db.backends.sqlite3 import base as plain
from django.db.backends.sqlite3._functions import (  # type: ignore[import-untyped]  # not in the stubs
    register as register_functions,
)
from django.utils.dateparse import parse_date, parse_datetime, parse_time
from sqlcipher3 import dbapi2 as sqlcipher

from procuration.errors import RecordRejected
from server.config.sqlcipher.keys import key_of

_READERS = {
    "bool": b"1".__eq__,
    "date": plain.decoder(parse_date),
    "time": plain.decoder(parse_time),
    "datetime": plain.decoder(parse_datetime),
    "timestamp": plain.decoder(parse_datetime),
}
for _name, _reader in _READERS.items():
    sqlcipher.register_converter(_name, _reader)
sqlcipher.register_adapter(decimal.Decimal, str)
sqlcipher.register_adapter(datetime.date, plain.adapt_date)
sqlcipher.register_adapter(datetime.datetime, plain.adapt_datetime)


class Cursor(sqlcipher.Cursor):  # type: ignore[misc]  # sqlcipher3 ships no types
    """Takes Django's placeholders, `%s` and `%(name)s`."""

    def execute(self, query: str, params: Any = None) -> Any:
        """One statement."""
        if params is None:
            return super().execute(query)
        return super().execute(_placed(query, params), params)

    def executemany(self, query: str, param_list: Iterable[Any]) -> Any:
        """One statement for each row; Django gives lists of one kind."""
        rows = iter(param_list)
        first = next(rows, None)
        if first is None:
            return self
        return super().executemany(_placed(query, first), chain([first], rows))


def _placed(query: str, params: Any) -> str:
    if isinstance(params, Mapping):
        return query % {name: f":{name}" for name in params}
    return plain.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")


class DatabaseWrapper(plain.DatabaseWrapper):
    """A connection to one encrypted database."""

    Database = sqlcipher

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Open with the key first. Raises: RecordRejected MAGASIN_FERME, MAGASIN_NON_CHIFFRE."""
        database = sqlcipher.connect(**conn_params)
        database.execute("PRAGMA cipher_memory_security = ON")  # first: it must cover the key itself
        database.execute(f"PRAGMA key = \"x'{key_of(conn_params['database']).hex()}'\"")
        if database.execute("PRAGMA cipher_version").fetchone() is None:
            raise RecordRejected("MAGASIN_NON_CHIFFRE")  # plain SQLite ignores the key in silence
        register_functions(database)
        for setting in ("foreign_keys = ON", "legacy_alter_table = OFF", "trusted_schema = OFF"):
            database.execute(f"PRAGMA {setting}")
        for command in self.init_commands:  # type: ignore[attr-defined]  # not in the stubs
            if command.strip():
                database.execute(command)
        return database

    def create_cursor(self, name: object = None) -> Any:
        """A cursor of ours."""
        return self.connection.cursor(factory=Cursor)
