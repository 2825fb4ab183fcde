"""What a worker process of the audit begins with. Nothing here reads a model before Django is set up: this
module is the first of ours that such a process imports.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any, Final

here: Final[dict[str, Any]] = {}
"""`centre` and `purged` of this process."""


def name_of(source: Callable[[], Any]) -> tuple[str, str]:
    """A function of a module by its names: its module may need Django, so it is looked up afterwards."""
    return source.__module__, source.__qualname__


def begin(database: dict[str, Any], source: tuple[str, str], purged: Any) -> None:
    """Set up Django with this very database, and a centre of this process's own."""
    import django
    from django.db import connections

    django.setup()
    connections["default"].settings_dict.update(database)
    module, name = source
    here.update(centre=getattr(import_module(module), name)(), purged=purged)
