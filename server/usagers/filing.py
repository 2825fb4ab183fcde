"""An elector files a request on line: the rules once more, then one event of kind 1 that the centre signs
in its own log, channel web, with the authentication of the session (R-27).
"""

from datetime import datetime
from typing import Final

from django.db import transaction

from procuration.domain.events import Channel, Filed
from procuration.domain.identifiers import Rid
from procuration.domain.people import check_email, check_mandant, check_mandataire
from procuration.domain.teleprocedure import check_elections, check_mandataire_reachable
from procuration.domain.validity import OneScrutin, Period, check_period, check_scrutin
from procuration.errors import RuleViolated
from procuration.record.event import EventPair
from procuration.record.printed import qr_text
from server.config.centre import Centre, current_centre
from server.dossiers.models import Procuration
from server.dossiers.refolding import refold
from server.identity.elector import Elector
from server.ledger.known import Known
from server.ledger.leases import mark_used, take_reference
from server.ledger.lookups import filed_pair
from server.ledger.models import Event
from server.ledger.own_log import Entry, append, lock_own_log
from server.ledger.tree import append_due_leaves
from server.usagers.answers import Asked, Context, check_age

DECLARATION_VERSION: Final = 1001
"""Which wording of the notice and of the page of verification was shown: 1 and after are the tablets', 1001
and after the web's. A change of `data.*` or `review.sentence` makes it 1002."""


def file_request(rid: str, asked: Asked, elector: Elector) -> Procuration:
    """Record a request; the same rid again changes nothing.

    Raises: RuleViolated with the code of the first datum at fault; DOSSIER_INCONNU, when the rid names
        anything but a request of the web; CarrierUnavailable, when the centre may not sign.
    """
    centre = current_centre()
    mine = Procuration.objects.filter(rid=rid, channel=Channel.WEB)
    with transaction.atomic():
        log = lock_own_log(centre)
        at = centre.clock.now()
        if Event.objects.filter(rid=rid).exists():
            before = mine.first()
            if before is None:
                raise RuleViolated("DOSSIER_INCONNU")
            return before
        _check(asked, Context(elector, centre.tables, at))
        reference = take_reference(log)
        filed = Filed(
            reference=reference,
            mandant=asked.mandant,
            mandataire=asked.mandataire,
            vote_place=asked.vote_place.place,
            validity=asked.validity,
            email=asked.email,
            declaration_version=DECLARATION_VERSION,
            authentication=elector.authentication,
            channel=Channel.WEB,
        )
        written = append(centre, log, [Entry(filed, Rid(bytes.fromhex(rid)))], at)
        mark_used(log.pk, [(reference, rid)])
        refold(Known(centre), {rid: written}, at)
    append_due_leaves(centre)
    return mine.get()


def _check(asked: Asked, context: Context) -> None:
    """The rules of entry as a tablet applies them, at the instant of signing."""
    place, law = asked.vote_place.place, context.tables.law
    today = context.today(asked.vote_place)
    check_mandant(asked.mandant, today, place)
    check_mandataire(asked.mandataire, asked.mandant, place, today)
    check_mandataire_reachable(place, asked.mandataire, law, today)
    for named in (place, asked.mandataire.enrolment):
        if named is not None and (named.code, named.type.value) not in context.tables.communes:
            raise RuleViolated("COMMUNE_INCONNUE")
    if asked.email is not None:
        check_email(asked.email)
    match asked.validity:
        case OneScrutin(scrutin_id=chosen):
            check_scrutin(asked.validity, context.tables.calendar, place, context.now)
            scrutin = next(one for one in context.tables.calendar if one.id == chosen)
            check_elections(scrutin, place, law)
        case Period():
            check_period(asked.validity, context.years_max(asked.vote_place), today)
    check_age(asked.validity, asked.vote_place, context)


def qr_of(one: Procuration, centre: Centre, now: datetime) -> str | None:
    """The request sealed for brigades, as on the receipt of a tablet (SECURITY-DESIGN 9): any of them opens
    it without a network, a finder's telephone does not. None when no epoch is in force, the request is too
    long, or its body is gone."""
    epoch = centre.tables.directory.epoch(now)
    found = filed_pair(one.rid, one.filed_hash)
    if epoch is None or found is None:
        return None
    pair: EventPair = found[0]
    return qr_text(pair, epoch, centre.realm)
