"""The papers of the acts: what they say, what they never say, and that nothing is cut off."""

import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from PIL import Image

from kiosk_app import act_leaflets as papers
from kiosk_app.act_leaflets import NOT_RECEIVED, REASONS, Circumstances
from kiosk_app.leaflet_image import leaflet_printout
from kiosk_app.preparation_leaflet import preparation
from kiosk_app.receipt import validity_in_words
from kiosk_app.sheet import Roll
from procuration.domain.acts import ActDecision, ActPlace, ActPlaceKind
from procuration.domain.facts import RevocationSubject
from procuration.domain.identifiers import Rid
from procuration.domain.law import ControlRegime
from procuration.domain.people import PartialDate, Person
from procuration.domain.refusal import OFFICER_CODES, RefusalCode
from procuration.domain.validity import Period
from procuration.record.event import EventPair
from tests import builders

NARROW = Roll.MM_58
A4_DOTS = (round(210 / 25.4 * 203), round(297 / 25.4 * 203))
AT = datetime(2026, 6, 24, 13, 5, tzinfo=UTC)
YEAR = validity_in_words(Period(first_day=date(2026, 7, 1), last_day=date(2027, 6, 30)), None)
TABLET = builders.Device("brigade")
FILED = builders.filed()
SUBJECT = RevocationSubject(
    rid=None, mandant=builders.ANGELA, vote_place=builders.NOUMEA, validity=FILED.validity
)


def around(**changes):
    return replace(
        Circumstances(
            at=AT,
            place="Au poste, Dumbéa (Nouvelle-Calédonie)",
            commune="Nouméa (Nouvelle-Calédonie)",
            validity=YEAR,
        ),
        **changes,
    )


def act(decision=ActDecision.ESTABLISHED, code=None):
    made = builders.act(TABLET, EventPair(b"", None), rid=Rid(b"r" * 16), decision=decision)
    return replace(made, refusal_code=code)


def sheet(**changes):
    asked = replace(FILED, **changes)
    return preparation(asked, "Nouméa (Nouvelle-Calédonie)", "Lifou (Nouvelle-Calédonie)", YEAR)


ESTABLISHED = papers.established(act(), FILED, around())
REFUSED = papers.refused(act(ActDecision.REFUSED, RefusalCode.MANDANT_ABSENT), FILED, around())
REVOKED = papers.revoked(act(ActDecision.REVOKED), SUBJECT, around())
SLIP = papers.for_mandataire(FILED, around())
SHEET = sheet()
OF_ACTS = {"established": ESTABLISHED, "refused": REFUSED, "revoked": REVOKED, "slip": SLIP}
ALL = OF_ACTS | {"preparation": SHEET}


def said(leaflet):
    return "\n".join(leaflet.sentences()).replace("\u00a0", " ").replace("\u202f", " ")


def test_r_23_r_24_the_recepisse_names_who_established_when_and_where():
    by = act().authority
    for part in (by.nom.upper(), by.prenoms, by.qualite, by.unit_name, "24 juin 2026 à 13 h 05", "Au poste"):
        assert part in said(ESTABLISHED)
    assert papers.full_name(builders.ANGELA) in said(ESTABLISHED)
    assert papers.full_name(builders.JEAN_CLAUDE) in said(ESTABLISHED)


def test_r_34_the_recepisse_the_slip_and_the_sheet_write_the_validity_expressly():
    for leaflet in (ESTABLISHED, SLIP, SHEET, REVOKED):
        assert "du 1er juillet 2026\nau 30 juin 2027, ces jours compris" in said(leaflet)


def test_r_54_the_recepisse_and_the_slip_say_that_they_let_nobody_vote():
    assert NOT_RECEIVED in said(ESTABLISHED)
    assert NOT_RECEIVED in said(SLIP)
    assert ESTABLISHED.warning == "Ce récépissé ne permet pas de voter."


def test_r_06_the_papers_say_where_and_with_what_the_mandataire_votes():
    assert "Le mandataire vote dans le bureau du mandant avec sa propre pièce d’identité." in said(
        ESTABLISHED
    )
    assert "Allez au bureau de vote de cette personne, pas au vôtre." in SLIP.steps
    assert "Présentez votre propre pièce d’identité." in SLIP.steps
    assert SLIP.warning.startswith("Vous n’avez aucun papier à apporter")


@pytest.mark.parametrize("code", OFFICER_CODES)
def test_i_10_a_refusal_has_its_reason_its_article_and_what_to_do_next(code):
    leaflet = papers.refused(act(ActDecision.REFUSED, code), FILED, around())
    reason, next_step = REASONS[code]
    assert reason in said(leaflet)
    assert leaflet.steps == (next_step,)
    own_rule = code not in (
        RefusalCode.CONSENTEMENT_DOUTEUX,
        RefusalCode.ERREUR_DE_SAISIE,
        RefusalCode.ABANDON,
    )
    assert ("Code électoral, " in said(leaflet)) == own_rule


def test_r_46_r_48_the_recepisse_of_a_resiliation_gives_no_motive_and_says_what_is_possible():
    everything = papers.revoked(act(ActDecision.REVOKED), SUBJECT, around(validity=()))
    assert "Toutes les procurations du mandant" in said(everything)
    assert "Vous pouvez donner une nouvelle procuration à la personne de votre choix." in said(REVOKED)
    assert not re.search("motif|raison|pourquoi", said(REVOKED), re.IGNORECASE)


