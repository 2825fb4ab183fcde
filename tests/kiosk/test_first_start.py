"""A new tablet is installed by touch, with a real authority: by stick, or from what the agent brought."""

import errno
import os
import shutil
from pathlib import Path

import pytest

from kiosk_app import first_start, installation
from kiosk_app.devices.printer import FolderPrinter
from kiosk_app.first_start import FirstStart, Places, Stage
from kiosk_app.parts import install_parts
from kiosk_app.presenters.install import InstallPresenter
from kiosk_app.station import Station
from procuration.adapters.clock import SystemClock
from procuration.adapters.foreign_file import read_regular
from procuration.adapters.keys import SoftwareKey
from procuration.adapters.service_key import service_key
from procuration.adapters.spool import AgentSpool, AppSpool
from procuration.adapters.spool_request import AgentRequests
from procuration.adapters.trust import realm_of
from procuration.domain.identifiers import LogId, fingerprint_in_groups
from procuration.errors import CarrierUnavailable
from procuration.record.enrolment import EnrolmentRequest, encode_request
from procuration.record.sealed import SealingPrivateKey, SuiteId
from provisioning.__main__ import main as provision
from tests.kiosk.presenters.fakes import ScreenSeen, VirtualTime, at_once, wording
from tests.kiosk.world import CHEAP

CODE, PHRASE = "270401", "un chat dort sur le mur"
TYPED = {"agent": CODE, "agent.again": CODE, "supervisor": PHRASE, "supervisor.again": PHRASE}

pytestmark = pytest.mark.slow


def never(_):
    raise CarrierUnavailable("HORLOGE_NON_REGLABLE")


class NewTablet:
    """A tablet out of its box, and what the presenter shows on it."""

    def __init__(self, base: Path) -> None:
        self.base, self.stick, self.finished = base, base / "stick", []
        self.switched_on()

    def switched_on(self):
        """The program starts, as after a power cut."""
        self.view = ScreenSeen()
        places = Places(
            store=self.base / "store", root=None, stick=self.stick, service_key=self.base / "service.key"
        )
        places.store.mkdir(parents=True, exist_ok=True)
        spool, paper = AppSpool(self.base / "spool"), FolderPrinter(self.base / "paper")
        self.first = FirstStart(places, spool, SystemClock(), CHEAP, paper, never)
        self.time = VirtualTime()
        parts = install_parts(self.first, self.time, at_once, lambda: self.finished.append(True))
        self.presenter = InstallPresenter(self.view, wording(), parts)
        self.presenter.start()
        return self

    def does(self, command, **answers):
        self.presenter.act(command, answers)
        return self.view.page

    def comes_to_the_request(self):
        for command in ("begin", "authority", "codes"):
            self.does(command)
        return self.presenter.act("prepare", TYPED)


@pytest.fixture
def tablet(tmp_path):
    return NewTablet(tmp_path)


@pytest.fixture
def fingerprint(tablet, authority, capsys):
    """The authority has written its stick; the fingerprint is on its paper."""
    capsys.readouterr()
    assert provision(["authority", "stick", str(authority[0]), "--stick", str(tablet.stick)]) == 0
    return capsys.readouterr().out.split("à part : ")[1].splitlines()[0]


def enrols(tablet, authority, *, expected=None):
    """The supervisor, elsewhere, with the stick."""
    (request,) = (tablet.stick / "PROCU" / "install").glob("*.request.cbor")
    out = request.with_name(request.name.replace("request", "enrolment"))
    return provision([
        "device", "enrol", "--authority", str(authority[0]), "--request", str(request),
        "--profile", "accueil", "--unit", "pan", "--unit-name", "Mairie de Lifou",
        "--place", "98814", "--departement", "988",
        *(["--fingerprint", expected] if expected else []), "--out", str(out), *authority[1][-2:],
    ])  # fmt: skip


