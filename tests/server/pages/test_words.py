"""The French catalogue: complete, typeset, and in plain words."""

import re
from pathlib import Path
from string import Formatter

import pytest

import server
from procuration.domain.acts import Declarations, IdentityDocument
from procuration.domain.events import Authentication, Channel
from procuration.domain.refusal import RefusalCode
from procuration.domain.status import Status
from server.ledger.enums import Aside
from server.texts_fr import TEXTS, counted, text
from server.words.reasons import ELECTIONS, REASON

PACKAGE = Path(server.__file__).parent
SENTENCES = {
    **TEXTS,
    **{f"{code}.{i}": words for code, both in REASON.items() for i, words in enumerate(both)},
}


FAULTS_OF_TYPOGRAPHY = (
    r"'|\"|\.\.\.",
    r"(?<!\u202f)[;!?]",
    r"(?<!\xa0):",
    r"«(?!\xa0)|(?<!\xa0)»",
    r"^\s|\s$|\s\s",
)


@pytest.mark.parametrize("fault", FAULTS_OF_TYPOGRAPHY)
def test_no_sentence_has_a_fault_of_typography(fault: str):
    assert [key for key, sentence in SENTENCES.items() if re.search(fault, sentence)] == []


def test_no_sentence_blames_or_uses_jargon():
    blame = re.compile("veuillez|obligatoire|cliquez|merci de", re.IGNORECASE)
    assert [key for key, sentence in SENTENCES.items() if blame.search(sentence)] == []


def test_singular_and_plural_go_together_and_french_counts_zero_as_one():
    for key in TEXTS:
        if key.endswith(".one"):
            assert f"{key.removesuffix('.one')}.many" in TEXTS
    assert "attend votre" in counted("mairie.list.count", 0)
    assert "attend votre" in counted("mairie.list.count", 1)
    assert "attendent" in counted("mairie.list.count", 2)


def test_every_word_of_the_domain_has_a_sentence():
    for prefix, values in {
        "authentication": Authentication,
        "channel": Channel,
        "document": IdentityDocument,
        "declaration": Declarations,
        "status": Status,
    }.items():
        for value in values:
            assert f"{prefix}.{int(value)}" in TEXTS
    assert set(REASON) == set(RefusalCode)
    for code in Aside:
        assert f"console.code.{code.value}" in TEXTS, code


def test_r_77_no_sentence_names_the_prefet_without_the_haut_commissaire():
    named = {key: said for key, said in TEXTS.items() if re.search(r"préf(et|ecture)", said)}
    assert named
    assert [key for key, said in named.items() if "haut-commissa" not in said] == []


def test_every_election_of_the_calendar_has_a_name(world):
    for scrutin in world.centre.tables.calendar:
        for election in scrutin.elections:
            assert election in ELECTIONS, election


def test_templates_ask_only_for_sentences_that_exist():
    for template in (PACKAGE / "templates").rglob("*"):
        if template.is_file():
            for key in re.findall(r"\{% words(?:_by_count)? '([\w.]+)'", template.read_text("utf-8")):
                assert key in TEXTS or f"{key}.one" in TEXTS, (template.name, key)


def test_templates_hold_no_sentence_of_their_own():
    for template in (PACKAGE / "templates").rglob("*.html"):
        bare = re.sub(
            r"<style>[^<]*</style>|<[^>]*>", " ", re.sub(r"\{[%{].*?[%}]\}", "", template.read_text("utf-8"))
        )
        words = set(re.findall(r"[A-Za-zÀ-ÿ]{2,}", bare)) - {"République", "française"}
        assert not words, (template.name, words)


def test_values_of_a_sentence_are_named():
    for key, sentence in TEXTS.items():
        for _, name, _, _ in Formatter().parse(sentence):
            assert name is None or name.isidentifier(), key


def test_an_unknown_key_is_our_own_bug():
    with pytest.raises(KeyError):
        text("il.n.existe.pas")
