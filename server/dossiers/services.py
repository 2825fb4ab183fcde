"""What the centre itself adds to a procuration: received here, received by the town hall, decided. Each is
an event it signs.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from procuration.domain.events import Decision, DecisionOrigin, TakenBy, TakenIn
from procuration.domain.facts import PortalAccount
from procuration.domain.identifiers import EventHash, Rid
from procuration.domain.law import ControlRegime
from procuration.domain.people import Place, PlaceType
from procuration.domain.refusal import TOWN_HALL_CODES, RefusalCode
from procuration.domain.status import Status
from procuration.errors import RuleViolated
from server.config.centre import Centre, current_centre
from server.dossiers.models import Procuration
from server.dossiers.refolding import refold
from server.ledger.checked import Checked
from server.ledger.known import Known
from server.ledger.own_log import Entry, append, lock_own_log
from server.ledger.tree import append_due_leaves

_TAKEN_IN_AT_ONCE: Final = 1_000
_OPEN: Final = (Status.ETABLIE, Status.TRANSMISE, Status.RECUE)
_DECIDED: Final = (Status.VALIDEE, Status.INVALIDEE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who acts through a portal: a pseudonym, a role, and the place the account is bound to."""

    pseudonym: str
    role: str
    place_code: str
    place_type: int
    place_cog_year: int

    def in_records(self) -> PortalAccount:
        """The account as an event names it."""
        place = Place(code=self.place_code, type=PlaceType(self.place_type), cog_year=self.place_cog_year)
        return PortalAccount(pseudonym=self.pseudonym, role=self.role, place=place)


def take_in_established(centre: Centre, checked: Checked | None = None) -> int:
    """Say of every procuration that was established, whatever its rivals make of it, that it is received here
    (R-54): the status becomes TRANSMISE, and the time of the act has an upper bound.

    Derived from the dossiers, so an interrupted run loses nothing. In the REU regime the register's own
    answer (`server.register`) moves the dossier on; until then it stays TRANSMISE.

    Args:
        checked: what the import just before read and checked of these acts.
    Returns: how many.
    """
    written = 0
    while Procuration.objects.filter(to_take_in=True).exists():
        with transaction.atomic():
            log = lock_own_log(centre)
            found = Procuration.objects.filter(to_take_in=True).order_by("established_at")
            waiting = list(found.values_list("rid", "act_hash")[:_TAKEN_IN_AT_ONCE])
            entries = [
                Entry(
                    TakenIn(by=TakenBy.CENTRE, act_hash=EventHash(bytes.fromhex(act_hash)), account=None),
                    Rid(bytes.fromhex(rid)),
                )
                for rid, act_hash in waiting
            ]
            at = centre.clock.now()
            events = append(centre, log, entries, at)
            refold(Known(centre, checked), {str(event.rid): [event] for event in events}, at)
            written += len(events)
    return written


def decide(rid: str, account: Account, accepted: bool, code: RefusalCode | None) -> Procuration:
    """The town hall accepts an established procuration, or refuses it with a code.

    Raises: RuleViolated DOSSIER_INCONNU, REGIME_REU, DEJA_DECIDE, PAS_ETABLIE, MOTIF_MANQUANT,
    MOTIF_INCONNU, MOTIF_INUTILE.
    """
    if accepted and code is not None:
        raise RuleViolated("MOTIF_INUTILE")
    if not accepted and code is None:
        raise RuleViolated("MOTIF_MANQUANT")
    if code is not None and code not in TOWN_HALL_CODES:
        raise RuleViolated("MOTIF_INCONNU")

    def entry(row: Procuration) -> Entry:
        if row.decided_at is not None or row.status in _DECIDED:
            raise RuleViolated("DEJA_DECIDE")
        if row.status not in _OPEN:
            raise RuleViolated("PAS_ETABLIE")
        decision = Decision(
            act_hash=EventHash(bytes.fromhex(row.act_hash)),
            origin=DecisionOrigin.TOWN_HALL,
            accepted=accepted,
            code=code,
            account=account.in_records(),
        )
        return Entry(decision, Rid(bytes.fromhex(rid)))

    return _written_by_town_hall(rid, account, entry)


def taken_in_by_town_hall(rid: str, account: Account) -> Procuration:
    """The town hall has the procuration on its list and somebody opened it: RECUE. Nothing happens when it
    already was.

    Raises: RuleViolated DOSSIER_INCONNU, REGIME_REU.
    """

    def entry(row: Procuration) -> Entry | None:
        if row.status not in (Status.ETABLIE, Status.TRANSMISE) or not current_centre().signs:
            return None
        act_hash = EventHash(bytes.fromhex(row.act_hash))
        taken = TakenIn(by=TakenBy.TOWN_HALL_OR_REGISTER, act_hash=act_hash, account=account.in_records())
        return Entry(taken, Rid(bytes.fromhex(rid)))

    return _written_by_town_hall(rid, account, entry)


def list_taken_in_by_town_hall(rids: Collection[str], account: Account) -> int:
    """A whole list was opened: each of these procurations that the town hall decides and had not yet received
    is RECUE, in one transaction. Those of other places, or received already, are left alone.

    Returns: how many.
    """
    centre = current_centre()
    if not centre.signs:  # the list can still be read
        return 0
    with transaction.atomic():
        log = lock_own_log(centre)
        new = Procuration.objects.filter(
            rid__in=rids,
            place_code=account.place_code,
            place_type=account.place_type,
            regime=ControlRegime.MAIRIE,
            status__in=(Status.ETABLIE, Status.TRANSMISE),
        )
        entries = [
            Entry(
                TakenIn(
                    by=TakenBy.TOWN_HALL_OR_REGISTER,
                    act_hash=EventHash(bytes.fromhex(act_hash)),
                    account=account.in_records(),
                ),
                Rid(bytes.fromhex(rid)),
            )
            for rid, act_hash in new.order_by("established_at", "rid").values_list("rid", "act_hash")
        ]
        if entries:
            at = centre.clock.now()
            events = append(centre, log, entries, at)
            refold(Known(centre), {str(event.rid): [event] for event in events}, at)
    append_due_leaves(centre)
    return len(entries)


def _written_by_town_hall(
    rid: str, account: Account, entry_of: Callable[[Procuration], Entry | None]
) -> Procuration:
    """One event of this account about a procuration of its own place that the town hall controls (I-8)."""

    def checked(row: Procuration) -> Entry | None:
        if row.regime == ControlRegime.REU:
            raise RuleViolated("REGIME_REU")
        return entry_of(row)

    mine = Procuration.objects.filter(place_code=account.place_code, place_type=account.place_type)
    return write_about(rid, mine, checked)


def write_about(
    rid: str, mine: QuerySet[Procuration], entry_of: Callable[[Procuration], Entry | None]
) -> Procuration:
    """One event about a procuration, and the dossier after it.

    Args:
        mine: those that the account behind the event may speak of (I-8).
        entry_of: what to write, None for nothing; it sees the dossier as it is and stays.
    Raises: RuleViolated DOSSIER_INCONNU, and those of `entry_of`.
    """
    centre = current_centre()
    with transaction.atomic():
        log = lock_own_log(centre)  # whoever writes about the same procuration waits here
        row = mine.filter(rid=rid).first()
        if row is None:
            raise RuleViolated("DOSSIER_INCONNU")
        entry = entry_of(row)
        if entry is not None:
            at = centre.clock.now()
            events = append(centre, log, [entry], at)
            refold(Known(centre), {rid: events}, at)
    append_due_leaves(centre)
    return mine.get(rid=rid)
