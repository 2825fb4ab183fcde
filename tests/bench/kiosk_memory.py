"""What the kiosk weighs with everything it draws by software here, and whether it grows with the requests."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from provisioning.demo.day import Day
from provisioning.demo.processes import Actor
from tests.demo.installed import InstalledKiosk

PSS_MIB_MAX = 200
GROWTH_MIB_MAX = 4
AFTER_THE_CODE_SECONDS = 5
AFTER_A_REQUEST_SECONDS = 2
"""The wipe gives memory back one second after it."""
FIRST_REQUESTS, MORE_REQUESTS = 3, 7
"""Every screen has been built, and every table read, once the first ones are filed."""
SOFTWARE_RENDERER = ("libLLVM", "swrast_dri")
KIB = 1024


class WithoutPictures(Day):
    """The scripted day, of which only the hand at the kiosk is used."""

    def picture(self, actor: Actor, name: str) -> None:
        """None: a picture takes memory of its own."""


def measure() -> Iterator[dict[str, Any]]:
    """PSS at the first page, after a code, after requests and within one; growth of what is its own."""
    with tempfile.TemporaryDirectory(prefix="bench-kiosk-memory-") as folder:
        kiosk = InstalledKiosk(Path(folder) / "stage")
        try:
            yield from _memory(kiosk)
        finally:
            kiosk.stop()


def _memory(kiosk: InstalledKiosk) -> Iterator[dict[str, Any]]:
    day = WithoutPictures(kiosk.stage, kiosk.programs, kiosk.builder, lambda _: None)
    hand = kiosk.played()
    hand.do("wait", text="Ce poste est fermé")
    yield _pss_line("kiosk: memory at the first page", hand)
    day.open_kiosk(hand)
    time.sleep(AFTER_THE_CODE_SECONDS)
    yield _pss_line("kiosk: memory 5 s after a code was checked", hand)
    _file_requests(day, hand, FIRST_REQUESTS)
    after_first = weigh(hand)
    _file_requests(day, hand, MORE_REQUESTS)
    after_all = weigh(hand)
    yield {
        "name": f"kiosk: memory growth from request {FIRST_REQUESTS} to {FIRST_REQUESTS + MORE_REQUESTS}",
        "value": mib(after_all["Private_Dirty"] - after_first["Private_Dirty"]),
        "unit": "MiB of its own",
        "context": {**pss_without_renderer(after_all), "at_most": GROWTH_MIB_MAX},
    }
    yield _pss_line(f"kiosk: memory after {FIRST_REQUESTS + MORE_REQUESTS} requests", hand)
    _answer(day, hand)
    yield _pss_line("kiosk: memory with one more request, all answered", hand)


def _file_requests(day: Day, hand: Actor, number: int) -> None:
    """One elector after the other, without network; each leaves the screen wiped."""
    for _ in range(number):
        _answer(day, hand)
        hand.do("press", name="Valider ma demande")
        hand.do("wait", text="Votre demande est enregistrée")
        hand.do("press", name="Terminer et effacer l’écran")
        hand.do("wait", text="Voter par procuration")
        time.sleep(AFTER_A_REQUEST_SECONDS)


def _answer(day: Day, hand: Actor) -> None:
    """Every question, up to the page that shows all the answers."""
    hand.do("press", name="Commencer")
    hand.do("wait", text="Vos données")
    hand.do("press", name="J’ai compris")
    day.identity(hand)
    day.commune(hand, "Dans quelle commune votez-vous ?")
    day.mandataire(hand)
    day.ballot(hand)
    hand.do("wait", text="Vérifiez vos réponses")


def _pss_line(name: str, hand: Actor) -> dict[str, Any]:
    """The limit is on the whole; what a tablet with a graphics chip does without is told apart."""
    weight = weigh(hand)
    context = {
        "with": "the hand that plays it",
        "of_which_software_renderer_mib": mib(weight["renderer"]),
        "rss_mib": mib(weight["Rss"]),  # the bound of PSS when no other program shares a library
        "at_most": PSS_MIB_MAX,
    }
    return {"name": name, "value": mib(weight["Pss"]), "unit": "MiB PSS", "context": context}


def pss_without_renderer(weight: dict[str, int]) -> dict[str, float]:
    """At the end, with and without the libraries that draw by software, which a graphics chip needs not."""
    return {
        "pss_mib_at_the_end": mib(weight["Pss"]),
        "of_which_software_renderer_mib": mib(weight["renderer"]),
    }


def weigh(hand: Actor) -> dict[str, int]:
    """KiB of each kind, and of PSS in the libraries of the software renderer."""
    weight = {"Pss": 0, "Rss": 0, "Private_Dirty": 0, "renderer": 0}
    mapped = ""
    for line in Path(f"/proc/{hand.pid}/smaps").read_text().splitlines():
        first, *rest = line.split()
        if "-" in first and not first.endswith(":"):
            mapped = rest[-1] if len(rest) > 4 else ""
            continue
        kind = first.removesuffix(":")
        if kind in weight:
            weight[kind] += int(rest[0])
        if kind == "Pss" and any(part in mapped for part in SOFTWARE_RENDERER):
            weight["renderer"] += int(rest[0])
    return weight


def mib(kib: int) -> float:
    return round(kib / KIB, 1)
