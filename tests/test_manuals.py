"""The manuals and the album name only what the tablet shows, with pictures that exist."""

import re
from pathlib import Path

import pytest

from kiosk_app.texts_fr import SENTENCES
from kiosk_app.typesetting import french
from tests.screens.album import CONTRASTS, FOLDER, VISIT, names, page
from tests.screens.states import all_states

DOCS = Path(__file__).resolve().parents[1] / "docs"
MANUALS = [DOCS / "manuel" / name for name in ("accueil.md", "brigade.md")]
BOLD = re.compile(r"\*\*(.+?)\*\*")
ON_PAPER_ONLY = {
    "Ce qu’il faut", "Langue", "Taille et contraste", "Porter une clé USB.", "Fermer.",
    "Une tablette perdue ou volée", "Ce que vous ne devez pas faire", "Les agents",
    "Ce poste avait été copié", "Par l’oreille", "S’entraîner.",
}  # fmt: skip
"""Words of the manual itself, not of a screen."""


def said() -> set[str]:
    whole = {sentence.split("{")[0].strip() for sentence in SENTENCES.values()}
    return whole | {sentence.rstrip(" :\u00a0.") for sentence in whole}


@pytest.mark.parametrize("manual", MANUALS, ids=lambda path: path.stem)
def test_a_manual_names_only_what_the_tablet_says(manual):
    named = {french(one) for one in BOLD.findall(manual.read_text(encoding="utf-8"))}
    assert len(named) > 10
    assert named - said() - {french(one) for one in ON_PAPER_ONLY} == set()


@pytest.mark.parametrize("document", [*MANUALS, FOLDER / "README.md"], ids=lambda path: path.stem)
def test_every_picture_of_a_document_exists_and_has_words(document):
    pictures = re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", document.read_text(encoding="utf-8"))
    assert len(pictures) > 5
    assert [where for words, where in pictures if not words or not (document.parent / where).is_file()] == []


@pytest.mark.parametrize("manual", MANUALS, ids=lambda path: path.stem)
def test_a_sentence_of_a_manual_is_short(manual):
    text = re.sub(r"!\[.*?\]\(.*?\)|\*\*|^#+ ", "", manual.read_text(encoding="utf-8"), flags=re.M)
    sentences = [one for line in text.splitlines() for one in re.split(r"(?<=[.!?;:])\s", line)]
    assert [one for one in sentences if len(one.split()) > 22] == []


def test_the_page_of_the_album_is_the_one_that_make_screens_writes():
    assert (FOLDER / "README.md").read_text(encoding="utf-8") == page()


def test_the_album_shows_states_that_exist_and_every_kind_of_screen():
    states = {state.name for state in all_states()}
    assert set(names()) <= states
    kinds = {re.match(r"[A-Z]-?\d?|KA", name)[0] for name in states}
    assert kinds == {re.match(r"[A-Z]-?\d?|KA", name)[0] for name in names()}


def test_no_picture_of_the_album_is_left_over():
    expected = {f"{name}-{contrast}.png" for name in names() for contrast in CONTRASTS}
    assert {path.name for path in FOLDER.glob("*.png")} == expected
    assert sum(map(len, VISIT.values())) == len(set(names()))
