"""What an officer on line sees of a résiliation, of a correction and of their day."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from procuration.domain.events import Authentication, Kind
from procuration.domain.sites import Opening, PublicPlace
from procuration.domain.status import Status
from server.config.centre import install_centre
from server.config.settings import OPTIONS
from server.dossiers.models import Procuration, Withdrawal
from server.identity.elector import Elector
from server.ledger.models import Event
from server.usagers.ending import ask_to_end
from tests.builders import ANGELA, NOW
from tests.security_key import ORIGIN
from tests.server.brigade.conftest import officer_on_line
from tests.server.brigade.test_pages import ALL_CHECKED, found, key_answer
from tests.server.townhall import signed_in

CHECKED = {**ALL_CHECKED, "declared": ["1", "2", "4", "8"]}
WHO = {
    "birth_name": "DUBOIS",
    "given_names": "Angela Claire Louise",
    "birth_date": "24/08/1962",
    "commune": "98818|1",
}
REASON = {"code": "ERREUR_DE_SAISIE"}


@pytest.fixture(autouse=True)
def named_site():
    with override_settings(OPTIONS=replace(OPTIONS, public_url=ORIGIN)):
        yield


@pytest.fixture
def client(web) -> Client:
    return signed_in(web.account.user)


def said(page) -> str:
    return page.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def test_from_the_reference_to_the_ended_procuration(web, client, story):
    rid = story.established()
    web.world.clock.at = NOW + timedelta(minutes=5)
    address = found(client).url
    assert "Résilier cette procuration" in said(client.get(address))
    to_sign = client.post(f"{address}resilier/", CHECKED)
    assert "Vous résiliez la procuration de" in said(to_sign)
    answered = client.post(f"{address}resilier/acte/", key_answer(web, to_sign))
    assert "Procuration résiliée" in said(client.get(answered.url))
    assert Procuration.objects.get(rid=rid).status == Status.RESILIEE


def test_a_resiliation_asked_on_line_is_read_by_whoever_opens_the_procuration(web, client, story):
    rid = story.established()
    address = found(client).url
    assert "a demandé en ligne la résiliation" not in said(client.get(address))
    elector = Elector(
        provider="nc",
        authentication=Authentication.NC_CONNECT,
        birth_name=ANGELA.birth_name,
        given_names=ANGELA.given_names,
        sex=ANGELA.sex,
        birth_date=ANGELA.birth_date,
    )
    ask_to_end(rid, elector)
    page = said(client.get(address))
    assert "a demandé en ligne la résiliation, le 1er avril 2027 à 20" in page
    assert "reste valable" in page


def test_a_procuration_that_was_not_looked_up_is_not_ended(client, story):
    rid = story.established()
    assert client.get(f"/brigade/demandes/{rid}/resilier/").status_code == 404
    assert client.post(f"/brigade/demandes/{rid}/resilier/acte/", {}).status_code == 404


def test_a_request_is_not_ended_it_is_refused(client, story):
    story.filed()
    address = found(client).url
    assert "Résilier cette procuration" not in said(client.get(address))
    page = client.get(f"{address}resilier/")
    assert (page.status_code, "il n’y a rien à résilier" in said(page)) == (409, True)


def test_by_name_from_the_question_to_the_count(web, client, story):
    rid = story.established()
    web.world.clock.at = NOW + timedelta(minutes=5)
    assert "Quelle procuration" in said(client.post("/brigade/resilier/", WHO))
    asked = {**WHO, **CHECKED, "which": "tout"}
    to_sign = client.post("/brigade/resilier/controle/", asked)
    assert "Vous résiliez pour" in said(to_sign)
    answered = client.post("/brigade/resilier/acte/", {**asked, **key_answer(web, to_sign)})
    assert "1 procuration de cette personne est résiliée" in said(client.get(answered.url))
    assert Procuration.objects.get(rid=rid).status == Status.RESILIEE


def test_by_name_of_an_unknown_person_is_recorded_and_says_so(web, client, story):
    story.established()
    asked = {**WHO, **CHECKED, "birth_name": "AUTRE", "which": "tout"}
    to_sign = client.post("/brigade/resilier/controle/", asked)
    answered = client.post("/brigade/resilier/acte/", {**asked, **key_answer(web, to_sign)})
    assert "ne connaît encore aucune procuration" in said(client.get(answered.url))
    assert Withdrawal.objects.get().rid is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"birth_name": ""},
        {"birth_name": "DUB0IS"},
        {"given_names": "a" * 101},
        {"birth_date": "31/02/1962"},
        {"birth_date": "24/08/2062"},
        {"commune": ""},
        {"commune": "98811|9"},
    ],
    ids=str,
)
def test_a_wrong_answer_is_said_and_nothing_is_signed(client, wrong):
    page = client.post("/brigade/resilier/", {**WHO, **wrong})
    assert (page.status_code, 'role="alert"' in said(page)) == (422, True)
    checked = client.post("/brigade/resilier/controle/", {**WHO, **CHECKED, "which": "tout", **wrong})
    assert checked.status_code == 422
    assert 'name="payload"' not in said(checked)
    assert client.post("/brigade/resilier/acte/", {**WHO, **wrong}).status_code == 409


@pytest.mark.parametrize(
    "which",
    [
        {},
        {"which": "3|rien"},
        {"which": "periode"},
        {"which": "periode", "first": "2027-05-02", "last": "2027-05-01"},
        {"which": "periode", "first": "2027-05-02", "last": "non"},
    ],
    ids=str,
)
def test_a_procuration_to_end_is_named_by_an_election_or_a_period(client, which):
    page = client.post("/brigade/resilier/controle/", {**WHO, **CHECKED, **which})
    assert page.status_code == 422
    right = {"which": "periode", "first": "2027-05-01", "last": "2027-05-02"}
    right_page = client.post("/brigade/resilier/controle/", {**WHO, **CHECKED, **right})
    assert "Du samedi 1er mai 2027 au dimanche 2 mai 2027" in said(right_page)


def test_what_was_shown_is_what_is_signed(web, client, story):
    """The answer of the key comes back with another title: the act is not the one that was drawn up."""
    story.established()
    asked = {**WHO, **CHECKED, "which": "tout"}
    answer = key_answer(web, client.post("/brigade/resilier/controle/", asked))
    page = client.post("/brigade/resilier/acte/", {**asked, **answer, "payload": answer["signature"]})
    assert page.status_code == 409
    assert not Event.objects.filter(kind=Kind.REVOCATION.value).exists()


def test_a_search_finds_the_commune_and_keeps_what_was_typed(client):
    page = said(client.post("/brigade/resilier/", {**WHO, "commune": "", "q": "noum", "search": "1"}))
    assert 'value="98818|1"' in page
    assert 'value="DUBOIS"' in page
    assert 'role="alert"' not in page


def test_a_correction_from_the_day_to_the_person_who_decides(web, client, story):
    rid = web.signs(story.filed()).rid
    day = said(client.get("/brigade/journee/"))
    assert "Aujourd’hui : 1 décision" in day
    assert "DUBOIS" not in day
    address = f"/brigade/demandes/{rid}/"
    assert f"{address}corriger/" in day
    assert "Corriger une erreur" in said(client.get(f"{address}resultat/"))
    assert "ne s’efface pas" in said(client.get(f"{address}corriger/"))
    to_sign = client.post(f"{address}corriger/", REASON)
    answered = client.post(f"{address}acte/", key_answer(web, to_sign))
    page = said(client.get(answered.url))
    assert "Votre correction est enregistrée" in page
    assert "Corriger une erreur" not in page
    assert Procuration.objects.get(rid=rid).status == Status.EN_ATTENTE_HUMAINE


def test_a_refusal_is_no_way_around_a_correction(web, client, story):
    """« Ne pas établir » on what is established already, and a correction of what is not mine."""
    story.established()
    address = found(client).url
    assert client.post(f"{address}refuser/", REASON).status_code == 422
    page = client.get(f"{address}corriger/")
    assert (page.status_code, "Seul l’agent qui a validé" in said(page)) == (409, True)


def test_the_day_asks_as_many_questions_for_five_acts_as_for_one(web, client, story):
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/brigade/journee/").status_code == 200
        return len(asked)

    web.signs(story.filed(1))
    client.get("/brigade/journee/")  # tables are read the first time
    one = questions()
    for number in range(2, 6):
        web.world.clock.at += timedelta(minutes=1)
        web.signs(story.filed(number))
    page = said(client.get("/brigade/journee/"))
    assert page.count("/corriger/") == 5
    assert questions() == one


def test_the_day_of_another_officer_is_not_mine(web, client, story):
    web.signs(story.filed())
    other = signed_in(officer_on_line(web.world, "autre").account.user)
    assert "aucune décision" in said(other.get("/brigade/journee/"))
    assert other.get(f"/brigade/resilier/{web.account.log.head_seq}/").status_code == 404


def test_only_the_places_of_the_departement_that_open_today_are_offered(web, client, story):
    today = NOW.date()

    def place(id_: str, commune: str, day=today) -> PublicPlace:
        opening = Opening(day=day, opens_at=NOW - timedelta(hours=1), closes_at=NOW + timedelta(hours=1))
        return PublicPlace(id=id_, name=f"Lieu {id_}", insee_code=commune, openings=(opening,))

    tomorrow = today + timedelta(days=1)
    web.world.set_sites(place("a", "98805"), place("b", "02408"), place("c", "98805", tomorrow))
    install_centre(web.world.centre)
    story.filed()
    address = found(client).url
    page = said(client.get(address))
    assert [f"Lieu {one}" in page for one in "abc"] == [True, False, False]
    assert "Signer avec ma clé" in said(client.post(address, {**ALL_CHECKED, "place": "lieu-a"}))
    assert client.post(address, {**ALL_CHECKED, "place": "lieu-b"}).status_code == 422
