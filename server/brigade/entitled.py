"""Which habilitation of an officer on line is in force, and which of their keys it entitles (R-14)."""

from dataclasses import dataclass
from datetime import datetime

from procuration.domain.competence import check_competence
from procuration.domain.identifiers import LogId
from procuration.errors import RuleViolated
from server.brigade.keys import check_log
from server.brigade.models import OfficerAccount, SecurityKey
from server.config.centre import Centre
from server.ledger.known import Known, KnownOfficer


@dataclass(frozen=True, slots=True)
class Entitled:
    """The newest habilitation in force, and the keys that act under its names."""

    officer: KnownOfficer
    keys: tuple[SecurityKey, ...]


def known_of(centre: Centre, account: OfficerAccount) -> Known:
    """The officer's own log and habilitations."""
    known = Known(centre)
    known.load_devices({account.log_id})
    known.load_officers({account.log_id})
    return known


def entitled(centre: Centre, account: OfficerAccount, at: datetime) -> Entitled:
    """Raises: RuleViolated AGENT_SANS_HABILITATION, HABILITATION_... (R-14), COMPTE_A_ROUVRIR."""
    check_log(account, centre)
    log_id = LogId(bytes.fromhex(account.log.log_id))
    in_force = []
    refusal = RuleViolated("AGENT_SANS_HABILITATION")
    for one in known_of(centre, account).officers_of(account.log_id):
        try:
            check_competence(one.habilitation, log_id, at)
        except RuleViolated as error:
            refusal = error
        else:
            in_force.append(one)
    if not in_force:
        raise refusal
    newest = max(in_force, key=lambda one: one.seq)
    kids = {one.key.kid.hex() for one in in_force if _names(one) == _names(newest)}
    return Entitled(newest, tuple(account.keys.filter(kid__in=kids)))


def _names(one: KnownOfficer) -> tuple[str, str, str]:
    return one.nom, one.prenoms, one.qualite
