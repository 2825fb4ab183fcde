"""Which static files are published: those of the State design system only when the deployer is entitled to
them."""

from collections.abc import Iterable, Iterator
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
    """Django's finder, blind to the State's files unless PROCURATION_STATE_BRANDING is set.

    Asked at each look, not once: Django keeps one finder for the life of the process.
    """

    def find_in_app(self, app: str, path: str) -> str | None:
        """Where an app has this file, None when it may not be seen."""
        return None if _hidden(app) else super().find_in_app(app, path)

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[Any]:
        """Every file that may be seen, with its storage."""
        hidden = [storage for app, storage in self.storages.items() if _hidden(app)]
        for path, storage in super().list(ignore_patterns):
            if storage not in hidden:
                yield path, storage


def _hidden(app: str) -> bool:
    return app in STATE_APPS and not settings.STATE_BRANDING
