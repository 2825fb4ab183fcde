"""The hash chain of one log: each event names the hash of the one before it (SECURITY-DESIGN 5, 6)."""

import hashlib
from dataclasses import dataclass
from typing import Final

from procuration.domain.events import Envelope
from procuration.domain.identifiers import EventHash, LogId
from procuration.errors import RecordRejected

_FIRST: Final = b"procu/log/1"


def first_prev(log_id: LogId) -> EventHash:
    """What the first event of a log names as its predecessor."""
    return EventHash(hashlib.sha256(_FIRST + log_id).digest())


def hash_of(sign1: bytes) -> EventHash:
    """The name of an event: SHA-256 of its encoded signature part."""
    return EventHash(hashlib.sha256(sign1).digest())


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The end of a log: how many events it has, and the hash that the next one must name.

    Attributes:
        next_seq: number of events, and sequence number of the next one.
        hash: of the last event, or the starting value of the log.
    """

    log_id: LogId
    next_seq: int
    hash: EventHash

    @classmethod
    def of_empty_log(cls, log_id: LogId) -> "Head":
        """The head before the first event."""
        return cls(log_id=log_id, next_seq=0, hash=first_prev(log_id))


def after_event(head: Head, envelope: Envelope, event_hash: EventHash) -> Head:
    """The head after one more event.

    Raises: RecordRejected CHAIN_LOG (another log), CHAIN_GAP (not the next number), CHAIN_FORK (another
    predecessor).
    """
    if envelope.log_id != head.log_id:
        raise RecordRejected("CHAIN_LOG")
    if envelope.seq != head.next_seq:
        raise RecordRejected("CHAIN_GAP", expected=head.next_seq, got=envelope.seq)
    if envelope.prev != head.hash:
        raise RecordRejected("CHAIN_FORK", seq=envelope.seq)
    return Head(log_id=head.log_id, next_seq=head.next_seq + 1, hash=event_hash)
