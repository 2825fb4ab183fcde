"""Scene 2 with a town hall that has no network: nothing leaves it, nothing reaches it, but on a stick."""

import os
import re
import socket
import subprocess
import time
from datetime import timedelta

import pytest
from django.test import Client

from procuration.domain.events import Kind
from procuration.domain.status import Status
from procuration.errors import RuleViolated
from procuration.record.event import EventPair
from server.commune import hall as halls
from server.commune import stick as sticks
from server.commune import store, views
from server.commune.models import KeptFile
from server.commune.register_files import RegisterFiles
from server.commune.words import read_words
from server.dossiers.models import Procuration
from server.ledger import town_hall_files
from server.ledger.models import Device, Event
from server.notices.models import Notice
from tests import builders
from tests.server.commune.hall import CODE, TownHall, carried, copy_of, signed_tables
from tests.server.townhall import LIFOU


@pytest.fixture(autouse=True)
def no_socket(monkeypatch):
    def refused(*_args, **_named):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refused)
    monkeypatch.setattr(socket, "create_connection", refused)


def decides(mairie, rid, way="valider/", **answers):
    with mairie.browser() as browser:
        return browser.post(f"/mairie/procurations/{rid}/{way}", answers)


def goes_round(world, mairie, stick):
    """One journey of the courier: to the centre and back. Returns: what the town hall read."""
    mairie.writes(stick)
    carried(world, stick)
    return mairie.reads(stick)


def rows_here(mairie):
    with mairie.here():
        return list(Procuration.objects.order_by("rid").values())


def events_here(mairie):
    with mairie.here():
        return list(Event.objects.order_by("device_id", "seq").values_list("hash", flat=True))


def test_a_procuration_goes_to_the_town_hall_and_its_decision_comes_back(story, world, mairie, stick):
    rid = story.established()
    read = goes_round(world, mairie, stick)
    assert (read.new, read.refused) == (1, ())
    with mairie.browser() as browser:
        assert "DUBOIS" in browser.get("/mairie/").content.decode()
        page = browser.get(f"/mairie/procurations/{rid}/").content.decode()
        assert "TAHUA" in page
    assert decides(mairie, rid).status_code == 302
    before = Notice.objects.filter(rid=rid).count()
    assert mairie.writes(stick) == 2
    carried(world, stick)
    row = Procuration.objects.get(rid=rid)
    assert row.status == Status.VALIDEE
    assert Notice.objects.filter(rid=rid).count() == before + 1
    assert [line["kind"] for line in row.history][-2:] == [14, 4]
    read = mairie.reads(stick)
    assert read.refused == ()
    assert rows_here(mairie)[0]["status"] == Status.VALIDEE
    assert mairie.writes(stick) == 0, "the receipt came: nothing travels again"


def test_an_invalidation_keeps_its_code_and_its_sentence(story, world, mairie, stick):
    rid = story.established()
    goes_round(world, mairie, stick)
    answer = decides(mairie, rid, "invalider/", code="MANDANT_NON_INSCRIT", step="confirmed")
    assert answer.status_code == 302
    mairie.writes(stick)
    carried(world, stick)
    row = Procuration.objects.get(rid=rid)
    assert (row.status, row.code) == (Status.INVALIDEE, "MANDANT_NON_INSCRIT")


def test_doubled_and_replayed_sticks_change_nothing(story, world, mairie, stick):
    rid = story.established()
    mairie.writes(stick)
    up = copy_of(stick)
    carried(world, stick)
    down = copy_of(stick)
    assert mairie.reads(stick).new == 1
    first = rows_here(mairie), events_here(mairie)
    assert mairie.reads(stick).new == 0
    assert mairie.reads(down).new == 0
    assert (rows_here(mairie), events_here(mairie)) == first
    decides(mairie, rid)
    mairie.writes(stick)
    again = copy_of(stick)
    carried(world, stick)
    carried(world, again)
    carried(world, up)
    assert Procuration.objects.get(rid=rid).status == Status.VALIDEE
    assert Event.objects.filter(kind=Kind.DECISION).count() == 1
    mairie.reads(again)
    mairie.reads(up)
    assert mairie.reads(stick).refused == ()
    assert rows_here(mairie)[0]["status"] == Status.VALIDEE


