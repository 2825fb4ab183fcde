"""Somebody with a browser, between our pages and a provider's: forms are sent, redirects followed, cookies
kept at the site that gave them.
"""

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import requests
from django.http import HttpResponse
from django.test import Client

from provisioning.demo.identity.desk import write_identity_file
from provisioning.demo.processes import Actor
from server.identity.elector import Elector, elector_of
from server.identity.providers import install_providers, read_providers
from tests.server.centre import World

SITE = "https://procuration.example"


class Visitor:
    """A browser: Django's client for our pages, requests for the provider's."""

    def __init__(self, world: World, desk: Actor, folder: Path) -> None:
        self.world, self.desk = world, desk
        install_providers(read_providers(write_identity_file(desk, SITE, folder)))
        self.ours, self.theirs = Client(), requests.Session()
        self.theirs.trust_env = False

    def now(self) -> None:
        """The centre's clock is right."""
        self.world.clock.at = datetime.now(UTC)

    def leaves(self, profile: str, space: str = "connexion-usager") -> str:
        """Returns: where the provider is asked."""
        self.now()
        answer = self.ours.get(f"/{space}/avec/{profile}/")
        assert answer.status_code == 302, answer.content.decode()
        return answer.url

    def follows(self, answer: requests.Response) -> requests.Response | str:
        """Along the redirects of the provider. Returns: its page, or the address on our site at the end."""
        while answer.is_redirect:
            where = requests.compat.urljoin(answer.url, answer.headers["Location"])
            if where.startswith(SITE):
                return where.removeprefix(SITE)
            answer = self.theirs.get(where, allow_redirects=False)
        return answer

    def opens(self, address: str) -> requests.Response | str:
        """A page of the provider."""
        return self.follows(self.theirs.get(address, allow_redirects=False))

    def chooses(self, page: requests.Response, **form: str) -> str:
        """A button of the page of identities. Returns: the address on our site where it leads."""
        back = self.follows(self.theirs.post(page.url, form, allow_redirects=False))
        assert isinstance(back, str), back.text
        return back

    def comes_back(self, address: str) -> HttpResponse:
        self.now()
        return self.ours.get(address)

    def signs_in(
        self, profile: str, person: str, space: str = "connexion-usager", **form: str
    ) -> HttpResponse:
        page = self.opens(self.leaves(profile, space))
        if isinstance(page, str):  # the provider still knows the person
            return self.comes_back(page)
        assert page.status_code == 200, page.text
        return self.comes_back(self.chooses(page, person=person, **form))

    def elector(self) -> Elector | None:
        return elector_of(type("Request", (), {"session": self.ours.session}))

    def signs_out(self, address: str) -> HttpResponse:
        """Our button, then the provider's page, which goes on by itself in a browser."""
        onward = self.ours.post(address)["Refresh"].partition("url=")[2]
        page = self.opens(onward)
        assert not isinstance(page, str)
        if 'name="xsrf"' not in page.text:
            raise AssertionError(page.text)
        xsrf = page.text.partition('name="xsrf" value="')[2].partition('"')[0]
        action = page.text.partition('action="')[2].partition('"')[0]
        assert urlsplit(action).path.endswith("/session/end/confirm")
        back = self.follows(self.theirs.post(action, {"xsrf": xsrf, "logout": "yes"}, allow_redirects=False))
        assert isinstance(back, str), back.text
        return self.comes_back(back)
