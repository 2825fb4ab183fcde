"""Résiliations as they arrive (kind 3): judged, kept with what is proved of their time, and compared with
every procuration of their mandant, known already or still to come (R-46)."""

from collections.abc import Iterable, Sequence

from procuration.domain.clock_evidence import interval_of
from procuration.domain.events import Kind, RecordedEvent
from procuration.domain.facts import Revocation
from procuration.domain.people import mandant_key
from procuration.domain.validity import OneScrutin, Period
from procuration.errors import RecordRejected
from server.dossiers.judgement import judge_withdrawal
from server.dossiers.models import Withdrawal
from server.dossiers.own import digest
from server.ledger.enums import Aside
from server.ledger.known import Known
from server.ledger.models import Event
from server.ledger.opening import Opened, open_stored


def take_in_withdrawals(
    known: Known, events: Sequence[Opened]
) -> tuple[set[str], list[tuple[Opened, Aside]]]:
    """Keep these résiliations.

    Returns: the keys of the mandants concerned, and the events that have no effect with their code.
    """
    revocations = [one for one in events if one.envelope.kind is Kind.REVOCATION]
    if not revocations:
        return set(), []
    known.load_for({(one.device.id, one.envelope.seq) for one in revocations})
    keys: set[str] = set()
    asides: list[tuple[Opened, Aside]] = []
    for one in revocations:
        try:
            judged = judge_withdrawal(one, known)
        except RecordRejected as error:
            asides.append((one, Aside(error.code)))
            continue
        row = _row(one, judged, known)
        Withdrawal.objects.update_or_create(hash=row.pop("hash"), defaults=row)
        keys.add(str(row["mandant_key"]))
    return keys, asides


def judged_withdrawal(opened: Opened, known: Known) -> dict[str, object]:
    """The columns of a résiliation, by field attribute. Raises: RecordRejected with a code of `Aside`."""
    return _row(opened, judge_withdrawal(opened, known), known)


def judge_again(known: Known, device_id: int, after_seq: int) -> set[str]:
    """The résiliations of a log behind a place, once a sync point proves more of their time.

    Returns: the keys of the mandants concerned.
    """
    found = Event.objects.filter(device_id=device_id, kind=Kind.REVOCATION, seq__gt=after_seq).order_by("seq")
    known.load_devices([device_id])
    device = known.device_by_id(device_id)
    opened = [
        open_stored(
            device,
            bytes(row.sign1),
            bytes(row.hash),
            None if row.body is None else bytes(row.body),
            row.received_at,
        )
        for row in found
    ]
    return take_in_withdrawals(known, opened)[0]


def faults_of(asides: Iterable[tuple[Opened, Aside]]) -> list[tuple[int, int, str | None, str]]:
    """What is set aside, as rows."""
    return [(one.device.id, one.envelope.seq, one.rid, code.value) for one, code in asides]


def _row(opened: Opened, event: RecordedEvent, known: Known) -> dict[str, object]:
    assert isinstance(event.content, Revocation), "judged before"
    assert event.act is not None, "judged before"
    subject, authority = event.content.subject, event.act.authority
    when = interval_of(event, known.evidence(opened.device.id), opened.received_at)
    one, period = subject.validity, subject.validity
    return {
        "device_id": opened.device.id,
        "seq": opened.envelope.seq,
        "hash": opened.hash.hex(),
        "rid": None if subject.rid is None else subject.rid.hex(),
        "mandant_key": digest(mandant_key(subject.mandant, subject.vote_place)),
        "place_code": subject.vote_place.code,
        "place_type": subject.vote_place.type.value,
        "place_cog_year": subject.vote_place.cog_year,
        "scrutin_id": one.scrutin_id if isinstance(one, OneScrutin) else "",
        "rounds": one.rounds.value if isinstance(one, OneScrutin) else None,
        "period_first": period.first_day if isinstance(period, Period) else None,
        "period_last": period.last_day if isinstance(period, Period) else None,
        "at": event.claimed_at,
        "earliest": when.earliest,
        "latest": when.latest,
        "officer_nom": authority.nom,
        "officer_prenoms": authority.prenoms,
        "officer_qualite": authority.qualite,
        "officer_unit": authority.unit_name,
    }
