"""A centre that said two things of its own log: what tablets hold, what somebody files, the alarm."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from procuration.domain.events import SyncEvidence, SyncPoint
from procuration.errors import RecordRejected
from procuration.record.checkpoint import TreeHead, sign_checkpoint
from procuration.record.contradiction import (
    PROOF_BYTES_MAX,
    Contradicting,
    read_contradiction,
    write_contradiction,
)
from server.console.contested import Contradiction, open_alarms
from server.console.following import follow_all
from server.console.models import Contested
from server.ledger.models import Checkpoint
from tests import builders
from tests.builders import REALM
from tests.server.console.test_fleet import plain
from tests.server.townhall import Story, administrator

REASON = "Vérifié avec l’hébergeur : essai sur une copie."


def note(size: int, root: bytes, key: str = "checkpoint") -> bytes:
    return sign_checkpoint(TreeHead(size=size, root=root), builders.key(key), REALM)


def says(story: Story, size: int, root: bytes) -> None:
    """The kiosk says which tree it holds, and the centre follows."""
    story.kiosk.records(SyncPoint(), sync=SyncEvidence(tree_size=size, root=root, offset_ms=0))
    story.world.hears(story.kiosk)
    story.world.clock.at += timedelta(minutes=3)
    follow_all(story.world.centre)


def filed(browser, held: bytes, shown: bytes):
    data = write_contradiction(Contradicting(held=held, shown=shown))
    return browser.post("/console/contestations/", {"preuve": SimpleUploadedFile("p.cbor", data)})


def test_a_tablet_that_holds_a_tree_of_this_centre_raises_no_alarm(story: Story):
    story.established(1)
    for point in Checkpoint.objects.order_by("size"):
        says(story, point.size, bytes(point.root))
    assert Checkpoint.objects.count() > 2
    assert open_alarms() == 0


def test_a_tablet_that_holds_another_tree_raises_a_red_alarm(story: Story):
    story.filed(1)
    says(story, 1, b"x" * 32)
    says(story, 1, b"x" * 32)
    row = Contested.objects.get()
    assert (row.code, row.reports) == (Contradiction.NOT_OURS, 2)
    assert bytes(row.own_root) == bytes(Checkpoint.objects.get(size=1).root)
    page = plain(administrator().get("/console/"))
    assert "1 état du registre du centre est contesté" in page
    assert "fr-alert--error" in page


def test_a_tree_larger_than_ours_is_contested_too(story: Story):
    story.filed(1)
    says(story, 10_000, b"x" * 32)
    assert Contested.objects.get().code == Contradiction.TOO_LARGE


def test_two_signed_roots_of_one_size_are_a_proof_whoever_files_it(story: Story):
    story.filed(1)
    ours = bytes(Checkpoint.objects.get(size=1).note)
    browser = administrator()
    for held, shown in ((ours, note(1, b"y" * 32)), (note(1, b"y" * 32), ours)):
        assert filed(browser, held, shown).status_code == 302
    row = Contested.objects.get()
    assert (row.code, bytes(row.root), row.reports) == (Contradiction.TWO_ROOTS, b"y" * 32, 2)
    page = plain(browser.get(f"/console/contestations/{row.pk}/"))
    assert "Prouvée par deux signatures du centre." in page
    file = browser.get(f"/console/contestations/{row.pk}/preuve")
    assert read_contradiction(file.content).held == ours


@pytest.mark.parametrize(
    ("held", "shown", "words"),
    [
        (note(1, b"y" * 32, "somebody"), note(1, b"z" * 32), "n’a pas signé"),
        (note(1, b"y" * 32), b"", "n’a pas signé"),
    ],
)
def test_what_the_centre_did_not_sign_proves_nothing(story: Story, held: bytes, shown: bytes, words: str):
    answer = filed(administrator(), held, shown)
    assert answer.status_code == 422
    assert words in plain(answer)
    assert Contested.objects.count() == 0


def test_two_states_that_may_both_be_true_open_no_alarm(story: Story):
    story.established(1)
    notes = [bytes(one.note) for one in Checkpoint.objects.order_by("size")]
    answer = filed(administrator(), notes[0], notes[-1])
    assert answer.status_code == 422
    assert "peuvent être vrais ensemble" in plain(answer)
    assert Contested.objects.count() == 0


@pytest.mark.parametrize(
    "data", [b"", b"\x83\x01", b"\xff" * 40, b"a" * (PROOF_BYTES_MAX + 1), b"\x83\x02\x40\x40"]
)
def test_a_file_that_is_no_proof_is_refused(story: Story, data: bytes):
    with pytest.raises(RecordRejected):
        read_contradiction(data)
    browser = administrator()
    answer = browser.post("/console/contestations/", {"preuve": SimpleUploadedFile("p", data or b"-")})
    assert answer.status_code == 422
    assert browser.post("/console/contestations/").status_code == 422


def test_the_alarm_stands_until_a_named_administrator_closes_it_with_a_reason(story: Story):
    story.filed(1)
    says(story, 1, b"x" * 32)
    browser, row = administrator(), Contested.objects.get()
    address = f"/console/contestations/{row.pk}/"
    assert browser.post(address, {"motif": "  court  "}).status_code == 422
    assert browser.post(address, {"motif": "x" * 501}).status_code == 422
    assert open_alarms() == 1
    assert browser.post(address, {"motif": REASON}).status_code == 302
    row.refresh_from_db()
    assert (row.reason, len(row.closed_by)) == (REASON, 16)
    for where in (address, "/console/contestations/"):
        assert re.search(r"Fermée le .* par supervision", plain(browser.get(where))), where
    assert browser.post(address, {"motif": REASON}).status_code == 409
    assert "contesté. Ouvrez" not in plain(browser.get("/console/"))
    assert Contested.objects.count() == 1, "the proof stays"


def test_a_contradiction_that_nobody_knows_has_no_page(story: Story):
    browser = administrator()
    assert browser.get("/console/contestations/7/").status_code == 404
    assert browser.post("/console/contestations/7/", {"motif": REASON}).status_code == 404
    assert browser.get("/console/contestations/7/preuve").status_code == 404
