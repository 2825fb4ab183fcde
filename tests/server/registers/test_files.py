"""The registers as files: what spreadsheets, printers and assistive tools make of them."""

import re
import subprocess
import zlib
from pathlib import Path

import pytest
from django.test import Client

from procuration.domain.refusal import RefusalCode
from procuration.errors import RecordRejected
from server.dossiers.models import Procuration
from server.registers import pdf_file as pdf_module
from server.registers.csv_file import disarmed
from server.registers.pdf_file import pdf_file
from server.registers.polls import Poll
from server.registers.selectors import registered, rows_of
from server.registers.sheet import Kind, Sheet
from server.registers.town_hall_sheets import TownHallRegisters
from tests.builders import NOUMEA
from tests.server.registers.conftest import (
    ROUND,
    copies,
    decides,
    pdf_info,
    pdf_text,
    plain,
    somebody,
    spaced,
    table,
)
from tests.server.townhall import LIFOU, Story, administrator, agent_of

LONG = somebody(
    "WAMYTAN DE LA TOUR D’AUVERGNE-LAURAGUAIS KAWIDRONE ʻĀPETO",
    "Marie-Joséphine Élisabeth Anne-Françoise Œdipe Žofie Clémentine",
    used_name="DE SAINT-ÉTIENNE-DU-ROUVRAY",
)
ONE_WORD = somebody("W" * 100, "M" * 100)


def sheet_of(story: Story, poll: Poll, kind: Kind) -> Sheet:
    """A sheet as the centre of the story has it now."""
    tables = story.world.centre.tables
    entries = registered(rows_of(NOUMEA, poll), poll, tables)
    now = story.world.clock.now()
    return TownHallRegisters(place=NOUMEA, poll=poll, entries=entries, tables=tables, now=now).sheet(kind)


# --- CSV


def test_r_56_the_public_file_has_the_columns_of_the_article(story: Story, agent: Client):
    decides(story.established(1))
    content = agent.get(f"{ROUND}/public.csv").content
    (row,) = table(content)
    assert {key: spaced(value) for key, value in row.items()} == {
        "Commune": "Nouméa",
        "Jour de vote": "2027-04-11",
        "Tour": "1",
        "N°": "1",
        "Nom du mandant": "DUBOIS",
        "Prénoms du mandant": "Angela Claire Louise",
        "Nom du mandataire": "DUPONT",
        "Prénoms du mandataire": "Jean-Claude Bernard",
        "Nom de l’autorité": "TAHUA",
        "Prénoms de l’autorité": "Maëva Rose",
        "Qualité de l’autorité": "Maréchale des logis-cheffe, OPJ",
        "Date d’établissement": "2027-04-01",
        "Lieu d’établissement": "Dumbéa",
        "Durée de validité": "élection présidentielle, les deux tours",
    }


def test_r_60_the_internal_file_says_who_refused_when_and_why(story: Story, agent: Client):
    decides(story.established(1), False, RefusalCode.PLAFOND_DEPASSE)
    (row,) = table(agent.get(f"{ROUND}/interne.csv").content)
    assert row["État"] == "Invalidée"
    assert row["Code"] == "PLAFOND_DEPASSE"
    assert row["Raison"] == "Le mandataire a déjà trop de procurations"
    assert row["Décidée le (heure de la commune)"] == "2027-04-01 20:30"
    assert re.fullmatch("l’agent [0-9a-f]{16}", row["Décidée par"])
    assert row["Naissance du mandant"] == "1962-08-24"
    assert row["Référence"] == "XBQ7V3"


def test_every_field_of_a_file_is_quoted_and_ends_as_spreadsheets_want(story: Story, agent: Client):
    decides(story.established(1))
    lines = agent.get(f"{ROUND}/interne.csv").content.removeprefix(b"\xef\xbb\xbf").split(b"\r\n")
    assert len(lines) == 3
    assert lines[2] == b""
    assert all(line.startswith(b'"') and line.endswith(b'"') for line in lines[:2])
    assert lines[0].count(b'";"') == lines[1].count(b'";"')


