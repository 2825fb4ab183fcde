"""What a worker process of the audit begins with. Nothing here reads a model before Django is set up: this
module is the first of ours that such a process imports.
"""

from collections.abc import Callable
from typing import Any, Final

here: Final[dict[str, Any]] = {}
"""`centre` and `purged` of this process."""


def begin(database: dict[str, Any], source: Callable[[], Any], purged: Any) -> None:
    """Set up Django with this very database, and a centre of this process's own."""
    import django
    from django.db import connections

    django.setup()
    connections["default"].settings_dict.update(database)
    here.update(centre=source(), purged=purged)
