"""O7, from who ends what to what is proved; and the paper of every act."""

from dataclasses import replace
from datetime import date

import pytest

from kiosk_app.presenters.pages import CheckPage, QuestionPage, ResultPage
from kiosk_app.presenters.ports import ActState
from procuration.domain.acts import ActPlaceKind, Declarations, missing_to_revoke
from procuration.domain.people import PartialDate
from procuration.domain.refusal import OFFICER_CODES, RefusalCode
from procuration.domain.validity import OneScrutin, Period, Rounds
from procuration.errors import CarrierUnavailable, RuleViolated
from tests.kiosk.presenters.fakes import NOUMEA, NOW, PRESIDENTIELLE, RIGHT_CODE, Brigade, Found, Later
from tests.kiosk.presenters.test_an_officer import plain, presenter, station, validated
from tests.kiosk.presenters.walk import CHECKED, found, unlocked
from tests.screens.states import REVOKE_CHECKED, REVOKER, revoke_checked, revoker_named, revoker_placed

__all__ = ["presenter", "station"]


def signs(presenter):
    presenter.act("revoke.confirm", REVOKE_CHECKED)
    presenter.act("revoke.sign", {"code": RIGHT_CODE})


def test_r_46_an_elector_without_paper_ends_all_their_procurations(station, presenter):
    revoke_checked(presenter)
    signs(presenter)
    ((asked, checked),) = station.revoker.asked
    assert (asked.mandant.birth_name, asked.mandant.given_names) == ("DUBOIS", "Angela Claire Louise")
    assert (asked.mandant.birth_date, asked.mandant.sex) == (PartialDate(1962, 8, 24), None)
    assert (asked.vote_place, asked.validity) == (NOUMEA, None)
    assert not missing_to_revoke(checked.declarations, ActPlaceKind.UNIT)
    assert not checked.declarations & Declarations.NO_CASE_OF_L72_1
    assert station.view.page.title == "Résiliation enregistrée"


def test_r_46_nobody_is_asked_why(station, presenter):
    revoke_checked(presenter)
    asked = [one.key for page in station.view.pages for one in getattr(page, "asked", ())]
    assert not {"reason", "motive"} & set(asked)
    assert "Ne demandez pas pourquoi." in station.view.page.lead


def test_one_election_is_ended_alone(station, presenter):
    revoker_placed(presenter)
    presenter.act("continue", {"which": "one"})
    if station.view.page.name == "K5-scrutin":
        presenter.act("continue", {"scrutin": PRESIDENTIELLE.id})
    presenter.act("continue", {"rounds": "2"})
    signs(presenter)
    expected = OneScrutin(scrutin_id=PRESIDENTIELLE.id, rounds=Rounds.SECOND)
    assert station.revoker.asked[0][0].validity == expected


def test_a_period_is_ended_alone(station, presenter):
    revoker_placed(presenter)
    presenter.act("continue", {"which": "period"})
    presenter.act("continue", {"first": ("01", "12", "2026"), "last": ("30", "06", "2027")})
    signs(presenter)
    assert isinstance(station.revoker.asked[0][0].validity, Period)


def test_what_is_missing_is_said_on_the_page_where_it_is_asked(station, presenter):
    unlocked(presenter)
    presenter.act("revoke", {})
    presenter.act("continue", {})
    page = station.view.page
    assert isinstance(page, QuestionPage)
    assert {one.key for one in page.asked if one.error} == {"name", "names", "date"}
    presenter.act("continue", REVOKER)
    presenter.act("continue", {"place": ""})
    assert station.view.page.asked[0].error
    presenter.picked(0)
    assert station.view.page.name == "O7-place"  # nothing was offered, nothing is chosen
    presenter.typed("place", "Noum")
    presenter.picked(0)
    presenter.act("continue", {})
    assert station.view.page.asked[0].error


def test_no_page_of_it_speaks_of_the_steps_of_a_kiosk(station, presenter):
    revoke_checked(presenter)
    pages = [page for page in station.view.pages if page.name.startswith("O7")]
    assert {page.name for page in pages} == {"O7-who", "O7-place", "O7-which", "O7-check"}
    assert all(page.step == 0 and "Étape" not in page.bar for page in pages)


@pytest.mark.parametrize("point", ["present", "equal", "photo", "free"])
def test_no_box_can_be_left_out(station, presenter, point):
    revoke_checked(presenter)
    presenter.act("revoke.confirm", REVOKE_CHECKED | {point: False})
    assert isinstance(station.view.page, CheckPage)
    assert station.view.page.focus == point
    assert "avant de résilier" in station.view.page.summary
    presenter.act("revoke.confirm", REVOKE_CHECKED | {"document": ""})
    assert "Pièce présentée" in station.view.page.summary
    assert station.revoker.asked == []


