"""A whole request, from « Commencer » to its reference, through AT-SPI only: what a screen reader hears and
presses on the real program. No finger, no key of a keyboard, no look inside.
"""

import json
import os
import subprocess

import pytest

from kiosk_app.station import Station
from kiosk_app.store.slots import Argon2Cost
from kiosk_app.use_cases.unlock import Unlock
from procuration.adapters.clock import SystemClock
from procuration.adapters.service_key import service_key
from procuration.domain.events import Kind
from tests.demo.installed import DESIGN_MIB, OFFSCREEN, SOURCES, InstalledKiosk
from tests.memory_of import memory_of
from tests.screens.atspi import ScreenReader, plain
from tests.screens.private_bus import PrivateBus, until

EMAIL = "angela.dubois@exemple.fr"
TYPED = ("dubois", "angela", "claire", "dupont", "jean-claude", "1962", "1944", "exemple.fr")
REVIEWED = (
    "Dubois",
    "Angela Claire Louise",
    "24 août 1962",
    EMAIL,
    "Vous demandez que Jean-Claude Bernard DUPONT vote à votre place.",
)
WAIT_SECONDS = STOP_SECONDS = 90


class Program:
    """The program of the tablet on a bus of the test's own."""

    def __init__(self, kiosk, environment, log):
        self.log = log
        with log.open("w") as messages:
            self.process = subprocess.Popen(
                kiosk.command(),
                cwd=SOURCES,
                env={**environment, **OFFSCREEN},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=messages,
            )

    def said(self):
        return self.log.read_text()

    def events(self):
        """What it logged about screen readers, without its times."""
        lines = [json.loads(line) for line in self.said().splitlines() if line.startswith("{")]
        return [line["event"] for line in lines if line["event"].startswith("screen_reader")]

    def wait_for(self, event):
        until(lambda: event in self.said(), f"{event} in the log", WAIT_SECONDS)

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
def start(kiosk, tmp_path):
    """How the program is started in a session; it ends before its bus does."""
    started = []

    def start(environment):
        started.append(Program(kiosk, environment, tmp_path / f"program-{len(started)}.log"))
        return started[-1]

    yield start
    for program in started:
        program.stop()


@pytest.fixture
def bus(request):
    """A session of the test's own, with AT-SPI unless the test says otherwise."""
    bus = PrivateBus(with_atspi=getattr(request, "param", True))
    yield bus
    bus.stop()


@pytest.fixture
def program(bus, start):
    return start(bus.environment)


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


def answers_everything(
    elector, names=("Dubois", "Angela Claire Louise", EMAIL, "Dupont", "Jean-Claude Bernard")
):
    """From « Commencer » to the verification."""
    birth_name, given_names, email, other_name, other_names = names
    elector.press("Commencer")
    elector.press("J’ai compris")
    elector.answers("Quel est votre nom de naissance ?", birth_name)
    elector.answers("Quels sont vos prénoms ?", given_names)
    elector.chooses("Quel est votre sexe à l’état civil ?", "Féminin")
    elector.dates("Quelle est votre date de naissance ?", "24", "08", "1962")
    elector.answers("Quelle est votre adresse électronique ?", email)
    elector.place("Dans quelle commune votez-vous ?", "noum", "Nouméa")
    elector.answers("Quel est le nom de naissance de cette personne ?", other_name)
    elector.answers("Quels sont les prénoms de cette personne ?", other_names)
    elector.chooses("Quel est le sexe de cette personne à l’état civil ?", "Masculin")
    elector.dates("Quelle est la date de naissance de cette personne ?", "22", "08", "1944")
    elector.place("Dans quelle commune vote cette personne ?", "noum", "Nouméa")
    elector.chooses("Pour quelles élections ?", "La prochaine élection")
    elector.chooses("Pour quel tour ?", "Les deux tours")
    elector.hears("Vérifiez vos réponses")


def files_a_request(elector):
    answers_everything(elector)
    for heard in REVIEWED:
        elector.reader.find("label", heard)
    files_it(elector)


def files_it(elector):
    elector.press("Valider ma demande")
    elector.hears("Votre demande est enregistrée")


def requests_in_the_store(kiosk):
    """How many there are, once the program has ended. A kiosk can not read what it filed."""
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
        return len(station.store.log.of_kind(Kind.FILED))
    finally:
        station.close()


def test_a_whole_request_is_filed_through_a_screen_reader_and_nothing_of_it_stays(kiosk, bus, start):
    before = requests_in_the_store(kiosk)
    program = start(bus.environment)
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
    assert requests_in_the_store(kiosk) == before + 1


