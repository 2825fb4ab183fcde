"""The pages that the law asks for: on every page, complete, honest about what nobody has filled in."""

import re
from dataclasses import replace

import pytest
from django.conf import settings
from django.test import Client

from procuration.domain.law import Law
from server.config.centre import install_centre
from server.config.options import Options
from server.pages.legal import SECTIONS, SETTINGS, sections_of
from server.texts_fr import TEXTS
from tests.server.townhall import administrator, agent_of

ADDRESSES = {
    "accessibility": "/accessibilite/",
    "notice": "/mentions-legales/",
    "data": "/donnees-personnelles/",
}


def read(address: str, browser: Client | None = None) -> str:
    answer = (browser or Client()).get(address)
    assert answer.status_code == 200
    return answer.content.decode().replace("\u202f", " ").replace("\xa0", " ")


@pytest.mark.parametrize("address", ADDRESSES.values())
def test_anybody_reads_them_and_only_reads(world, address: str):
    assert not Client().get(address).cookies
    assert {getattr(Client(), method)(address).status_code for method in ("post", "put", "delete")} == {405}


def test_every_page_leads_to_them(world):
    pages = [
        Client().get("/connexion/"),
        Client().get("/nulle-part/"),
        agent_of().get("/mairie/"),
        administrator().get("/console/"),
        *map(Client().get, ADDRESSES.values()),
    ]
    for answer in pages:
        for address in ADDRESSES.values():
            assert f'href="{address}"' in answer.content.decode()


def test_every_sentence_of_the_catalogue_is_on_its_page():
    values = dict.fromkeys(
        (*SETTINGS, "request_months", "body_months", "paper_months", "kiosk_hours", "traces_months"), "x"
    )
    for page in SECTIONS:
        found = [
            one
            for section in sections_of(page, values)
            for one in (section.title, *section.paragraphs, *section.items)
        ]
        keys = [key for key in TEXTS if re.match(rf"legal\.{page}\.\w+\.", key)]
        assert len(found) == len(keys)


def test_what_the_deployer_has_not_set_is_said_to_be_missing(world, monkeypatch):
    assert read(ADDRESSES["notice"]).count("À compléter par l’exploitant du service") == 4
    assert read(ADDRESSES["data"]).count("À compléter par l’exploitant du service") == 2
    given = {name: f"<{name}> & fils" for name in SETTINGS}
    monkeypatch.setattr(settings, "OPTIONS", Options(home=settings.HOME, **given))
    shown = "".join(map(read, ADDRESSES.values()))
    assert "À compléter" not in shown
    for name in SETTINGS:
        assert f"&lt;{name}&gt; &amp; fils" in shown


def test_terms_are_those_of_the_table_of_law(world):
    shown = read(ADDRESSES["data"])
    assert "établie : 2 mois après la demande" in shown
    assert shown.count("12 mois après la fin de sa validité (R. 76)") == 2
    assert "24 heures après sa réception" in shown
    assert f"a lu un dossier : {settings.OPTIONS.traces_months} mois." in shown
    world.centre = replace(world.centre, tables=replace(world.centre.tables, law=Law(())))
    install_centre(world.centre)
    assert read(ADDRESSES["data"]).count("? mois") == 3


def test_the_declaration_claims_no_conformity_that_nobody_has_audited(world):
    shown = read(ADDRESSES["accessibility"])
    assert "non conforme au référentiel" in shown
    assert "pas été audité par un tiers" in shown
    assert "Défenseur des droits" in shown
    assert ">Accessibilité : non conforme</a>" in read("/connexion/")