def test_a_stick_for_another_commune_is_refused(story, world, mairie, stick, tmp_path, kiosk, brigade):
    lifou = TownHall(tmp_path / "lifou", world.clock, place=LIFOU)
    lifou.is_enrolled(builders.directory((kiosk, kiosk.role), (brigade, brigade.role)))
    story.established(vote_place=LIFOU)
    lifou.writes(stick)
    carried(world, stick)
    with pytest.raises(RuleViolated, match="CLE_POUR_UN_AUTRE"):
        mairie.reads(stick)
    assert rows_here(mairie) == []
    assert lifou.reads(stick).new == 1
    with mairie.browser() as browser:
        views.sticks.named_at_start = [stick]
        page = browser.post("/mairie/cle/", {"do": "read", "stick": str(stick)}, follow=True)
        assert "n’est pour cette mairie" in page.content.decode()


def test_a_procuration_of_another_commune_sealed_for_this_one_is_put_aside(story, world, mairie, stick):
    """Even the centre may err: what is not of this commune is never shown here (I-8)."""
    rid = story.established(vote_place=LIFOU)
    goes_round(world, mairie, stick)
    Device.objects.filter(role=4).update(place="98814")
    read = goes_round(world, mairie, stick)
    assert read.refused == ("AUTRE_COMMUNE",)
    assert rows_here(mairie) == []
    story.established(2)
    Device.objects.filter(role=4).update(place="98818")
    assert goes_round(world, mairie, stick).new == 1, "nothing is held up"
    assert rid not in {row["rid"] for row in rows_here(mairie)}


def test_a_rival_of_another_commune_is_taken_on_the_word_of_the_centre(story, world, mairie, stick):
    """One mandataire, two mandants of two communes: the first drawn up stands (L. 73)."""
    story.proves_the_clock(story.brigade)
    story.established(1, vote_place=LIFOU)
    world.clock.at += timedelta(minutes=5)
    rid = story.established(2, mandataire=builders.JEAN_CLAUDE)
    story.proves_the_clock(story.brigade)
    world.hears(story.brigade)
    centre = Procuration.objects.get(rid=rid)
    goes_round(world, mairie, stick)
    (here,) = rows_here(mairie)
    assert [one["effect"] for one in here["effects"]] == [one["effect"] for one in centre.effects]
    assert any(one["effect"] != "STANDS" for one in here["effects"]), "else this test shows nothing"
    assert here["status"] == centre.status


def test_power_cut_between_decision_and_export_loses_nothing(story, world, mairie, stick):
    rid = story.established()
    goes_round(world, mairie, stick)
    decides(mairie, rid)
    # The program is gone; the store is opened again from its files, with its code.
    with mairie.here():
        store.unlock(mairie.folder, CODE)
        mairie.centre = halls.open_hall(mairie.folder, world.clock)
    assert mairie.writes(stick) == 2
    # Pulled out, lost on the way: a second stick carries the same.
    for file in (stick / "PROCU").glob("*.prb"):
        file.unlink()
    assert mairie.writes(stick) == 2
    carried(world, stick)
    assert Procuration.objects.get(rid=rid).status == Status.VALIDEE


def test_the_store_restored_from_a_copy_signs_no_more(story, world, mairie, stick, tmp_path):
    rid = story.established()
    goes_round(world, mairie, stick)
    with mairie.here():
        pass
    old = (mairie.folder / "store.db").read_bytes()
    decides(mairie, rid)
    goes_round(world, mairie, stick)
    (mairie.folder / "store.db").write_bytes(old)
    story.established(2)
    goes_round(world, mairie, stick)
    before = events_here(mairie)
    with mairie.browser() as browser:
        answer = browser.post(f"/mairie/procurations/{rid}/valider/")
        assert answer.status_code == 403
        assert "ne signe plus" in answer.content.decode()
        assert browser.get("/mairie/").status_code == 200, "its lists can still be read"
        assert browser.get(f"/mairie/procurations/{rid}/").status_code == 200
    assert events_here(mairie) == before


def test_the_store_shows_no_name_to_whoever_has_the_disk(story, world, mairie, stick):
    story.established()
    goes_round(world, mairie, stick)
    for file in mairie.folder.iterdir():
        if file.is_file():
            assert b"DUBOIS" not in file.read_bytes()
            assert not file.read_bytes().startswith(b"SQLite format 3")


def test_a_wrong_code_opens_nothing(mairie):
    with mairie.here(), pytest.raises(RuleViolated, match="CODE_INCORRECT"):
        store.unlock(mairie.folder, "une autre phrase de passe")