def test_an_error_takes_the_focus_is_announced_and_described_at_its_box(kiosk, bus, program):
    reader = ScreenReader(bus.someone_listens())
    elector = opened(reader, kiosk.stage.codes.agent)
    elector.press("Commencer")
    elector.press("J’ai compris")
    elector.hears("Quel est votre nom de naissance ?")
    reader.bus.listen_to("org.a11y.atspi.Event.Object", "Announcement")
    elector.press("Continuer")
    reader.wait_for("focused", reader.find("notification", "Il y a 1 réponse à corriger"))
    assert "Il y a 1 réponse à corriger" in [plain(words) for words in reader.bus.heard()]
    box = reader.find("entry", "Quel est votre nom de naissance ?")
    assert plain(box.description).startswith("Erreur : Saisissez votre nom de naissance.")
    elector.press("Saisissez votre nom de naissance.", "link")
    reader.wait_for("focused", box)


def test_the_reader_hears_the_language_that_was_chosen(kiosk, bus, program):
    elector = opened(ScreenReader(bus.someone_listens()), kiosk.stage.codes.agent)
    elector.press("English")
    elector.hears("Voting by proxy (procuration)")
    elector.press("Start")


def test_a_reader_may_come_late_leave_and_come_again(bus, program):
    program.wait_for("first_page_shown")
    assert program.events() == []
    ScreenReader(bus.someone_listens()).find("heading", "Ce poste est fermé")
    bus.someone_listens(False)
    program.wait_for("screen_reader_left")
    ScreenReader(bus.someone_listens()).find("heading", "Ce poste est fermé")
    assert program.events() == ["screen_reader_listens", "screen_reader_left", "screen_reader_listens"]


def test_without_a_bus_the_program_runs_and_says_so_once(start, tmp_path):
    nowhere = {
        k: v for k, v in os.environ.items() if k not in ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR")
    }
    program = start(nowhere)
    program.wait_for("first_page_shown")
    assert program.stop() == 0
    assert program.events() == ["screen_reader_without_bus"]
    assert "Traceback" not in program.said()


@pytest.mark.parametrize("bus", [False], indirect=True)
def test_on_a_bus_without_at_spi_the_program_runs(program):
    program.wait_for("first_page_shown")
    assert program.stop() == 0
    assert program.events() == []
    assert "Traceback" not in program.said()
    assert "panicked" not in program.said()


def test_on_the_address_of_a_bus_that_is_not_there_the_program_runs(start, tmp_path):
    program = start({**os.environ, "DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path}/nothing"})
    program.wait_for("first_page_shown")
    assert program.stop() == 0
    assert "Traceback" not in program.said()
    assert "panicked" not in program.said()


def test_when_the_bus_goes_the_program_goes_on(bus, program):
    reader = ScreenReader(bus.someone_listens())
    reader.find("heading", "Ce poste est fermé")
    bus.stop()
    program.wait_for("screen_reader_listens")
    assert program.process.poll() is None
    assert program.stop() == 0
    assert "Traceback" not in program.said()


MARKED = ("Zygomatique", "Xylophoniste", "mirliton@exemple.fr", "Wolframine", "Quetzalcoatl")
"""Nothing else that this program holds has such names."""
ENCODINGS = ("utf-8", "utf-16-le", "utf-32-le")


def marked_in(data):
    """Which of the names are in these bytes, in any case and in any width that Python or Kivy gives them."""
    low = data.lower()
    words = [name.partition("@")[0].lower() for name in MARKED]
    return {word for word in words if any(word.encode(encoding) in low for encoding in ENCODINGS)}


def marked_in_memory(pid):
    return set().union(*map(marked_in, memory_of(pid)))


def marked_in_files(*folders):
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    assert files
    return {path.name for path in files if marked_in(path.read_bytes())}


@pytest.mark.parametrize("end", ["filed", "left"])
def test_after_the_wipe_no_name_is_left_in_memory_store_spool_or_home(kiosk, bus, start, tmp_path, end):
    own = {"HOME": tmp_path / "home", "TMPDIR": tmp_path / "temporary"}
    for folder in own.values():
        folder.mkdir()
        (folder / "seen").write_bytes(b"searched too")
    program = start(bus.environment | {key: str(folder) for key, folder in own.items()})
    elector = opened(ScreenReader(bus.someone_listens()), kiosk.stage.codes.agent)
    answers_everything(elector, MARKED)
    assert len(marked_in_memory(program.process.pid)) == len(MARKED), "the search sees what is there"
    if end == "filed":
        files_it(elector)
        elector.press("Terminer et effacer l’écran")
    else:
        elector.press("Quitter")
        elector.press("Effacer et quitter")
    elector.hears("Voter par procuration")
    until(lambda: not marked_in_memory(program.process.pid), "no name in the memory", WAIT_SECONDS)
    folders = [kiosk.stage.tablet("accueil", name) for name in ("store", "spool")]
    assert marked_in_files(*folders, *own.values()) == set()
    assert marked_in(program.said().encode()) == set()
