"""A stick comes to the centre: taken in as over HTTPS, answered beside, and nothing doubled."""

import json
import os
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from procuration.adapters.spool import name_of
from procuration.domain.status import Status
from procuration.errors import CarrierUnavailable
from procuration.record.inbox import State
from server.dossiers.models import Procuration
from server.ledger.models import Device, Event, RefusedCount
from server.ledger.stick import export_stick, import_stick
from tests.adapters.small_repository import SmallRepository
from tests.server.centre import Tablet


@pytest.fixture
def stick(tmp_path):
    folder = tmp_path / "stick"
    (folder / "PROCU").mkdir(parents=True)
    return folder


def puts(stick, sealed: bytes, suffix: str = ".prb") -> str:
    name = name_of(sealed)
    (stick / "PROCU" / f"{name}{suffix}").write_bytes(sealed)
    return name


def answer_to(stick, sealed: bytes) -> bytes:
    return (stick / "PROCU" / f"{name_of(sealed)}.down.prb").read_bytes()


def told(verb: str, *arguments: object) -> str:
    out = StringIO()
    call_command(verb, *(str(one) for one in arguments), stdout=out)
    return out.getvalue().replace("\u202f", " ").replace("\xa0", " ")


def test_a_tablet_that_nobody_knew_is_enrolled_heard_and_answered_in_one_visit(world, stick):
    tablet = Tablet("never on line")
    tablet.files()
    sealed = tablet.sealed()
    puts(stick, sealed)
    puts(stick, tablet.sealed_enrolment(), ".enrol")
    taken = import_stick(world.centre, stick)
    assert (taken.enrolments, taken.bundles, taken.answers) == (1, 1, 1)
    tablet.reads(sealed, answer_to(stick, sealed))
    assert [proved.seq for proved in tablet.receipts] == [0]
    assert Procuration.objects.get().status == Status.DEMANDE


def test_the_same_stick_again_doubles_nothing(world, kiosk, stick):
    kiosk.files()
    sealed = kiosk.sealed()
    puts(stick, sealed)
    import_stick(world.centre, stick)
    events = Event.objects.count()
    assert import_stick(world.centre, stick).bundles == 1
    assert Event.objects.count() == events
    kiosk.reads(sealed, answer_to(stick, sealed))
    assert kiosk.receipts


def test_what_came_after_a_bundle_on_the_same_stick_is_in_its_answer(world, kiosk, brigade, officer, stick):
    world.hears(kiosk)
    world.hears(brigade)
    request = kiosk.files()
    brigade.acts(request, officer)
    sealed, act = kiosk.sealed(), brigade.sealed()
    for time, one in enumerate((sealed, act)):
        os.utime(stick / "PROCU" / f"{puts(stick, one)}.prb", (time, time))
    import_stick(world.centre, stick)
    kiosk.reads(sealed, answer_to(stick, sealed))
    states = [content.status for content in kiosk.inbox if isinstance(content, State)]
    assert states[-1] == Status.TRANSMISE


def test_a_file_for_somebody_else_is_left_alone_and_what_is_no_seal_too(world, kiosk, stick):
    sealed = kiosk.sealed()
    puts(stick, world.takes(sealed), ".down.prb")
    (stick / "PROCU" / "half.prb").write_bytes(sealed[:-1])
    (stick / "PROCU" / "link.prb").symlink_to("/dev/zero")
    taken = import_stick(world.centre, stick)
    assert (taken.bundles, taken.answers, taken.passed_over) == (0, 0, 2)
    assert not taken.refused


def test_a_refused_bundle_is_counted_told_and_answered_by_nothing(world, stick):
    sealed = Tablet("unknown").sealed()
    puts(stick, sealed)
    with pytest.raises(SystemExit) as caught:
        told("import_stick", stick)
    assert caught.value.code == 1
    assert RefusedCount.objects.get().code == "APPAREIL_INCONNU"
    assert [path.name for path in (stick / "PROCU").iterdir()] == [f"{name_of(sealed)}.prb"]


