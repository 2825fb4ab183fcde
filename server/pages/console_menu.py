"""The menu of the console: a few groups, each with its pages, so that the first line stays short.

A page is under the group whose address it has or begins with: the page of one tablet is under « Parc ».
"""

from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from server.texts_fr import text


@dataclass(frozen=True, slots=True)
class Group:
    """One word of the menu. `pages`: keys of their words, each with the name of its address."""

    label: str
    pages: tuple[tuple[str, str], ...]


GROUPS: Final = (
    Group("console.nav.overview", (("console.nav.overview", "console:overview"),)),
    Group(
        "console.group.todo",
        (
            ("console.nav.queue", "console:queue"),
            ("console.nav.urgent", "console:urgent"),
            ("console.nav.waiting", "console:waiting"),
            ("console.nav.aside", "console:aside"),
        ),
    ),
    Group(
        "console.group.follow",
        (
            ("console.nav.bundles", "console:bundles"),
            ("console.nav.figures", "console:figures"),
            ("console.nav.mail", "console:mail"),
            ("console.nav.register", "console:register"),
            ("console.nav.registers", "registers:units"),
        ),
    ),
    Group(
        "console.group.fleet",
        (
            ("console.nav.devices", "console:devices"),
            ("console.nav.fleet", "console:fleet"),
            ("console.nav.requests", "console:requests"),
        ),
    ),
    Group("console.nav.health", (("console.nav.health", "health:state"),)),
    Group(
        "console.group.search",
        (("console.nav.search", "console:search"), ("console.nav.exports", "console:exports")),
    ),
    Group(
        "console.group.alerts",
        (("console.nav.findings", "console:findings"), ("console.nav.contested", "console:contested")),
    ),
)

Entry = dict[str, object]


def menu_of(path: str) -> tuple[list[Entry], list[Entry]]:
    """The groups, and the pages of the one that `path` is in, when it has several."""
    here = _nearest(path)
    groups = [
        {
            "label": text(group.label),
            "link": reverse(group.pages[0][1]),
            "current": here in group.pages,
        }
        for group in GROUPS
    ]
    inside = next((group for group in GROUPS if here in group.pages), None)
    if inside is None or len(inside.pages) == 1:
        return groups, []
    return groups, [
        {"label": text(label), "link": reverse(name), "current": (label, name) == here}
        for label, name in inside.pages
    ]


def _nearest(path: str) -> tuple[str, str] | None:
    """The page whose address is the longest beginning of this one; the first page only when it is itself."""
    first = GROUPS[0].pages[0]
    if path == reverse(first[1]):
        return first
    pages = [page for group in GROUPS[1:] for page in group.pages if path.startswith(reverse(page[1]))]
    return max(pages, key=lambda page: len(reverse(page[1])), default=None)
