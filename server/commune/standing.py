"""What the centre said stands above what is folded here: rivals of other communes are unknown to this
computer (L. 73).

The fold of the dossiers writes rows from the events at hand; the word of the centre is put over them after
each import and each request that may have folded something.
"""

from collections.abc import Callable, Collection
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.template.loader import render_to_string

from procuration.domain.candidates import Effect
from procuration.domain.status import Status
from server.commune import hall
from server.commune.models import CentreWord
from server.config.centre import current_centre
from server.dossiers import mentions
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
_BY_A_VOTE: Final = frozenset({Status.UTILISEE, Status.VOTE_PERSONNEL})
_LOST: Final = frozenset(Effect) - {Effect.STANDS, Effect.DOUBT}
_SPENT: Final = frozenset({Effect.UTILISEE, Effect.VOTE_PERSONNEL})


def put_the_centre_s_words() -> None:
    """Over every row that says something else."""
    rows = Procuration.objects.in_bulk()
    for word in CentreWord.objects.all():
        row = rows.get(word.rid)
        if row is not None:
            _put(row, word)


def _put(row: Procuration, word: CentreWord) -> None:
    before = row.status, row.code, row.rule, [dict(one) for one in row.effects]
    not_cast = mentions.votes_not_cast(row)
    row.effects = [_effect(one, word.ranks, not_cast) for one in row.effects]
    if word.status is not None and _stands(Status(word.status), not_cast):
        row.status, row.code = word.status, word.code
        if row.effects and row.effects[-1]["effect"] in _LOST:
            row.rule = row.effects[-1]["rule"]  # what the page explains it by
    if before != (row.status, row.code, row.rule, row.effects):
        row.save(update_fields=["status", "code", "rule", "effects"])


def _stands(status: Status, not_cast: Collection[str]) -> bool:
    """Whether the centre's word is put over the row: what only it can tell, but for a vote that was withdrawn
    here."""
    return status in _ENDED and not (not_cast and status in _BY_A_VOTE)


def _effect(effect: dict[str, Any], ranks: list[list[Any]], not_cast: Collection[str]) -> dict[str, Any]:
    """A vote spends the procuration on which it is noted, and no other: withdrawn here, it is known here
    first. The poll does not wait for the stick (R-50)."""
    said = next((one for one in ranks if one[:2] == [effect["ballot"], effect["round"]]), None)
    if said is None or (said[2] in _SPENT and effect["day"] in not_cast):
        return effect
    return {**effect, "effect": said[2], "rule": said[3], "doubt": said[4]}


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