def test_back_leads_to_the_last_question_then_out_to_the_search(station, presenter):
    revoke_checked(presenter)
    presenter.act("revoke.back", REVOKE_CHECKED)
    assert station.view.page.name == "O7-which"
    presenter.act("back", {"which": "all"})
    presenter.act("back", {"place": ""})
    assert station.view.page.asked[0].value == "DUBOIS"
    presenter.act("back", REVOKER)
    assert station.view.page.name == "O1-search"
    presenter.act("revoke", {})
    assert station.view.page.asked[0].value == ""


def test_the_display_settings_keep_what_was_typed(station, presenter):
    unlocked(presenter)
    presenter.act("revoke", {})
    presenter.act("display", REVOKER)
    presenter.act("display.done", {})
    assert station.view.page.asked[0].value == "DUBOIS"


def test_a_wrong_code_ends_nothing_and_a_blocked_one_locks(station, presenter):
    revoke_checked(presenter)
    presenter.act("revoke.confirm", REVOKE_CHECKED)
    presenter.act("revoke.sign", {})
    assert station.view.page.asked[0].error == "Tapez votre code."
    presenter.act("revoke.sign", {"code": "1"})
    assert plain(station.view.page.asked[0].error) == "Code incorrect. Il reste 4 essais."
    presenter.act("revoke.sign", {"code": "000000"})
    assert (station.locks, station.view.page.name) == (1, "O0-locked")
    assert station.revoker.asked == []


def test_a_rule_against_it_is_said_and_nothing_is_recorded(station, presenter):
    station.sign_error = RuleViolated("DEJA_RESILIEE")
    revoke_checked(presenter)
    signs(presenter)
    assert station.view.page.message.text == "Cette procuration est déjà résiliée."
    assert station.printed == []


def test_an_old_directory_stops_it_before_the_code(station, presenter):
    station.status.directory_age_days = 17
    revoke_checked(presenter)
    presenter.act("revoke.confirm", REVOKE_CHECKED)
    assert station.view.page.name == "O7-check"
    assert "17" in station.view.page.message.title


def test_a_double_tap_signs_once(station):
    station.background = Later()
    presenter = station.presenter()
    presenter.start()
    presenter.act("unlock", {"code": RIGHT_CODE})
    station.background.finish()
    presenter.act("revoke", {})
    presenter.act("continue", REVOKER)
    presenter.typed("place", "Noum")
    presenter.picked(0)
    presenter.act("continue", {"which": "all"})
    presenter.act("revoke.confirm", REVOKE_CHECKED)
    presenter.act("revoke.sign", {"code": RIGHT_CODE})
    presenter.act("revoke.sign", {"code": RIGHT_CODE})
    station.background.finish()
    assert len(station.revoker.asked) == 1


def test_a_validated_request_opened_here_is_ended_with_everything_known(station, presenter):
    station.finder.known = Found(decision=date(2026, 11, 21))
    station.revoker.in_force = True
    found(presenter)
    assert [one.key for one in station.view.page.commands] == ["revoke.this", "next"]
    presenter.act("revoke.this", {})
    assert station.view.page.name == "O7-check"
    signs(presenter)
    assert station.revoker.asked[0][0] == Found().rid
    station.state = ActState(received_at=NOW, decided=True)
    station.time.pass_seconds(2)
    assert [one.done for one in station.view.page.progress] == [True, True, True]
    assert plain(station.view.page.progress[2].text) == "Résiliée"


def test_what_is_not_in_force_is_not_offered_to_be_ended(station, presenter):
    station.finder.known = Found(decision=date(2026, 11, 21))
    found(presenter)
    assert [one.key for one in station.view.page.commands] == ["next"]


def test_a_request_validated_elsewhere_can_be_ended_from_its_paper(station, presenter):
    found(presenter)
    presenter.act("refuse", CHECKED)
    assert [one.key for one in station.view.page.extra] == ["revoke.this"]
    presenter.act("revoke.this", {})
    before = len(station.view.pages)
    presenter.touched("where", REVOKE_CHECKED | {"where": "home"})
    shown = [page.name for page in station.view.pages[before:]]
    assert shown == ["O7-check"]  # the check of the validation does not come back
    presenter.act("revoke.back", REVOKE_CHECKED)
    assert station.view.page.name == "O2-check"


