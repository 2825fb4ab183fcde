"""The elector's tablet, from the agent's code to the reference and the wipe."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from kiosk_app.presenters.pages import FiledPage, QuestionPage, ReviewPage
from procuration.domain.people import PartialDate, Sex
from procuration.domain.validity import OneScrutin, Period, Rounds
from procuration.errors import CarrierUnavailable, RuleViolated
from tests.kiosk.presenters.fakes import (
    DOUBLE,
    NOUMEA,
    NOW,
    PRESIDENTIELLE,
    PROVINCIALES,
    RIGHT_CODE,
    FixedCalendar,
    Later,
    Receipt,
    at_once,
)
from tests.kiosk.presenters.walk import answer_until, first_question, to_the_review
from tests.screens.states import LAON_ANSWERS


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def error_on(page):
    return next(plain(asked.error) for asked in page.asked if asked.error)


def test_a_whole_request_is_filed_with_every_answer(tablet, presenter):
    to_the_review(presenter)
    assert isinstance(tablet.view.page, ReviewPage)
    presenter.act("validate", {})
    (request,) = tablet.filed
    assert request.mandant.birth_name == "DUBOIS"
    assert request.mandant.given_names == "Angela Claire Louise"
    assert request.mandant.sex is Sex.FEMALE
    assert request.mandant.birth_date == PartialDate(1962, 8, 24)
    assert request.mandataire.birth_name == "DUPONT"
    assert request.mandataire.enrolment == NOUMEA
    assert request.vote_place == NOUMEA
    assert request.validity == OneScrutin(scrutin_id=PRESIDENTIELLE.id, rounds=Rounds.BOTH)
    assert request.email == "angela.dubois@exemple.fr"
    assert tablet.prints == 1


def test_the_reference_is_shown_grouped_and_spelled_with_its_code_and_deadline(tablet, presenter):
    to_the_review(presenter)
    presenter.act("validate", {})
    page = tablet.view.page
    assert isinstance(page, FiledPage)
    assert plain(page.reference) == "XBQ 7V3"
    assert plain(page.spelled).startswith("X comme Xavier, B comme Berthe")
    assert page.qr_text.startswith("PRQ1:")
    assert "22 janvier 2027" in plain(page.steps[1])


def test_without_a_reference_the_receipt_is_enough(tablet):
    tablet.receipt = Receipt(reference=None)
    presenter = tablet.presenter()
    to_the_review(presenter)
    presenter.act("validate", {})
    assert tablet.view.page.reference == ""
    assert plain(tablet.view.page.reference_label).startswith("Votre référence arrivera par message.")


def test_a_double_tap_files_once(tablet):
    later = Later()
    presenter = tablet.presenter()
    to_the_review(presenter)
    presenter._parts = replace(presenter._parts, run_in_background=later)
    presenter.act("validate", {})
    presenter.act("validate", {})
    assert tablet.view.page.busy == "Enregistrement…"
    later.finish()
    assert len(tablet.filed) == 1


def test_a_printer_that_fails_leaves_the_reference_to_be_noted(tablet, presenter):
    tablet.print_error = CarrierUnavailable("NO_PAPER")
    to_the_review(presenter)
    presenter.act("validate", {})
    assert (
        plain(tablet.view.page.notices[0].title)
        == "Le reçu ne s’est pas imprimé. Notez votre référence : XBQ 7V3."
    )
    tablet.print_error = None
    presenter.act("print", {})
    assert tablet.prints == 2


def test_where_policy_wants_the_form_the_last_page_says_what_the_paper_is_for(tablet, presenter):
    tablet.receipt = replace(tablet.receipt, form_needed=True)
    to_the_review(presenter)
    presenter.act("validate", {})
    assert [plain(notice.title) for notice in tablet.view.page.notices] == [
        "Cette fiche vous aide à remplir le formulaire à la gendarmerie ou au commissariat."
    ]


def test_a_request_that_could_not_be_recorded_says_what_is_safe_and_can_be_tried_again(tablet, presenter):
    tablet.file_error = CarrierUnavailable("DISK_FULL")
    to_the_review(presenter)
    presenter.act("validate", {})
    assert tablet.view.page.title == "Votre demande n’est pas enregistrée"
    tablet.file_error = None
    presenter.act("again", {})
    assert isinstance(tablet.view.page, FiledPage)
    assert len(tablet.filed) == 1


@pytest.mark.parametrize(
    ("key", "answers", "message"),
    [
        ("mandant.birth_name", {"name": "  "}, "Saisissez votre nom de naissance."),
        ("mandant.birth_name", {"name": "DUB0IS"}, "Le nom ne peut pas contenir « 0 »."),
        ("mandant.birth_name", {"name": "Dub\u202eois"}, None),
        ("mandant.birth_name", {"name": "D" * 101}, "Le nom doit avoir 100 caractères au plus."),
        ("mandant.given_names", {"names": ""}, "Saisissez vos prénoms."),
        ("mandant.sex", {}, "Quel est votre sexe à l’état civil ? Choisissez une réponse."),
        ("mandant.birth_date", {"date": ("", "", "")}, "Saisissez votre date de naissance."),
        ("mandant.birth_date", {"date": ("24", "08", "2030")}, "Votre date de naissance doit être passée."),
        (
            "mandant.birth_date",
            {"date": ("24", "08", "1862")},
            "Vérifiez l’année : elle donne plus de 120 ans.",
        ),
        (
            "mandant.birth_date",
            {"date": ("30", "02", "1962")},
            "Cette date n’existe pas. Vérifiez le jour, le mois et l’année.",
        ),
        ("email.question", {"email": ""}, "Saisissez votre adresse électronique."),
        ("email.question", {"email": "angela"}, "Il manque un @ dans l’adresse."),
        ("email.question", {"email": "angela@exemple"}, "Il manque la fin de l’adresse, après le @."),
        ("place.question", {"place": "Nouméa"}, "Choisissez votre commune dans la liste."),
        ("mandataire.birth_name", {"name": ""}, "Saisissez le nom de naissance de cette personne."),
        ("election.kind", {}, "Choisissez une élection ou une période."),
        ("election.rounds", {}, "Choisissez le 1er tour, le 2e tour ou les deux."),
    ],
)
def test_a_wrong_answer_is_explained_at_its_field_and_in_the_summary(
    tablet, presenter, key, answers, message
):
    answer_until(presenter, key)
    presenter.act("continue", answers)
    page = tablet.view.page
    assert isinstance(page, QuestionPage)
    assert page.summary == "Il y a 1\u00a0réponse à corriger"
    assert message is None or error_on(page) == message


def test_what_was_typed_stays_when_it_is_wrong(tablet, presenter):
    first_question(presenter)
    presenter.act("continue", {"name": "DUB0IS"})
    assert tablet.view.page.asked[0].value == "DUB0IS"


def test_going_back_keeps_the_answers(tablet, presenter):
    answer_until(presenter, "mandant.sex")
    presenter.act("back", {"sex": "m"})
    assert tablet.view.page.asked[0].value == "Angela Claire Louise"
    presenter.act("continue", {"names": "Angela", "none": False})
    assert tablet.view.page.asked[0].chosen == "m"


def test_an_answer_left_wrong_on_the_way_back_is_asked_again(tablet, presenter):
    to_the_review(presenter)
    presenter.act("change mandant.given_names", {})
    presenter.act("back", {"names": "", "none": False})
    assert tablet.view.page.name == "K2-birth_name"
    presenter.act("continue", {"name": "DUBOIS"})
    assert tablet.view.page.name == "K2-given_names"


def test_modifying_one_answer_comes_back_to_the_verification(tablet, presenter):
    to_the_review(presenter)
    presenter.act("change mandant.birth_name", {})
    presenter.act("continue", {"name": "Dubois-Martin"})
    assert isinstance(tablet.view.page, ReviewPage)
    assert tablet.view.page.rows[0].value == "Dubois-Martin"


def test_changing_the_commune_asks_again_what_depends_on_it(tablet, presenter):
    to_the_review(presenter)
    presenter.act("change place.question", {})
    presenter.typed("place", "Laon")
    presenter.picked(0)
    assert tablet.view.page.name == "K4-method"
    presenter.act("continue", {"method": "name"})
    assert tablet.view.page.name == "K5-kind"


def test_nobody_gives_a_procuration_to_themselves(tablet, presenter):
    answer_until(
        presenter,
        "mandataire.birth_date",
        {
            "mandataire.birth_name": {"name": "dubois"},
            "mandataire.given_names": {"names": "ANGELA Claire-Louise"},
        },
    )
    presenter.act("continue", {"date": ("24", "08", "1962"), "partial": False})
    assert error_on(tablet.view.page) == "Cette personne ne peut pas être vous."


def test_an_elector_of_nouvelle_caledonie_is_not_asked_for_an_elector_number(tablet, presenter):
    answer_until(presenter, "mandataire.birth_name")
    assert not any(page.name == "K4-method" for page in tablet.view.pages)
    assert plain(tablet.view.page.asked[0].hint) == "La personne qui votera pour vous"


def test_who_this_person_is_stands_on_the_first_page_about_them(tablet, presenter):
    answer_until(presenter, "mandataire.method", LAON_ANSWERS)
    assert plain(tablet.view.page.hint) == "La personne qui votera pour vous"


def test_elsewhere_the_mandataire_may_be_named_by_number_and_birth_date_only(tablet, presenter):
    to_the_review(presenter, LAON_ANSWERS)
    presenter.act("validate", {})
    mandataire = tablet.filed[0].mandataire
    assert mandataire.elector_number == "12345678"
    assert (mandataire.birth_name, mandataire.given_names, mandataire.sex, mandataire.enrolment) == (
        None,
    ) * 4


def test_an_unusual_number_asks_and_does_not_block(tablet, presenter):
    answer_until(presenter, "mandataire.number", LAON_ANSWERS)
    presenter.act("continue", {"number": "1234567"})
    assert plain(tablet.view.page.message.title) == "Ce numéro a 7 chiffres. Il en a le plus souvent 8 ou 9."
    presenter.act("number.exact", {"number": "1234567"})
    assert tablet.view.page.name == "K4-birth_date"


def test_a_mandataire_of_nouvelle_caledonie_for_an_elector_of_elsewhere_needs_paper(tablet, presenter):
    to_the_review(presenter, LAON_ANSWERS | {"mandataire.method": {"method": "name"}})
    assert tablet.view.page.name == "X4-paper"


def test_a_known_misspelling_of_an_address_is_only_suggested(tablet, presenter):
    answer_until(presenter, "email.question")
    presenter.act("continue", {"email": "angela@gmial.com"})
    assert plain(tablet.view.page.message.title) == "Vouliez-vous écrire angela@gmail.com ?"
    presenter.act("email.no", {"email": "angela@gmial.com"})
    assert presenter.draft.email == "angela@gmial.com"
    assert tablet.view.page.name == "K3-place"


def test_no_address_is_a_valid_answer(tablet, presenter):
    answer_until(presenter, "email.question")
    presenter.act("no_email", {"email": "ang"})
    assert tablet.view.page.name == "K3-place"


def test_only_two_letters_start_the_search_and_five_places_at_most_are_offered(tablet, presenter):
    answer_until(presenter, "place.question")
    presenter.typed("place", "N")
    assert tablet.view.offered == ()
    presenter.typed("place", "No")
    assert tablet.view.offered[0] == "Nouméa (Nouvelle-Calédonie)"
    assert "autrefois L’Herbaudière" in tablet.view.offered[2]
    presenter.typed("place", "Xq")
    assert plain(tablet.view.offered_empty).startswith("Aucune commune ne commence par « Xq ».")


def test_a_place_chosen_and_then_overtyped_is_no_longer_chosen(tablet, presenter):
    answer_until(presenter, "mandataire.birth_name")
    presenter.act("back", {})
    presenter.act("continue", {"place": "Nou"})
    assert error_on(tablet.view.page) == "Choisissez votre commune dans la liste."


def test_without_a_known_ballot_only_the_period_is_asked(tablet):
    tablet.calendar = FixedCalendar(scrutins=())
    presenter = tablet.presenter()
    to_the_review(presenter)
    presenter.act("validate", {})
    assert tablet.filed[0].validity == Period(first_day=date(2026, 12, 1), last_day=date(2027, 6, 30))


def test_a_ballot_of_one_round_asks_for_no_round(tablet):
    tablet.calendar = FixedCalendar(scrutins=(PROVINCIALES,))
    presenter = tablet.presenter()
    to_the_review(presenter)
    presenter.act("validate", {})
    assert tablet.filed[0].validity == OneScrutin(scrutin_id=PROVINCIALES.id, rounds=Rounds.FIRST)


def test_simultaneous_ballots_are_one_choice(tablet):
    tablet.calendar = FixedCalendar(scrutins=(DOUBLE,))
    presenter = tablet.presenter()
    answer_until(presenter, "election.kind")
    assert "Élections départementales et régionales" in tablet.view.page.asked[0].options[0].detail


@pytest.mark.parametrize(
    ("first", "last", "message"),
    [
        (("01", "12", "2026"), ("30", "11", "2026"), "Le dernier jour doit être après le premier jour."),
        (("01", "01", "2026"), ("30", "11", "2026"), "Le premier jour doit être aujourd’hui ou plus tard."),
        (("01", "12", "2026"), ("30", "12", "2027"), "La période doit durer 1 an au plus."),
        (("01", "12", "2026"), ("", "", ""), "Saisissez le dernier jour."),
    ],
)
def test_a_period_starts_today_or_later_and_lasts_as_long_as_the_law_allows(
    tablet, presenter, first, last, message
):
    answer_until(presenter, "election.dates", {"election.kind": {"kind": "period"}})
    presenter.act("continue", {"first": first, "last": last})
    assert error_on(tablet.view.page) == message


def test_a_person_under_18_on_polling_day_is_told_on_a_page(tablet, presenter):
    to_the_review(presenter, {"mandant.birth_date": {"date": ("26", "04", "2009"), "partial": False}})
    assert tablet.view.page.name == "X4-minor"
    offered = [plain(command.text) for command in tablet.view.page.commands]
    assert offered == ["Corriger ma date de naissance", "Choisir une autre élection"]


def test_a_person_who_turns_18_by_the_second_round_may_ask(tablet, presenter):
    to_the_review(presenter, {"mandant.birth_date": {"date": ("25", "04", "2009"), "partial": False}})
    assert isinstance(tablet.view.page, ReviewPage)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("", "Tapez votre code."),
        ("1", "Code incorrect. Il reste 4 essais."),
        ("111111", "Trop d’essais. Attendez 30 secondes, puis tapez votre code."),
        ("000000", "Accès bloqué. Appelez l’administrateur."),
    ],
)
def test_the_post_opens_with_the_agents_code_only(tablet, presenter, code, message):
    presenter.act("unlock", {"code": code})
    assert error_on(tablet.view.page) == message
    presenter.act("unlock", {"code": RIGHT_CODE})
    assert tablet.view.page.name == "K0-welcome"


def test_a_rule_broken_at_filing_is_said_in_words(tablet, presenter):
    tablet.file_error = RuleViolated("MANDATAIRE_EST_LE_MANDANT")
    to_the_review(presenter)
    presenter.act("validate", {})
    assert "Cette personne ne peut pas être vous." in tablet.view.page.paragraphs


def test_r_73_the_page_that_asks_for_paper_prints_the_sheet_and_files_nothing(tablet, presenter):
    to_paper(presenter)
    assert tablet.view.page.name == "X4-paper"
    assert [command.key for command in tablet.view.page.commands][-1] == "prepare"
    presenter.act("prepare", {})
    assert [one.mandant.birth_name for one in tablet.prepared] == ["DUBOIS"]
    assert tablet.view.page.message.tone == "ok"
    tablet.print_error = CarrierUnavailable("IMPRIMANTE_ABSENTE")
    presenter.act("prepare", {})
    assert tablet.view.page.message.tone == "warn"
    assert tablet.filed == []


def test_r_27_where_policy_wants_the_form_the_sheet_comes_with_the_receipt(tablet, presenter):
    tablet.receipt = replace(tablet.receipt, form_needed=True)
    to_the_review(presenter)
    presenter.act("validate", {})
    assert (tablet.prints, len(tablet.prepared)) == (1, 1)


def test_without_that_policy_no_sheet_is_printed(tablet, presenter):
    to_the_review(presenter)
    presenter.act("validate", {})
    assert (tablet.prints, tablet.prepared) == (1, [])


def to_paper(presenter):
    """An elector of Laon names somebody of Nouméa."""
    answer_until(presenter, "", LAON_ANSWERS | {"mandataire.method": {"method": "name"}})


# ---- the printer of the receipt
def filed_with(tablet, presenter, error):
    tablet.print_error = error
    to_the_review(presenter)
    presenter.act("validate", {})
    return tablet.view.page


def test_a_receipt_that_did_not_come_out_says_why_and_whom_to_call(tablet, presenter):
    page = filed_with(tablet, presenter, CarrierUnavailable("PAPIER_FINI"))
    (notice,) = page.notices
    assert plain(notice.title) == "Le reçu ne s’est pas imprimé. Notez votre référence : XBQ 7V3."
    assert plain(notice.text) == "Il n’y a plus de papier. Appelez la personne à l’accueil."


def test_a_receipt_that_did_not_come_out_is_not_to_be_taken_even_after_the_list_of_places(tablet, presenter):
    page = filed_with(tablet, presenter, CarrierUnavailable("PAPIER_FINI"))
    assert plain(page.steps[0]) == "Notez votre référence."
    presenter.act("places", {})
    presenter.act("filed", {})
    assert (tablet.view.page.notices, tablet.view.page.steps) == (page.notices, page.steps)
    tablet.print_error = None
    presenter.act("print", {})
    assert plain(tablet.view.page.steps[0]) == "Prenez le reçu."


@pytest.mark.parametrize(
    ("email", "error", "told"),
    [
        (True, None, "Votre référence arrivera par message. Le reçu suffit pour continuer."),
        (True, CarrierUnavailable("PAPIER_FINI"), "Votre référence arrivera par message."),
        (False, None, "Le reçu suffit pour continuer."),
        (False, CarrierUnavailable("PAPIER_FINI"), "Appelez la personne à l’accueil."),
    ],
)
def test_without_a_reference_only_what_is_true_is_promised(tablet, presenter, email, error, told):
    tablet.receipt, tablet.print_error = replace(tablet.receipt, reference=None), error
    to_the_review(presenter)
    presenter.draft.no_email = not email
    presenter.act("validate", {})
    assert plain(tablet.view.page.reference_label) == told


def test_without_receipt_nor_reference_somebody_is_called(tablet, presenter):
    tablet.receipt = replace(tablet.receipt, reference=None)
    page = filed_with(tablet, presenter, CarrierUnavailable("PAPIER_FINI"))
    assert plain(page.steps[0]) == "Appelez la personne à l’accueil."


@pytest.mark.parametrize("deadline", [NOW.date(), NOW.date() - timedelta(days=1)])
def test_on_the_last_day_nobody_is_told_to_go_before_it(tablet, presenter, deadline):
    tablet.receipt = replace(tablet.receipt, deadline=deadline)
    page = filed_with(tablet, presenter, None)
    assert plain(page.steps[1]).endswith("avec votre pièce d’identité, aujourd’hui.")


def test_the_same_receipt_comes_out_when_there_is_paper_again_until_the_wipe(tablet, presenter):
    filed_with(tablet, presenter, CarrierUnavailable("PAPIER_FINI"))
    tablet.print_error = None
    presenter.act("print", {})
    presenter.act("print", {})
    assert (tablet.prints, len(tablet.filed)) == (3, 1)
    assert "print" in [command.key for command in tablet.view.page.commands]
    presenter.act("end", {})
    presenter.act("print", {})
    assert tablet.prints == 3


def test_what_came_out_at_last_is_said(tablet, presenter):
    filed_with(tablet, presenter, CarrierUnavailable("CAPOT_OUVERT"))
    tablet.print_error = None
    presenter.act("print", {})
    assert [notice.tone for notice in tablet.view.page.notices] == ["info"]


def test_a_printer_that_does_not_come_back_holds_nobody(tablet):
    later = Later()

    def background(work, then):
        run = later if tablet.filed else at_once
        run(work, then)

    presenter = tablet.presenter(run_in_background=background)
    presenter.start()
    to_the_review(presenter)
    presenter.act("validate", {})
    assert (tablet.view.page.name, len(later.waiting)) == ("K7-filed", 1)  # still being printed
    presenter.act("print", {})
    assert len(later.waiting) == 1
    presenter.act("end", {})
    assert tablet.view.page.name == "K0-welcome"
    tablet.print_error = CarrierUnavailable("IMPRIMANTE_MUETTE")
    later.finish()
    assert tablet.view.page.name == "K0-welcome"


def test_where_papers_have_a_queue_of_their_own_the_next_code_does_not_wait(tablet):
    papers = Later()
    presenter = tablet.presenter(print_aside=papers)
    presenter.start()
    to_the_review(presenter)
    presenter.act("validate", {})
    presenter.act("end", {})
    presenter.act("agent", {})
    presenter.act("agent.enter", {"code": RIGHT_CODE})
    assert (tablet.view.page.name, len(papers.waiting), tablet.prints) == ("KA-menu", 1, 0)
    papers.finish()
    assert tablet.view.page.name == "KA-menu"
