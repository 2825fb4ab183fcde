"""The public list of places: anybody reads it, and its file is one that `places import` takes back."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.test import Client

from procuration.domain.places import PlaceKind
from procuration.record.places import read_kind, read_places
from procuration.record.tables import read_table
from provisioning import publication
from provisioning.places_commands import commune_codes
from provisioning.places_csv import read_csv
from server.config.centre import install_centre
from server.config.communes import read_communes, read_departements
from tests.server.centre import HeldClock

LATER = datetime(2027, 7, 1, tzinfo=UTC)
DEMO = publication.REFERENCE_DATA / "places-demo.cbor"
COMMUNES = publication.REFERENCE_DATA / "communes-2026.cbor"
BYTES_MAX = 30_000


@pytest.fixture
def places(world):
    """The centre publishes the invented places."""
    names, table = read_table(COMMUNES.read_bytes()), read_table(DEMO.read_bytes())
    tables = replace(
        world.centre.tables,
        communes=read_communes(names),
        departements=read_departements(names),
        places=table,
    )
    world.centre = replace(world.centre, tables=tables)
    install_centre(world.centre)
    return table


def page(path, **query):
    answer = Client().get(path, query)
    assert answer.status_code == 200
    assert len(answer.content) < BYTES_MAX
    return answer.content.decode()


def test_anybody_reads_the_list_without_an_account_or_a_script(places):
    shown = page("/points-accueil/")
    assert "Aisne (02)" in shown
    assert "6 lieux" in shown
    assert "<script" not in shown
    assert not Client().get("/points-accueil/").cookies


@pytest.mark.parametrize("query", ["laon", "LAON", "Läo"])
def test_a_search_by_commune_leads_to_its_places(places, query):
    shown = page("/points-accueil/", commune=query)
    assert "/points-accueil/02/?commune=02408" in shown


def test_a_search_that_finds_nothing_says_so(places):
    shown = page("/points-accueil/", commune="Zzzz")
    assert "Communes trouvées\u00a0: 0" in shown
    assert "Vérifiez le nom, ou choisissez votre département." in shown
    assert "<b>" not in page("/points-accueil/", commune="<b>x</b>")


def test_a_departement_shows_its_places_with_their_hours(places):
    shown = page("/points-accueil/02/")
    assert "Commissariat inventé de Soissons" in shown
    assert "lundi à vendredi\u00a0: 8\u00a0h à 19\u00a0h" in shown
    assert "jeudi et vendredi\u00a0: 8\u00a0h à 12\u00a0h" in shown
    assert "Heures inconnues" in shown
    assert "Nouméa" not in shown


def test_a_commune_shows_its_own_places_only(places):
    shown = page("/points-accueil/02/", commune="02722")
    assert "Commissariat inventé de Soissons" in shown
    assert "Commissariat inventé de Laon" not in shown
    assert "Aucun lieu dans cette commune" in page("/points-accueil/02/", commune="02001")


def test_a_place_that_is_over_is_not_shown(places, world):
    shown = page("/points-accueil/988/")
    assert "Point d’accueil inventé de Nouméa" in shown
    install_centre(replace(world.centre, clock=HeldClock(LATER)))
    assert "Point d’accueil inventé de Nouméa" not in page("/points-accueil/988/")


@pytest.mark.parametrize(
    "path", ["/points-accueil/59/", "/points-accueil/59.csv", "/points-accueil.xml", "/points-accueil/../x/"]
)
def test_what_does_not_exist_is_not_found(places, path):
    assert Client().get(path).status_code == 404


def test_the_file_of_a_departement_is_imported_back_to_the_same_places(places):
    answer = Client().get("/points-accueil/02.csv")
    read = read_csv(answer.content, commune_codes())
    assert read.faults == ()
    assert sorted(one.id for one in read.places) == sorted(
        one.id for one in read_places(places) if one.commune.startswith("02")
    )
    assert set(read.places) <= set(read_places(places))


def test_the_national_file_holds_the_desks_and_nothing_else(places):
    answer = Client().get("/points-accueil.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert set(read_csv(answer.content, commune_codes()).places) == set(
        read_kind(places, PlaceKind.POINT_ACCUEIL)
    )
    listed = json.loads(Client().get("/points-accueil.json").content)
    assert {one["genre"] for one in listed} == {"point d’accueil numérique"}
    noumea = next(one for one in listed if one["code_commune"] == "98818")
    assert (noumea["commune"], noumea["latitude"]) == ("Nouméa", "-22.27600")
    assert noumea["horaires"]["lundi"] == ["08:00-16:00"]


def test_without_a_table_the_page_says_that_nothing_is_published(world):
    assert "Aucun lieu n’est publié" in page("/points-accueil/")
    assert Client().get("/points-accueil/988/").status_code == 404


def test_only_reading_is_answered(places):
    assert Client().post("/points-accueil/").status_code == 405


def test_the_list_is_in_english_for_who_chose_it(places):
    client = Client()
    client.cookies["langue"] = "en"
    shown = client.get("/points-accueil/02/").content.decode()
    assert '<html lang="en"' in shown
    for said in ("Monday to Friday: 8:00 to 19:00", "Thursday and Friday: 8:00 to 12:00", "Hours unknown."):
        assert said in shown
    assert "police station" in shown
    assert '<caption class="fr-sr-only">Places that receive electors' in shown
    home = client.get("/points-accueil/", {"commune": "laon"}).content.decode()
    assert "6 places" in home
    assert "Communes found: 1" in home
    for page_shown in (shown, home):
        said = re.sub(r"<[^>]+>", " ", page_shown.split("<main")[1].split("</main>")[0])
        assert re.findall(r"\b(?:vous|votre|lieux|une|heures|et)\b", said) == []
