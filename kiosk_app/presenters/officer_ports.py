"""What the page of the officers asks of the rest of the tablet. Nothing here is implemented."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from procuration.domain.identifiers import Kid


class OfficerShown(Protocol):
    """One line of the list; `standing` is the end of the key of its sentence."""

    @property
    def kid(self) -> Kid: ...
    @property
    def nom(self) -> str: ...
    @property
    def prenoms(self) -> str: ...
    @property
    def qualite(self) -> str: ...
    @property
    def not_after(self) -> datetime: ...
    @property
    def standing(self) -> str: ...


class WhoIsThere(Protocol):
    """Who gave their code, and until when they may act."""

    @property
    def is_officer(self) -> bool: ...
    @property
    def not_after(self) -> datetime | None: ...
    @property
    def days_left(self) -> int | None: ...


class Changed(Protocol):
    """What was written: its place in the log, and the end of the habilitation."""

    @property
    def seq(self) -> int: ...
    @property
    def not_after(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedOfficer:
    """A new officer, as typed and read."""

    nom: str = field(repr=False)
    prenoms: str = field(repr=False)
    qualite: str
    designation: str
    last_day: date
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class TypedCodes:
    """Of the two people of the ceremony."""

    phrase: str = field(repr=False)
    second: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficersParts:
    """What the page is given once. Each change raises RuleViolated, RecordRejected or CarrierUnavailable, and
    then nothing is changed.

    Attributes:
        check: reads names, quality, designation and day as `enrol` will; raises as it does.
        received: whether the centre has a place of the log.
    """

    listed: Callable[[], Sequence[OfficerShown]]
    signed_in: Callable[[], WhoIsThere]
    check: Callable[[TypedOfficer], None]
    check_day: Callable[[date], None]
    enrol: Callable[[TypedCodes, TypedOfficer], Changed]
    renew: Callable[[TypedCodes, Kid, date], Changed]
    revoke: Callable[[TypedCodes, Kid], Changed]
    reset: Callable[[TypedCodes, Kid, str], Changed]
    replace_phrase: Callable[[TypedCodes, str], Changed]
    received: Callable[[int], bool]
