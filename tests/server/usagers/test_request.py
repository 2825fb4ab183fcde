"""An elector makes a request on line: four steps, a verification, one signed event, an acknowledgment."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from procuration.domain.events import Authentication, Channel, Filed, Kind
from procuration.domain.people import PartialDate
from procuration.domain.status import Status
from procuration.record.event import open_body, parse_event
from procuration.record.printed import read_qr_text
from server.dossiers.models import Procuration
from server.ledger.models import Event, LeafDue, ReferenceLease
from server.notices.enums import MessageKind
from server.notices.models import Notice
from server.usagers import acknowledgment
from tests import builders
from tests.builders import NOUMEA, SCRUTIN_ID
from tests.server.usagers.electors import ANGELA, STEPS, answers, confirmation, files, signed_in, starts

VERIFICATION = "/demande/verification/"


def plain(answer) -> str:
    return answer.content.decode().replace("\u202f", " ").replace("\xa0", " ").replace("&#x27;", "'")


def content_of(rid: str) -> Filed:
    event = Event.objects.get(rid=rid)
    filed = open_body(parse_event(bytes(event.sign1))[1], bytes(event.body))
    assert isinstance(filed, Filed)
    return filed


def test_a_request_is_asked_in_four_steps_verified_and_filed(world):
    elector = starts()
    assert "Je suis" in plain(elector.get("/demande/identite/"))
    for step, after in zip(STEPS, [*list(STEPS)[1:], "verification"], strict=True):
        sent = elector.post(f"/demande/{step}/", STEPS[step])
        assert (sent.status_code, sent.url) == (302, f"/demande/{after}/")
    review = plain(elector.get(VERIFICATION))
    assert "Vous demandez que Jean-Claude Bernard DUPONT vote à votre place." in review
    assert "22 août 1944" in review
    assert "Nouméa (Nouvelle-Calédonie)" in review
    assert Event.objects.count() == 0
    page = plain(files(elector))
    one = Procuration.objects.get()
    assert "Votre demande est enregistrée" in page
    assert f"{one.reference[:3]} {one.reference[3:]}" in page
    assert (one.status, one.channel) == (Status.DEMANDE, Channel.WEB)


def test_r_27_the_event_says_how_the_elector_was_identified(world):
    elector = answers(starts())
    files(elector)
    filed = content_of(Procuration.objects.get().rid)
    assert filed.authentication is Authentication.NC_CONNECT
    assert filed.channel is Channel.WEB
    assert (filed.mandant.birth_name, filed.mandant.used_name) == ("DUBOIS", "KAËS-WÉA")
    assert (filed.vote_place, filed.mandataire.enrolment) == (NOUMEA, NOUMEA)
    assert filed.validity.scrutin_id == SCRUTIN_ID
    assert filed.email == "angela.dubois@exemple.nc"


def test_the_reference_is_one_that_the_centre_lent_and_that_nobody_else_has(world):
    for _ in range(3):
        files(answers(starts()))
    used = ReferenceLease.objects.exclude(rid=None)
    assert sorted(used.values_list("reference", "rid")) == sorted(
        Procuration.objects.values_list("reference", "rid")
    )
    assert len(set(used.values_list("reference", flat=True))) == 3
    assert not LeafDue.objects.exists()


def test_sent_twice_a_request_is_filed_once(world):
    elector = answers(starts())
    sent = confirmation(elector)
    first = elector.post(VERIFICATION, sent)
    second = elector.post(VERIFICATION, sent)
    assert (first.url, second.url) == ("/demande/enregistree/", "/demande/enregistree/")
    assert Event.objects.filter(kind=Kind.FILED).count() == 1
    pages = [elector.get("/demande/enregistree/") for _ in range(2)]
    assert [one.status_code for one in pages] == [200, 200]


def test_two_clicks_at_the_same_moment_file_once(world):
    from server.usagers.answers import context_of, read_all
    from server.usagers.filing import file_request

    asked = read_all(STEPS, context_of(ANGELA, world.centre))
    rids = {file_request("ab" * 16, asked, ANGELA).rid for _ in range(2)}
    assert rids == {"ab" * 16}
    assert Event.objects.count() == 1


def test_what_is_filed_is_what_was_shown(world):
    elector = answers(starts())
    seen = confirmation(elector)
    elector.post("/demande/mandataire/", {**STEPS["mandataire"], "birth_name": "MARTIN"})
    answer = elector.post(VERIFICATION, seen)
    assert answer.status_code == 409
    assert "Vos réponses ont changé." in plain(answer)
    assert Event.objects.count() == 0


def test_going_back_loses_nothing_and_an_answer_is_changed(world):
    elector = answers(starts())
    assert 'value="DUPONT"' in plain(elector.get("/demande/mandataire/"))
    assert re.search(r'value="98818\|1"[^>]*checked', plain(elector.get("/demande/commune/")))
    changed = elector.post("/demande/mandataire/", {**STEPS["mandataire"], "birth_name": "MARTIN"})
    assert changed.url == VERIFICATION
    assert "Jean-Claude Bernard MARTIN" in plain(elector.get(VERIFICATION))


def test_the_mail_of_the_reference_is_owed(world):
    files(answers(starts()))
    assert list(Notice.objects.values_list("kind", flat=True)) == [MessageKind.M1]


def test_without_an_address_nothing_is_mailed_and_the_page_says_who_controls(world):
    page = plain(files(answers(starts(), identite={"email": "", "no_email": "1"})))
    assert "Votre mairie contrôle ensuite votre procuration." in page
    assert not Notice.objects.exists()


def test_the_code_of_the_page_opens_at_a_brigade(world, monkeypatch):
    drawn = []
    draw = acknowledgment.drawing_of
    monkeypatch.setattr(acknowledgment, "drawing_of", lambda text: drawn.append(text) or draw(text))
    page = plain(files(answers(starts())))
    assert "<svg" in page
    key = world.centre.epoch_keys[1]
    pair = read_qr_text(drawn[0], {key.kid: key}, world.centre.realm)
    assert pair.hash.hex() == Procuration.objects.get().filed_hash


def test_nobody_makes_a_request_without_an_identity(world):
    stranger = Client()
    assert "S'identifier" in plain(stranger.get("/demande/")).replace("’", "'")
    for step in (*STEPS, "verification", "enregistree"):
        assert stranger.get(f"/demande/{step}/").url == "/demande/"
        if step != "enregistree":
            assert stranger.post(f"/demande/{step}/", STEPS.get(step, {})).url == "/demande/"
    assert stranger.post("/demande/commencer/").url == "/connexion-usager/"
    assert Event.objects.count() == 0


def test_a_step_is_not_reached_before_those_it_depends_on(world):
    elector = starts()
    for step in ("mandataire", "elections", "verification"):
        assert elector.get(f"/demande/{step}/").url == "/demande/identite/"
    assert elector.post(VERIFICATION, {"rid": "", "seen": ""}).url == "/demande/identite/"


def test_leaving_clears_everything(world):
    elector = answers(starts())
    left = elector.post("/demande/quitter/", follow=True)
    assert "Vos réponses sont effacées" in plain(left)
    assert elector.get(VERIFICATION).url == "/demande/"


def test_somebody_else_sees_no_acknowledgment(world):
    files(answers(starts()))
    assert signed_in(replace(ANGELA, birth_name="AUTRE")).get("/demande/enregistree/").url == "/demande/"


def test_r_09_a_minor_on_the_day_of_the_vote_files_nothing(world):
    young = replace(ANGELA, birth_date=PartialDate(2012, 1, 1))
    elector = starts(young)
    for step in list(STEPS)[:3]:
        elector.post(f"/demande/{step}/", STEPS[step])
    answer = elector.post("/demande/elections/", STEPS["elections"])
    assert answer.status_code == 422
    assert "Il faut avoir 18 ans le jour du vote." in plain(answer)


def test_r_08_nobody_names_themselves(world):
    elector = starts()
    for step in list(STEPS)[:2]:
        elector.post(f"/demande/{step}/", STEPS[step])
    myself = {
        "birth_name": "Dubois", "given_names": "Angéla Claire Louise", "sex": "f",
        "day": "24", "month": "8", "year": "1962",
    }  # fmt: skip
    answer = elector.post("/demande/mandataire/", {**STEPS["mandataire"], **myself})
    assert answer.status_code == 422
    assert "Cette personne ne peut pas être vous." in plain(answer)


def test_r_73_outside_nouvelle_caledonie_nobody_there_is_named_on_line(world):
    elector = starts()
    elector.post("/demande/identite/", STEPS["identite"])
    elector.post("/demande/commune/", {"place": "02408|1"})
    elector.post("/demande/mandataire/", {"method": "name"})
    answer = elector.post("/demande/mandataire/", {"method": "name", **STEPS["mandataire"]})
    assert answer.status_code == 422
    assert "seulement sur le formulaire papier" in plain(answer)


def test_r_74_in_nouvelle_caledonie_no_number_is_asked_or_accepted(world):
    elector = starts()
    for step in list(STEPS)[:2]:
        elector.post(f"/demande/{step}/", STEPS[step])
    assert "numéro d’électeur" not in plain(elector.get("/demande/mandataire/"))
    answer = elector.post("/demande/mandataire/", {"method": "number", "number": "12345678"})
    assert answer.status_code == 422
    assert "Saisissez le nom de naissance de cette personne." in plain(answer)


def test_r_26_elsewhere_a_number_names_the_person_and_an_odd_one_is_asked_again(world):
    elector = starts()
    elector.post("/demande/identite/", STEPS["identite"])
    elector.post("/demande/commune/", {"place": "02408|1"})
    assert "Par son numéro d’électeur" in plain(elector.get("/demande/mandataire/"))
    elector.post("/demande/mandataire/", {"method": "number"})
    odd = {"method": "number", "number": "1234567", "day": "22", "month": "08", "year": "1944"}
    doubted = elector.post("/demande/mandataire/", odd)
    assert "Ce numéro a 7 chiffres." in plain(doubted)
    sure = elector.post("/demande/mandataire/", {**odd, "number_exact": "1"})
    assert sure.url == "/demande/elections/"


def test_r_29_a_period_is_as_long_as_the_law_allows(world):
    elector = starts()
    for step in list(STEPS)[:3]:
        elector.post(f"/demande/{step}/", STEPS[step])
    today = world.clock.now().date()
    whole = {"choice": "periode"}
    for prefix, day in (("from", today), ("to", today + timedelta(days=300))):
        whole |= {
            f"{prefix}_day": str(day.day),
            f"{prefix}_month": str(day.month),
            f"{prefix}_year": str(day.year),
        }
    late = {**whole, "to_year": str(today.year + 3)}
    assert "La période doit durer 1 an au plus." in plain(elector.post("/demande/elections/", late))
    begun = {**whole, "from_year": str(today.year - 1)}
    assert "Le premier jour doit être aujourd’hui ou plus tard." in plain(
        elector.post("/demande/elections/", begun)
    )
    assert elector.post("/demande/elections/", whole).url == VERIFICATION
    files(elector)
    assert Procuration.objects.get().period_first == today


def test_a_ballot_of_another_commune_is_not_offered_and_not_accepted(world):
    elector = starts()
    for step in list(STEPS)[:3]:
        elector.post(f"/demande/{step}/", STEPS[step])
    foreign = next(one.id for one in world.centre.tables.calendar if "988" not in one.places)
    for choice in (f"{foreign} 3", f"{SCRUTIN_ID} 7", f"{SCRUTIN_ID}", "periode ", "' OR 1=1 3"):
        answer = elector.post("/demande/elections/", {"choice": choice})
        assert answer.status_code == 422
        assert "Choisissez une élection ou une période." in plain(answer)


def test_a_misspelt_address_is_suggested_and_never_corrected_by_itself(world):
    elector = starts()
    asked = elector.post("/demande/identite/", {"email": "angela@gmial.com"})
    assert "Vouliez-vous écrire angela@gmail.com ?" in plain(asked)
    kept = elector.post("/demande/identite/", {"email": "angela@gmial.com", "keep": "1"})
    assert kept.url == "/demande/commune/"
    better = elector.post("/demande/identite/", {"email": "angela@gmial.com", "better": "1"})
    assert better.url == "/demande/commune/"
    assert 'value="angela@gmail.com"' in plain(elector.get("/demande/identite/"))


def test_an_identity_that_names_nobody_is_told_where_to_go(world):
    nameless = replace(ANGELA, birth_name=None, given_names=None)
    assert "Votre identité ne permet pas de continuer ici" in plain(
        starts(nameless).get("/demande/identite/")
    )


def test_a_closed_ballot_between_verification_and_filing_files_nothing(world):
    elector = answers(starts())
    sent = confirmation(elector)
    world.clock.at += timedelta(days=3650)
    answer = elector.post(VERIFICATION, sent)
    assert answer.url == "/demande/elections/"
    assert Event.objects.count() == 0


@pytest.mark.parametrize("page", ["/demande/", "/demande/identite/", "/demande/commune/", VERIFICATION])
def test_the_pages_speak_english_when_asked(world, page):
    elector = answers(starts())
    there = elector.get("/demande/langue/", {"langue": "en", "page": page})
    assert there.url == page
    shown = plain(elector.get(page))
    assert '<html lang="en"' in shown
    assert "Étape" not in shown
    assert "Follow my request" in shown
    back = elector.get("/demande/langue/", {"langue": "fr", "page": page}, follow=True)
    assert '<html lang="fr"' in plain(back)


@pytest.mark.parametrize(
    "page", ["//ailleurs.example/", "https://ailleurs.example/", "javascript:alert(1)", ""]
)
def test_the_choice_of_a_language_leads_nowhere_else(world, page):
    answer = Client().get("/demande/langue/", {"langue": "xx", "page": page})
    assert answer.url == "/demande/"
    assert "langue" not in answer.cookies


def test_forms_without_their_token_are_refused(world):
    elector = signed_in(enforce_csrf_checks=True)
    assert elector.post("/demande/commencer/").status_code == 403


def test_builders_and_session_speak_of_the_same_scrutin():
    assert builders.SCRUTIN_ID in STEPS["elections"]["choice"]
