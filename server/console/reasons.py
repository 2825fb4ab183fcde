"""Why an administrator opens personal data: one of a few reasons, kept in the audit trail with the read.

Not a free text: a sentence would name the person it is about; the trail names nobody (SECURITY-DESIGN 12).
"""

from enum import StrEnum

from django.contrib.auth.models import User
from django.http import QueryDict

from server.console.services import administrator_of
from server.texts_fr import text
from server.traces.reads import Read, record_read


class Reason(StrEnum):
    """What a read is for."""

    ELECTOR = "electeur"
    TOWN_HALL = "mairie"
    UNIT = "unite"
    REPORT = "signalement"
    JUSTICE = "justice"
    CHECK = "controle"


def choices() -> list[tuple[str, str]]:
    """Each reason with its words."""
    return [(one.value, text(f"console.reason.{one.value}")) for one in Reason]


def reason_of(data: QueryDict) -> Reason | None:
    """The one that a form chose; None for none, or for anything else."""
    value = data.get("motif", "")
    return Reason(value) if value in tuple(Reason) else None


def note_read(
    user: User,
    what: Read,
    *,
    about: str = "",
    reason: Reason | None = None,
    rids: tuple[str, ...] = (),
    count: int | None = None,
    asked: str = "",
) -> None:
    """Write who is about to read what, before it is answered: every page of the console calls this one place.

    Raises: CarrierUnavailable TRACE_IMPOSSIBLE: the page must not be shown.
    """
    told = (about, f"motif:{reason.value}" if reason else "")
    subject = ";".join(part for part in told if part)
    record_read(administrator_of(user), what, rids=rids, count=count, subject=subject, asked=asked)
