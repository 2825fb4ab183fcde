"""The page « État du service » of the console."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from server.config.centre import current_centre
from server.config.settings import OPTIONS
from server.console.perms import ConsoleView
from server.health.sentences import name_of, sentence_of
from server.health.state import Check, Level, look, worst
from server.texts_fr import text

_CLASS = {Level.INFO: "", Level.OK: "ok", Level.WARN: "warn", Level.ALARM: "bad"}


@dataclass(frozen=True, slots=True)
class Line:
    """One check on the page."""

    name: str
    word: str
    level: str
    sentence: str


class StatePage(ConsoleView):
    """Every check, what needs a person first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        checks = look(current_centre(), OPTIONS)
        checks.sort(key=lambda one: -one.level)
        level = worst(checks)
        context = {
            "rows": [_line(one) for one in checks],
            "alarm": level is Level.ALARM,
            "summary": text(f"health.summary.{level.name.lower()}"),
        }
        return render(request, "health/state.html", context)


def _line(one: Check) -> Line:
    return Line(
        name=name_of(one),
        word=text(f"health.level.{one.level.name.lower()}"),
        level=_CLASS[one.level],
        sentence=sentence_of(one),
    )
