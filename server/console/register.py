"""« Répertoire électoral »: whether the register answers, and what it answered. Counts only."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from server.config.centre import current_centre
from server.console import kept
from server.console.perms import ConsoleView
from server.register.answers import Answers
from server.register.configured import RegisterHealth, register_health
from server.texts_fr import text
from server.words.reasons import REASON


class RegisterPage(ConsoleView):
    """One state, and a few figures."""

    def get(self, request: HttpRequest) -> HttpResponse:
        centre = current_centre()
        health, counts = register_health(centre), kept.register_answers(centre.clock.now())
        context = {
            "health": health,
            "state": state_words(health),
            "figures": _figures(health, counts),
            "refused": [(REASON[code][0], code.value, count) for code, count in counts.refused.items()],
        }
        return render(request, "console/register.html", context)


def state_words(health: RegisterHealth) -> str:
    """Whether the register answers, in a sentence."""
    if health.alarm:
        return text(f"console.reu.alarm.{health.code}")
    return text("console.reu.answers" if health.configured else "console.reu.none")


def _figures(health: RegisterHealth, counts: Answers) -> list[tuple[str, int]]:
    rows = (
        ("waiting", health.waiting),
        ("accepted", counts.accepted),
        ("refused", sum(counts.refused.values())),
        ("others", counts.others),
    )
    return [(text(f"console.reu.{name}"), count) for name, count in rows]
