"""What can happen to a procuration or to the device that recorded it (SECURITY-DESIGN 5).

An event is an envelope (who, where in which chain, when) and a content that depends on its kind. Contents
hold the words of
people; envelopes never do. `record` turns them into bytes; `status` says what they mean together.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum

from procuration.domain.acts import Act, ActPlace
from procuration.domain.competence import Authority
from procuration.domain.facts import Fact, FactWithdrawn, MandataireAnswer, PortalAccount, Revocation, Ruling
from procuration.domain.identifiers import EventHash, Kid, LogId, Rid
from procuration.domain.instants import Interval, at
from procuration.domain.people import PartialDate, Person, Place
from procuration.domain.purge import Purge
from procuration.domain.reference import Reference
from procuration.domain.refusal import RefusalCode
from procuration.domain.validity import Validity


class Kind(IntEnum):
    """Number of each kind of event; 5 is not used."""

    FILED = 1
    ACT = 2
    REVOCATION = 3
    DECISION = 4
    CLOCK_STEP = 6
    SLOT_CHANGE = 7
    LOCK_OUT = 8
    PURGE = 9
    SYNC_POINT = 10
    START = 11
    LOOK_UP = 12
    BODY_KEY = 13
    TAKEN_IN = 14
    REFERENCE_GIVEN = 15
    FACT = 16
    RULING = 17
    MANDATAIRE_TOWN_HALL = 18
    ENROLMENT = 19
    PAPER_FORM = 20
    REVOCATION_ASKED = 21
    FACT_WITHDRAWN = 22


class Authentication(IntEnum):
    """How the mandant was authenticated when filing; `NONE` for ever without FranceConnect or NC Connect
    (R-27)."""

    NONE = 0
    FRANCE_CONNECT = 1
    NC_CONNECT = 2
    CERTIFIED_IDENTITY = 3


class Channel(IntEnum):
    """Where the request was filed."""

    KIOSK = 1
    BRIGADE = 2
    WEB = 3
    PAPER = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class BootTime:
    """Evidence about the clock: which boot, milliseconds since it, and the floor known then.

    Attributes:
        boot_id: 8 bytes.
        monotonic_ms: since boot.
        floor: aware UTC; largest time proved to the device so far (SECURITY-DESIGN 7).
    """

    boot_id: bytes
    monotonic_ms: int
    floor: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncEvidence:
    """What a sync point records: the last tree seen and the measured offset of the wall clock (server
    minus wall), in ms."""

    tree_size: int
    root: bytes
    offset_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """The signed part of an event: its place in the chain of one log, and no personal data.

    Attributes:
        seq: from 0, no gaps.
        prev: hash of the previous event of the log.
        body_hash: SHA-256 of the plaintext body.
        wall: the device's wall clock, aware UTC, whole seconds; it may be wrong.
        directory_version: of the trust list the device relied on.
        sync: only in a sync point.
        rid: the request concerned, if one is.
        body_key_seq: where the key of an encrypted body was logged (kiosk, filed events only).
    """

    log_id: LogId
    seq: int
    prev: EventHash
    kind: Kind
    body_hash: bytes
    wall: datetime
    boot: BootTime
    directory_version: int
    sync: SyncEvidence | None = None
    rid: Rid | None = None
    body_key_seq: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """Kind 1. A mandant asks for a procuration. Nothing beyond the data of R. 75-II is collected (R-01).

    Attributes:
        reference: None when the lease was empty: it follows by message.
        vote_place: where the mandant is enrolled.
        declaration_version: which wording of the notice and of the final sentence was shown.
        taken_over: the rid of the receipt that this request replaces, when a brigade filed it again.
    """

    reference: Reference | None = field(repr=False)
    mandant: Person = field(repr=False)
    mandataire: Person = field(repr=False)
    vote_place: Place
    validity: Validity
    email: str | None = field(repr=False)
    declaration_version: int
    authentication: Authentication
    channel: Channel
    taken_over: Rid | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActRecorded:
    """Kind 2. The act as signed, beside the filed event it concerns, so that it stands alone.

    Attributes:
        signed_act: encoded COSE_Sign1 of typ procu/act/1.
        filed_sign1, filed_body: the filed event, its body in plain form.
    """

    signed_act: bytes
    filed_sign1: bytes
    filed_body: bytes = field(repr=False)


class DecisionOrigin(IntEnum):
    """Who controlled: the town hall (regimes A, C) or the register (regime B)."""

    TOWN_HALL = 1
    REGISTER = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Kind 4. The town hall or the register accepts or refuses an established procuration.

    Attributes:
        act_hash: hash of the event that carries the act decided on.
        code: why not; None when accepted.
        account: who decided, None for the register.
    """

    act_hash: EventHash
    origin: DecisionOrigin
    accepted: bool
    code: RefusalCode | None
    account: PortalAccount | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStep:
    """Kind 6. The wall clock jumped: by how much, against the monotonic clock, in milliseconds."""

    step_ms: int


