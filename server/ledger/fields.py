"""A column for identifiers of one fixed length."""

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
