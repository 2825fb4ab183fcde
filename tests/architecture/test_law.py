"""The law is whole: every rule has its test or its reason, and docs/law.md says so."""

import pytest

from procuration.domain.rules import RULES
from tests import law


def test_every_rule_has_a_test_or_is_outside_the_software():
    assert law.unproved() == set()


def test_every_rule_that_the_software_follows_is_cited_in_the_code():
    cited = law.code_by_rule()
    inside = {rule.number for rule in RULES.values() if rule.outside is None}
    assert inside - set(cited) == set()


def test_no_docstring_cites_a_rule_that_does_not_exist():
    assert set(law.code_by_rule()) - set(RULES) == set()


def test_no_test_names_a_rule_that_does_not_exist():
    assert law.misnamed_tests() == []


def test_the_page_is_up_to_date():
    assert law.TABLE.read_text(encoding="utf-8") == law.table(), "make law"


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("(R-38)", ["R-38"]),
        ("R-38 to R-40", ["R-38", "R-39", "R-40"]),
        ("R-38 to\n    R-39, R-64", ["R-38", "R-39", "R-64"]),
        ("R. 38, R-1", []),
    ],
)
def test_a_docstring_cites_rules_by_number_or_in_a_range(text, rules):
    assert list(law.cited_in(text)) == rules


@pytest.mark.parametrize(
    ("name", "rules"),
    [
        ("test_r_38_two_at_most", ("R-38",)),
        ("test_r_31_r_32_one_choice", ("R-31", "R-32")),
        ("test_r38_two_at_most", ()),
        ("test_a_rule", ()),
    ],
)
def test_the_name_of_a_test_begins_with_its_rules(name, rules):
    assert law.rules_named(name) == rules