def hostile(folder):
    """What strangers put on sticks."""
    folder.mkdir(exist_ok=True)
    (folder / "a.prb").write_bytes(b"\x84\x01\x02\x48" + bytes(2_000))
    (folder / "b.prb").symlink_to("/etc/passwd")
    os.mkfifo(folder / "c.prb")
    (folder / "d.prb").write_bytes(bytes(5 << 20))
    (folder / "e.prb").write_bytes(b"")
    (folder / "f.prb").mkdir()
    (folder / "tuf").symlink_to("/etc")


def test_a_hostile_stick_changes_nothing_and_says_so(story, world, mairie, stick):
    story.established()
    goes_round(world, mairie, stick)
    before = rows_here(mairie)
    bad = stick.with_name("mauvaise")
    bad.mkdir()
    hostile(bad / "PROCU")
    with pytest.raises(RuleViolated, match="CLE_POUR_UN_AUTRE"):
        mairie.reads(bad)
    assert rows_here(mairie) == before


def test_a_file_for_this_town_hall_that_was_damaged_is_named(story, world, mairie, stick):
    story.established()
    mairie.writes(stick)
    carried(world, stick)
    (file,) = (stick / "PROCU").glob("*.prb")
    data = bytearray(file.read_bytes())
    data[-40] ^= 1
    file.write_bytes(data)
    read = mairie.reads(stick)
    assert read.refused == ("SEAL_UNREADABLE",)
    assert "abîmé" in " ".join(read_words(read))
    assert rows_here(mairie) == []


def test_a_stick_without_our_folder_is_not_ours(mairie, stick):
    with pytest.raises(RuleViolated, match="CLE_ABSENTE"):
        mairie.reads(stick)


def test_an_act_whose_officer_nobody_entitled_is_not_shown(story, world, mairie, stick, monkeypatch):
    """The centre's word is not enough: the officer's habilitation must come with the act."""
    story.established()
    monkeypatch.setattr(town_hall_files, "_habilitations", lambda _events: [])
    read = goes_round(world, mairie, stick)
    assert read.refused == ("ACTE_SANS_EFFET",)
    assert rows_here(mairie) == []


def test_what_the_law_deleted_goes_here_too(story, world, mairie, stick):
    rid = story.established()
    goes_round(world, mairie, stick)
    goes_round(world, mairie, stick)
    Procuration.objects.filter(rid=rid).update(status=Status.PURGEE, place_code="", established_at=None)
    goes_round(world, mairie, stick)
    assert rows_here(mairie) == []
    with mairie.here():
        assert not Event.objects.filter(rid=rid, body__isnull=False).exists()


def test_the_register_is_written_again_after_each_stick(story, world, mairie, stick):
    story.established()
    mairie.writes(stick)
    carried(world, stick)
    views.sticks.named_at_start = [stick]
    started = time.monotonic()
    with mairie.browser() as browser:
        browser.post("/mairie/cle/", {"do": "read", "stick": str(stick)})
    assert time.monotonic() - started < 60
    written = sorted((mairie.folder / "registres").iterdir())
    assert [path.name for path in written] == [
        "registre-2027-04-11-tour-1.pdf",
        "registre-2027-04-25-tour-2.pdf",
    ]
    first = [path.stat().st_mtime_ns for path in written]
    story.established(2)
    goes_round(world, mairie, stick)
    with mairie.here():
        assert len(RegisterFiles()(mairie.centre)) == 2
    assert all(path.stat().st_mtime_ns > before for path, before in zip(written, first, strict=True))
    text = subprocess.run(
        ["pdftotext", str(written[0]), "-"], check=True, capture_output=True, text=True
    ).stdout
    assert "DUBOIS" in text
    assert "1962" not in text, "no birth date (R-56)"


def test_nothing_changed_writes_nothing(story, world, mairie, stick):
    rid = story.established()
    goes_round(world, mairie, stick)
    files = RegisterFiles()
    with mairie.here():
        assert len(files(mairie.centre)) == 2
        assert files(mairie.centre) == []
    decides(mairie, rid)
    with mairie.here():
        assert len(files(mairie.centre)) == 2, "a decision is in the register within a minute"


