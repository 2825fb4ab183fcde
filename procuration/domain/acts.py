"""What an officer decides about one request, in person: the act, its place, and what it declares (R. 72-1 to
R. 75).

The officer key signs an act; the event that carries it (`events.ActRecorded`) is signed by the device: both
are needed (I-3).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, IntFlag
from functools import lru_cache

from procuration.domain.competence import Authority
from procuration.domain.identifiers import EventHash, LogId, Rid
from procuration.domain.refusal import RefusalCode


class ActDecision(IntEnum):
    """What the officer decided."""

    ESTABLISHED = 1
    REFUSED = 2
    REVOKED = 3
    COLLECTED = 4


class ActPlaceKind(IntEnum):
    """Where the officer acted (R. 72-1 III, IV; R-16, R-17)."""

    UNIT = 1
    HOME = 2
    LISTED_PUBLIC_PLACE = 3


class IdentityDocument(IntEnum):
    """The title presented (order of 16 Nov 2018; R-19). No number is kept."""

    NATIONAL_IDENTITY_CARD = 1
    PASSPORT = 2
    DRIVING_LICENCE = 3
    CARTE_VITALE_WITH_PHOTO = 4
    MILITARY_CARD = 5
    STATE_CIVIL_SERVANT_CARD = 6
    PARLIAMENT_CARD = 7
    LOCAL_ELECTED_CARD = 8
    DISABILITY_OR_MOBILITY_CARD = 9
    COMBATTANT_CARD = 10
    HUNTING_LICENCE_WITH_PHOTO = 11
    JUDICIAL_RECEIPT = 12


class Declarations(IntFlag):
    """What the officer declares having checked."""

    PRESENT = 1
    IDENTITY_EQUAL = 2
    PHOTO = 4
    FREE_CHOICE = 8
    NO_CASE_OF_L72_1 = 16
    WRITTEN_REQUEST_HELD = 32
    ATTESTATION_HELD = 64
    DATE_CONFIRMED = 128
    """The date was read in full and confirmed: the clock stood far ahead of the last proved time."""


REQUIRED_TO_ESTABLISH = (
    Declarations.PRESENT
    | Declarations.IDENTITY_EQUAL
    | Declarations.PHOTO
    | Declarations.FREE_CHOICE
    | Declarations.NO_CASE_OF_L72_1
)
"""Without each of them nothing is established (R-07, R-18)."""
REQUIRED_AT_HOME = Declarations.WRITTEN_REQUEST_HELD | Declarations.ATTESTATION_HELD
"""The two papers of a home visit (R. 73; R-17)."""


@lru_cache(maxsize=512)
def missing_to_establish(declarations: Declarations, place: ActPlaceKind) -> Declarations:
    """What the officer must still declare before anything is established there; none when all is said."""
    required = REQUIRED_TO_ESTABLISH
    if place is ActPlaceKind.HOME:
        required |= REQUIRED_AT_HOME
    return required & ~declarations


def missing_to_revoke(declarations: Declarations, place: ActPlaceKind) -> Declarations:
    """What the officer must still declare before a résiliation is received there: the forms are those of an
    établissement, but for the case of L. 72-1, which concerns the mandataire chosen (R. 78; R-46)."""
    return missing_to_establish(declarations | Declarations.NO_CASE_OF_L72_1, place)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActPlace:
    """Where the act was drawn up: kind, listed site if any, INSEE code of the commune."""

    kind: ActPlaceKind
    site_id: str | None
    insee_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What an officer decided in person about one request: the payload that the officer key signs.

    Attributes:
        filed_hash: hash of the filed event acted on.
        refusal_code: with a refusal only (I-10).
        identity_document: the title presented; None only in a refusal drawn up before any was shown.
        wall: when it was drawn up (dressée), aware UTC, whole seconds; ranks rivals (Code électoral, L. 73).
        log_id, seq: the only place in the only log where this act counts.
        confirms: hash of the délégué's act that this one confirms, or None.
    """

    rid: Rid
    filed_hash: EventHash
    decision: ActDecision
    refusal_code: RefusalCode | None
    identity_document: IdentityDocument | None
    wall: datetime
    directory_version: int
    log_id: LogId
    seq: int
    place: ActPlace
    declarations: Declarations
    authority: Authority
    confirms: EventHash | None = None