def test_from_the_box_to_the_test_page_without_a_network(tablet, authority, fingerprint):
    assert tablet.view.page.name == "I-welcome"
    tablet.does("begin")
    assert fingerprint in tablet.does("authority").paragraphs
    tablet.does("codes")
    tablet.presenter.act("prepare", TYPED)
    assert tablet.view.page.name == "I-request"
    page = tablet.does("request.write")
    assert page.message.title == "La demande est sur la clé"
    shown = tablet.first.request_fingerprint()
    assert shown in page.paragraphs[1]
    assert enrols(tablet, authority, expected=shown) == 0
    assert tablet.does("answer.read", code=CODE).name == "I-done"
    assert tablet.view.page.paragraphs[0] == "Mairie de Lifou, point d’accueil."
    assert tablet.does("print").message.title == "La page d’essai est sortie"
    assert len(list((tablet.base / "paper").glob("*.png"))) == 1
    tablet.does("finish")
    assert tablet.finished == [True]
    station = Station(
        tablet.base / "store", SystemClock(), cost=CHEAP,
        second_secret=lambda: service_key(tablet.base / "service.key"),
    )  # fmt: skip
    station.open(CODE)
    assert station.store.configuration.unit_name == "Mairie de Lifou"
    station.close()
    assert [path.suffix for path in (tablet.base / "spool" / "out").iterdir()] == [".enrol"]


def test_a_tablet_switched_off_between_request_and_answer_goes_on_there(tablet, authority, fingerprint):
    tablet.comes_to_the_request()
    shown = tablet.first.request_fingerprint()
    tablet.switched_on()
    assert tablet.view.page.name == "I-resumed"
    assert shown in tablet.does("request").paragraphs[1]
    tablet.does("request.write")
    assert enrols(tablet, authority) == 0
    assert tablet.does("answer.read", code=PHRASE).name == "I-done"
    assert tablet.first.stage is Stage.INSTALLED


def test_keys_that_a_power_cut_left_half_made_are_made_again(tablet, fingerprint, monkeypatch):
    """Before the request stands in the folder nobody has seen these keys."""
    with monkeypatch.context() as patch:
        patch.setattr(installation, "encode_request", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            tablet.comes_to_the_request()
    tablet.switched_on()
    assert tablet.view.page.name == "I-welcome"
    tablet.comes_to_the_request()
    assert tablet.view.page.name == "I-request"


def test_a_tablet_prepared_at_the_terminal_is_finished_by_touch(tablet, authority, fingerprint):
    root, codes = (authority[0] / "root.json").read_bytes(), installation.Codes(agent=CODE, supervisor=PHRASE)
    key = service_key(tablet.base / "service.key", create=True)
    installation.prepare(tablet.base / "store", root, codes, key, SystemClock(), CHEAP)
    tablet.switched_on()
    assert tablet.view.page.name == "I-resumed"
    tablet.does("request")
    tablet.does("request.write")
    assert enrols(tablet, authority) == 0
    assert tablet.does("answer.read", code=CODE).name == "I-done"


def test_another_request_than_the_one_on_the_screen_is_not_enrolled(tablet, authority, fingerprint, capsys):
    tablet.comes_to_the_request()
    tablet.does("request.write")
    assert enrols(tablet, authority, expected="0000 1111 2222 3333") == 1
    assert "N’enrôlez pas" in capsys.readouterr().err


def test_without_a_stick_each_step_says_so_and_may_be_tried_again(tablet, authority, fingerprint):
    shutil.move(tablet.stick, tablet.base / "elsewhere")
    tablet.does("begin")
    assert tablet.does("authority").message.title == "Aucune clé USB trouvée. Branchez-la, puis réessayez."
    shutil.move(tablet.base / "elsewhere", tablet.stick)
    tablet.comes_to_the_request()
    shutil.move(tablet.stick, tablet.base / "elsewhere")
    assert "Aucune clé USB" in tablet.does("request.write").message.title
    assert "Aucune clé USB" in tablet.does("answer.read", code=CODE).message.title


def test_a_stick_without_an_answer_for_this_tablet_is_said(tablet, authority, fingerprint):
    tablet.comes_to_the_request()
    assert (
        tablet.does("answer.read", code=CODE).message.title
        == "Cette clé ne porte pas de réponse pour ce poste."
    )


def test_a_stick_pulled_out_while_it_is_read_is_asked_for_again(tablet, authority, fingerprint, monkeypatch):
    def pulled(folder, name, bytes_max):
        if tablet.stick in folder.parents:
            raise OSError(errno.EIO, "Input/output error")
        return read_regular(folder, name, bytes_max)

    def without_the_stick(command, **answers):
        with monkeypatch.context() as patch:
            for module in (installation, first_start):
                patch.setattr(module, "read_regular", pulled)
            return tablet.does(command, **answers).message.title

    tablet.does("begin")
    assert "Aucune clé USB" in without_the_stick("authority")
    tablet.comes_to_the_request()
    assert "Aucune clé USB" in without_the_stick("answer.read", code=CODE)
    assert tablet.first.stage is Stage.PREPARED


def test_the_root_is_the_one_whose_fingerprint_was_shown_whatever_the_stick_says_later(
    tablet, authority, fingerprint
):
    for command in ("begin", "authority", "codes"):
        tablet.does(command)
    path = tablet.stick / "PROCU" / "install" / "root.json"
    shown = path.read_bytes()
    path.write_bytes(shown.replace(b"{", b"{ ", 1))
    tablet.presenter.act("prepare", TYPED)
    assert (tablet.base / "store" / "root.json").read_bytes() == shown


def test_no_keys_are_made_before_a_fingerprint_was_shown(tablet, fingerprint):
    tablet.presenter.act("prepare", TYPED)
    assert tablet.view.page.name == "I-codes"
    assert tablet.view.page.message.tone == "error"
    assert tablet.first.stage is Stage.NEW


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("install/LOG.enrolment.cbor", b"\x00" * 40),
        ("tuf/metadata/timestamp.json", b"{}"),
    ],
)
def test_what_is_not_signed_as_it_should_be_changes_nothing(tablet, authority, fingerprint, file, content):
    tablet.comes_to_the_request()
    tablet.does("request.write")
    assert enrols(tablet, authority) == 0
    (answer,) = (tablet.stick / "PROCU" / "install").glob("*.enrolment.cbor")
    path = tablet.stick / "PROCU" / file.replace("LOG.enrolment.cbor", answer.name)
    good = path.read_bytes()
    path.write_bytes(content)
    assert tablet.does("answer.read", code=CODE).message.title == "Ces fichiers ne conviennent pas à ce poste"
    assert tablet.first.stage is Stage.PREPARED
    path.write_bytes(good)
    assert tablet.does("answer.read", code=CODE).name == "I-done"