class SlotOperation(IntEnum):
    """What happened to a key slot."""

    ADDED = 1
    REMOVED = 2
    REKEYED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoPeople:
    """Who stood at the tablet when an officer came or went: no name, only what they proved to hold.

    Attributes:
        supervisor: kid of the key that signed.
        second_slot: the slot that the other person's code opened.
    """

    supervisor: Kid
    second_slot: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotChange:
    """Kind 7. A way to open the store, or an officer key, was added, removed or renewed.

    Attributes:
        by: the two people of the ceremony, None at installation and for an agent's code.
    """

    slot_id: bytes
    slot_kind: int
    operation: SlotOperation
    kid: Kid | None
    by: TwoPeople | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LockOut:
    """Kind 8. A slot was blocked after too many wrong codes, or an officer after too many look-ups."""

    slot_id: bytes
    tries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncPoint:
    """Kind 10. Evidence is in the envelope; the content is empty."""


class StartReason(IntEnum):
    """Why a start event was written."""

    PROGRAM = 1
    SIGN_IN = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Kind 11. The program started, or somebody signed in.

    Attributes:
        kid: the officer key of who signed in, None for a program start or an agent without a key.
    """

    software_version: str
    reason: StartReason
    kid: Kid | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUp:
    """Kind 12. An officer asks the centre for one request, by reference and birth date."""

    reference: Reference = field(repr=False)
    birth_date: PartialDate = field(repr=False)
    officer: Kid


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyKey:
    """Kind 13. The key of the bodies that follow, sealed to the centre: the kiosk cannot read its own
    past."""

    sealed_key: bytes


class TakenBy(IntEnum):
    """Who has the procuration in hands."""

    CENTRE = 1
    TOWN_HALL_OR_REGISTER = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """Kind 14. The centre, then the town hall or the register, has received an established procuration
    (R-54)."""

    by: TakenBy
    act_hash: EventHash
    account: PortalAccount | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceGiven:
    """Kind 15. A request filed without a reference gets one."""

    reference: Reference = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocationAsked:
    """Kind 21. The mandant asks on line to end a procuration. It ends nothing by itself: an authority
    receives the résiliation (kind 3; R. 78, R-46).

    Attributes:
        act_hash: hash of the event that carries the act to end.
        authentication: how the mandant was authenticated when asking; never `NONE`.
    """

    act_hash: EventHash
    authentication: Authentication


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """Kind 19. An officer was enrolled on this tablet: the signed enrolment (typ procu/enrol/1)."""

    signed_enrolment: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperForm:
    """Kind 20. A form drawn up elsewhere was received and keyed in, beside the request that it carries
    (R-58).

    Attributes:
        filed_hash: of the event of kind 1 with what the form asks for.
        authority: who established it, as written on it (R. 75-I).
        earliest, latest: between which instants, aware UTC: the minute written on it, or the whole day.
        account: who keyed it in.
    """

    filed_hash: EventHash
    authority: Authority
    earliest: datetime
    latest: datetime
    place: ActPlace
    account: PortalAccount


Content = (
    Filed
    | ActRecorded
    | Decision
    | ClockStep
    | SlotChange
    | LockOut
    | SyncPoint
    | Start
    | LookUp
    | BodyKey
    | TakenIn
    | ReferenceGiven
    | Enrolled
    | Revocation
    | Fact
    | Ruling
    | MandataireAnswer
    | Purge
    | PaperForm
    | RevocationAsked
    | FactWithdrawn
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedEvent:
    """An event whose signatures were verified: what the fold of `status` reads.

    Attributes:
        hash: SHA-256 of its signature part.
        act: the verified act of kind 2 or 3, else None.
        when: between which instants it happened, None when its own word is all there is (`clock_evidence`).
    """

    hash: EventHash
    envelope: Envelope
    content: Content
    act: Act | None = None
    when: Interval | None = None

    @property
    def claimed_at(self) -> datetime:
        """What the event says of its own time: an act has a time of its own, the officer's."""
        return self.envelope.wall if self.act is None else self.act.wall

    @property
    def interval(self) -> Interval:
        """When it happened, for everything that compares."""
        return at(self.claimed_at) if self.when is None else self.when