def test_the_recepisse_of_one_procuration_names_it():
    subject = replace(SUBJECT, rid=Rid(b"r" * 16), validity=None)
    leaflet = papers.revoked(act(ActDecision.REVOKED), subject, around(validity=()), FILED)
    assert "Cette procuration" in said(leaflet)
    assert papers.full_name(builders.JEAN_CLAUDE) in said(leaflet)


@pytest.mark.parametrize("name", OF_ACTS)
def test_no_birth_date_no_address_and_no_contact_is_on_the_paper_of_an_act(name):
    for hidden in ("1962", "1944", "août", "@", "exemple.fr", "né(e)"):
        assert hidden not in said(OF_ACTS[name])


def test_an_elector_named_by_number_shows_three_digits_only_on_the_paper_of_an_act():
    numbered = Person(birth_date=PartialDate(1944), elector_number="12345678")
    leaflet = papers.established(act(), replace(FILED, mandataire=numbered), around())
    assert "678" in said(leaflet)
    assert "12345678" not in said(leaflet)


def test_without_an_address_nobody_promises_a_message():
    leaflet = papers.established(act(), replace(FILED, email=None), around(regime=ControlRegime.REU))
    assert "Votre inscription est contrôlée. Demandez la réponse à votre mairie." in said(leaflet)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (ActPlaceKind.UNIT, "Au poste, Dumbéa"),
        (ActPlaceKind.HOME, "Au domicile du mandant, Dumbéa"),
        (ActPlaceKind.LISTED_PUBLIC_PLACE, "Lycée, Dumbéa"),
    ],
)
def test_the_place_of_an_act_is_in_words(kind, expected):
    moved = replace(act(), place=ActPlace(kind=kind, site_id="1", insee_code="98805"))
    assert papers.place_in_words(moved, "Lycée", "Dumbéa") == expected


def test_r_27_r_73_the_sheet_has_the_fields_in_the_order_of_the_form():
    labels = [re.sub(r"^\d+\. ", "", fact.label) for fact in SHEET.facts]
    assert SHEET.over == "Formulaire Cerfa 16199"
    assert labels == [
        "Mandant, nom de naissance", "Mandant, prénoms", "Mandant, sexe", "Mandant, date de naissance",
        "Mandant, commune de vote", "Mandant, téléphone", "Mandataire, nom de naissance",
        "Mandataire, prénoms", "Mandataire, sexe", "Mandataire, date de naissance",
        "Mandataire, commune de vote", "Mandataire, adresse", "Procuration pour",
    ]  # fmt: skip
    assert [fact.label[:2] for fact in SHEET.facts[:3]] == ["1.", "2.", "3."]
    assert SHEET.warning == "Ce papier n’est pas une procuration."


def test_r_74_the_elector_number_is_asked_outside_nouvelle_caledonie_only():
    laon = replace(builders.NOUMEA, code="02408")
    elsewhere = replace(builders.JEAN_CLAUDE, enrolment=laon)
    form = sheet(vote_place=laon, mandataire=elsewhere)
    assert form.over == "Formulaire Cerfa 14952"
    assert sum("numéro d’électeur" in fact.label for fact in form.facts) == 2
    assert not any("numéro d’électeur" in fact.label for fact in SHEET.facts)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("width", [*Roll, 576])
def test_nothing_is_cut_off_at_any_width_of_roll(name, width):
    image = Image.open(io.BytesIO(leaflet_printout(ALL[name], width).png)).convert("L")
    assert image.width == width
    for left in (0, width - 4):
        assert image.crop((left, 0, left + 4, image.height)).getextrema() == (255, 255)
    assert image.crop((0, image.height - 4, width, image.height)).getextrema() == (255, 255)
    assert image.getextrema()[0] == 0


@pytest.mark.parametrize("name", ALL)
def test_the_paper_is_one_page_of_a4(name):
    made = leaflet_printout(ALL[name])
    assert b"/Count 1" in made.pdf
    box = re.search(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", made.pdf)
    width, height = (float(side) / 72 * 203 for side in box.groups())
    assert (round(width), round(height)) == A4_DOTS


def test_the_longest_names_make_the_paper_longer_and_stay_on_it():
    long = replace(builders.ANGELA, birth_name="Ó" * 100, given_names="Ó " * 49 + "Ó")
    wide = leaflet_printout(papers.established(act(), replace(FILED, mandant=long), around()), NARROW)
    image = Image.open(io.BytesIO(wide.png)).convert("L")
    assert image.crop((NARROW - 4, 0, NARROW, image.height)).getextrema() == (255, 255)
    assert image.height > Image.open(io.BytesIO(leaflet_printout(ESTABLISHED, NARROW).png)).height


@pytest.mark.parametrize("name", ALL)
def test_every_sentence_is_short_and_set_as_french_is(name):
    for words in ALL[name].sentences():
        assert "'" not in words
        assert not re.search(r" [;!?:»]|« ", words)
        for sentence in re.split(r"(?<=[.?!]) ", words):
            assert len(re.findall(r"[\w’-]+", sentence)) <= 15, sentence