@pytest.mark.parametrize("kind", ["public", "interne", "emargement"])
def test_an_empty_file_has_its_headers(agent: Client, kind: str):
    content = agent.get(f"{ROUND}/{kind}.csv").content
    assert table(content) == []
    assert content.count(b"\r\n") == 1
    assert "Nom du mandant" in content.decode()


@pytest.mark.parametrize(
    "field",
    ["=1+1", "+33", "-Marie", "@SUM(A1)", "\tx", "\rx", "\nx", " =1+1", "\u00a0=cmd|' /C calc'!A0", "＝1"],
)
def test_a_field_that_a_spreadsheet_would_execute_gets_an_apostrophe(field: str):
    assert disarmed(field) == f"'{field}"


@pytest.mark.parametrize(
    "field", ["", "DUBOIS", "D’ARC", "Jean-Claude", "1962-08-24", "12345678", "'t Hooft"]
)
def test_any_other_field_is_left_as_it_is(field: str):
    assert disarmed(field) == field


def test_names_made_for_harm_are_text_in_the_file(story: Story, agent: Client):
    rid = story.established(1)
    decides(rid)
    Procuration.objects.filter(rid=rid).update(
        mandant_birth_name='=HYPERLINK("http://x.example";"a")',
        officer_unit='x";"y\r\nz',
        mandant_given_names="-A",
    )
    (row,) = table(agent.get(f"{ROUND}/interne.csv").content)
    assert row["Nom du mandant"] == '\'=HYPERLINK("http://x.example";"a")'
    assert row["Prénoms du mandant"] == "'-A"
    assert row["Unité"] == 'x";"y\r\nz'
    assert row["Lieu d’établissement"] == "Dumbéa"


def test_a_thousand_lines_are_in_the_file_in_order(story: Story, agent: Client):
    rid = story.established(1)
    decides(rid)
    copies(rid, 999)
    rows = table(agent.get(f"{ROUND}/public.csv").content)
    assert len(rows) == 1000
    assert [row["N°"] for row in rows] == [str(n) for n in range(1, 1001)]
    names = [row["Nom du mandant"] for row in rows]
    assert names == sorted(names)


@pytest.mark.parametrize("form", ["pdf", "csv"])
def test_the_name_of_a_file_names_nobody_and_no_copy_is_kept(story: Story, agent: Client, form: str):
    decides(story.established(1))
    answer = agent.get(f"{ROUND}/interne.{form}")
    named = f'attachment; filename="registre-interne-98818-2027-04-11-tour-1.{form}"'
    assert answer["Content-Disposition"] == named
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"


# --- PDF


def test_r_56_the_printed_public_register_says_what_the_article_wants(
    story: Story, agent: Client, tmp_path: Path
):
    decides(story.established(1))
    answer = agent.get(f"{ROUND}/public.pdf")
    assert answer["Content-Type"] == "application/pdf"
    said = pdf_text(answer.content, tmp_path, "-layout")
    for words in (
        "Registre ouvert à tout électeur",
        "Nouméa (98818) · dimanche 11 avril 2027, 1er tour – élection présidentielle",
        "1 procuration",
        "DUBOIS Angela Claire Louise",
        "DUPONT Jean-Claude Bernard",
        "Maëva Rose TAHUA",
        "Dumbéa",
        "Page 1 sur 1",
    ):
        assert words in said
    for words in ("1962", "XBQ", "Brigade", "exemple.fr", "dans les locaux"):
        assert words not in said


def test_a_register_is_dated_on_the_clock_of_the_commune(story: Story, agent: Client, tmp_path: Path):
    said = pdf_text(agent.get(f"{ROUND}/public.pdf").content, tmp_path)
    assert "Édité le 1er avril 2027 à 20 h 30 (heure de Nouméa)" in said


@pytest.mark.parametrize("kind", ["public", "interne", "emargement"])
def test_an_empty_register_is_printed_too(agent: Client, tmp_path: Path, kind: str):
    content = agent.get(f"{ROUND}/{kind}.pdf").content
    assert "Aucune procuration" in pdf_text(content, tmp_path)
    assert re.search(r"Pages:\s+1\n", pdf_info(content, tmp_path))