def test_one_file_alone_is_taken_in_and_answered_beside(world, kiosk, tmp_path):
    kiosk.files()
    sealed = kiosk.sealed()
    path = tmp_path / "reçu par courriel.prb"
    path.write_bytes(sealed)
    assert import_stick(world.centre, path).bundles == 1
    kiosk.reads(sealed, (tmp_path / f"{name_of(sealed)}.down.prb").read_bytes())
    assert kiosk.receipts


def test_an_export_brings_what_has_come_to_wait_since_the_last_bundle(world, kiosk, brigade, officer, stick):
    request = kiosk.files()
    sealed = kiosk.sealed()
    kiosk.reads(sealed, world.takes(sealed))
    again = kiosk.sealed(len(kiosk.pairs))
    kiosk.reads(again, world.takes(again))
    world.clock.at += timedelta(days=1)
    brigade.acts(request, officer)
    world.hears(brigade)
    contact = Device.objects.get(log_id=kiosk.log_id.hex()).last_contact
    assert export_stick(world.centre, stick).answers >= 1
    kiosk.reads(again, answer_to(stick, again))
    assert any(isinstance(one, State) and one.status == Status.TRANSMISE for one in kiosk.inbox)
    assert Device.objects.get(log_id=kiosk.log_id.hex()).last_contact == contact  # nobody was heard


def test_an_export_for_one_unit_holds_no_answer_for_another(world, kiosk, stick):
    sealed = kiosk.sealed()
    world.takes(sealed)
    assert export_stick(world.centre, stick, unit="another").answers == 0
    assert export_stick(world.centre, stick, unit="988-test").answers == 1
    kiosk.reads(sealed, answer_to(stick, sealed))
    assert kiosk.inbox  # the lease that the first answer brought, once


def test_an_answer_taken_twice_changes_nothing(world, kiosk, stick):
    sealed = kiosk.sealed()
    kiosk.reads(sealed, world.takes(sealed))
    entries = len(kiosk.inbox)
    export_stick(world.centre, stick)
    kiosk.reads(sealed, answer_to(stick, sealed))
    assert len(kiosk.inbox) == entries


def test_the_signed_tables_go_on_the_stick_both_times(world, stick, tmp_path):
    SmallRepository(world.centre.home / "tuf")
    assert export_stick(world.centre, stick).tables
    assert (stick / "PROCU" / "tuf" / "metadata" / "timestamp.json").exists()
    other = tmp_path / "other"
    (other / "PROCU").mkdir(parents=True)
    assert import_stick(world.centre, other).tables


def test_a_retired_tablet_that_comes_by_stick_hears_that_it_is_stopped(world, kiosk, stick):
    kiosk.files()
    sealed = kiosk.sealed()
    Device.objects.filter(log_id=kiosk.log_id.hex()).update(not_after=world.clock.at - timedelta(days=1))
    puts(stick, sealed)
    import_stick(world.centre, stick)
    kiosk.reads(sealed, answer_to(stick, sealed))
    assert kiosk.stopped is not None
    assert kiosk.inbox == []


def test_the_commands_count_for_scripts_and_for_people(world, kiosk, stick):
    puts(stick, kiosk.sealed())
    counts = json.loads(told("import_stick", stick, "--json"))
    assert (counts["bundles"], counts["answers"], counts["refused"]) == (1, 1, {})
    said = told("import_stick", stick)
    assert "Lot reçu : 1." in said
    assert said.endswith("Vous pouvez retirer la clé.\n")
    assert "Réponse écrite sur la clé : 1." in told("export_stick", stick)


def test_a_missing_stick_and_one_that_fails_are_told_with_the_next_step(world, tmp_path, monkeypatch):
    for verb in ("import_stick", "export_stick"):
        error = StringIO()
        with pytest.raises(SystemExit) as caught:
            call_command(verb, str(tmp_path / "none"), stdout=StringIO(), stderr=error)
        assert caught.value.code == 1
        assert "Branchez la clé" in error.getvalue()

    def gone(*_):
        raise CarrierUnavailable("STICK_GONE")

    monkeypatch.setattr("procuration.adapters.stick.StickFolder.clear_leftovers", gone)
    (tmp_path / "PROCU").mkdir()
    with pytest.raises(SystemExit) as caught:
        call_command("import_stick", str(tmp_path), stdout=StringIO(), stderr=StringIO())
    assert caught.value.code == 3
