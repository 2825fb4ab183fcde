"""Who may draw up a procuration, at an instant: the habilitation of an officer on one tablet (R. 72-1;
R-14)."""

from dataclasses import dataclass, field
from datetime import datetime

from procuration.domain.identifiers import Kid, LogId
from procuration.errors import RuleViolated


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Who drew up the procuration, as R. 75-II wants it recorded (R-23): for the register and the
    récépissé only."""

    nom: str = field(repr=False)
    prenoms: str = field(repr=False)
    qualite: str
    unit_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Habilitation:
    """The right of one officer to act on one tablet between two instants.

    Attributes:
        kid: the officer key.
        log_id: the log of the tablet for which the key was enrolled; an act elsewhere is not covered.
        not_before, not_after: aware UTC; the designation of R. 72-1 I 2° or 3°.
        revoked_at: when it was withdrawn, if it was.
    """

    kid: Kid
    log_id: LogId
    not_before: datetime
    not_after: datetime
    revoked_at: datetime | None = None


def check_competence(habilitation: Habilitation, log_id: LogId, at: datetime) -> None:
    """The officer may act on this tablet at this instant (R-14).

    Raises: RuleViolated HABILITATION_AUTRE_POSTE, HABILITATION_FUTURE, HABILITATION_TERMINEE,
    HABILITATION_RETIREE.
    """
    if habilitation.log_id != log_id:
        raise RuleViolated("HABILITATION_AUTRE_POSTE")
    if at < habilitation.not_before:
        raise RuleViolated("HABILITATION_FUTURE")
    if habilitation.revoked_at is not None and at >= habilitation.revoked_at:
        raise RuleViolated("HABILITATION_RETIREE")
    if at > habilitation.not_after:
        raise RuleViolated("HABILITATION_TERMINEE")
