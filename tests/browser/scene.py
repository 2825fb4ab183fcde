"""Somebody who goes through the pages of the web side, state after state: what the lists of `visit.py` are
written in.

A scene is a function: it makes the centre know something, opens pages as a person does, and says
`stage.shows("name of the state")` whenever a page is to be looked at. What is done then is the caller's:
the audit of every page, or a picture.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from procuration.domain.people import Place
from procuration.record.tables import read_table
from server.config.centre import install_centre
from server.config.communes import read_departements
from server.console.services import create_console_account
from server.mairie.services import create_town_hall_account
from tests.browser.pages import Person
from tests.builders import NOUMEA
from tests.server.centre import REFERENCE_DATA
from tests.server.townhall import PASSWORD, Story, signed_in

OK = 200


class Stage(Person):
    """A person in front of the browser, and the centre that they look at.

    Attributes:
        story: the throw-away centre, with a kiosk and a brigade.
        seen: names of the states shown so far.
        visited: names of the views whose pages were shown.
    """

    def __init__(
        self, browser: Chrome, site: str, story: Story, look: Callable[["Stage", str, int], None]
    ) -> None:
        super().__init__(browser, site)
        self.story, self._look = story, look
        self.seen: list[str] = []
        self.visited: set[str] = set()
        browser.delete_all_cookies()
        browser.get("about:blank")
        browser.get_log("browser")  # what earlier pages said

    # who looks

    def is_(self, user: User | None) -> None:
        """Somebody else sits down: signed in without the form, which has scenes of its own."""
        self.browser.execute_cdp_cmd("Network.clearBrowserCookies", {})
        if user is not None:
            self.has_session_of(signed_in(user))

    def has_session_of(self, client: Client) -> None:
        """The browser goes on with the session of a test client."""
        key = client.cookies[settings.SESSION_COOKIE_NAME].value
        if key:
            cookie = {"name": settings.SESSION_COOKIE_NAME, "value": key, "url": self.site}
            self.browser.execute_cdp_cmd("Network.setCookie", cookie)

    def is_agent(self, place: Place = NOUMEA, username: str = "agent-noumea") -> None:
        """An agent of a commune; the account is made the first time."""
        known = User.objects.filter(username=username).first()
        self.is_(known or create_town_hall_account(username, PASSWORD, place).user)

    def is_administrator(self, username: str = "claire-martin") -> None:
        """A central administrator; the account is made the first time."""
        known = User.objects.filter(username=username).first()
        self.is_(known or create_console_account(username, PASSWORD))

    @property
    def view(self) -> str:
        """The name of the view whose page is shown."""
        return view_of(urlsplit(self.browser.current_url).path)

    # what they do, beside what `Person` can do

    def fills(self, **fields: str) -> None:
        """Fields by their names in the form, at once."""
        self.browser.execute_script(
            "for (const [name, text] of Object.entries(arguments[0])) {"
            "  const all = document.getElementsByName(name);"
            "  if (all[0].type === 'radio') all.forEach(one => { one.checked = one.value === text });"
            "  else all[0].value = text; }",
            fields,
        )

    def sends(self, selector: str = "main form[method=post] button[type=submit]") -> None:
        """The button of the page's form, whatever its words."""
        self._leaves_by(self.browser.find_element(By.CSS_SELECTOR, selector))

    def shows(self, state: str, status: int = OK) -> None:
        """The page as it stands now is one of the states to look at; `status` is what the server answers
        with."""
        assert state not in self.seen, f"two states are called {state}"
        self.seen.append(state)
        self.visited.add(self.view)
        self._look(self, state, status)

    def goes_to(self, address: str, state: str, status: int = OK) -> None:
        """Open a page and show it."""
        self.opens(address)
        self.shows(state, status)

    # what the centre knows

    def has_places(self) -> None:
        """The invented places d'accueil are published."""
        world = self.story.world
        names, places = (
            read_table((REFERENCE_DATA / f"{name}.cbor").read_bytes())
            for name in ("communes-2026", "places-demo")
        )
        tables = replace(world.centre.tables, departements=read_departements(names), places=places)
        world.centre = replace(world.centre, tables=tables)
        install_centre(world.centre)


@dataclass(frozen=True)
class Scene:
    """Pages that are looked at one after the other in one centre.

    Attributes:
        covers: names of the views whose pages it shows: exactly these.
    """

    covers: frozenset[str]
    play: Callable[[Stage], None] = field(repr=False)

    @property
    def name(self) -> str:
        return self.play.__name__.replace("_", " ")


def scene(*covers: str) -> Callable[[Callable[[Stage], None]], Scene]:
    """Makes a scene of a function."""
    return lambda play: Scene(frozenset(covers), play)


def view_of(path: str) -> str:
    """The name of the view that answers there; "" where none does."""
    try:
        found = resolve(path)
    except Resolver404:
        return ""
    return found.view_name or found.route


def every_view() -> set[str]:
    """The names of all views of the addresses for browsers; the address itself where it has no name."""
    return set(_views(get_resolver().url_patterns, "", ""))


def _views(patterns: list[URLPattern | URLResolver], space: str, before: str) -> Iterator[str]:
    for one in patterns:
        address = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _views(one.url_patterns, f"{one.namespace}:" if one.namespace else space, address)
        else:
            yield f"{space}{one.name}" if one.name else address
