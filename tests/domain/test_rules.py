"""The table of the rules, and that every code of refusal leads to one of them."""

import pytest

from procuration.domain import establishment, refusal
from procuration.domain.control import RULE_OF_CONTROL_DOUBT
from procuration.domain.rules import RULES, Confidence

FREE = {"R-68", "R-69"}


def test_the_rules_are_numbered_one_to_eighty():
    assert list(RULES) == [number for n in range(1, 81) if (number := f"R-{n:02}") not in FREE]


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_a_rule_has_its_article_a_title_and_a_sentence(rule):
    assert rule.article.strip()
    assert rule.title[0].isupper()
    assert rule.title[-1] not in ".;:"
    assert "'" not in rule.title
    assert rule.sentence.endswith(".")
    assert rule.outside is None or rule.outside.endswith(".")
    assert rule.confidence in Confidence


def test_every_code_of_refusal_has_a_rule_but_the_four_that_people_choose():
    without = {"CONSENTEMENT_DOUTEUX", "ERREUR_DE_SAISIE", "REPRISE_AU_POSTE", "ABANDON"}
    assert {code.value for code in refusal.RefusalCode if code not in refusal.RULE} == without
    assert set(refusal.RULE.values()) <= set(RULES)


def test_a_code_that_both_tables_know_has_one_rule():
    for code, rule in establishment.CODES.items():
        if code in refusal.RefusalCode.__members__:
            assert refusal.RULE[refusal.RefusalCode(code)] == rule


def test_no_refusal_rests_on_a_rule_that_is_outside_the_software():
    used = {*refusal.RULE.values(), *establishment.CODES.values(), *RULE_OF_CONTROL_DOUBT.values()}
    assert {number for number in used if RULES[number].outside} == set()
