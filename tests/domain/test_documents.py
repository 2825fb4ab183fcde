"""Which title proves the identity of the mandant on the day of the act (order of 16 November 2018)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procuration.domain.acts import IdentityDocument
from procuration.domain.documents import check_document, document_rules
from procuration.errors import RuleViolated
from tests.builders import LAON
from tests.domain.shipped import LAW, law_with

TODAY = date(2027, 4, 1)
RULES = document_rules(LAW, LAON, TODAY)
CARD, PASSPORT = IdentityDocument.NATIONAL_IDENTITY_CARD, IdentityDocument.PASSPORT
LICENCE, MILITARY = IdentityDocument.DRIVING_LICENCE, IdentityDocument.MILITARY_CARD
HUNTING = IdentityDocument.HUNTING_LICENCE_WITH_PHOTO


def test_r_19_the_order_lists_twelve_titles():
    assert frozenset(IdentityDocument) == RULES.accepted


@pytest.mark.parametrize(
    ("title", "expired_on", "issued_on", "on_day", "code"),
    [
        (CARD, date(2027, 4, 1), None, TODAY, None),
        (CARD, date(2022, 4, 2), None, TODAY, None),
        (CARD, date(2022, 4, 1), None, TODAY, "PIECE_PERIMEE"),
        (PASSPORT, date(2022, 4, 2), None, TODAY, None),
        (PASSPORT, date(2017, 1, 1), None, TODAY, "PIECE_PERIMEE"),
        (CARD, None, None, TODAY, None),
        (MILITARY, date(2027, 3, 31), None, TODAY, "PIECE_PERIMEE"),
        (MILITARY, date(2027, 4, 1), None, TODAY, None),
        (HUNTING, None, date(1999, 9, 1), TODAY, None),
        (LICENCE, date(2027, 3, 31), date(2014, 1, 1), TODAY, "PIECE_PERIMEE"),
        (LICENCE, None, date(2013, 1, 18), TODAY, None),
        (LICENCE, date(2020, 1, 1), date(2013, 1, 18), TODAY, None),
        (LICENCE, date(2020, 1, 1), date(2013, 1, 19), TODAY, "PIECE_PERIMEE"),
        (LICENCE, None, date(2013, 1, 18), date(2033, 1, 19), None),
        (LICENCE, None, date(2013, 1, 18), date(2033, 1, 20), "PIECE_PERIMEE"),
        (CARD, date(2037, 1, 1), date(2027, 4, 2), TODAY, "PIECE_DATES"),
        (CARD, date(2020, 1, 1), date(2021, 1, 1), TODAY, "PIECE_DATES"),
    ],
)
def test_r_19_a_title_is_accepted_up_to_a_day(title, expired_on, issued_on, on_day, code):
    if code is None:
        check_document(title, expired_on, issued_on, on_day, RULES)
        return
    with pytest.raises(RuleViolated, match=code):
        check_document(title, expired_on, issued_on, on_day, RULES)


def test_r_18_without_a_title_nobody_is_identified():
    with pytest.raises(RuleViolated, match="PIECE_MANQUANTE"):
        check_document(None, None, None, TODAY, RULES)


def test_r_19_a_title_that_the_table_does_not_list_is_refused():
    rules = document_rules(law_with(identity_documents="1 2"), LAON, TODAY)
    check_document(CARD, None, None, TODAY, rules)
    with pytest.raises(RuleViolated, match="PIECE_NON_LISTEE"):
        check_document(LICENCE, None, None, TODAY, rules)


@pytest.mark.parametrize("value", ["hier", 20130119])
def test_r_19_a_table_whose_day_is_none_is_not_guessed_at(value):
    with pytest.raises(RuleViolated, match="LOI_INCONNUE"):
        document_rules(law_with(old_licence_issued_before=value), LAON, TODAY)


@given(st.sampled_from(IdentityDocument), st.dates(), st.dates())
def test_r_19_a_title_accepted_one_day_was_accepted_the_day_before(title, expired_on, day):
    def accepted(on_day):
        try:
            check_document(title, expired_on, None, on_day, RULES)
        except RuleViolated:
            return False
        return True

    before = date.fromordinal(max(1, day.toordinal() - 1))
    assert accepted(before) or not accepted(day)
