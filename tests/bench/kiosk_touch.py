"""What a person waits for at the kiosk: from the key, on the screen or real, to the letter; from the button
to the page. On the installed program, its window off screen, every frame drawn and finished.

The wait counts from the instant at which the finger leaves the glass, or the key goes down; that of a page
ends when nothing more is drawn. The work alone, from the moment the program was told, stands beside
it, and its processor time, which waits for nobody else on a busy machine.
"""

import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from provisioning.demo.processes import Actor
from tests.bench.kiosk_memory import WithoutPictures
from tests.demo.installed import OFFSCREEN, InstalledKiosk

KEY_MS_MAX, PAGE_MS_MAX, LATER_MS_AIM = 50, 150, 20
ROUNDS, REQUESTS = 3, 3
NAME = "Quel est votre nom de naissance ?"
TYPED = "benoitlefevre"
WORDS_OF = {"key screen": "a key on the screen", "key real": "a real key"}


def timed_hand(kiosk: InstalledKiosk) -> Actor:
    """The program with a hand that keeps times."""
    return Actor(kiosk.programs, "kiosk", kiosk.command("tests.bench._timed_player"), OFFSCREEN)


def measure() -> Iterator[dict[str, Any]]:
    """p95 for each kind of key; for every page, and for those of a kind that was shown before."""
    with tempfile.TemporaryDirectory(prefix="bench-kiosk-touch-") as folder:
        kiosk = InstalledKiosk(Path(folder) / "stage")
        try:
            yield from _lines(_times(kiosk))
        finally:
            kiosk.stop()


def _times(kiosk: InstalledKiosk) -> list[dict[str, Any]]:
    day = WithoutPictures(kiosk.stage, kiosk.programs, kiosk.builder, lambda _: None)
    hand = timed_hand(kiosk)
    day.open_kiosk(hand)
    for by in ("screen", "real") * ROUNDS:
        _begin(hand)
        hand.do("type", name=NAME, text="")
        hand.do("keys", text=TYPED, by=by)
        _leave(hand)
    for _ in range(REQUESTS):
        _begin(hand)
        day.identity(hand)
        day.commune(hand, "Dans quelle commune votez-vous ?")
        day.mandataire(hand)
        day.ballot(hand)
        hand.do("wait", text="Vérifiez vos réponses")
        _leave(hand)
    times = hand.do("times")["times"]
    assert isinstance(times, list)
    return times


def _begin(hand: Actor) -> None:
    hand.do("press", name="Commencer")
    hand.do("wait", text="Vos données")
    hand.do("press", name="J’ai compris")
    hand.do("wait", text=NAME)


def _leave(hand: Actor) -> None:
    hand.do("press", name="Quitter")
    hand.do("press", name="Effacer et quitter")
    hand.do("wait", text="Voter par procuration")


def _lines(times: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for what, words in WORDS_OF.items():
        yield _line(f"kiosk: {words}, p95", [one for one in times if one["what"] == what], KEY_MS_MAX)
    pages = [one for one in times if one["what"] == "page"]
    yield _line("kiosk: next page, p95", pages, PAGE_MS_MAX)
    later = [one for one in pages if one["visited"]]
    yield _line(
        "kiosk: next page of a kind shown before, p95", later, PAGE_MS_MAX, {"work_aim_ms": LATER_MS_AIM}
    )


def _line(
    name: str, times: list[dict[str, Any]], limit: float, more: dict[str, Any] | None = None
) -> dict[str, Any]:
    values = [one["ms"] for one in times]
    context = {
        "count": len(values),
        "p50_ms": round(statistics.median(values), 1),
        "max_ms": round(max(values), 1),
        "work_p95_ms": round(_p95([one["work_ms"] for one in times]), 1),
        "cpu_p95_ms": round(_p95([one["cpu_ms"] for one in times]), 1),
        "at_most": limit,
        **(more or {}),
    }
    slowest = max(times, key=lambda one: one["ms"])
    if "page" in slowest:
        context["slowest"] = slowest["page"]
    return {"name": name, "value": round(_p95(values), 1), "unit": "ms", "context": context}


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]