def test_the_officer_can_write_down_that_the_elector_gives_up(station, presenter):
    assert RefusalCode.ABANDON in OFFICER_CODES
    found(presenter)
    presenter.act("refuse", CHECKED)
    presenter.act("reason", {"reason": "ABANDON"})
    presenter.act("sign", {"code": RIGHT_CODE})
    assert station.refused[0][0] is RefusalCode.ABANDON


def test_a_resiliation_by_identity_promises_no_more_than_its_receipt(station, presenter):
    revoke_checked(presenter)
    signs(presenter)
    page = station.view.page
    assert isinstance(page, ResultPage)
    assert [one.done for one in page.progress] == [True, False]
    station.state = ActState(received_at=NOW)
    station.time.pass_seconds(2)
    assert [one.done for one in station.view.page.progress] == [True, True]


def test_the_screen_is_emptied_for_the_next_person(station, presenter):
    revoke_checked(presenter)
    signs(presenter)
    presenter.act("next", {})
    assert station.view.page.name == "O1-search"
    presenter.act("print.act", {})
    assert station.printed == [8]
    revoker_named(station.presenter())


# the paper of an act


def test_the_recepisse_is_printed_after_each_act_and_again_when_asked(station, presenter):
    validated(presenter)
    assert station.printed == [7]
    assert station.view.page.notice.title == "Le récépissé est imprimé. Donnez-le à la personne."
    presenter.act("print.act", {})
    assert station.printed == [7, 7]


@pytest.mark.parametrize(
    ("email", "said"),
    [
        ("a@b.fr", "Le récépissé partira par message."),
        (None, "Branchez une imprimante, puis imprimez à nouveau."),
    ],
)
def test_without_a_printer_the_page_says_how_the_recepisse_comes(station, presenter, email, said):
    request = Found()
    station.finder.known = replace(request, filed=replace(request.filed, email=email))
    station.print_error = CarrierUnavailable("IMPRIMANTE_ABSENTE")
    validated(presenter)
    page = station.view.page
    assert page.title == "Procuration validée"
    assert (page.notice.title, page.notice.text) == ("Aucune imprimante", said)


def test_a_printer_that_fails_loses_nothing(station, presenter):
    station.print_error = CarrierUnavailable("IMPRESSION")
    validated(presenter)
    assert len(station.validated) == 1
    assert "Votre décision est enregistrée." in station.view.page.notice.text
    station.print_error = None
    presenter.act("print.act", {})
    assert station.view.page.notice.tone == "info"


def test_a_paper_that_comes_out_late_is_not_told_to_the_next_person(station):
    station.background = Later()
    presenter = station.presenter()
    presenter.start()
    presenter.act("unlock", {"code": RIGHT_CODE})
    station.background.finish()
    presenter.act("find", {"reference": "XBQ 7V3", "birth_date": ("24", "08", "1962")})
    station.background.finish()
    presenter.act("validate", CHECKED)
    presenter.act("sign", {"code": RIGHT_CODE})
    station.background.finish()
    presenter.act("next", {})
    station.background.finish()  # the paper
    assert station.printed == [7]
    assert station.view.page.name == "O1-search"


def test_a_paper_that_comes_out_late_says_nothing_of_the_next_act(station):
    station.background = Later()
    station.print_error = CarrierUnavailable("IMPRESSION")
    presenter = station.presenter()
    presenter.start()
    presenter.act("unlock", {"code": RIGHT_CODE})
    station.background.finish()
    for _ in range(2):
        presenter.act("find", {"reference": "XBQ 7V3", "birth_date": ("24", "08", "1962")})
        station.background.waiting.insert(0, station.background.waiting.pop())
        station.background.finish()
        presenter.act("validate", CHECKED)
        presenter.act("sign", {"code": RIGHT_CODE})
        station.background.waiting.insert(0, station.background.waiting.pop())
        station.background.finish()  # the act; its paper is slow
        if len(station.validated) == 1:
            presenter.act("next", {})
    station.background.finish()  # the paper of the first act fails
    assert station.view.page.notice is None
    station.background.finish()
    assert station.view.page.notice.title == "Le récépissé ne s’est pas imprimé"


def test_a_brigade_opened_after_a_resiliation_has_no_trace_of_it():
    station = Brigade()
    presenter = station.presenter()
    presenter.start()
    revoke_checked(presenter)
    presenter.act("lock", {})
    presenter.act("unlock", {"code": RIGHT_CODE})
    presenter.act("revoke", {})
    assert all(not getattr(one, "value", "") for one in station.view.page.asked)
