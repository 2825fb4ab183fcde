"""A town hall keys in a form that it received: asked, shown once more, recorded; then it competes (R-58)."""

import re

import pytest

from procuration.domain.events import Channel, Kind
from procuration.domain.status import Status
from server.dossiers.models import Procuration
from server.ledger.models import Event
from tests.builders import SCRUTIN_ID
from tests.server.mairie.test_pages import page, plain
from tests.server.townhall import LAON, Story, agent_of

ADDRESS = "/mairie/formulaire/"
RID = "ab" * 16
FORM = {
    "rid": RID,
    "mandant_birth_name": "KAËS-WÉA",
    "mandant_given_names": "Hnaéla Rose",
    "mandant_sex": "1",
    "mandant_birth_date": "24/08/1962",
    "mandataire_birth_name": "DUPONT",
    "mandataire_given_names": "Jean-Claude Bernard",
    "mandataire_sex": "2",
    "mandataire_birth_date": "22/08/1944",
    "mandataire_place": "Nouméa",
    "mandataire_place_choix": "98818|1",
    "scrutin": SCRUTIN_ID,
    "rounds": "3",
    "first": "",
    "last": "",
    "nom": "WAMYTAN",
    "prenoms": "Élise",
    "qualite": "Greffière",
    "unit": "Tribunal de première instance de Nouméa",
    "day": "2027-04-01",
    "hour": "20:00",
    "insee": "98818",
    "insee_choix": "98818|1",
}
CONFIRMED = {"step": "confirmed"}


def test_a_form_is_asked_shown_once_more_and_recorded(story: Story):
    agent = agent_of()
    asked = agent.get(ADDRESS)
    assert "L’autorité qui l’a établie" in plain(asked)
    assert re.search(rb'name="rid" value="[0-9a-f]{32}"', asked.content)
    review = plain(agent.post(ADDRESS, FORM))
    assert "Vérifiez le formulaire" in review
    assert "KAËS-WÉA" in review
    assert "jeudi 1er avril 2027" in review
    assert "98818 (Nouméa)" in review
    assert "24 août 1962" in review
    assert "20 h 00" in review
    assert Event.objects.filter(kind=Kind.PAPER_FORM).count() == 0
    after = plain(agent.post(ADDRESS, FORM | CONFIRMED, follow=True))
    assert "Le formulaire est signé et gardé par le centre." in after
    assert "sur papier, puis saisie" in after
    assert "Élise WAMYTAN, Greffière" in after
    assert "1er avril 2027 à 20 h 00" in after
    row = Procuration.objects.get(rid=RID)
    assert (Status(row.status), row.channel, row.place_code) == (Status.RECUE, Channel.PAPER, "98818")


def test_in_nouvelle_caledonie_no_elector_number_is_asked_or_kept(story: Story):
    agent = agent_of()
    assert "Numéro national d’électeur" not in plain(agent.get(ADDRESS))
    agent.post(ADDRESS, FORM | {"mandant_number": "1", "mandataire_number": "12345678"} | CONFIRMED)
    assert "12345678" not in plain(agent.get(page(RID)))
    assert Procuration.objects.get(rid=RID).channel == Channel.PAPER


def test_elsewhere_the_number_of_a_form_is_digits_and_never_one_of_nouvelle_caledonie(story: Story):
    agent, there = agent_of(LAON, "laon"), {"scrutin": "2027-04-presidentielle/metropole"}
    assert "Numéro national d’électeur" in plain(agent.get(ADDRESS))
    for number, sentence in (("12a", "seulement des chiffres"), ("12345678", "n’a pas de numéro national")):
        answer = agent.post(ADDRESS, FORM | there | {"mandataire_number": number})
        assert sentence in plain(answer)


def test_the_form_is_then_accepted_like_any_other(story: Story):
    agent = agent_of()
    agent.post(ADDRESS, FORM | CONFIRMED)
    agent.get(page(RID))
    agent.post(page(RID, "valider/"))
    assert Status(Procuration.objects.get(rid=RID).status) is Status.VALIDEE


def test_without_an_hour_the_page_says_that_only_the_day_is_known(story: Story):
    agent = agent_of()
    after = plain(agent.post(ADDRESS, FORM | {"hour": ""} | CONFIRMED, follow=True))
    assert "1er avril 2027, heure inconnue" in after
    assert "0 h 00" not in after


def test_a_second_press_records_nothing_more(story: Story):
    agent = agent_of()
    for _ in range(2):
        assert agent.post(ADDRESS, FORM | CONFIRMED).status_code == 302
    assert Event.objects.filter(kind=Kind.PAPER_FORM).count() == 1


def test_the_same_elector_in_both_channels_is_shown_before_the_record(story: Story):
    rid = story.established(1)
    agent = agent_of()
    same = FORM | {"mandant_birth_name": "Dubois", "mandant_given_names": "Angela Claire Louise"}
    review = agent.post(ADDRESS, same)
    assert "Cette personne a déjà 1 demande ou procuration dans votre commune." in plain(review)
    assert page(rid).encode() in review.content
    assert "Cette personne a déjà" not in plain(agent.post(ADDRESS, FORM))


