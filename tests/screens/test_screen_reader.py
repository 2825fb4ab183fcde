"""A whole request, from « Commencer » to its reference, through AT-SPI only: what a screen reader hears and
presses on the real program. No finger, no key of a keyboard, no look inside.
"""

import subprocess

import pytest

from kiosk_app.station import Station
from kiosk_app.store.slots import Argon2Cost
from kiosk_app.use_cases.unlock import Unlock
from procuration.adapters.clock import SystemClock
from procuration.adapters.service_key import service_key
from tests.demo.installed import DESIGN_MIB, OFFSCREEN, SOURCES, InstalledKiosk
from tests.screens.atspi import ScreenReader
from tests.screens.private_bus import PrivateBus

EMAIL = "angela.dubois@exemple.fr"
TYPED = ("dubois", "angela", "claire", "dupont", "jean-claude", "1962", "1944", "exemple.fr")
STOP_SECONDS = 30


class Program:
    """The program of the tablet on a bus of the test's own."""

    def __init__(self, kiosk, bus, log):
        self.log = log
        with log.open("w") as messages:
            self.process = subprocess.Popen(
                kiosk.command(),
                cwd=SOURCES,
                env={**bus.environment, **OFFSCREEN},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=messages,
            )

    def said(self):
        return self.log.read_text()

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        return self.process.returncode


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory):
    installed = InstalledKiosk(tmp_path_factory.mktemp("installed") / "stage")
    yield installed
    installed.stop()


@pytest.fixture
def session(kiosk, tmp_path):
    """A bus, and how the program is started on it."""
    bus = PrivateBus()
    started = []

    def start():
        started.append(Program(kiosk, bus, tmp_path / "program.log"))
        return started[-1]

    yield bus, start
    for program in started:
        program.stop()
    bus.stop()


class Elector:
    """Somebody who does not see the screen."""

    def __init__(self, reader):
        self.reader = reader

    def press(self, name, role="button"):
        self.reader.press(self.reader.find(role, name))

    def hears(self, title):
        self.reader.find("heading", title)

    def answers(self, question, text, box="entry"):
        self.hears(question)
        self.reader.type(self.reader.find(box, question), text)
        self.press("Continuer")

    def chooses(self, question, choice):
        self.hears(question)
        radio = self.reader.find("radio button", choice)
        self.reader.press(radio)
        self.reader.wait_for("checked", radio)
        self.press("Continuer")

    def dates(self, question, *parts):
        self.hears(question)
        for name, digits in zip(("Jour", "Mois", "Année"), parts, strict=True):
            self.reader.type(self.reader.find("entry", name), digits)
        self.press("Continuer")

    def place(self, question, letters, place):
        self.hears(question)
        self.reader.type(self.reader.find("entry", question), letters)
        self.press(place)


def opened(reader, code):
    elector = Elector(reader)
    reader.type(reader.find("password text", "Code de l’agent"), code)
    elector.press("Ouvrir le poste")
    elector.hears("Voter par procuration")
    return elector


def files_a_request(elector):
    elector.press("Commencer")
    elector.press("J’ai compris")
    elector.answers("Quel est votre nom de naissance ?", "Dubois")
    elector.answers("Quels sont vos prénoms ?", "Angela Claire Louise")
    elector.chooses("Quel est votre sexe à l’état civil ?", "Féminin")
    elector.dates("Quelle est votre date de naissance ?", "24", "08", "1962")
    elector.answers("Quelle est votre adresse électronique ?", EMAIL)
    elector.place("Dans quelle commune votez-vous ?", "noum", "Nouméa")
    elector.answers("Quel est le nom de naissance de cette personne ?", "Dupont")
    elector.answers("Quels sont les prénoms de cette personne ?", "Jean-Claude Bernard")
    elector.chooses("Quel est le sexe de cette personne à l’état civil ?", "Masculin")
    elector.dates("Quelle est la date de naissance de cette personne ?", "22", "08", "1944")
    elector.place("Dans quelle commune vote cette personne ?", "noum", "Nouméa")
    elector.chooses("Pour quelles élections ?", "La prochaine élection")
    elector.chooses("Pour quel tour ?", "Les deux tours")
    elector.hears("Vérifiez vos réponses")
    elector.press("Valider ma demande")
    elector.hears("Votre demande est enregistrée")


def requests_in_the_store(kiosk):
    """Opened as the program does, once it has ended."""
    folders = {name: kiosk.stage.tablet("accueil", name) for name in ("store", "spool", "service.key")}
    station = Station(
        folders["store"],
        SystemClock(),
        second_secret=lambda: service_key(folders["service.key"]),
        cost=Argon2Cost(memory_kib=int(DESIGN_MIB) * 1024),
        spool=folders["spool"],
    )
    Unlock(station)(kiosk.stage.codes.agent)
    try:
        return [held.filed for held in station.store.requests.filed_here_undecided()]
    finally:
        station.close()


def test_a_whole_request_is_filed_through_a_screen_reader_and_nothing_of_it_stays(kiosk, session):
    bus, start = session
    program = start()
    reader = ScreenReader(bus.someone_listens())
    elector = opened(reader, kiosk.stage.codes.agent)
    files_a_request(elector)
    elector.press("Terminer et effacer l’écran")
    elector.hears("Voter par procuration")
    told = " ".join(f"{seen.name} {seen.description}" for seen in reader.read()).casefold()
    assert [word for word in TYPED if word in told] == []
    assert program.stop() == 0
    assert [word for word in TYPED if word in program.said().casefold()] == []
    assert "Traceback" not in program.said()
    filed = requests_in_the_store(kiosk)
    assert [(one.mandant.birth_name, one.mandant.given_names, one.email) for one in filed] == [
        ("Dubois", "Angela Claire Louise", EMAIL)
    ]
