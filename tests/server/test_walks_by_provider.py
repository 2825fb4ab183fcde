"""The same walks with sessions that an identity provider opened: an elector of FranceConnect, an agent of
ProConnect. Neither reads another's dossier, and nothing typed into a form of theirs is executed."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client

from server.identity.addresses import forget_addresses
from server.identity.agents import add_employer
from server.identity.providers import Kind, install_providers
from tests.server import matrix
from tests.server.forms_walk import CORPUS, attacks, sends
from tests.server.identity.hostile import Liar, liar
from tests.server.identity.test_journeys import SITE, Journey
from tests.server.matrix import MARK_A, MARK_B, Asked, walk, without_waiting_for_the_disk
from tests.server.test_injection import _kind, faults, forms, rids
from tests.server.test_matrix import those
from tests.server.townhall import LIFOU, NOUMEA, Story, agent_of

__all__ = ["rids"]
pytestmark = pytest.mark.django_db
SIRET = "21988140000010"
AGENT = {"email": "wea.qala@lifou.example", "siret": SIRET, "given_name": "Wéa", "usual_name": "QALA"}
METHODS = ("get", "post", "delete")


@pytest.fixture(scope="module")
def provider() -> Iterator[Liar]:
    with liar() as told:
        yield told


@pytest.fixture(autouse=True)
def site(settings, provider: Liar) -> Iterator[None]:
    settings.PUBLIC_URL = SITE
    forget_addresses()
    yield
    install_providers(None)
    forget_addresses()


def elector(provider: Liar, now) -> Client:
    """Somebody whom FranceConnect named."""
    journey = Journey(provider, "franceconnect", "connexion-usager")
    assert journey.signs_in(now).status_code == 200
    return journey.browser


def agent(provider: Liar, now) -> Client:
    """An agent of Lifou whom ProConnect named, with a second factor there."""
    add_employer(SIRET, "", LIFOU)
    told = {"kind": Kind.PRO_CONNECT, "label": "ProConnect", "acr": ""}
    journey = Journey(provider, "proconnect", "connexion/agents", **told)
    assert journey.signs_in(now, {"amr": ["mfa"]}, **AGENT).status_code == 200
    return journey.browser


@pytest.fixture
def asked(provider: Liar, monkeypatch, tmp_path) -> list[Asked]:
    """What both got from every address, the dossiers of Nouméa first."""

    def roles(world):
        now = world.clock.now()
        return {
            "owner": agent_of(NOUMEA, "noumea"),
            "stranger": agent(provider, now),
            "elector": elector(provider, now),
        }

    said_already = matrix._is_said_already
    monkeypatch.setattr(matrix, "roles", roles)
    monkeypatch.setattr(matrix, "METHODS", METHODS)
    monkeypatch.setattr(
        matrix,
        "_is_said_already",
        lambda number, role, method: (
            role == "owner" or (number and role == "elector") or said_already(number, role, method)
        ),
    )
    with without_waiting_for_the_disk():
        found = walk(tmp_path)
    assert found.after == found.before, "nobody wrote about the electors of Nouméa"
    return found.asked


def test_an_elector_and_an_agent_of_a_provider_read_and_write_nothing_of_another_commune(asked):
    assert {one.role for one in asked} == {"stranger", "elector"}
    assert those([one for one in asked if MARK_A in one.body.upper()]) == []
    assert those([one for one in asked if one.status >= 500]) == []
    elector_s = [one for one in asked if one.role == "elector"]
    assert those([one for one in elector_s if MARK_B in one.body.upper()]) == []
    closed = ("/mairie/", "/console/", "/brigade/")
    assert those([one for one in elector_s if one.address.startswith(closed) and one.status < 300]) == []
    consoles = [one for one in asked if one.address.startswith("/console/")]
    assert those([one for one in consoles if one.status < 300]) == []
    deleted = [one for one in asked if one.method == "delete" and one.view != "v1/health"]
    assert those([one for one in deleted if one.status < 300]) == []

    assert MARK_B in "".join(one.body.upper() for one in asked if one.role == "stranger"), "an agent of Lifou"
    assert any("DUBOIS" in one.body for one in elector_s), "an elector whom the pages know"


def test_nothing_typed_into_a_form_of_an_identified_elector_is_executed(
    provider: Liar, rids: list[str], story: Story
):
    browser = elector(provider, story.world.clock.now())
    known = {_kind(form, rids) for form in forms(Client(), rids)}
    theirs = [form for form in forms(browser, rids) if _kind(form, rids) not in known]
    assert theirs, "an identified elector has forms of their own"
    wrong, count = [], 0
    for form in theirs:
        for what, fields in attacks(form):
            with transaction.atomic():
                answer = sends(browser, form, fields)
                transaction.set_rollback(True)
            count += 1
            wrong += [f"{form.action} {what}: {fault}" for fault in faults(answer)]
    assert wrong == []
    assert count >= len(CORPUS)
