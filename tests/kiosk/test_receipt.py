"""The paper: what it says, what it never says, and that a machine reads it back."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import zxingcpp
from PIL import Image

from kiosk_app import receipt as words
from kiosk_app.languages import french, wording_in
from kiosk_app.presenters.wording import Language
from kiosk_app.receipt_image import printout
from kiosk_app.sheet import Roll
from procuration.domain.law import ControlRegime
from procuration.domain.people import PartialDate, Person
from procuration.domain.reference import parse_reference
from procuration.domain.scrutin import Round, Scrutin
from procuration.domain.validity import OneScrutin, Period, Rounds
from tests import builders

NBSP = "\u00a0"
REFERENCE = parse_reference("XBQ7V3")
AT = datetime(2024, 6, 24, 13, 5, tzinfo=UTC)


def poll(*days, elections=("legislatives",)):
    rounds = tuple(Round(day=day, opens_at=AT, closes_at=AT) for day in days)
    return Scrutin(
        id="2024-06-legislatives/988",
        elections=elections,
        places=("988",),
        rounds=rounds,
        zone="Pacific/Noumea",
        max_total=2,
        max_france=1,
        article="L. 73",
    )


def paper(language=Language.FRENCH, **changes):
    say = wording_in(language)
    made = words.Receipt(
        labels=words.Labels(say),
        reference=words.reference_shown(REFERENCE),
        spelling=words.spelling_of(say, REFERENCE),
        qr_text="PRQ1:" + "A1B2" * 200,
        mandant=words.full_name(builders.ANGELA, say),
        mandataire=words.full_name(builders.JEAN_CLAUDE, say),
        commune="Nouméa (Nouvelle-Calédonie)",
        validity=("Élections législatives", "2e tour"),
        filed=words.filed_in_words(say, AT, "point d’accueil de Nouméa"),
        steps=words.steps_for(say, date(2024, 7, 7), AT.date(), ControlRegime.MAIRIE, True),
        notes=words.notes_for(say, REFERENCE),
    )
    return replace(made, **changes)


def everything_said(receipt):
    parts = (receipt.spelling, receipt.validity, receipt.steps, receipt.notes)
    single = (receipt.reference or "", receipt.mandant, receipt.mandataire, receipt.commune, receipt.filed)
    return " ".join((*single, *(line for part in parts for line in part)))


def test_the_reference_is_spelled_with_first_names():
    assert words.spelling_of(french(), REFERENCE)[0] == "X comme Xavier"
    assert words.spelling_of(french(), REFERENCE)[3] == f"7{NBSP}: sept"
    assert words.reference_shown(REFERENCE) == f"XBQ{NBSP}7V3"


def test_no_birth_date_and_no_address_is_on_the_paper():
    said = everything_said(paper())
    for hidden in ("1962", "1944", "24 08", "août", "@", "exemple.fr"):
        assert hidden not in said


def test_r_06_the_mandataire_learns_where_and_with_what_to_vote():
    assert "Le mandataire vote dans le bureau du mandant avec sa propre pièce d’identité." in paper().notes


def test_r_27_the_paper_says_that_nobody_was_authenticated():
    assert any("sans FranceConnect" in note for note in paper().notes)


@pytest.mark.parametrize(
    ("validity", "scrutin", "expected"),
    [
        (OneScrutin(scrutin_id="x", rounds=Rounds.BOTH), poll(date(2024, 6, 30), date(2024, 7, 7)),
         ("Élections législatives", "1er tour : 30 juin 2024", "2e tour : 7 juillet 2024")),
        (OneScrutin(scrutin_id="x", rounds=Rounds.SECOND), poll(date(2024, 6, 30), date(2024, 7, 7)),
         ("Élections législatives", "2e tour : 7 juillet 2024")),
        (OneScrutin(scrutin_id="x", rounds=Rounds.FIRST), poll(date(2024, 6, 9), elections=("europeennes",)),
         ("Élections européennes", "le 9 juin 2024")),
        (OneScrutin(scrutin_id="x", rounds=Rounds.FIRST),
         poll(date(2021, 6, 20), date(2021, 6, 27), elections=("departementales", "regionales")),
         ("Élections départementales et régionales", "1er tour : 20 juin 2021")),
        (Period(first_day=date(2024, 7, 1), last_day=date(2025, 6, 30)), None,
         ("Toutes les élections", "du 1er juillet 2024", "au 30 juin 2025, ces jours compris")),
    ],
)  # fmt: skip
def test_r_34_the_validity_is_written_expressly(validity, scrutin, expected):
    said = words.validity_in_words(validity, scrutin)
    assert tuple(line.replace(NBSP, " ") for line in said) == expected


def test_the_next_step_names_the_day_before_which_to_go():
    steps = words.steps_for(french(), date(2024, 6, 30), AT.date(), ControlRegime.MAIRIE, True)
    assert steps[1].replace(NBSP, " ").endswith("avant le 30 juin 2024.")
    assert steps[2] == "Votre mairie contrôle. Vous recevez un message."
    assert words.steps_for(french(), AT.date(), AT.date(), ControlRegime.REU, False)[1].endswith(
        "aujourd’hui."
    )


def test_an_elector_named_by_number_shows_three_digits_only():
    person = Person(birth_date=PartialDate(1944), elector_number="12345678")
    assert words.full_name(person) == "l’électeur dont le numéro finit par 678"


def test_someone_without_given_names_keeps_their_only_name():
    assert words.full_name(replace(builders.ANGELA, given_names=None)) == "DUBOIS"


@pytest.mark.parametrize("characters", [805, 1427, 2867])
def test_the_code_is_read_back_from_the_paper_up_to_the_longest_request(characters):
    text = "PRQ1:" + ("A1B2C3D4E5" * 300)[: characters - 5]
    image = Image.open(io.BytesIO(printout(paper(qr_text=text)).png))
    assert image.width == 512
    assert zxingcpp.read_barcode(image).text == text


def test_a_receipt_without_a_code_asks_for_the_reference():
    with_code, without = printout(paper()), printout(paper(qr_text=None))
    heights = [Image.open(io.BytesIO(made.png)).height for made in (with_code, without)]
    assert heights[1] < heights[0] - 300
    assert zxingcpp.read_barcode(Image.open(io.BytesIO(without.png))) is None


def test_the_longest_names_stay_on_the_paper():
    name = "Ó" * 100
    made = printout(paper(mandant=f"{name} {name}", mandataire=name))
    image = Image.open(io.BytesIO(made.png)).convert("L")
    edges = (
        image.crop((508, 0, 512, image.height)).getextrema(),
        image.crop((0, 0, 4, image.height)).getextrema(),
    )
    assert edges == ((255, 255), (255, 255))
    assert b"/Count 1" in made.pdf


TWO_ROUNDS = OneScrutin(scrutin_id="x", rounds=Rounds.SECOND), poll(date(2024, 6, 30), date(2024, 7, 7))


def plain(lines):
    return " | ".join(lines).replace(NBSP, " ")


def test_the_paper_speaks_the_language_of_the_elector():
    said = plain(paper(Language.ENGLISH).steps)
    assert "Go to a gendarmerie or police station with your identity document, before 7 July 2024." in said
    assert plain(words.validity_in_words(*TWO_ROUNDS, wording_in(Language.ENGLISH))) == (
        "Legislative elections | 2nd round: 7 July 2024"
    )
    assert "Prenez votre pièce d’identité." in plain(paper(Language.EASY).steps)


@pytest.mark.parametrize("language", Language)
def test_no_word_of_the_mandataire_is_lost_in_another_language(language):
    person = Person(birth_date=PartialDate(1944), elector_number="12345678")
    named = words.full_name(person, wording_in(language))
    assert named.endswith("678")
    assert "12345" not in named


def test_the_officer_reads_french_beside_what_the_elector_reads():
    english = paper(Language.ENGLISH).labels
    shown = [english.official(key) for key in ("filed.reference", "receipt.validity", "receipt.mandataire")]
    assert shown == [f"Référence{NBSP}:", "Procuration pour", "Mandataire"]
    assert plain(words.validity_beside(*TWO_ROUNDS, wording_in(Language.ENGLISH))) == (
        "Élections législatives | 2e tour : 7 juillet 2024"
    )
    easy = paper(Language.EASY).labels
    assert [easy.official(key) for key in ("receipt.mandant", "filed.reference")] == ["Mandant", ""]


def test_a_french_paper_says_nothing_twice():
    french_paper = paper()
    keys = ("receipt.over", "filed.reference", "receipt.show", "receipt.mandant", "receipt.validity")
    assert {french_paper.labels.official(key) for key in keys} == {""}
    assert words.validity_beside(*TWO_ROUNDS, french()) == ()


@pytest.mark.parametrize("roll", Roll)
@pytest.mark.parametrize("language", Language)
def test_in_each_language_and_on_each_roll_the_code_is_read_and_the_margin_is_white(language, roll):
    made = printout(paper(language), roll)
    image = Image.open(io.BytesIO(made.png)).convert("L")
    assert image.width == roll
    assert zxingcpp.read_barcode(image).text == paper().qr_text
    assert image.crop((image.width - 4, 0, image.width, image.height)).getextrema() == (255, 255)


@pytest.mark.parametrize(
    ("has_email", "first"),
    [
        (True, "Votre référence arrivera par message. Le reçu suffit pour continuer."),
        (False, "Le reçu suffit pour continuer."),
    ],
)
def test_a_reference_to_come_is_promised_by_message_only_to_who_gave_an_address(has_email, first):
    assert words.notes_for(wording_in(Language.FRENCH), None, has_email=has_email)[0] == first
