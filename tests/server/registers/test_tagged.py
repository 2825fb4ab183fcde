"""The files on paper are read aloud as they read to the eye: tagged, in French, with headers that name their
columns (PDF/UA-1, ISO 14289-1; Matterhorn checkpoints 01, 06, 11, 15).
"""

import re
import subprocess
import zlib
from pathlib import Path

import pytest
from django.test import Client

from tests.server.registers.conftest import ROUND, decides, somebody
from tests.server.townhall import Story, administrator

FILES = {
    "public": f"{ROUND}/public.pdf",
    "internal": f"{ROUND}/interne.pdf",
    "marking": f"{ROUND}/emargement.pdf",
    "special": "/console/registres/unite.pdf?unite=988-test&noms=oui",
}
TITLES = {
    "public": "Registre ouvert à tout électeur",
    "internal": "Registre interne",
    "marking": "À reporter sur la liste d’émargement",
    "special": "Registre spécial de l’autorité",
}


def told(file: Path, *options: str) -> str:
    """What pdfinfo says of a file."""
    done = subprocess.run(["pdfinfo", *options, file], check=True, capture_output=True, text=True)
    assert done.stderr == ""
    return done.stdout


@pytest.fixture
def decided(agent: Client, story: Story) -> Client:
    """Three lines in the registers of Nouméa, and in that of the unit."""
    for number, name in enumerate(("DUBOIS", "ÉLUARD", "ZOLA"), start=1):
        decides(story.established(number, mandant=somebody(name)))
    return agent


@pytest.fixture(params=FILES)
def file(request: pytest.FixtureRequest, decided: Client, tmp_path: Path) -> tuple[str, Path]:
    """One of the files, and its kind."""
    browser = administrator() if request.param.startswith("special") else decided
    answer = browser.get(FILES[request.param])
    assert answer.status_code == 200
    path = tmp_path / "file.pdf"
    path.write_bytes(answer.content)
    return request.param, path


def test_a_file_is_tagged_titled_in_french_and_its_cells_name_their_headers(file: tuple[str, Path]):
    kind, path = file
    says_what_it_is(kind, path)
    is_a_title_sentences_and_a_table(told(path, "-struct"))
    read = told(path, "-struct-text").replace("\u202f", " ").replace("\xa0", " ")
    assert TITLES[kind] in read
    assert "Page 1" not in read, "what stands on each page is not read again and again"
    assert "Relais de procuration" not in read


def says_what_it_is(kind: str, path: Path) -> None:
    said = dict(line.split(":", 1) for line in told(path).splitlines() if ":" in line)
    assert said["Tagged"].strip() == "yes"
    assert said["Title"].strip().startswith(TITLES[kind])
    metadata = told(path, "-meta")
    assert re.search(r"pdfuaid:part(>|=\")1", metadata)
    objects = inflated(path.read_bytes())
    assert re.search(rb"/DisplayDocTitle true", objects)
    assert re.search(rb"/Lang ?\(fr\)", objects)


def is_a_title_sentences_and_a_table(structure: str) -> None:
    blocks = re.findall(r"^  (\w+)", structure, flags=re.M)
    assert blocks[0] == "H1"
    assert blocks[-1] == "Table"
    assert set(blocks[1:-1]) == {"P"}
    head, _, body = structure.partition("TBody")
    columns = re.findall(r"TH <([\d-]+)>", head)
    rows = body.split("      TR\n")[1:]
    assert len(rows) == 3
    for row in rows:
        named = re.findall(r"TH <([\d-]+)>", row)
        cells = re.findall(r"TD:\s+/Headers \[(.*?)\]", row)
        assert len(named) == 1
        assert len(named) + len(cells) == len(columns), "a cell says which headers are its own"
        assert len(cells) == row.count("TD")
        for cell in cells:
            line, column = re.findall(r"\(([\d-]+)\)", cell)
            assert line == named[0]
            assert column in columns


def inflated(content: bytes) -> bytes:
    """A PDF with its compressed objects in plain form beside the rest."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, flags=re.DOTALL)
    return content + b"".join(zlib.decompress(one) for one in streams if one[:1] == b"x")