def test_another_commune_prints_an_empty_register(story: Story, tmp_path: Path, agent: Client):
    decides(story.established(1))
    said = pdf_text(agent_of(LIFOU, "lifou").get(f"{ROUND}/interne.pdf").content, tmp_path)
    assert "Lifou (98814)" in said
    assert "Aucune procuration" in said
    assert "DUBOIS" not in said


def test_a_register_can_be_read_aloud_in_french(story: Story, agent: Client, tmp_path: Path):
    decides(story.established(1))
    content = agent.get(f"{ROUND}/interne.pdf").content
    info = pdf_info(content, tmp_path)
    assert re.search(r"Tagged:\s+yes", info)
    assert re.search(r"Title:\s+Registre interne – Nouméa \(98818\) – dimanche 11 avril 2027", spaced(info))
    assert re.search(r"Page size:\s+841.89 x 595.276", info)
    objects = b"".join(_streams(content)) + content
    assert b"/Lang (fr)" in objects
    assert b"/MarkInfo" in objects
    assert b'pdfuaid:part="1"' in objects or b"<pdfuaid:part>1</pdfuaid:part>" in objects
    tree = pdf_info(content, tmp_path, "-struct-text")
    assert tree.index("H1") < tree.index("Table") < tree.index("THead") < tree.index("TBody")
    assert "/Headers" in tree


def _streams(content: bytes):
    """Every compressed stream of a PDF."""
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL):
        try:
            yield zlib.decompress(found.group(1))
        except zlib.error:
            yield found.group(1)


def test_the_fonts_of_a_register_are_those_that_we_ship_and_are_in_it(
    story: Story, agent: Client, tmp_path: Path
):
    decides(story.established(1, mandant=LONG))
    file = tmp_path / "register.pdf"
    file.write_bytes(agent.get(f"{ROUND}/interne.pdf").content)
    listed = subprocess.run(["pdffonts", str(file)], capture_output=True, text=True, check=True).stdout
    fonts = [line.split() for line in listed.splitlines()[2:]]
    assert {line[0].partition("+")[2] for line in fonts} == {"Noto-Sans", "Noto-Sans-Bold"}
    assert all("yes" in line for line in fonts)


@pytest.mark.parametrize("mandant", [LONG, ONE_WORD], ids=["many words", "one long word"])
def test_no_name_is_cut(story: Story, agent: Client, tmp_path: Path, mandant):
    decides(story.established(1, mandant=mandant))
    for kind in ("public", "interne", "emargement"):
        content = agent.get(f"{ROUND}/{kind}.pdf").content
        bare = pdf_text(content, tmp_path, "-raw").replace(" ", "")
        for name in (mandant.birth_name, mandant.given_names):
            assert name.replace(" ", "") in bare
        assert _rightmost_word(content, tmp_path) <= 842 - 12 / 25.4 * 72 + 1


def _rightmost_word(content: bytes, folder: Path) -> float:
    """Where the last letter of the widest line ends, in points: the page has 842."""
    file = folder / "register.pdf"
    file.write_bytes(content)
    boxes = subprocess.run(["pdftotext", "-bbox", str(file), "-"], capture_output=True, text=True, check=True)
    return max(float(found) for found in re.findall(r'xMax="([\d.]+)"', boxes.stdout))


def test_each_page_repeats_the_columns_and_says_which_it_is(
    story: Story, poll: Poll, agent: Client, tmp_path: Path
):
    rid = story.established(1)
    decides(rid)
    copies(rid, 40)
    content = pdf_file(sheet_of(story, poll, Kind.INTERNAL))
    pages = int(re.search(r"Pages:\s+(\d+)", pdf_info(content, tmp_path)).group(1))
    assert pages > 2
    for number in range(1, pages + 1):
        page = pdf_text(content, tmp_path, "-layout", "-f", str(number), "-l", str(number))
        assert f"Page {number} sur {pages}" in page
        assert "Mandant Mandataire" in page
        assert "Nouméa (98818)" in page


