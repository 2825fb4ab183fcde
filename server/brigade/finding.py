"""An officer on line finds a request: by its reference and the mandant's birth date (SECURITY-DESIGN 9).

Every look-up is an event of the officer's own log, as on a tablet; a wrong reference and a wrong birth date
are one answer.
"""

from django.db import transaction

from procuration.domain.events import LookUp
from procuration.domain.people import PartialDate
from procuration.domain.reference import Reference
from procuration.domain.status import Status
from procuration.errors import RuleViolated
from server.brigade.entitled import entitled
from server.brigade.models import OfficerAccount
from server.config.centre import Centre
from server.dossiers.fold import date_text
from server.dossiers.models import Procuration
from server.ledger.lookups import MISSES_MAX, misses_of, note_miss
from server.ledger.models import Device
from server.ledger.own_log import Entry, append
from server.ledger.tree import append_due_leaves


def find(centre: Centre, account: OfficerAccount, reference: Reference, birth_date: PartialDate) -> str:
    """The rid of the request.

    Raises: RuleViolated DEMANDE_INTROUVABLE, RECHERCHES_SUSPENDUES after twenty misses in an hour, and those
        of `entitled`.
    """
    at = centre.clock.now()
    officer = entitled(centre, account, at).officer
    look_up = LookUp(reference=reference, birth_date=birth_date, officer=officer.key.kid)
    with transaction.atomic():
        log = Device.objects.select_for_update(no_key=True).get(pk=account.log_id)
        append(centre, log, [Entry(look_up, None)], at)
        misses = misses_of(log.pk, officer.key.kid, at)
        rows = Procuration.objects.filter(
            reference=reference, mandant_birth_date=date_text(birth_date)
        ).exclude(status=Status.PURGEE)
        found = rows.values_list("rid", flat=True).first()
        if found is None:
            note_miss(log.pk, officer.key.kid, at)
    append_due_leaves(centre)
    if misses >= MISSES_MAX:
        raise RuleViolated("RECHERCHES_SUSPENDUES")
    if found is None:
        raise RuleViolated("DEMANDE_INTROUVABLE")
    return found