def test_codes_typed_differently_or_too_short_are_said_where_they_stand(tablet, fingerprint):
    for command in ("begin", "authority", "codes"):
        tablet.does(command)
    tablet.presenter.act("prepare", TYPED | {"agent.again": "270402"})
    assert [asked.key for asked in tablet.view.page.asked if asked.error] == ["agent.again"]
    tablet.presenter.act("prepare", {})
    assert [asked.key for asked in tablet.view.page.asked if asked.error] == ["agent", "supervisor"]
    short = {"supervisor": "court", "supervisor.again": "court"}
    tablet.presenter.act("prepare", TYPED | short)
    assert "trop court" in tablet.view.page.message.title
    assert all(asked.value == "" for asked in tablet.view.page.asked)
    tablet.presenter.act("prepare", TYPED)
    assert tablet.view.page.name == "I-request"


def test_a_wrong_hour_is_set_or_said(tablet, fingerprint):
    tablet.does("begin")
    tablet.presenter.touched("zone", {"zone": "Pacific/Noumea"})
    page = tablet.does("hour.set", date=("31", "02", "2026"), time="2561")
    assert [asked.key for asked in page.asked if getattr(asked, "error", "")] == ["date", "time"]
    page = tablet.does("hour.set", date=("27", "11", "2026"), time="1405")
    assert page.message.title == "Ce poste ne peut pas régler l’heure lui-même"


class ByNetwork:
    """The agent's part, done by hand: what it would mirror and file."""

    def __init__(self, tablet, authority):
        self.tablet, self.authority = tablet, authority
        self.agent = AgentSpool(tablet.base / "spool")
        self.requests = AgentRequests(self.agent)

    def mirrors(self):
        shutil.copytree(self.authority[0] / "server" / "tuf" / "metadata", self.agent.mirror / "metadata")
        shutil.copytree(self.authority[0] / "server" / "tuf" / "targets", self.agent.mirror / "targets")

    def answers(self, request=None):
        """The supervisor signs this request, that of the tablet by default."""
        file = self.requests.waiting()
        path, out = self.tablet.base / "asked.cbor", self.tablet.base / "signed.cbor"
        path.write_bytes(request or self.requests.read(file))
        assert provision([
            "device", "enrol", "--authority", str(self.authority[0]), "--request", str(path),
            "--profile", "accueil", "--unit", "pan", "--unit-name", "Mairie de Lifou",
            "--place", "98814", "--departement", "988", "--out", str(out), *self.authority[1][-2:],
        ]) == 0  # fmt: skip
        self.requests.put_answer(file, out.read_bytes())


