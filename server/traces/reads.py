"""What a page calls before it shows personal data to an agent or an administrator.

Call `record_read` once per answer, when what will be shown is known and nothing has been answered yet. It
returns when the trace is on the disk; when it cannot be, it raises, and the page must not be shown.
"""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from procuration.domain.facts import PortalAccount
from server.config.centre import Centre, current_centre
from server.config.settings import OPTIONS
from server.dossiers.services import Account
from server.traces.entries import RIDS_MAX, Draft, Mark, Read, asked_digest
from server.traces.trail import Trail, trail_key

__all__ = ["Read", "record_command", "record_read", "trail_of"]


def trail_of(centre: Centre) -> Trail:
    """The trail of this centre. Raises: CarrierUnavailable TRACE_IMPOSSIBLE."""
    return _trail(centre.home, OPTIONS.traces_dir)


@lru_cache(maxsize=4)
def _trail(home: Path, folder: str) -> Trail:
    return Trail(
        folder=Path(folder) if folder else home / "traces",
        head_file=home / "traces-head",
        key=trail_key(home / "keys" / "traces.key"),
    )


def record_read(
    account: Account | PortalAccount,
    what: Read,
    *,
    rids: Iterable[str] = (),
    count: int | None = None,
    subject: str = "",
    asked: str = "",
) -> Mark:
    """Write who is about to read what.

    Args:
        account: `TownHallView.account`, or `administrator_of(user)` for the console.
        rids: the procurations on the page; of more than 100, only their count is kept.
        count: how many people or lines the page shows; by default as many as `rids`.
        subject: codes that name a longer list ("2024-07-07/2/public", a unit). Never a name.
        asked: what somebody typed to search; kept as a keyed digest.

    Raises: CarrierUnavailable TRACE_IMPOSSIBLE.
    """
    record = account.in_records() if isinstance(account, Account) else account
    place = record.place.code if record.place else ""
    return _append(record.pseudonym, record.role, place, what, tuple(rids), count, subject, asked)


def record_command(name: str, what: Read, *, count: int, subject: str = "", asked: str = "") -> Mark:
    """The same for a command that writes personal data in a file: who has the machine ran it.

    Raises: CarrierUnavailable TRACE_IMPOSSIBLE.
    """
    return _append(f"commande:{name}", "exploitant", "", what, (), count, subject, asked)


def _append(
    account: str,
    role: str,
    place: str,
    what: Read,
    rids: tuple[str, ...],
    count: int | None,
    subject: str,
    asked: str,
) -> Mark:
    centre = current_centre()
    trail = trail_of(centre)
    draft = Draft(
        account=account,
        role=role,
        place=place,
        what=what,
        rids=rids if len(rids) <= RIDS_MAX else (),
        count=len(rids) if count is None else count,
        subject=subject,
        asked=asked_digest(trail.key, asked) if asked else "",
    )
    return trail.append(draft, centre.clock.now())
