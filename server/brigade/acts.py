"""An officer decides on a request in the browser, or takes back what they established the same day
(SECURITY-DESIGN 5, typ procu/act-web/1; decisions 27 and 37).

What comes back from the key is judged like any act that a tablet brings: what would have no effect is not
written at all, and the officer reads why.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from procuration.domain.acts import Act, ActDecision, missing_to_establish
from procuration.domain.establishment import Tables as LawTables
from procuration.domain.establishment import check_establishment
from procuration.domain.events import ActRecorded
from procuration.domain.identifiers import EventHash, Rid
from procuration.domain.refusal import CORRECTION_CODES
from procuration.domain.sites import check_place
from procuration.domain.status import Status
from procuration.errors import RuleViolated
from procuration.record.event import EventPair, parse_event
from server.brigade.entitled import Entitled, entitled, known_of
from server.brigade.filed import filed_in, filed_request
from server.brigade.models import OfficerAccount
from server.brigade.own_acts import acts_on, local_day
from server.brigade.signing import (
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
from server.dossiers.judgement import judge
from server.dossiers.models import Procuration
from server.dossiers.refolding import lock_requests, refold
from server.dossiers.services import take_in_established
from server.ledger.known import Known
from server.ledger.models import Device
from server.ledger.own_log import Entry, append
from server.ledger.tree import append_due_leaves


def ask_for(centre: Centre, account: OfficerAccount, rid: str, choice: Choice) -> Asked:
    """The act as it stands now, ready for the key.

    Raises: RuleViolated DEMANDE_INTROUVABLE, DEJA_DECIDEE, AGENT_SANS_HABILITATION, COMPTE_A_ROUVRIR,
        MOTIF_MANQUANT, DECLARATION_MANQUANTE, LIEU_NON_AUTORISE, what the law has against the act, or for a
        correction those of `check_correction`.
    """
    return asked_of(centre, account, choice, _drawer(centre, account, rid))


def record(centre: Centre, account: OfficerAccount, site: Site, rid: str, answer: Answer) -> Procuration:
    """Write the act that the key signed: one event, committed when this returns.

    Raises: RuleViolated SIGNATURE_TROP_TARD (another act came between, or the page is old),
        SIGNATURE_REFUSEE, and those of `ask_for`.
    """
    act = answered_act(answer)
    with transaction.atomic():
        log = Device.objects.select_for_update(no_key=True).get(pk=account.log_id)
        lock_requests([rid])  # of two officers at once, the second reads that it is decided
        at = centre.clock.now()
        officer = entitled(centre, account, at)
        corrects = act.decision is ActDecision.REFUSED and _established_by(account, rid)
        check_unchanged(officer, act, choice_of(act, corrects=corrects), _drawer(centre, account, rid), at)
        signed = signed_by(site, officer, answer)
        _, request = filed_request(rid)
        content = ActRecorded(signed_act=signed, filed_sign1=request.sign1, filed_body=request.body or b"")
        events = append(centre, log, [Entry(content, Rid(bytes.fromhex(rid)))], at)
        known = known_of(centre, account)
        known.load_for({(account.log_id, events[0].envelope.seq)})
        known.load_logs({parse_event(request.sign1)[1].log_id})
        verdict = judge(events[0], known)
        if verdict.code is not None:  # the transaction takes the event back: nothing was said outside
            raise RuleViolated("SIGNATURE_REFUSEE", aside=verdict.code.value)
        refold(Known(centre), {rid: events}, at)
    take_in_established(centre)
    append_due_leaves(centre)
    return Procuration.objects.get(rid=rid)


def check_correction(centre: Centre, account: OfficerAccount, rid: str) -> None:
    """Whether this officer may take back what they established: their own act, today, once, and the mandant
    has not ended it meanwhile. A refusal and a résiliation are not taken back so (decision 27).

    Raises: RuleViolated CORRECTION_AUTRE_AGENT, CORRECTION_DE_REFUS, CORRECTION_TROP_TARD, DEJA_CORRIGEE,
        DEJA_RESILIEE.
    """
    acts = [one.act for one in acts_on(account, rid)]
    today = local_day(centre, account, centre.clock.now())
    check_taken_back(
        acts,
        of_today=bool(acts) and local_day(centre, account, acts[0].wall) == today,
        ended=Procuration.objects.filter(rid=rid, status=Status.RESILIEE).exists(),
    )


def check_taken_back(acts: Sequence[Act], *, of_today: bool, ended: bool) -> None:
    """The same, of what is already read. Args: acts: of this officer on one request, in order."""
    if not acts:
        raise RuleViolated("CORRECTION_AUTRE_AGENT")
    if acts[0].decision is not ActDecision.ESTABLISHED:
        raise RuleViolated("CORRECTION_DE_REFUS")
    if not of_today:
        raise RuleViolated("CORRECTION_TROP_TARD")
    if len(acts) > 1:
        raise RuleViolated("DEJA_CORRIGEE")
    if ended:
        raise RuleViolated("DEJA_RESILIEE")


def _established_by(account: OfficerAccount, rid: str) -> bool:
    return any(one.act.decision is ActDecision.ESTABLISHED for one in acts_on(account, rid))


def _drawer(centre: Centre, account: OfficerAccount, rid: str) -> Draw:
    def draw(officer: Entitled, choice: Choice, wall: datetime) -> Act:
        row, request = filed_request(rid)
        if choice.corrects:
            check_correction(centre, account, rid)
        elif row.status != Status.DEMANDE:
            raise RuleViolated("DEJA_DECIDEE")
        about = Rid(bytes.fromhex(rid)), EventHash(request.hash)
        act = drawn_up(centre, account, officer, about, choice, wall)
        if act.decision is ActDecision.REFUSED:
            _check_reason(choice)
        else:
            _check_law(centre, request, act)
        return act

    return draw


def _check_reason(choice: Choice) -> None:
    if choice.code is None or (choice.corrects and choice.code not in CORRECTION_CODES):
        raise RuleViolated("MOTIF_MANQUANT")


def _check_law(centre: Centre, request: EventPair, act: Act) -> None:
    if missing_to_establish(act.declarations, act.place.kind):
        raise RuleViolated("DECLARATION_MANQUANTE")
    check_place(act.place, centre.tables.sites, act.wall)
    envelope, filed = filed_in(request)
    by = LawTables(centre.tables.law, centre.tables.held_at(filed.vote_place))
    check_establishment(filed, envelope.wall, act, centre.tables.zone_of_act(act.place), by)