@pytest.fixture
def network(tablet, authority):
    return ByNetwork(tablet, authority)


def a_stranger_s_request():
    sealing = SealingPrivateKey.generate(SuiteId.MLKEM768_X25519, os.urandom)
    return encode_request(
        EnrolmentRequest(
            cose_key=SoftwareKey.generate().cose_key, sealing_key=sealing.public, log_id=LogId(os.urandom(8))
        )
    )


def test_without_a_stick_the_root_that_the_agent_met_is_compared(tablet, authority, network):
    tablet.does("begin")
    assert tablet.does("authority").message.tone == "error"
    network.mirrors()
    on_paper = fingerprint_in_groups(realm_of((authority[0] / "root.json").read_bytes()))
    assert on_paper in tablet.does("authority").paragraphs


def test_a_root_that_the_agent_changes_after_it_was_compared_is_not_believed(tablet, authority, network):
    network.mirrors()
    for command in ("begin", "authority", "codes"):
        tablet.does(command)
    (network.agent.mirror / "metadata" / "1.root.json").write_bytes(b"{}")
    tablet.presenter.act("prepare", TYPED)
    kept = (tablet.base / "store" / "root.json").read_bytes()
    assert kept == (authority[0] / "root.json").read_bytes()


def test_an_answer_for_another_tablet_installs_nothing_and_may_be_asked_for_again(tablet, network):
    network.mirrors()
    tablet.comes_to_the_request()
    tablet.does("network")
    network.answers(a_stranger_s_request())
    tablet.does("network.answer")
    assert (
        tablet.does("network.read", code=CODE).message.title == "Ces fichiers ne conviennent pas à ce poste"
    )
    assert tablet.first.stage is Stage.PREPARED
    assert tablet.does("network.again").name == "I-network-leaving"
    network.answers()
    assert tablet.does("network.read", code=CODE).name == "I-done"
    assert [path.suffix for path in (tablet.base / "spool" / "out").iterdir()] == [".enrol"]


@pytest.mark.parametrize("forged", ["timestamp.json", "1.root.json"])
def test_tables_by_network_are_verified_from_the_root_that_was_compared(tablet, network, forged):
    network.mirrors()
    tablet.comes_to_the_request()
    tablet.does("network")
    network.answers()
    metadata = network.agent.mirror / "metadata"
    for path in metadata.glob("*.json") if forged == "timestamp.json" else [metadata / forged]:
        path.write_bytes(b"{}")
    page = tablet.does("network.read", code=CODE)
    if forged == "1.root.json":  # it was believed once, by eye; nobody reads it again
        assert page.name == "I-done"
        return
    assert page.message.title == "Ces fichiers ne conviennent pas à ce poste"
    assert tablet.first.stage is Stage.PREPARED


def test_an_answer_that_comes_before_the_tables_waits_for_them(tablet, fingerprint, network):
    tablet.comes_to_the_request()
    tablet.does("network")
    network.answers()
    assert "Réessayez dans une minute" in tablet.does("network.read", code=CODE).message.title
    network.mirrors()
    assert tablet.does("network.read", code=CODE).name == "I-done"


def test_whoever_prefers_the_stick_after_all_goes_on_with_the_same_keys(tablet, authority, fingerprint):
    tablet.comes_to_the_request()
    shown = tablet.first.request_fingerprint()
    tablet.does("network")
    assert [path.suffix for path in (tablet.base / "spool" / "out").iterdir()] == [".request"]
    assert shown in tablet.does("network.stick").paragraphs[1]
    assert list((tablet.base / "spool" / "out").iterdir()) == []
    tablet.does("request.write")
    assert enrols(tablet, authority, expected=shown) == 0
    assert tablet.does("answer.read", code=CODE).name == "I-done"