def test_the_pages_stay_closed_without_the_address_of_the_program(story, world, mairie, stick):
    story.established()
    goes_round(world, mairie, stick)
    with mairie.here():
        client = Client()
        client.get("/ouvrir/une-autre-adresse/")
        for address in ("/mairie/", "/mairie/cle/", "/mairie/registres/"):
            answer = client.get(address)
            assert (answer.status_code, answer.url.partition("?")[0]) == (302, "/connexion/")
        assert "fenêtre du programme" in client.get("/connexion/").content.decode()


def test_the_page_of_the_stick_reads_and_writes(story, world, mairie, stick):
    story.established()
    views.sticks.named_at_start = [stick]
    with mairie.browser() as browser:
        page = browser.post("/mairie/cle/", {"do": "write", "stick": str(stick)}, follow=True)
        assert "Vous pouvez retirer la clé" in page.content.decode()
    carried(world, stick)
    with mairie.browser() as browser:
        page = browser.post("/mairie/cle/", {"do": "read", "stick": str(stick)}, follow=True)
        assert "1 nouvelle procuration." in page.content.decode()
        elsewhere = browser.post("/mairie/cle/", {"do": "read", "stick": "/etc"}, follow=True)
        assert "dossier PROCU" in elsewhere.content.decode()


def test_a_clock_that_is_late_signs_nothing_and_says_so(story, world, mairie, stick):
    rid = story.established()
    goes_round(world, mairie, stick)
    world.clock.at -= timedelta(days=200)
    answer = decides(mairie, rid)
    assert answer.status_code == 403
    assert "ordinateur à l’heure" in answer.content.decode()
    with mairie.browser() as browser:
        assert "horloge de ce poste retarde" in browser.get("/mairie/cle/").content.decode()
    world.clock.at += timedelta(days=200)
    assert decides(mairie, rid).status_code == 302


def test_what_came_is_judged_by_the_hour_of_the_centre_not_by_the_clock_here(story, world, mairie, stick):
    story.established()
    mairie.writes(stick)
    carried(world, stick)
    world.clock.at -= timedelta(days=200)
    assert mairie.reads(stick).new == 1
    assert rows_here(mairie)[0]["status"] == Status.TRANSMISE


def forged(pair):
    """The same event, one bit of its signature turned."""
    return EventPair(pair.sign1[:-1] + bytes([pair.sign1[-1] ^ 1]), pair.body)


def rewritten(pair):
    """The same event, another body."""
    return EventPair(pair.sign1, pair.body[:-1] + bytes([pair.body[-1] ^ 1]))


@pytest.mark.parametrize("altered", [forged, rewritten])
def test_an_act_that_its_tablet_did_not_sign_is_not_shown(story, world, mairie, stick, monkeypatch, altered):
    """Whoever holds the centre's keys still cannot invent an act."""
    story.established()
    pair_of = town_hall_files._pair
    monkeypatch.setattr(town_hall_files, "_pair", lambda event: altered(pair_of(event)))
    read = goes_round(world, mairie, stick)
    assert len(read.refused) == 1
    assert rows_here(mairie) == []
    assert re.search("laissée? de côté|refusé", " ".join(read_words(read)))


def test_the_stick_is_read_when_it_is_pulled_out_and_put_back(story, world, mairie, stick):
    for number in range(1, 4):
        story.established(number)
        mairie.writes(stick)
        carried(world, stick)
    whole = copy_of(stick)
    files = sorted((stick / "PROCU").glob("*.prb"))
    for file in files[1:]:
        file.unlink()
    mairie.reads(stick)
    mairie.reads(whole)
    assert len(rows_here(mairie)) == 3


def test_an_act_of_a_tablet_that_the_directory_here_does_not_name_waits_for_a_newer_one(
    story, world, mairie, stick, kiosk, brigade, monkeypatch
):
    """The centre knows a tablet at its first contact, others from the next publication only."""
    other = story.other_brigade()
    rid = story.filed()
    other.acts(story.requests[1], story.officer)
    world.hears(other)
    read = goes_round(world, mairie, stick)
    assert read.refused == ("KEY_UNKNOWN",)
    assert rows_here(mairie) == []
    newer = builders.directory(*((one, one.role) for one in (kiosk, brigade, other)), version=2)
    monkeypatch.setattr(sticks, "verified_targets", lambda *_: signed_tables(newer))
    (stick / "PROCU" / "tuf").mkdir()
    read = mairie.reads(stick)
    assert (read.new, read.tables) == (1, True)
    assert rows_here(mairie)[0]["rid"] == rid
    with mairie.here():
        assert not KeptFile.objects.exists()
