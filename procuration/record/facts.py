"""What kinds 3, 16, 17, 18 and 22 say, as CBOR values and back (SECURITY-DESIGN 5; docs/formats.md has the
tables)."""

from typing import Final

from procuration.domain.facts import (
    ANSWER_CODES,
    Fact,
    FactCode,
    FactWithdrawn,
    MandataireAnswer,
    PortalAccount,
    Revocation,
    RevocationSubject,
    Ruling,
    RulingOutcome,
)
from procuration.domain.identifiers import EventHash, Rid
from procuration.domain.refusal import RefusalCode
from procuration.errors import RecordRejected
from procuration.record.limits import SIGN1_BYTES_MAX
from procuration.record.people import (
    person_value,
    place_value,
    read_person,
    read_place,
    read_validity,
    validity_value,
)
from procuration.record.shape import (
    date_value,
    fields,
    number_of,
    octets,
    optional,
    sequence,
    text,
    whole_date,
    words,
)

RULED_EVENTS_MAX: Final = 16
REASON_LENGTH_MAX: Final = 500
WITHDRAWAL_REASON_LENGTH_MAX: Final = 200
"""One line: why a fact that was recorded is not so."""


def account_value(account: PortalAccount | None) -> list[object] | None:
    """`[pseudonym, role, place or null]`."""
    if account is None:
        return None
    return [account.pseudonym, account.role, None if account.place is None else place_value(account.place)]


def read_account(value: object) -> PortalAccount:
    """Raises: RecordRejected."""
    pseudonym, role, place = sequence(value, 3)
    return PortalAccount(pseudonym=text(pseudonym), role=text(role), place=optional(place, read_place))


def revocation_value(revocation: Revocation) -> list[object]:
    """`[act, subject]`."""
    subject = revocation.subject
    validity = None if subject.validity is None else validity_value(subject.validity)
    told = {0: subject.rid, 1: person_value(subject.mandant), 2: place_value(subject.vote_place), 3: validity}
    return [revocation.signed_act, told]


def read_revocation(value: object) -> Revocation:
    """Raises: RecordRejected REVOCATION_FIELDS."""
    signed_act, subject = sequence(value, 2)
    if not isinstance(subject, dict) or set(subject) != {0, 1, 2, 3}:
        raise RecordRejected("REVOCATION_FIELDS")
    return Revocation(
        signed_act=octets(signed_act, maximum=SIGN1_BYTES_MAX),
        subject=RevocationSubject(
            rid=optional(subject[0], lambda rid: Rid(octets(rid, length=16))),
            mandant=read_person(subject[1]),
            vote_place=read_place(subject[2]),
            validity=optional(subject[3], read_validity),
        ),
    )


def fact_value(fact: Fact) -> dict[int, object]:
    """The value of kind 16."""
    return {0: 1, 1: fact.code.value, 2: date_value(fact.day), 3: account_value(fact.account)}


def read_fact(value: object) -> Fact:
    """Raises: RecordRejected."""
    read = fields(value, 4)
    return Fact(
        code=number_of(FactCode, read[1]), day=whole_date(read[2]), account=optional(read[3], read_account)
    )


def withdrawn_value(withdrawn: FactWithdrawn) -> dict[int, object]:
    """The value of kind 22."""
    return {0: 1, 1: withdrawn.fact_hash, 2: withdrawn.reason, 3: account_value(withdrawn.account)}


def read_withdrawn(value: object) -> FactWithdrawn:
    """Raises: RecordRejected."""
    read = fields(value, 4)
    return FactWithdrawn(
        fact_hash=EventHash(octets(read[1], length=32)),
        reason=words(read[2], maximum=WITHDRAWAL_REASON_LENGTH_MAX),
        account=read_account(read[3]),
    )


def ruling_value(ruling: Ruling) -> dict[int, object]:
    """The value of kind 17."""
    return {
        0: 1,
        1: list(ruling.decided_on),
        2: ruling.outcome.value,
        3: ruling.reason,
        4: account_value(ruling.account),
    }


def read_ruling(value: object) -> Ruling:
    """Raises: RecordRejected RULING_EVENTS for none, too many or a repeated event."""
    read = fields(value, 5)
    hashes = tuple(EventHash(octets(one, length=32)) for one in sequence(read[1], maximum=RULED_EVENTS_MAX))
    if not hashes or len(set(hashes)) != len(hashes):
        raise RecordRejected("RULING_EVENTS")
    return Ruling(
        decided_on=hashes,
        outcome=number_of(RulingOutcome, read[2]),
        reason=words(read[3], maximum=REASON_LENGTH_MAX),
        account=read_account(read[4]),
    )


def answer_value(answer: MandataireAnswer) -> dict[int, object]:
    """The value of kind 18."""
    code = None if answer.code is None else answer.code.value
    return {0: 1, 1: answer.act_hash, 2: code, 3: account_value(answer.account)}


def read_answer(value: object) -> MandataireAnswer:
    """Raises: RecordRejected ANSWER_CODE."""
    read = fields(value, 4)
    code = optional(read[2], text)
    if code is not None and code not in ANSWER_CODES:
        raise RecordRejected("ANSWER_CODE")
    return MandataireAnswer(
        act_hash=EventHash(octets(read[1], length=32)),
        code=None if code is None else RefusalCode(code),
        account=optional(read[3], read_account),
    )
