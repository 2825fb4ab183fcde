"""The request that an officer has before them, from the ledger."""

from procuration.domain.events import Envelope, Filed
from procuration.errors import RuleViolated
from procuration.record.event import EventPair, open_body, parse_event
from server.dossiers.models import Procuration
from server.ledger.lookups import filed_pair


def filed_request(rid: str) -> tuple[Procuration, EventPair]:
    """Its row, and its event in the clear. Raises: RuleViolated DEMANDE_INTROUVABLE."""
    row = Procuration.objects.filter(rid=rid).first()
    found = None if row is None else filed_pair(row.rid, row.filed_hash)
    if row is None or found is None:
        raise RuleViolated("DEMANDE_INTROUVABLE")
    return row, found[0]


def filed_in(request: EventPair) -> tuple[Envelope, Filed]:
    """What the event of a request says."""
    envelope = parse_event(request.sign1)[1]
    filed = open_body(envelope, request.body or b"")
    assert isinstance(filed, Filed), "the pair of a request"
    return envelope, filed
