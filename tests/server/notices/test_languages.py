"""Every message says the same in French and in English: nobody knows which one its reader understands."""

import re
from string import Formatter

import pytest

from procuration.domain.refusal import RefusalCode
from server.notices.letters import mail_for
from server.notices.samples import SAMPLES, invented
from server.words.mails import MAILS
from server.words.mails_en import ELECTIONS_EN, MAILS_EN, REASON_EN
from server.words.reasons import ELECTIONS, REASON
from tests.server.centre import World

OF_ONE_LANGUAGE = {"mail.english_below", "mail.heading"}


def holes(sentence: str) -> set[str | None]:
    return {field for _, field, _, _ in Formatter().parse(sentence)} - {None}


def test_every_sentence_has_its_english_with_the_same_values():
    english = {key for key in MAILS_EN if key.startswith("mail.")}
    assert set(MAILS) - OF_ONE_LANGUAGE == english - OF_ONE_LANGUAGE
    assert [key for key in english - OF_ONE_LANGUAGE if holes(MAILS[key]) != holes(MAILS_EN[key])] == []


def test_every_reason_and_election_has_its_english():
    assert set(REASON_EN) == set(REASON) == set(RefusalCode)
    assert set(ELECTIONS_EN) == set(ELECTIONS)


def test_no_english_sentence_is_french_or_badly_typeset():
    for key, sentence in (*MAILS_EN.items(), *REASON_EN.items()):
        assert not re.search(r"'|\"|\.\.\.|\s\s|\s[:;!?]|^\s|\s$", sentence), key
        assert not re.search(
            r"\b(votre|vous|mairie|procuration)\b", sentence.replace("Relais de procuration", "")
        ), key


@pytest.mark.parametrize("name", SAMPLES)
def test_each_message_is_written_in_both_languages_with_one_fact_for_one_fact(world: World, name: str):
    tables = world.centre.tables
    kind, one = invented(name, tables)
    mail = mail_for(kind, one, tables)
    french, english = mail.letters
    assert (french.language, english.language) == ("fr", "en")
    assert len(french.facts) == len(english.facts)
    assert len(french.paragraphs) == len(english.paragraphs)
    assert mail.subject == french.subject
    body = mail.as_text()
    assert body.index(french.lead) < body.index("English version\n") < body.index(english.lead)
    for line in (*english.facts, *english.paragraphs, english.lead):
        assert not re.search(r"\b(votre|vous|tour|dimanche|avril)\b", line), line


def test_a_procuration_that_a_newer_one_replaces_is_never_said_to_be_withdrawn_by_its_mandant(world: World):
    tables = world.centre.tables
    letter, english = mail_for(*invented("m7-remplacee", tables), tables).letters
    assert letter.subject.endswith("est remplacée")
    assert not any("résili" in line for line in (letter.subject, letter.lead, *letter.facts))
    assert not any("withdr" in line for line in (english.subject, english.lead, *english.facts))


@pytest.mark.parametrize("name", SAMPLES)
def test_each_html_message_names_its_languages_and_asks_for_nothing_elsewhere(world: World, name: str):
    tables = world.centre.tables
    html = mail_for(*invented(name, tables), tables).as_html()
    assert re.findall(r'<div role="article"[^>]* lang="(..)"', html) == ["fr", "en"]
    assert not re.search(r"https?:|//|<img|<script|<link|href|url\(|@import", html)
    assert 'content="light dark"' in html
    assert html.count("<h1") == 1
    assert "max-width:36em" in html
