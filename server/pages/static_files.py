"""Which static files are published: those of the State design system only when the deployer is entitled to
them."""

from collections.abc import Iterable
from typing import Any, Final

from django.conf import settings
from django.contrib.staticfiles.finders import AppDirectoriesFinder
from django.core.management import call_command

STATE_APPS: Final = frozenset({"dsfr"})
"""Packages that carry the Marianne typeface, the emblem and the State style sheets."""


def publish() -> None:
    """Write the files that browsers may ask for into the home folder, compressed; what an older version
    left goes."""
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)


class NeutralAppDirectoriesFinder(AppDirectoriesFinder):
    """Django's finder, blind to the State's files unless PROCURATION_STATE_BRANDING is set."""

    def __init__(self, app_names: Iterable[str] | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(app_names, *args, **kwargs)
        if not settings.STATE_BRANDING:
            self.apps = [name for name in self.apps if name not in STATE_APPS]
            self.storages = {
                name: storage for name, storage in self.storages.items() if name not in STATE_APPS
            }
