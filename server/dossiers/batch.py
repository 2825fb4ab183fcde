"""Several procurations validated at once by their town hall: each is decided on by itself, under one lock,
as it stands at that moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from procuration.domain.events import Decision, DecisionOrigin
from procuration.domain.identifiers import EventHash, Rid
from procuration.domain.status import Status
from server.config.centre import current_centre
from server.dossiers.models import Procuration
from server.dossiers.plain import Apart, apart, state_token
from server.dossiers.refolding import refold
from server.dossiers.selectors import of_place
from server.dossiers.services import Account
from server.ledger.known import Known
from server.ledger.own_log import Entry, append, lock_own_log
from server.ledger.tree import append_due_leaves

BATCH_MAX: Final = 50
"""As many as a page of the work list shows: what nobody has read is not validated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What became of a batch, rids in hexadecimal.

    Attributes:
        validated: those that this account accepted, now or by the same form sent before.
        left_out: the others of this commune, each with the reason.
    """

    validated: tuple[str, ...]
    left_out: Mapping[str, Apart]


def validate_plain(seen: Mapping[str, str], account: Account) -> Batch:
    """Accept each of these that is still plain and still as its agent saw it. Sent twice, it writes once.

    Args:
        seen: by rid, the `state_token` of what the review page showed; at most BATCH_MAX count, in order.
    Returns: nothing about a procuration of another place (I-8).
    """
    centre = current_centre()
    wanted = list(seen)[:BATCH_MAX]
    with transaction.atomic():
        log = lock_own_log(centre)  # whoever decides about one of them waits here
        at = centre.clock.now()
        rows = _rows(wanted, account)
        why_not = {rid: _why_not(row, seen[rid], at) for rid, row in rows.items()}
        due = [rows[rid] for rid in wanted if rid in rows and why_not[rid] is None]
        if due:
            events = append(centre, log, [_entry(row, account) for row in due], at)
            refold(Known(centre), {str(event.rid): [event] for event in events}, at)
    append_due_leaves(centre)
    done = {rid for rid, row in rows.items() if why_not[rid] is None or _accepted_by(row, account)}
    left_out = {rid: code for rid, code in why_not.items() if code is not None and rid not in done}
    beyond = _rows(list(seen)[BATCH_MAX : 2 * BATCH_MAX], account)
    left_out |= dict.fromkeys(beyond, Apart.TOO_MANY)
    return Batch(validated=tuple(rid for rid in wanted if rid in done), left_out=left_out)


def _rows(rids: list[str], account: Account) -> dict[str, Procuration]:
    mine = of_place(account.place_code, account.place_type)
    return {row.rid: row for row in mine.filter(rid__in=rids)}


def _why_not(row: Procuration, token: str, at: datetime) -> Apart | None:
    found = apart(row, at)
    if found is not None:
        return found
    return None if state_token(row) == token else Apart.CHANGED


def _accepted_by(row: Procuration, account: Account) -> bool:
    """Whether this account accepted it before: the same form came twice."""
    return row.decided_by == account.pseudonym and row.status == Status.VALIDEE


def _entry(row: Procuration, account: Account) -> Entry:
    decision = Decision(
        act_hash=EventHash(bytes.fromhex(row.act_hash)),
        origin=DecisionOrigin.TOWN_HALL,
        accepted=True,
        code=None,
        account=account.in_records(),
    )
    return Entry(decision, Rid(bytes.fromhex(row.rid)))
