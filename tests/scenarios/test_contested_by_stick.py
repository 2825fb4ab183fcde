"""A centre that contradicted itself, and the proof that travels back on a stick, from a tablet and from a
town hall without network, to the page of the console that believes its own signatures only."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kiosk_app import contested_command
from kiosk_app.store.alarms import Alarm
from kiosk_app.store.settings import Setting
from procuration.adapters.stick import CONTESTED
from procuration.errors import RuleViolated
from procuration.record.checkpoint import TreeHead, sign_checkpoint, verify_checkpoint
from procuration.record.growth import AlarmCode
from server.__main__ import main as centre_command
from server.commune.models import Alarm as HallAlarm
from server.config.centre import install_centre
from server.config.options import HOME_VARIABLE
from server.console.contested import Contradiction
from server.console.models import Contested
from sync_agent.__main__ import main as agent_command
from tests import builders
from tests.builders import REALM
from tests.kiosk.world import AGENT_CODE
from tests.server.commune.hall import TownHall
from tests.server.townhall import administrator


@pytest.fixture
def kiosk(scene):
    """A tablet to which the centre showed two trees of one size."""
    kiosk = scene.kiosk()
    scene.works(kiosk)
    scene.syncs(kiosk)
    held = kiosk.store.settings.get(Setting.CHECKPOINT)
    at, epoch = scene.clock.now(), kiosk.store.settings.ledger_epoch
    kiosk.store.alarms.keep(
        Alarm(code=AlarmCode.OTHER_ROOT, at=at, epoch=epoch, held=held, shown=other_root(held))
    )
    return kiosk


def other_root(note):
    head = verify_checkpoint(note, builders.key("checkpoint").cose_key, REALM)
    return sign_checkpoint(TreeHead(size=head.size, root=b"x" * 32), builders.key("checkpoint"), REALM)


def proofs_on(stick):
    return sorted((stick / "PROCU").glob(f"*{CONTESTED}"))


def files(browser, path):
    file = SimpleUploadedFile(path.name, path.read_bytes())
    return browser.post("/console/contestations/", {"preuve": file})


def test_a_tablet_s_proof_goes_on_a_stick_and_opens_the_alarm(scene, kiosk, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv(HOME_VARIABLE, "")
    monkeypatch.setattr("django.core.management.base.connections.close_all", lambda: None)
    stick = tmp_path / "cle"
    stick.mkdir()
    kiosk.exchange.step()
    assert agent_command(["export", str(stick), "--spool", str(kiosk.spool.folder)]) == 0
    capsys.readouterr()
    assert centre_command(["--home", str(scene.centre.home), "import", str(stick), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["contested"] == 1
    assert centre_command(["--home", str(scene.centre.home), "import", str(stick)]) == 0
    assert "Déposez son fichier «\u00a0.contestation\u00a0» dans la console." in capsys.readouterr().out
    assert not Contested.objects.exists(), "a person files it"

    browser, (proof,) = administrator(), proofs_on(stick)
    for _ in range(2):
        assert files(browser, proof).status_code == 302
    row = Contested.objects.get()
    assert (row.code, row.reports) == (Contradiction.TWO_ROOTS, 2)
    download = browser.get(f"/console/contestations/{row.pk}/preuve")
    assert download.content == proof.read_bytes()


def test_the_command_writes_the_same_file(scene, kiosk, tmp_path, monkeypatch):
    kiosk.exchange.step()
    (handed,) = (kiosk.spool.folder / "out").glob(f"*{CONTESTED}")
    code = tmp_path / "code"
    code.write_text(AGENT_CODE)
    code.chmod(0o600)
    kiosk.station.close()
    monkeypatch.setattr(contested_command, "station_of", lambda _: kiosk.station)
    options = type("Options", (), {"to": tmp_path / "absent", "code_file": code})
    with pytest.raises(RuleViolated, match="DOSSIER_ABSENT"):
        contested_command.contested(options)
    options.to.mkdir()
    report = contested_command.contested(options)
    assert report.lines == ("Une preuve écrite. Déposez-la dans la console du centre.",)
    (written,) = options.to.iterdir()
    assert (written.name, written.read_bytes()) == (handed.name, handed.read_bytes())
    assert report.values == {"proofs": [str(written)]}


def test_a_town_hall_s_proof_goes_on_its_stick_too(scene, kiosk, tmp_path):
    scene.centre.clock.at = scene.clock.now()
    install_centre(scene.centre)
    mairie, stick = TownHall(tmp_path / "mairie", scene.centre.clock), tmp_path / "cle"
    mairie.is_enrolled(scene.world.directory())
    stick.mkdir()
    mairie.writes(stick)
    assert proofs_on(stick) == []
    held = kiosk.store.settings.get(Setting.CHECKPOINT)
    with mairie.here():
        for code, shown in (
            (AlarmCode.RESTORED, b"e" * 16),
            (AlarmCode.OTHER_ROOT, other_root(held)),
            (AlarmCode.OTHER_ROOT, other_root(held)),
        ):
            HallAlarm.objects.create(code=code.value, at=scene.clock.now(), held=held, shown=shown)
    mairie.writes(stick)
    (proof,) = proofs_on(stick)
    assert files(administrator(), proof).status_code == 302
    assert Contested.objects.get().code == Contradiction.TWO_ROOTS
