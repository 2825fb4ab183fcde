"""Every message of the centre as a mailbox shows it, audited like a page: by day and by night, at 320 pixels,
with the four spacings, in both languages."""

import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from selenium import webdriver

from server.config.centre import Tables
from server.notices.letters import mail_for
from server.notices.samples import SAMPLES, invented
from tests.browser import audit
from tests.browser.conftest import started
from tests.server.centre import centre_of

_LANGUAGES = """
return [...document.querySelectorAll("[lang]")].map(one => [one.lang, one.innerText.trim()]);
"""
_LAYOUT = """
return [...document.querySelectorAll("table:not([role=presentation]), img, a, script, link, form")].map(
  one => one.localName);
"""


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """One browser for all messages."""
    driver = started(tmp_path_factory.mktemp("chromium"))
    audit.prepare(driver)
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    return centre_of(tmp_path_factory.mktemp("centre")).tables


def shown(browser: webdriver.Chrome, html: str) -> None:
    browser.get("data:text/html;charset=utf-8," + quote(html))


@pytest.mark.parametrize("name", SAMPLES)
def test_a_message_is_accessible_as_html(name: str, chromium: webdriver.Chrome, tables: Tables):
    shown(chromium, mail_for(*invented(name, tables), tables).as_html())
    assert audit.mail_faults(chromium) == []
    assert chromium.execute_script(_LAYOUT) == []
    said = chromium.execute_script(_LANGUAGES)
    assert [language for language, _ in said] == ["fr", "fr", "en", "en"]
    french, english = said[1][1], said[3][1]
    assert re.search(r"\b(votre|vous)\b", french, re.IGNORECASE)
    assert not re.search(r"\b(votre|vous)\b", english, re.IGNORECASE)


def test_the_audit_of_a_message_sees_what_is_wrong(chromium: webdriver.Chrome, tables: Tables):
    good = mail_for(*invented("m1", tables), tables).as_html()
    for change, fault in (
        ((' lang="fr"', ""), "html-has-lang"),
        (("color:#4a4a4a", "color:#c4c4c4"), "color-contrast"),
        (("color: #d0d3e0", "color: #3a3d4c"), "by night, color-contrast"),
        (("max-width:36em", "min-width:36em"), "pixels wide in 320"),
        (
            ("<ul class", '<ul hidden></ul><div style="height:9px;overflow:hidden">mot</div><ul class'),
            "is cut",
        ),
    ):
        assert change[0] in good
        shown(chromium, good.replace(*change))
        found = audit.mail_faults(chromium)
        assert any(fault in one for one in found), (fault, found)
