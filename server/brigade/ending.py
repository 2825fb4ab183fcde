"""An officer on line receives a résiliation (R. 78; R-46): one signed event of kind 3 in the officer's own
log, with the procuration at hand or by the identity of the mandant alone. No motive is asked or kept.

What it ends is decided as for one that a tablet brings: compared with every procuration of the mandant.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from procuration.domain.acts import Act
from procuration.domain.establishment import check_withdrawal
from procuration.domain.facts import Revocation, RevocationSubject
from procuration.domain.identifiers import EventHash, Rid
from procuration.domain.sites import check_place
from procuration.domain.status import Status
from procuration.errors import RuleViolated
from server.brigade.entitled import Entitled, entitled, known_of
from server.brigade.filed import filed_in, filed_request
from server.brigade.models import OfficerAccount
from server.brigade.signing import (
    NOTHING,
    Answer,
    Asked,
    Choice,
    Draw,
    answered_act,
    asked_of,
    check_unchanged,
    choice_of,
    drawn_up,
    signed_by,
)
from server.brigade.site import Site
from server.config.centre import Centre
from server.dossiers.models import Procuration
from server.dossiers.refolding import lock_requests, refold
from server.dossiers.withdrawals import take_in_withdrawals
from server.ledger.known import Known
from server.ledger.models import Device
from server.ledger.own_log import Entry, append
from server.ledger.tree import append_due_leaves

_NOTHING_TO_END: Final = frozenset({Status.EXPIREE, Status.REFUSEE, Status.PURGEE})
_BEFORE_THE_ACT: Final = frozenset({Status.INCONNUE, Status.DEMANDE, Status.RECUEILLIE})


@dataclass(frozen=True, slots=True, kw_only=True)
class ToEnd:
    """What is ended, and the hash of the request when it is at hand.

    Attributes:
        subject: as it is recorded; its rid names the only procuration concerned, when it is at hand.
    """

    subject: RevocationSubject
    filed_hash: EventHash = NOTHING

    @property
    def rid(self) -> Rid:
        return self.subject.rid or Rid(b"")


def at_hand(rid: str) -> ToEnd:
    """The procuration that the officer found by its reference.

    Raises: RuleViolated DEMANDE_INTROUVABLE; PAS_ETABLIE, when nothing exists yet that could end;
        DEJA_RESILIEE, DEJA_FINIE.
    """
    row, request = filed_request(rid)
    check_may_end(row)
    _, filed = filed_in(request)
    subject = RevocationSubject(
        rid=Rid(bytes.fromhex(rid)), mandant=filed.mandant, vote_place=filed.vote_place, validity=None
    )
    return ToEnd(subject=subject, filed_hash=EventHash(request.hash))


def check_may_end(row: Procuration) -> None:
    """There is a procuration, and it is not ended. Raises: RuleViolated, as `at_hand`."""
    status = Status(row.status)
    if status in _BEFORE_THE_ACT:
        raise RuleViolated("PAS_ETABLIE")
    if status is Status.RESILIEE:
        raise RuleViolated("DEJA_RESILIEE")
    if status in _NOTHING_TO_END:
        raise RuleViolated("DEJA_FINIE")


def ask_to_end(centre: Centre, account: OfficerAccount, to_end: ToEnd, choice: Choice) -> Asked:
    """The act as it stands now, ready for the key.

    Raises: RuleViolated AGENT_SANS_HABILITATION, COMPTE_A_ROUVRIR, DECLARATION_MANQUANTE, LIEU_NON_AUTORISE,
        or as `check_withdrawal`.
    """
    return asked_of(centre, account, choice, _drawer(centre, account, to_end))


def record_end(centre: Centre, account: OfficerAccount, site: Site, to_end: ToEnd, answer: Answer) -> int:
    """Write the résiliation that the key signed: one event, committed when this returns.

    Returns: its place in the officer's log.
    Raises: RuleViolated SIGNATURE_TROP_TARD, SIGNATURE_REFUSEE, and those of `ask_to_end`; DEJA_RESILIEE,
        when somebody else ended the same meanwhile.
    """
    act = answered_act(answer)
    rid = to_end.subject.rid
    with transaction.atomic():
        log = Device.objects.select_for_update(no_key=True).get(pk=account.log_id)
        if rid is not None:
            lock_requests([rid.hex()])
            check_may_end(Procuration.objects.get(rid=rid.hex()))
        at = centre.clock.now()
        officer = entitled(centre, account, at)
        check_unchanged(officer, act, choice_of(act), _drawer(centre, account, to_end), at)
        content = Revocation(signed_act=signed_by(site, officer, answer), subject=to_end.subject)
        events = append(centre, log, [Entry(content, rid)], at)
        keys, asides = take_in_withdrawals(known_of(centre, account), events)
        for _, code in asides:  # the transaction takes the event back: nothing was said outside
            raise RuleViolated("SIGNATURE_REFUSEE", aside=code.value)
        refold(Known(centre), {}, at, keys)
    append_due_leaves(centre)
    return events[0].envelope.seq


def _drawer(centre: Centre, account: OfficerAccount, to_end: ToEnd) -> Draw:
    def draw(officer: Entitled, choice: Choice, wall: datetime) -> Act:
        act = drawn_up(centre, account, officer, (to_end.rid, to_end.filed_hash), choice, wall)
        check_place(act.place, centre.tables.sites, act.wall)
        zone = centre.tables.zone_of_act(act.place)
        check_withdrawal(act, to_end.subject.vote_place, zone, centre.tables.law)
        return act

    return draw
