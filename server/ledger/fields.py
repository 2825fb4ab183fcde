"""A column for identifiers of one fixed length, and how many of them are looked up at once."""

import json
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


# the stubs' parameters do not exist at run time
class FixedTextField(models.CharField):  # type: ignore[type-arg]
    """Text of exactly `max_length` characters: ids in hexadecimal, references.

    Its column is `char(n)`. For a `varchar` that is indexed, Django adds a second index for LIKE on
    PostgreSQL; nobody searches half an id, and that index would cost every import.
    """

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """The same on both databases."""
        return f"char({self.max_length})"

    def rel_db_type(self, connection: BaseDatabaseWrapper) -> str:
        """The type of a foreign key to it."""
        return self.db_type(connection)

    def get_internal_type(self) -> Any:
        """Still a text for forms and look-ups."""
        return "CharField"


@FixedTextField.register_lookup
class Among(models.Lookup):
    """`rid__among=rids`: one of many identifiers, given as a single value.

    With `in`, each identifier is a parameter of its own: for the requests of a full bundle, writing and
    reading such a statement takes longer than answering it.
    """

    lookup_name = "among"

    def get_prep_lookup(self) -> Any:
        """The identifiers as a list."""
        return list(self.rhs)

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> Any:
        """The condition and its parameters."""
        column, params = self.process_lhs(compiler, connection)
        condition, value = among(column, self.rhs, connection.vendor)
        return condition, (*params, value)


def among(column: str, identifiers: Iterable[str], vendor: str) -> tuple[str, str]:
    """The condition that a column of ours is one of these identifiers, and its single parameter."""
    if vendor == "postgresql":  # an array of the column's own type: with any other it would not use the index
        return f"{column} = ANY(string_to_array(%s, ',')::bpchar[])", ",".join(identifiers)
    return f"{column} IN (SELECT value FROM json_each(%s))", json.dumps(list(identifiers))  # noqa: S608
