"""The manuals of the web side name only what its pages say, with pictures of its album; and the album's page
shows that side too."""

import re
from pathlib import Path
from string import Formatter

import pytest

from server.pages.legal import SETTINGS
from server.texts_fr import TEXTS
from tests.browser.album import FOLDER, VISIT, WIDTHS, names
from tests.paper import pages_of

DOCS = Path(__file__).resolve().parents[1] / "docs"
MANUALS = [DOCS / "manuel" / name for name in ("mairie.md", "administration.md")]
BOLD = re.compile(r"\*\*(.+?)\*\*")


def plain(words: str) -> str:
    return words.replace("\u202f", " ").replace("\xa0", " ").replace(" ", " ")


def beginning(sentence: str) -> str:
    """A sentence as far as its words are always the same, without its last mark."""
    words = next(iter(Formatter().parse(sentence)))[0] if "{" in sentence else sentence
    return plain(words).strip().rstrip(" :.")


@pytest.fixture(scope="module")
def said() -> set[str]:
    return {beginning(sentence) for sentence in TEXTS.values()}


@pytest.mark.parametrize("manual", MANUALS, ids=lambda path: path.stem)
def test_a_manual_names_only_what_a_page_says(manual: Path, said: set[str]):
    named = {plain(one).rstrip(".") for one in BOLD.findall(manual.read_text("utf-8"))}
    assert len(named) > 20
    assert named - said == set()


@pytest.mark.parametrize("document", [*MANUALS, DOCS / "screens" / "README.md"], ids=lambda path: path.stem)
def test_every_picture_exists_and_has_words(document: Path):
    pictures = re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", document.read_text("utf-8"))
    assert len(pictures) > 4
    assert [where for words, where in pictures if not words or not (document.parent / where).is_file()] == []


@pytest.mark.parametrize("manual", MANUALS, ids=lambda path: path.stem)
def test_a_sentence_of_a_manual_is_short(manual: Path):
    text = re.sub(
        r"```.*?```|!\[.*?\]\(.*?\)|\*\*|^#+ |^\|.*$", "", manual.read_text("utf-8"), flags=re.M | re.S
    )
    sentences = [one for line in text.splitlines() for one in re.split(r"(?<=[.!?;:])\s", line)]
    assert [one for one in sentences if len(one.split()) > 22] == []


def test_no_picture_of_the_web_side_is_missing_or_left_over():
    assert {path.name for path in FOLDER.glob("*.png")} == {
        f"{name}-{width}.png" for name in names() for width in WIDTHS
    }
    assert sum(map(len, VISIT.values())) == len(set(names()))


def test_the_settings_that_the_public_reads_are_in_the_manual():
    manual = MANUALS[1].read_text("utf-8")
    assert [name for name in SETTINGS if f"`{name}`" not in manual] == []


@pytest.mark.parametrize("manual", MANUALS, ids=lambda path: path.stem)
def test_a_manual_is_four_pages_of_paper(manual: Path):
    assert pages_of(manual) == 4
