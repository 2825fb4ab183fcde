"""Résiliation on line (R. 78; R-46): an elector who has signed in asks to end a procuration of theirs. The
request is one signed event of kind 21, which ends nothing: an officer receives the résiliation, on their own
tablet, in front of the elector (decision 0031).
"""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from procuration.domain.events import Authentication, Channel, Kind, RevocationAsked
from procuration.domain.identifiers import EventHash, Rid
from procuration.domain.people import Person, civil_key, fold_name
from procuration.domain.status import Status
from procuration.errors import RuleViolated
from server.config.centre import current_centre
from server.dossiers.fold import date_text
from server.dossiers.models import Procuration
from server.dossiers.refolding import refold
from server.identity.elector import Elector
from server.ledger.known import Known
from server.ledger.own_log import Entry, append, lock_own_log
from server.ledger.tree import append_due_leaves

IN_FORCE: Final = frozenset(
    {Status.ETABLIE, Status.TRANSMISE, Status.RECUE, Status.VALIDEE, Status.EN_ATTENTE_HUMAINE}
)
BEFORE_THE_ACT: Final = frozenset({Status.DEMANDE, Status.RECUEILLIE})
SHOWN_MAX: Final = 50


def own_requests(elector: Elector) -> list[Procuration]:
    """What this elector filed on line, the newest first: same civil status, complete, from the same kind of
    provider. A homonym born the same day who uses the same provider would see them too: they hold no name."""
    if elector.birth_name is None or elector.given_names is None or not elector.birth_date.day:
        return []
    found = _of_same_name(elector).filter(channel=Channel.WEB, authentication=elector.authentication)
    rows = found.order_by("-filed_at", "rid")[:SHOWN_MAX]
    return [one for one in rows if is_mandant(one, elector)]


def _of_same_name(elector: Elector) -> QuerySet[Procuration]:
    """The nom d'usage may stand between the two names."""
    return Procuration.objects.filter(
        mandant_birth_date=date_text(elector.birth_date),
        mandant_folded__startswith=fold_name(elector.birth_name or ""),
        mandant_folded__endswith=fold_name(elector.given_names or ""),
    ).exclude(status=Status.PURGEE)


def is_mandant(one: Procuration, elector: Elector) -> bool:
    """Whether the civil status is the same, name by name."""
    filed = Person(
        birth_name=one.mandant_birth_name or None,
        given_names=one.mandant_given_names or None,
        birth_date=elector.birth_date,
    )
    mine = Person(
        birth_name=elector.birth_name, given_names=elector.given_names, birth_date=elector.birth_date
    )
    same_day = one.mandant_birth_date == date_text(elector.birth_date)
    return same_day and civil_key(filed) == civil_key(mine)


def was_asked(one: Procuration) -> bool:
    """Whether its résiliation was asked on line since the act that stands."""
    return asked_at(one) is not None


def asked_at(one: Procuration) -> datetime | None:
    """When its mandant first asked on line to end it; None when nobody did."""
    asked = (entry["at"] for entry in one.history if entry["kind"] == Kind.REVOCATION_ASKED)
    return next((datetime.fromisoformat(at) for at in asked), None)


def ask_to_end(rid: str, elector: Elector) -> Procuration:
    """Record the request; the same again changes nothing.

    Raises: RuleViolated DOSSIER_INCONNU for a procuration of somebody else, PAS_ETABLIE, DEJA_FINIE;
        CarrierUnavailable, when the centre may not sign.
    """
    assert elector.authentication is not Authentication.NONE, "a session comes from a provider"
    centre = current_centre()
    with transaction.atomic():
        log = lock_own_log(centre)
        row = Procuration.objects.filter(rid=rid).exclude(status=Status.PURGEE).first()
        if row is None or not is_mandant(row, elector):
            raise RuleViolated("DOSSIER_INCONNU")
        if row.status in BEFORE_THE_ACT:
            raise RuleViolated("PAS_ETABLIE")
        if row.status not in IN_FORCE:
            raise RuleViolated("DEJA_FINIE")
        if was_asked(row):
            return row
        at = centre.clock.now()
        asked = RevocationAsked(
            act_hash=EventHash(bytes.fromhex(row.act_hash)), authentication=elector.authentication
        )
        written = append(centre, log, [Entry(asked, Rid(bytes.fromhex(rid)))], at)
        refold(Known(centre), {rid: written}, at)
    append_due_leaves(centre)
    return Procuration.objects.get(rid=rid)