def test_names_made_for_harm_are_text_on_paper(story: Story, agent: Client, tmp_path: Path):
    rid = story.established(1)
    decides(rid)
    secret = tmp_path / "s"
    secret.write_text("ne pas lire", "utf-8")
    shown = f'<img src="file://{secret}">'[:100]  # a column holds no more; the folder may be deep
    Procuration.objects.filter(rid=rid).update(
        mandant_birth_name="</style><h1>faux</h1>",
        mandant_given_names=shown,
        mandataire_birth_name='<link rel=attachment href="http://x.example/">',
        officer_qualite="<style>@import url(http://x.example/)</style>",
        officer_unit='<a href="javascript:alert(1)">&amp;</a>',
    )
    content = agent.get(f"{ROUND}/interne.pdf").content
    said = pdf_text(content, tmp_path, "-raw").replace(" ", "")
    assert "</STYLE><H1>FAUX</H1>" in said
    assert "file://" in said
    assert '<ahref="javascript:alert(1)">&amp;</a>' in said
    objects = b"".join(_streams(content)) + content
    assert b"/URI" not in objects
    assert b"/EmbeddedFile" not in objects


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/hostname",
        "http://127.0.0.1:9/",
        "data:text/css,a",
        "relais-font:../pages.css",
    ],
)
def test_a_register_that_refers_to_anything_else_is_not_printed(
    story: Story, poll: Poll, monkeypatch: pytest.MonkeyPatch, address: str
):
    written = f'<html lang="fr"><title>x</title><link rel="stylesheet" href="{address}"><p>x</p></html>'
    monkeypatch.setattr(pdf_module, "render_to_string", lambda *_: written)
    with pytest.raises(RecordRejected, match="PDF_RENVOI"):
        pdf_file(sheet_of(story, poll, Kind.PUBLIC))


def test_a_large_register_is_printed_in_parts_that_follow_one_another(
    story: Story, poll: Poll, agent: Client, tmp_path: Path
):
    rid = story.established(1)
    decides(rid)
    copies(rid, 6)
    parts = sheet_of(story, poll, Kind.PUBLIC).parts(rows_max=3)
    assert [(part.first, len(part.lines)) for part in parts] == [(1, 3), (4, 3), (7, 1)]
    assert len({part.stem for part in parts}) == 3
    said = pdf_text(pdf_file(parts[1]), tmp_path)
    assert "Partie 2 sur 3 : lignes 4 à 6" in said
    assert "7 procurations" in said


def test_the_page_of_a_large_register_offers_each_part(
    story: Story, agent: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    rid = story.established(1)
    decides(rid)
    copies(rid, 1000)
    page = plain(agent.get(f"{ROUND}/public/"))
    assert "Télécharger en PDF, lignes 1 à 1000" in page
    assert "Télécharger en PDF, lignes 1001 à 1001" in page
    answer = agent.get(f"{ROUND}/public.pdf?partie=2")
    assert "Partie 2 sur 2" in pdf_text(answer.content, tmp_path)
    assert "partie-2" in answer["Content-Disposition"]


@pytest.mark.slow
def test_a_thousand_lines_are_printed(story: Story, poll: Poll, agent: Client, tmp_path: Path):
    rid = story.established(1)
    decides(rid)
    copies(rid, 999)
    said = pdf_text(pdf_file(sheet_of(story, poll, Kind.PUBLIC)), tmp_path)
    assert "1000 procurations" in said
    assert {f"DUBOIS-{n:05}" for n in range(999)} <= set(re.findall(r"DUBOIS-\d{5}", said))


def test_the_special_register_is_printed_with_names_for_who_asks_only(story: Story, tmp_path: Path):
    story.established(1)
    browser = administrator()
    bare = pdf_text(browser.get("/console/registres/unite.pdf?unite=988-test").content, tmp_path)
    named = pdf_text(browser.get("/console/registres/unite.pdf?unite=988-test&noms=oui").content, tmp_path)
    assert "Registre spécial de l’autorité" in bare
    assert "Poste d’essai (988-test)" in bare
    assert ("DUBOIS" in bare, "TAHUA" in bare) == (False, False)
    assert ("DUBOIS" in named, "TAHUA" in named) == (True, True)
