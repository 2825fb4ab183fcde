"""An officer decides in the browser: what the security key is asked to sign, and what becomes of its answer
(SECURITY-DESIGN 5, typ procu/act-web/1).

The act names the next place of the officer's own log before the key signs. What comes back is compared with
what would be asked again, then judged like any act that a tablet brings: what would have no effect is not
written at all, and the officer reads why.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from procuration.domain.acts import (
    Act,
    ActDecision,
    ActPlace,
    ActPlaceKind,
    Declarations,
    IdentityDocument,
    missing_to_establish,
)
from procuration.domain.competence import Authority
from procuration.domain.establishment import Tables as LawTables
from procuration.domain.establishment import check_establishment
from procuration.domain.events import ActRecorded, Filed
from procuration.domain.identifiers import EventHash, LogId, Rid
from procuration.domain.refusal import RefusalCode
from procuration.domain.status import Status
from procuration.errors import RecordRejected, RuleViolated
from procuration.record.act import encode_act, read_act
from procuration.record.act_web import challenge_of, encode_web_act, parse_web_act
from procuration.record.cose_key import VerifyingKey
from procuration.record.event import EventPair, open_body, parse_event
from server.brigade.entitled import Entitled, entitled, known_of
from server.brigade.models import OfficerAccount, SecurityKey
from server.brigade.site import Site
from server.config.centre import Centre
from server.dossiers.judgement import judge
from server.dossiers.models import Procuration
from server.dossiers.refolding import lock_requests, refold
from server.dossiers.services import take_in_established
from server.ledger.known import Known, KnownOfficer
from server.ledger.lookups import filed_pair
from server.ledger.models import Device
from server.ledger.own_log import Entry, append
from server.ledger.tree import append_due_leaves

SIGNED_WITHIN: Final = timedelta(minutes=5)
"""Between the page that names the time of the act and the answer of the key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What the officer decided, declares having checked, and where."""

    decision: ActDecision
    document: IdentityDocument | None
    declarations: Declarations
    place: ActPlaceKind = ActPlaceKind.UNIT
    code: RefusalCode | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the key is asked to sign.

    Attributes:
        keys: those that may sign it.
    """

    payload: bytes = field(repr=False)
    challenge: bytes
    keys: tuple[SecurityKey, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the browser brings back; nothing in it is believed before it is verified."""

    payload: bytes = field(repr=False)
    credential_id: str
    authenticator_data: bytes
    client_data: bytes
    signature: bytes


def ask_for(centre: Centre, account: OfficerAccount, rid: str, choice: Choice) -> Asked:
    """The act as it stands now, ready for the key.

    Raises: RuleViolated DEMANDE_INTROUVABLE, DEJA_DECIDEE, AGENT_SANS_HABILITATION, COMPTE_A_ROUVRIR,
        MOTIF_MANQUANT, DECLARATION_MANQUANTE, or what the law has against the act.
    """
    at = centre.clock.now().replace(microsecond=0)
    officer = entitled(centre, account, at)
    payload = encode_act(_act(centre, account, officer.officer, rid, choice, at))
    return Asked(payload=payload, challenge=challenge_of(payload, centre.realm), keys=officer.keys)


def record(centre: Centre, account: OfficerAccount, site: Site, rid: str, answer: Answer) -> Procuration:
    """Write the act that the key signed: one event, committed when this returns.

    Raises: RuleViolated SIGNATURE_TROP_TARD (another act came between, or the page is old),
        SIGNATURE_REFUSEE, and those of `ask_for`.
    """
    try:
        act = read_act(answer.payload)
    except RecordRejected as error:
        raise RuleViolated("SIGNATURE_REFUSEE") from error
    with transaction.atomic():
        log = Device.objects.select_for_update(no_key=True).get(pk=account.log_id)
        lock_requests([rid])  # of two officers at once, the second reads that it is decided
        at = centre.clock.now()
        officer = entitled(centre, account, at)
        _check_unchanged(centre, account, officer.officer, rid, act, at)
        signed = _signed(centre, site, officer, answer)
        request = _request(rid)
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


def _check_unchanged(
    centre: Centre, account: OfficerAccount, officer: KnownOfficer, rid: str, act: Act, at: datetime
) -> None:
    """What the key signed is what would be asked again now, but for the minutes since."""
    if not timedelta(0) <= at - act.wall <= SIGNED_WITHIN:
        raise RuleViolated("SIGNATURE_TROP_TARD")
    choice = Choice(
        decision=act.decision,
        document=act.identity_document,
        declarations=act.declarations,
        place=act.place.kind,
        code=act.refusal_code,
    )
    if _act(centre, account, officer, rid, choice, act.wall) != act:
        raise RuleViolated("SIGNATURE_TROP_TARD")


def _signed(centre: Centre, site: Site, officer: Entitled, answer: Answer) -> bytes:
    key = next((key for key in officer.keys if key.credential_id == answer.credential_id), None)
    if key is None:
        raise RuleViolated("SIGNATURE_REFUSEE")
    try:
        verifying = VerifyingKey(bytes(key.cose_key))
        signed = encode_web_act(
            verifying, answer.payload, answer.authenticator_data, answer.client_data, answer.signature
        )
        if parse_web_act(signed).origin != site.origin:
            raise RuleViolated("SIGNATURE_REFUSEE")
    except RecordRejected as error:
        raise RuleViolated("SIGNATURE_REFUSEE") from error
    return signed


def _request(rid: str) -> EventPair:
    row = Procuration.objects.filter(rid=rid).first()
    found = None if row is None else filed_pair(row.rid, row.filed_hash)
    if row is None or found is None:
        raise RuleViolated("DEMANDE_INTROUVABLE")
    if row.status != Status.DEMANDE:
        raise RuleViolated("DEJA_DECIDEE")
    return found[0]


def _act(
    centre: Centre, account: OfficerAccount, officer: KnownOfficer, rid: str, choice: Choice, wall: datetime
) -> Act:
    request = _request(rid)
    log = Device.objects.get(pk=account.log_id)
    act = Act(
        rid=Rid(bytes.fromhex(rid)),
        filed_hash=EventHash(request.hash),
        decision=choice.decision,
        refusal_code=choice.code,
        identity_document=choice.document,
        wall=wall,
        directory_version=centre.tables.directory.version,
        log_id=LogId(bytes.fromhex(log.log_id)),
        seq=log.head_seq + 1,
        place=ActPlace(kind=choice.place, site_id=None, insee_code=account.place_code),
        declarations=choice.declarations,
        authority=Authority(
            nom=officer.nom, prenoms=officer.prenoms, qualite=officer.qualite, unit_name=log.unit_name
        ),
    )
    _check_law(centre, request, act)
    return act


def _check_law(centre: Centre, request: EventPair, act: Act) -> None:
    if act.decision is ActDecision.REFUSED:
        if act.refusal_code is None:
            raise RuleViolated("MOTIF_MANQUANT")
        return
    if missing_to_establish(act.declarations, act.place.kind):
        raise RuleViolated("DECLARATION_MANQUANTE")
    envelope = parse_event(request.sign1)[1]
    filed = open_body(envelope, request.body or b"")
    assert isinstance(filed, Filed), "the pair of a request"
    by = LawTables(centre.tables.law, centre.tables.held_at(filed.vote_place))
    check_establishment(filed, envelope.wall, act, centre.tables.zone_of_act(act.place), by)