def test_a_form_can_be_changed_before_it_is_recorded(story: Story):
    answer = agent_of().post(ADDRESS, FORM | {"step": "change"})
    assert answer.status_code == 200
    assert "KAËS-WÉA" in answer.content.decode()
    assert Event.objects.filter(kind=Kind.PAPER_FORM).count() == 0


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"mandant_birth_name": ""}, "Remplissez « Nom de naissance »."),
        ({"mandataire_birth_name": ""}, "Remplissez « Nom de naissance » de la personne qui votera."),
        ({"mandataire_place": ""}, "Remplissez « Commune du mandataire »."),
        ({"mandant_birth_name": "DUB0IS"}, "Ce nom contient un signe"),
        ({"mandant_birth_date": "31/02/1962"}, "Cette date n’existe pas"),
        ({"mandant_birth_date": "1962"}, "Cette date n’existe pas"),
        ({"mandant_sex": "9"}, "Choisissez une réponse à « Sexe »."),
        ({"mandataire_place": "98899"}, "Aucune commune n’a ce nom ou ce code."),
        ({"scrutin": "x' OR 1=1"}, "Choisissez une réponse à « Pour quelle élection ? »."),
        ({"rounds": ""}, "Choisissez une réponse à « Pour quel tour ? »."),
        ({"scrutin": "PERIODE"}, "Remplissez « Premier jour de la période »."),
        ({"scrutin": "PERIODE", "first": "2027-04-01", "last": "2029-01-01"}, "plus longue que la loi"),
        ({"qualite": "Maire"}, "Cette autorité ne peut pas établir"),
        ({"day": "2027-04-05"}, "Ce jour n’est pas encore passé."),
        ({"day": "<script>"}, "Cette date n’existe pas"),
        ({"hour": "25:99"}, "Cette heure n’existe pas."),
        ({"insee": "9" * 65}, "Ce nom contient un signe"),
        ({"insee": "99999999999"}, "Aucune commune n’a ce nom ou ce code."),
        ({"insee": "98899"}, "Aucune commune n’a ce nom ou ce code."),
        ({"insee": "Nouméa", "insee_choix": ""}, "Choisissez la commune dans la liste."),
        ({"insee": "98818", "insee_choix": ""}, "Choisissez la commune dans la liste."),
        ({"insee": "Koné"}, "Choisissez la commune dans la liste."),
        (
            {"mandataire_place": "Nouméa", "mandataire_place_choix": ""},
            "Choisissez la commune dans la liste.",
        ),
        ({"mandataire_place": "75056"}, "Aucune commune n’a ce nom ou ce code."),
    ],
)
def test_what_is_missing_or_not_allowed_is_asked_again_and_nothing_is_recorded(
    story: Story, changes: dict[str, str], sentence: str
):
    answer = agent_of().post(ADDRESS, FORM | changes | CONFIRMED)
    assert answer.status_code == 422
    assert sentence in plain(answer)
    assert b"<script>" not in answer.content
    assert Event.objects.filter(kind=Kind.PAPER_FORM).count() == 0


def test_the_letters_of_a_commune_are_searched_and_nothing_else_is_judged_or_lost(story: Story):
    typed = {
        "search": "1",
        "insee": "ko",
        "insee_choix": "",
        "nom": "WAMYTAN",
        "day": "2027-04-01",
        "hour": "x",
    }
    answer = agent_of().post(ADDRESS, typed)
    assert answer.status_code == 200
    shown = plain(answer)
    assert "Erreur" not in shown
    assert "Koné (Nouvelle-Calédonie)" in shown
    assert "Code INSEE 98811, code postal 98859" in shown
    for kept in (b'value="ko"', b'value="WAMYTAN"', b'value="2027-04-01"', b'value="98811|1"'):
        assert kept in answer.content


def test_an_exact_insee_code_that_means_nothing_else_is_taken(story: Story):
    """02408 is no postal code; 98818 is Nouméa, and the postal code of Kouaoua (DOMAIN 6, trap 5)."""
    agent = agent_of()
    there = {
        "mandataire_place": "02408",
        "mandataire_place_choix": "",
        "insee": "75056",
        "insee_choix": "",
        "hour": "",
    }
    review = plain(agent.post(ADDRESS, FORM | there))
    assert "02408 (Laon)" in review
    assert "75056 (Paris)" in review
    both = agent.post(ADDRESS, FORM | {"insee_choix": ""})
    assert both.status_code == 422
    assert b'value="98818|1"' in both.content
    assert b'value="98833|1"' in both.content
    assert "98833 (Kouaoua)" in plain(agent.post(ADDRESS, FORM | {"insee_choix": "98833|1"}))


def test_a_court_of_paris_needs_no_arrondissement_but_an_elector_has_one(story: Story):
    agent = agent_of()
    asked = {"search": "1", "insee": "Paris", "mandataire_place": "Paris"}
    shown = agent.post(ADDRESS, asked).content
    assert b'name="insee_choix" value="75056|1"' in shown
    assert b'name="mandataire_place_choix" value="75056|1"' not in shown
    assert b'name="mandataire_place_choix" value="75115|2"' in shown
    review = plain(agent.post(ADDRESS, FORM | {"insee": "Paris", "insee_choix": "75056|1", "hour": ""}))
    assert "75056 (Paris)" in review


def test_a_form_of_another_country_names_the_country(story: Story):
    there = {"insee": "99137", "insee_choix": "", "qualite": "Consul", "unit": "Consulat", "hour": ""}
    agent = agent_of()
    assert "99137" in plain(agent.post(ADDRESS, FORM | there))
    assert agent.post(ADDRESS, FORM | there | CONFIRMED).status_code == 302


def test_i_8_a_form_belongs_to_the_commune_that_keyed_it_in(story: Story):
    agent_of().post(ADDRESS, FORM | CONFIRMED)
    elsewhere = agent_of(LAON, "other")
    assert elsewhere.get(page(RID)).status_code == 404
    assert elsewhere.post(ADDRESS, FORM | {"rid": RID} | CONFIRMED).status_code in (409, 422)
    assert Event.objects.filter(kind=Kind.PAPER_FORM).count() == 1


def test_nobody_keys_in_a_form_without_an_account(client, db):
    assert client.post(ADDRESS, FORM | CONFIRMED).status_code == 302
    assert client.get(ADDRESS).status_code == 302
