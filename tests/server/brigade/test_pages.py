"""What an officer on line sees and does, page by page."""

import json
from base64 import urlsafe_b64decode
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.utils import override_settings

from procuration.domain.events import Kind
from procuration.domain.status import Status
from server.brigade.models import SecurityKey
from server.config.settings import OPTIONS
from server.dossiers.models import Procuration
from server.ledger.lookups import MISSES_MAX
from server.ledger.models import Event
from tests.security_key import ORIGIN, base64url
from tests.server.brigade.conftest import officer_on_line
from tests.server.townhall import agent_of, signed_in

REFERENCE, BORN = "XBQ 7V3", "24/08/1962"
ALL_CHECKED = {"declared": ["1", "2", "4", "8", "16"], "document": "2", "place": "1"}


@pytest.fixture(autouse=True)
def named_site():
    with override_settings(OPTIONS=replace(OPTIONS, public_url=ORIGIN)):
        yield


@pytest.fixture
def client(web) -> Client:
    return signed_in(web.account.user)


def field(page, name: str) -> str:
    start = page.content.decode().split(f'name="{name}" value="')[1]
    return start.split('"')[0]


def unbase64url(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def found(client, reference=REFERENCE, born=BORN):
    return client.post("/brigade/", {"reference": reference, "birth_date": born})


def key_answer(web, page) -> dict[str, str]:
    answer = web.answer(unbase64url(field(page, "payload")))
    return {
        "payload": base64url(answer.payload),
        "credential_id": answer.credential_id,
        "authenticator_data": base64url(answer.authenticator_data),
        "client_data": base64url(answer.client_data),
        "signature": base64url(answer.signature),
    }


def test_from_the_reference_to_the_signed_act(web, client, story):
    rid = story.filed()
    page = found(client)
    assert page.url == f"/brigade/demandes/{rid}/"
    assert "DUBOIS" in client.get(page.url).content.decode()
    to_sign = client.post(page.url, ALL_CHECKED)
    answered = client.post(f"{page.url}acte/", key_answer(web, to_sign))
    result = client.get(answered.url)
    assert "Procuration établie" in result.content.decode()
    assert Procuration.objects.get(rid=rid).status == Status.TRANSMISE


def test_a_refusal_shows_what_the_person_will_read_before_it_is_signed(web, client, story):
    rid = story.filed()
    address = found(client).url
    to_sign = client.post(f"{address}refuser/", {"code": "IDENTITE_NON_CONFORME"})
    assert "n’a pas pu être vérifiée avec la pièce présentée" in to_sign.content.decode()
    client.post(f"{address}acte/", key_answer(web, to_sign))
    assert Procuration.objects.get(rid=rid).status == Status.REFUSEE


def test_a_wrong_reference_and_a_wrong_birth_date_are_one_answer(client, story):
    story.filed()
    pages = [found(client, "XBQ 7V4"), found(client, REFERENCE, "25/08/1962")]
    words = {page.content.decode().split('role="alert"')[1].split("</div>")[0] for page in pages}
    assert len(words) == 1
    assert {page.status_code for page in pages} == {422}


def test_each_look_up_is_an_event_of_the_officers_own_log(web, client, story):
    story.filed()
    found(client)
    found(client, "XBQ 7V4")
    assert Event.objects.filter(device=web.account.log, kind=Kind.LOOK_UP.value).count() == 2


def test_after_twenty_misses_in_an_hour_nothing_is_answered(client, story):
    story.filed()
    for _ in range(MISSES_MAX):
        found(client, "XBQ 7V4")
    assert "Attendez une heure" in found(client).content.decode()


def test_a_request_that_was_not_looked_up_in_this_session_does_not_exist(web, client, story):
    rid = story.filed()
    for address in ("", "refuser/", "resultat/"):
        assert client.get(f"/brigade/demandes/{rid}/{address}").status_code == 404
    assert client.post(f"/brigade/demandes/{rid}/acte/", {}).status_code == 404


@pytest.mark.parametrize("missing", ["1", "2", "4", "8", "16"])
def test_nothing_is_established_while_one_box_is_empty(client, story, missing):
    story.filed()
    address = found(client).url
    some = {**ALL_CHECKED, "declared": [one for one in ALL_CHECKED["declared"] if one != missing]}
    page = client.post(address, some)
    assert page.status_code == 422
    assert "Cochez chaque contrôle" in page.content.decode()


def test_a_home_visit_asks_for_its_two_papers(client, story):
    story.filed()
    address = found(client).url
    assert client.post(address, {**ALL_CHECKED, "place": "2"}).status_code == 422
    both = [*ALL_CHECKED["declared"], "32", "64"]
    assert client.post(address, {**ALL_CHECKED, "place": "2", "declared": both}).status_code == 200


@pytest.mark.parametrize(
    "part", ["payload", "credential_id", "authenticator_data", "client_data", "signature"]
)
@pytest.mark.parametrize("damage", ["", "é", "A" * 9000, "AAAA"])
def test_a_damaged_answer_writes_nothing(web, client, story, part, damage):
    rid = story.filed()
    address = found(client).url
    answer = {**key_answer(web, client.post(address, ALL_CHECKED)), part: damage}
    page = client.post(f"{address}acte/", answer)
    assert page.status_code == 409
    assert "Rien n’est enregistré" in page.content.decode()
    assert Procuration.objects.get(rid=rid).status == Status.DEMANDE


def test_an_answer_sent_twice_ends_on_the_result(web, client, story):
    story.filed()
    address = found(client).url
    answer = key_answer(web, client.post(address, ALL_CHECKED))
    pages = [client.post(f"{address}acte/", answer) for _ in range(2)]
    assert {page.url for page in pages} == {f"{address}resultat/"}


def test_the_space_is_for_officers_alone(web, story):
    for client, status in ((Client(), 302), (agent_of(), 403)):
        for address in ("/brigade/", "/brigade/cles/", "/brigade/cles/ajouter/"):
            assert client.get(address).status_code == status


def test_a_key_of_another_account_is_not_shown(web, client):
    other = officer_on_line(web.world, "autre")
    assert client.get(f"/brigade/cles/{other.key.pk}/demande/").status_code == 404
    assert client.get(f"/brigade/cles/{web.key.pk}/demande/").status_code == 200


def test_the_habilitation_comes_as_a_file(world):
    officer = officer_on_line(world)
    client = signed_in(officer.account.user)
    for data, status in ((b"not one", 422), (b"x" * 9000, 422), (officer.habilitation(), 302)):
        page = client.post(
            "/brigade/cles/habilitation/", {"habilitation": SimpleUploadedFile("h.cbor", data)}
        )
        assert page.status_code == status
    assert "Pas encore" not in client.get("/brigade/cles/").content.decode()


def test_a_key_is_registered_only_for_the_challenge_of_this_session(web, client):
    client.get("/brigade/cles/ajouter/")
    page = client.post("/brigade/cles/ajouter/", {"answer": json.dumps({"id": "A"})})
    assert page.status_code == 422
    assert SecurityKey.objects.count() == 1


def test_without_a_named_site_no_key_is_asked_for(client):
    with override_settings(OPTIONS=replace(OPTIONS, public_url="http://127.0.0.1:8000")):
        page = client.get("/brigade/cles/ajouter/")
    assert page.status_code == 409
    assert "Prévenez l’administrateur" in page.content.decode()
