"""What the centre said stands above what is folded here: rivals of other communes are unknown to this
computer (L. 73).

The fold of the dossiers writes rows from the events at hand; the word of the centre is put over them after
each import and each request that may have folded something.
"""

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.template.loader import render_to_string

from procuration.domain.status import Status
from server.commune import hall
from server.commune.models import CentreWord
from server.config.centre import current_centre
from server.dossiers.models import Procuration
from server.texts_fr import text

_ENDED: Final = frozenset(
    {
        Status.NULLE_L73,
        Status.EN_ATTENTE_HUMAINE,
        Status.RESILIEE,
        Status.ANNULEE_L77,
        Status.UTILISEE,
        Status.VOTE_PERSONNEL,
        Status.REFUSEE,
    }
)
"""What only the centre can tell for certain. Elsewhere a decision made here, not yet carried, is newer."""


def put_the_centre_s_words() -> None:
    """Over every row that says something else."""
    rows = Procuration.objects.in_bulk()
    for word in CentreWord.objects.all():
        row = rows.get(word.rid)
        if row is not None:
            _put(row, word)


def _put(row: Procuration, word: CentreWord) -> None:
    before = row.status, row.code, [dict(one) for one in row.effects]
    if word.status is not None and Status(word.status) in _ENDED:
        row.status, row.code = word.status, word.code
    row.effects = [_effect(one, word.ranks) for one in row.effects]
    if before != (row.status, row.code, row.effects):
        row.save(update_fields=["status", "code", "effects"])


def _effect(effect: dict[str, Any], ranks: list[list[Any]]) -> dict[str, Any]:
    said = next((one for one in ranks if one[:2] == [effect["ballot"], effect["round"]]), None)
    return effect if said is None else {**effect, "effect": said[2], "rule": said[3], "doubt": said[4]}


Answer = Callable[[HttpRequest], HttpResponse]


def stand_by_the_centre(answer: Answer) -> Answer:
    """Middleware: a stopped computer signs nothing; after each page of the town hall the centre's words are
    put over the rows again."""

    def middleware(request: HttpRequest) -> HttpResponse:
        ours = request.path_info.startswith("/mairie/")
        signs = request.method == "POST" and not request.path_info.startswith("/mairie/cle/")
        code = hall.why_nothing_is_signed(current_centre().clock.now()) if ours and signs else None
        if code is not None:
            return HttpResponseForbidden(render_to_string("commune/stopped.html", _problem(code), request))
        response = answer(request)
        if ours:
            put_the_centre_s_words()
        return response

    return middleware


def _problem(code: str) -> dict[str, str]:
    key = "clock" if code == "HORLOGE_EN_RETARD" else "stopped"
    return {"title": text(f"commune.{key}.title"), "sentence": text(f"commune.{key}.text")}
