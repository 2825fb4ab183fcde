"""Until when each paper and datum is kept (R. 73, R. 76)."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procuration.domain.retention import Kept, check_bounds, deletable_on, locked_copy_until
from procuration.errors import RuleViolated
from tests.builders import LAON, NOUMEA
from tests.domain.shipped import LAW, law_with

DAYS = st.dates(min_value=date(2021, 4, 6), max_value=date(2200, 1, 1))


@pytest.mark.parametrize(
    ("kept", "starts", "deletable"),
    [
        (Kept.PAPER_FORM, date(2024, 7, 7), date(2025, 7, 8)),
        (Kept.PAPER_FORM, date(2028, 2, 29), date(2029, 3, 1)),
    ],
)
def test_r_62_the_form_is_kept_one_year_after_the_end_of_validity(kept, starts, deletable):
    assert deletable_on(kept, starts, NOUMEA, LAW) == deletable


def test_r_63_tele_procedure_data_is_kept_one_year_after_the_end_of_validity():
    assert deletable_on(Kept.TELEPROCEDURE_DATA, date(2024, 7, 7), NOUMEA, LAW) == date(2025, 7, 8)


@pytest.mark.parametrize("months", [11, 25])
def test_r_63_tele_procedure_data_is_kept_no_less_than_paper_and_two_years_at_most(months):
    law = law_with(body_retention_months=months)
    with pytest.raises(RuleViolated, match="CONSERVATION_HORS_LIMITES"):
        deletable_on(Kept.TELEPROCEDURE_DATA, date(2024, 7, 7), NOUMEA, law)


@given(DAYS)
def test_r_63_the_shipped_law_keeps_within_the_bounds_on_every_day(day):
    check_bounds(day, LAON, LAW)
    check_bounds(day, NOUMEA, LAW)


@pytest.mark.parametrize(
    ("filed_on", "deletable"),
    [(date(2027, 4, 1), date(2027, 6, 2)), (date(2026, 12, 31), date(2027, 3, 1))],
)
def test_r_64_a_request_that_nobody_established_is_kept_two_months(filed_on, deletable):
    assert deletable_on(Kept.REQUEST, filed_on, NOUMEA, LAW) == deletable


def test_r_64_a_locked_copy_goes_two_months_after_filing_or_with_its_ballot():
    filed = datetime(2026, 12, 31, 9, 30, tzinfo=UTC)
    two_months, ballot = datetime(2027, 2, 28, tzinfo=UTC), datetime(2027, 1, 17, 7, tzinfo=UTC)
    assert locked_copy_until(filed, NOUMEA, None, LAW) == two_months
    assert locked_copy_until(filed.replace(hour=23), NOUMEA, None, LAW) == two_months
    assert locked_copy_until(filed, NOUMEA, ballot, LAW) == ballot
    assert locked_copy_until(filed, NOUMEA, datetime(2027, 4, 24, 7, tzinfo=UTC), LAW) == two_months
    assert locked_copy_until(filed, NOUMEA, None, law_with(request_retention_months=1)).month == 1


def test_r_65_the_papers_of_a_home_visit_are_kept_six_months_after_the_validity():
    assert deletable_on(Kept.HOME_VISIT_PAPERS, date(2024, 7, 7), NOUMEA, LAW) == date(2025, 1, 8)


def test_r_66_the_special_register_has_no_day_of_deletion():
    assert deletable_on(Kept.SPECIAL_REGISTER, date(2024, 7, 7), NOUMEA, LAW) is None


def test_r_67_before_2022_a_form_was_kept_four_months_after_the_time_for_a_challenge():
    assert deletable_on(Kept.PAPER_FORM, date(2021, 6, 27), LAON, LAW) == date(2021, 11, 8)
    assert deletable_on(Kept.PAPER_FORM, date(2022, 1, 1), LAON, LAW) == date(2023, 1, 2)


@pytest.mark.parametrize("kept", [one for one in Kept if one is not Kept.SPECIAL_REGISTER])
@given(day=DAYS)
def test_r_62_r_63_r_64_r_65_nothing_is_deleted_before_its_day(kept, day):
    assert deletable_on(kept, day, LAON, LAW) > day


def test_a_day_without_a_law_deletes_nothing():
    with pytest.raises(RuleViolated, match="LOI_INCONNUE"):
        deletable_on(Kept.PAPER_FORM, date(2020, 6, 28), LAON, LAW)


def test_the_last_day_that_can_be_written_is_a_day():
    assert deletable_on(Kept.PAPER_FORM, date.max, LAON, LAW) == date.max
