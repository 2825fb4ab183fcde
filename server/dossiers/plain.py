"""Which procurations are plain: an agent may validate several of them at once, after one review. Pure.

Plain means that nothing in the dossier asks for a look of its own. The list is closed and errs on the side of
a look: what is left out is not refused, it is examined alone. Decided from one row: what rivals make of it
is in its effects already.
"""

from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from json import dumps

from procuration.domain.acts import ActPlaceKind, Declarations, missing_to_establish
from procuration.domain.candidates import Effect
from procuration.domain.events import Authentication, Channel, Kind
from procuration.domain.law import ControlRegime
from procuration.domain.status import Status
from server.dossiers import mentions
from server.dossiers.listing import ANSWER_AWAITED
from server.dossiers.models import Procuration
from server.dossiers.selectors import WAITING


class Apart(StrEnum):
    """Why a procuration is examined alone, or why it was left out of a batch."""

    DECIDED = "DECIDED"
    HUMAN_QUEUE = "HUMAN_QUEUE"
    NOT_OPEN = "NOT_OPEN"
    REGISTER = "REGISTER"
    CLOSED = "CLOSED"
    SET_ASIDE = "SET_ASIDE"
    FACT = "FACT"
    ANSWER = "ANSWER"
    NO_POLL = "NO_POLL"
    CEILING = "CEILING"
    MANDATAIRE = "MANDATAIRE"
    HOME = "HOME"
    PAPER = "PAPER"
    IDENTITY = "IDENTITY"
    NOT_TAKEN_IN = "NOT_TAKEN_IN"
    CHANGED = "CHANGED"
    TOO_MANY = "TOO_MANY"


_SILENT = (Kind.TAKEN_IN, Kind.REFERENCE_GIVEN)
"""Events that say nothing of what a procuration is worth: they may come between review and confirmation."""


def apart(row: Procuration, now: datetime) -> Apart | None:
    """The first reason to examine this one alone; None when it is plain."""
    return _not_to_decide(row, now) or _in_doubt(row) or _weakly_evidenced(row)


def _not_to_decide(row: Procuration, now: datetime) -> Apart | None:
    """Nothing (or nothing more) that the town hall could decide."""
    if row.decided_at is not None:
        return Apart.DECIDED
    if row.status == Status.EN_ATTENTE_HUMAINE:
        return Apart.HUMAN_QUEUE
    if row.status not in WAITING:
        return Apart.NOT_OPEN
    if row.regime != ControlRegime.MAIRIE:
        return Apart.REGISTER
    if row.last_closing is not None and row.last_closing <= now:
        return Apart.CLOSED
    return None


def _in_doubt(row: Procuration) -> Apart | None:
    """The law, another town hall or a fact may speak against it."""
    if row.aside:
        return Apart.SET_ASIDE
    if mentions.in_force(row) or any(entry["kind"] == Kind.RULING for entry in row.history):
        return Apart.FACT
    if row.answer == ANSWER_AWAITED:
        return Apart.ANSWER
    if not row.effects:
        return Apart.NO_POLL  # no ballot is known: nobody can tell the rank of the mandataire (L. 73)
    if any(effect["effect"] != Effect.STANDS for effect in row.effects):
        return Apart.CEILING
    if not (row.mandataire_birth_name and row.mandataire_place_code):
        return Apart.MANDATAIRE  # a number alone: nobody can read who will vote, nor where they are enrolled
    return None


def _weakly_evidenced(row: Procuration) -> Apart | None:
    """It stands, and its evidence is worth a look."""
    if row.act_place_kind == ActPlaceKind.HOME:
        return Apart.HOME
    if row.channel == Channel.PAPER:
        return Apart.PAPER
    if row.authentication == Authentication.NONE and not _identity_was_checked(row):
        return Apart.IDENTITY
    return Apart.NOT_TAKEN_IN if row.to_take_in else None


def _identity_was_checked(row: Procuration) -> bool:
    """Without FranceConnect only the officer's control vouches for the mandant (R-27): a document shown, and
    everything declared (R-07, R-18)."""
    if row.identity_document is None or row.declarations is None or row.act_place_kind is None:
        return False
    return not missing_to_establish(Declarations(row.declarations), ActPlaceKind(row.act_place_kind))


def state_token(row: Procuration) -> str:
    """What an agent had before their eyes, in 32 characters: another token later means that something came
    since."""
    told = [entry["hash"] for entry in row.history if entry["kind"] not in _SILENT]
    seen = [row.act_hash, row.code, row.answer, row.effects, row.aside, told, row.decided_by]
    return sha256(dumps(seen, sort_keys=True).encode()).hexdigest()[:32]
