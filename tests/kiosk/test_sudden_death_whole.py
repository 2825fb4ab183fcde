"""The whole program, screen included, killed five times around « Valider ma demande » (I-1)."""

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from procuration.domain.events import Kind
from tests.kiosk.world import AGENT_CODE, SERVICE_KEY, World

KILLS = 5
SOURCES = Path(__file__).parents[2]
BORN = (("Jour", "24"), ("Mois", "08"), ("Année", "1962"))
BORN_TOO = (("Jour", "22"), ("Mois", "08"), ("Année", "1944"))

pytestmark = [pytest.mark.slow, pytest.mark.fault]


class Hand:
    """A real kiosk program without a display, and a hand at its screen."""

    def __init__(self, tablet, key):
        words = ["--profile", "accueil", "--store", tablet.folder, "--spool", tablet.spool.folder]
        options = [*words, "--service-key", key, "--printer", tablet.folder.parent / "paper"]
        self.log = (tablet.folder.parent / "program.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.demo.player", *map(str, options)],
            cwd=SOURCES,
            env={
                name: value
                for name, value in os.environ.items()
                if name not in ("DISPLAY", "WAYLAND_DISPLAY")
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
        )

    def asks(self, what, **values):
        self.process.stdin.write(json.dumps({"do": what, **values}) + "\n")
        self.process.stdin.flush()

    def does(self, what, **values):
        self.asks(what, **values)
        answer = json.loads(self.process.stdout.readline())
        assert answer["ok"], answer

    def tries(self, what, **values):
        self.asks(what, **values)
        return json.loads(self.process.stdout.readline())["ok"]

    def answers(self, question, *, typed=None, chosen=None, date=()):
        self.does("wait", text=question)
        if typed:
            self.does("type", name=question, text=typed)
        for name, digits in date:
            self.does("type", name=name, text=digits)
        self.does("press", name=chosen or "Continuer")
        if chosen and chosen != "Nouméa":
            self.does("press", name="Continuer")

    def opens(self):
        end = time.monotonic() + 60
        while not self.tries("wait", text="Ce poste est fermé", seconds=1):
            # The directory of these tests is dated later than this machine: the hour may be said first.
            self.tries("press", name="Continuer sans régler", seconds=0.2)
            assert time.monotonic() < end, "the station never asked for its code"
        self.does("type", name="Code de l’agent", text=AGENT_CODE)
        self.does("press", name="Ouvrir le poste")
        self.does("press", name="Commencer")
        self.does("press", name="J’ai compris")

    def fills_in(self):
        self.answers("Quel est votre nom de naissance ?", typed="DUBOIS")
        self.answers("Quels sont vos prénoms ?", typed="Angela Claire Louise")
        self.answers("Quel est votre sexe à l’état civil ?", chosen="Féminin")
        self.answers("Quelle est votre date de naissance ?", date=BORN)
        self.answers("Quelle est votre adresse électronique ?", typed="angela.dubois@exemple.fr")
        self.answers("Dans quelle commune votez-vous ?", typed="noum", chosen="Nouméa")
        self.answers("Quel est le nom de naissance de cette personne ?", typed="DUPONT")
        self.answers("Quels sont les prénoms de cette personne ?", typed="Jean-Claude")
        self.answers("Quel est le sexe de cette personne à l’état civil ?", chosen="Masculin")
        self.answers("Quelle est la date de naissance de cette personne ?", date=BORN_TOO)
        self.answers("Dans quelle commune vote cette personne ?", typed="noum", chosen="Nouméa")
        self.answers("Pour quelles élections ?", chosen="La prochaine élection")
        self.answers("Pour quel tour ?", chosen="Les deux tours")
        self.does("wait", text="Vérifiez vos réponses")

    def is_killed_after(self, seconds):
        """Files, dies; says whether the screen had told the elector that the request is registered."""
        self.does("press", name="Valider ma demande")
        self.asks("wait", text="Votre demande est enregistrée")
        time.sleep(seconds)  # the moment of death is the subject of this test
        self.process.kill()
        told, _ = self.process.communicate()
        self.log.close()
        return bool(told) and json.loads(told)["ok"]


def filed(tablet):
    """What the next start of the program finds, its chain verified."""
    tablet.starts()
    found = {event.seq: event.pair.hash for event in tablet.store.log.of_kind(Kind.FILED)}
    tablet.store.log.verify(0)
    tablet.station.close()
    return found


def test_five_kills_of_the_whole_kiosk_lose_no_request_that_a_person_was_told_of(tmp_path, budget):
    seed = int(os.environ.get("PROCURATION_TEST_SEED", random.randrange(2**32)))
    print(f"PROCURATION_TEST_SEED={seed}")
    chance = random.Random(seed)
    tablet = World(tmp_path).kiosk()
    tablet.station.close()
    key = tmp_path / "service.key"
    key.write_bytes(SERVICE_KEY)
    before = filed(tablet)
    for _ in range(KILLS * budget):
        hand = Hand(tablet, key)
        try:
            hand.opens()
            hand.fills_in()
            told = hand.is_killed_after(chance.uniform(0, 1.5))
        finally:
            hand.process.kill()
        after = filed(tablet)
        assert before.items() <= after.items()
        assert len(after) - len(before) in ({1} if told else {0, 1})
        before = after
