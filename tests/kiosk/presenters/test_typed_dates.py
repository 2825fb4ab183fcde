"""Dates as people type them."""

from datetime import date

import pytest

from kiosk_app.languages import wording
from kiosk_app.presenters.formats import birth_date_in_words, days_in_words
from kiosk_app.presenters.typed_date import parse_birth_date
from procuration.domain.people import PartialDate
from procuration.errors import RuleViolated


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (("24", "08", "1962"), PartialDate(1962, 8, 24)),
        (("4", "8", "1962"), PartialDate(1962, 8, 4)),
        (("1er", "août", "1962"), PartialDate(1962, 8, 1)),
        ((" 24 ", "aout", "1962"), PartialDate(1962, 8, 24)),
        (("24", "févr.", "1962"), PartialDate(1962, 2, 24)),
    ],
)
def test_a_date_is_understood_however_it_is_typed(typed, meant):
    assert parse_birth_date(typed, partial=False) == meant


@pytest.mark.parametrize(
    ("typed", "partial", "code"),
    [
        (("", "", ""), False, "DATE_MANQUANTE"),
        (("", "08", "1962"), False, "DATE_SANS_JOUR"),
        (("24", "", "1962"), False, "DATE_SANS_MOIS"),
        (("24", "", "1962"), True, "DATE_SANS_MOIS"),
        (("24", "08", ""), True, "DATE_SANS_ANNEE"),
        (("24", "08", "62"), False, "DATE_ANNEE"),
        (("24", "ju", "1962"), False, "DATE_INEXISTANTE"),
        (("24", "jui", "1962"), False, "DATE_INEXISTANTE"),
        (("0", "08", "1962"), False, "DATE_INEXISTANTE"),
        (("²", "08", "1962"), False, "DATE_INEXISTANTE"),
        (("240", "08", "1962"), False, "DATE_INEXISTANTE"),
    ],
)
def test_what_is_missing_or_wrong_in_a_date_is_named(typed, partial, code):
    with pytest.raises(RuleViolated) as refused:
        parse_birth_date(typed, partial=partial)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (("", "08", "1962"), PartialDate(1962, 8)),
        (("", "", "1962"), PartialDate(1962)),
    ],
)
def test_an_unknown_day_or_month_is_accepted_through_the_box_only(typed, meant):
    assert parse_birth_date(typed, partial=True) == meant


@pytest.mark.parametrize(
    ("birth_date", "words"),
    [
        (PartialDate(1962, 8, 24), "24 août 1962"),
        (PartialDate(1962, 1, 1), "1er janvier 1962"),
        (PartialDate(1962, 8), "août 1962"),
        (PartialDate(1962), "1962"),
    ],
)
def test_a_birth_date_is_written_with_what_is_known(birth_date, words):
    assert birth_date_in_words(wording(), birth_date).replace("\u00a0", " ") == words


def test_two_polling_days_say_month_and_year_once():
    assert (
        days_in_words(wording(), (date(2027, 4, 11), date(2027, 4, 25))).replace("\u00a0", " ")
        == "11 et 25 avril 2027"
    )
    assert (
        days_in_words(wording(), (date(2024, 6, 30), date(2024, 7, 7))).replace("\u00a0", " ")
        == "30 juin et 7 juillet 2024"
    )
