"""What a security key of an officer is asked to sign, and what its answer is worth (SECURITY-DESIGN 5, typ
procu/act-web/1): the same for a decision on a request and for a résiliation.

The act names the next place of the officer's own log before the key signs. What comes back is compared with
what would be asked again.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from procuration.domain.acts import Act, ActDecision, ActPlace, ActPlaceKind, Declarations, IdentityDocument
from procuration.domain.competence import Authority
from procuration.domain.identifiers import EventHash, LogId, Rid
from procuration.domain.refusal import RefusalCode
from procuration.errors import RecordRejected, RuleViolated
from procuration.record.act import encode_act, read_act
from procuration.record.act_web import challenge_of, encode_web_act, parse_web_act
from procuration.record.cose_key import VerifyingKey
from server.brigade.entitled import Entitled, entitled
from server.brigade.models import OfficerAccount, SecurityKey
from server.brigade.site import Site
from server.config.centre import Centre
from server.ledger.models import Device

SIGNED_WITHIN: Final = timedelta(minutes=5)
"""Between the page that names the time of the act and the answer of the key."""
NOTHING: Final = EventHash(b"")
"""The request of a résiliation that is asked by identity alone: none is at hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What the officer decided, declares having checked, and where.

    Attributes:
        site_id: of a listed public place, as the préfet's list names it (R-16).
        corrects: a refusal of what the same officer established the same day.
    """

    decision: ActDecision
    document: IdentityDocument | None
    declarations: Declarations
    place: ActPlaceKind = ActPlaceKind.UNIT
    code: RefusalCode | None = None
    site_id: str | None = None
    corrects: bool = False


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


Draw = Callable[[Entitled, Choice, datetime], Act]
"""Draws the act up again, as the law allows it at an instant. Raises: RuleViolated."""


def asked_of(centre: Centre, account: OfficerAccount, choice: Choice, draw: Draw) -> Asked:
    """The act as it stands now, ready for the key.

    Raises: RuleViolated AGENT_SANS_HABILITATION, COMPTE_A_ROUVRIR, and those of `draw`.
    """
    at = centre.clock.now().replace(microsecond=0)
    officer = entitled(centre, account, at)
    payload = encode_act(draw(officer, choice, at))
    return Asked(payload=payload, challenge=challenge_of(payload, centre.realm), keys=officer.keys)


def answered_act(answer: Answer) -> Act:
    """What the browser says that the key signed. Raises: RuleViolated SIGNATURE_REFUSEE."""
    try:
        return read_act(answer.payload)
    except RecordRejected as error:
        raise RuleViolated("SIGNATURE_REFUSEE") from error


def choice_of(act: Act, *, corrects: bool = False) -> Choice:
    """What the officer chose, read from the act that was drawn up for it."""
    return Choice(
        decision=act.decision,
        document=act.identity_document,
        declarations=act.declarations,
        place=act.place.kind,
        code=act.refusal_code,
        site_id=act.place.site_id,
        corrects=corrects,
    )


def check_unchanged(officer: Entitled, act: Act, choice: Choice, draw: Draw, at: datetime) -> None:
    """What the key signed is what would be asked again now, but for the minutes since.

    Raises: RuleViolated SIGNATURE_TROP_TARD, and those of `draw`.
    """
    if not timedelta(0) <= at - act.wall <= SIGNED_WITHIN:
        raise RuleViolated("SIGNATURE_TROP_TARD")
    if draw(officer, choice, act.wall) != act:
        raise RuleViolated("SIGNATURE_TROP_TARD")


def signed_by(site: Site, officer: Entitled, answer: Answer) -> bytes:
    """The signed act. Raises: RuleViolated SIGNATURE_REFUSEE."""
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


def drawn_up(
    centre: Centre,
    account: OfficerAccount,
    officer: Entitled,
    about: tuple[Rid, EventHash],
    choice: Choice,
    wall: datetime,
) -> Act:
    """The act of this officer, at the next place of their log. Args: about: the request acted on."""
    log, named = Device.objects.get(pk=account.log_id), officer.officer
    return Act(
        rid=about[0],
        filed_hash=about[1],
        decision=choice.decision,
        refusal_code=choice.code,
        identity_document=choice.document,
        wall=wall,
        directory_version=centre.tables.directory.version,
        log_id=LogId(bytes.fromhex(log.log_id)),
        seq=log.head_seq + 1,
        place=place_of(centre, account, choice),
        declarations=choice.declarations,
        authority=Authority(
            nom=named.nom, prenoms=named.prenoms, qualite=named.qualite, unit_name=log.unit_name
        ),
    )


def place_of(centre: Centre, account: OfficerAccount, choice: Choice) -> ActPlace:
    """Where the act is drawn up: a listed place in its own commune, anything else in the unit's."""
    listed = choice.place is ActPlaceKind.LISTED_PUBLIC_PLACE
    site = next((one for one in centre.tables.sites if listed and one.id == choice.site_id), None)
    insee_code = account.place_code if site is None else site.insee_code
    return ActPlace(kind=choice.place, site_id=choice.site_id, insee_code=insee_code)
