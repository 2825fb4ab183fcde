"""The end-to-end test of the project: one procuration, all the way, on the real programs, as `make demo`
plays it.
"""

import email
import email.policy
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from provisioning.demo.proofs import KINDS

SOURCES = Path(__file__).resolve().parents[2]
SECONDS_MAX = 600
PERSONAL = ("DUBOIS", "Angela", "DUPONT", "Jean-Claude", "angela.dubois", "24/08/1962", "1962-08-24")


@pytest.fixture(scope="module")
def day(tmp_path_factory):
    """The day, played once: its folder and what it printed."""
    out = tmp_path_factory.mktemp("day") / "demo"
    without_display = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    command = [sys.executable, "-m", "provisioning.demo", "--out", str(out), "--free-ports"]
    done = subprocess.run(
        command,
        cwd=SOURCES,
        env=without_display,
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
        check=False,
    )
    logs = "\n".join(f"{p.name}: {p.read_text()[-1500:]}" for p in sorted((out / "logs").glob("*.log")))
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}\n{logs}"
    return out, done.stdout


def mails(out):
    paths = sorted((out / "mail" / "new").iterdir(), key=lambda path: path.stat().st_mtime_ns)
    return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in paths]


def test_the_procuration_filed_and_validated_without_network_is_valid_at_the_end(day):
    assert re.search(r"Procuration [A-HJ-NP-Z2-9]{6}\s: VALIDEE", day[1])


def test_each_step_is_proved_by_a_leaf_of_the_signed_tree(day):
    for kind in ("FILED", "ACT", "TAKEN_IN", "DECISION"):
        assert re.search(
            rf"Registre\s: {KINDS[kind]} +[0-9a-f]{{16}}… du journal [0-9a-f]{{16}}, feuille \d+ sur \d+",
            day[1],
        )


def test_request_and_act_happened_while_the_centre_was_down(day):
    steps = [line for line in day[1].splitlines() if line.startswith("[")]
    cut, back = (next(i for i, s in enumerate(steps) if word in s) for word in ("COUPURE", "de retour"))
    between = " ".join(steps[cut:back])
    assert "dépose sa demande" in between
    assert "valide et signe" in between


def test_the_elector_is_told_three_times_and_with_the_same_reference(day):
    out, said = day
    reference = re.search(r"Procuration ([A-HJ-NP-Z2-9]{6})", said).group(1)
    received = mails(out)
    assert [m["To"] for m in received] == ["angela.dubois@example.org"] * 3
    assert all(f"{reference[:3]} {reference[3:]}" in " ".join(m["Subject"].split()) for m in received)


def test_the_mails_are_kept_as_pages_to_look_at(day):
    folder = day[0] / "mails"
    index = (folder / "index.html").read_text("utf-8")
    assert sorted(path.name for path in folder.iterdir()) == ["1.html", "2.html", "3.html", "index.html"]
    assert index.count("<li>") == 3
    assert "English version" in (folder / "2.html").read_text("utf-8")
    assert len(list(day[0].glob("*-courriel*.png"))) == 4


def test_every_screen_of_the_day_has_its_picture(day):
    pictures = sorted(day[0].glob("*.png"))
    assert len(pictures) > 30
    for path in pictures:
        with Image.open(path) as picture:
            assert min(picture.size) >= 600
            assert len(picture.convert("L").getcolors(256)) > 4, f"{path.name} shows nothing"


def test_the_receipt_came_out_as_picture_and_as_pdf(day):
    receipts = day[0] / "recus"
    assert next(receipts.glob("recu-*.pdf")).read_bytes().startswith(b"%PDF")
    with Image.open(next(receipts.glob("recu-*.png"))) as picture:
        assert picture.width == 512


def test_no_log_of_any_program_names_a_person(day):
    reference = re.search(r"Procuration ([A-HJ-NP-Z2-9]{6})", day[1]).group(1)
    secret = (*PERSONAL, reference, f"{reference[:3]} {reference[3:]}")
    logs = {path.name: path.read_text() for path in (day[0] / "logs").glob("*.log")}
    assert {"server.log", "kiosk-accueil.log", "kiosk-brigade.log", "agent-brigade.log"} <= logs.keys()
    assert all("{" in logs[name] for name in ("server.log", "kiosk-accueil.log", "agent-brigade.log"))
    assert not [(name, word) for name, written in logs.items() for word in secret if word in written]


def test_nothing_was_left_running(day):
    work = str(day[0])
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = process.read_bytes().decode(errors="replace")
        except OSError:
            continue
        assert work not in words or "pytest" in words
