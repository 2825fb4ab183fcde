"""Every check of the centre's state: a name, how bad it is, the figures of its sentence.

Nothing here names a person, and nothing here raises for what it looks at: what cannot be read is an alarm.
"""

import platform
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from pathlib import Path
from time import perf_counter
from typing import Final

import django
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection
from django.db.models import Min

from procuration.errors import ProcurationError
from server.config.centre import Centre
from server.config.options import Options
from server.health import machine
from server.health.models import JobRun
from server.ledger.durability import SOUND, second_place
from server.ledger.models import Checkpoint
from server.notices.enums import NoticeState
from server.notices.models import Notice
from server.register.configured import register_health
from server.traces.reads import trail_of

DIRECTORY_WARNS: Final = timedelta(days=7)
DIRECTORY_STOPS: Final = timedelta(days=14)
"""A brigade refuses to act with an older list of keys (SECURITY-DESIGN 4)."""
CALENDAR_WARNS: Final = timedelta(days=30)
LAW_WARNS: Final = timedelta(days=60)
_SLOW_MS: Final = 250
LATE_AFTER: Final = {
    "notices": timedelta(minutes=10),
    "finish_imports": timedelta(minutes=10),
    "revocations": timedelta(minutes=10),
    "timestamp": timedelta(hours=4),
    "enrolments": timedelta(hours=1),
    "sessions": timedelta(hours=1),
    "copies": timedelta(minutes=30),
    "traces": timedelta(hours=4),
    "purge": timedelta(hours=30),
}
"""How long after its last good end a job is late: several of its periods."""


class Level(IntEnum):
    """How bad."""

    INFO = 0
    OK = 1
    WARN = 2
    ALARM = 3


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at.

    Attributes:
        name: of the kind of check; its words have this key.
        about: which disk, table or job; empty when there is only one.
        figures: of the sentence, and for machines.
    """

    name: str
    level: Level
    about: str = ""
    figures: dict[str, object] = field(default_factory=dict)


def look(centre: Centre, options: Options) -> list[Check]:
    """Everything, in the order of the page."""
    now = centre.clock.now()
    found = [database()]
    parts: list[Callable[[], Iterator[Check]]] = [
        lambda: disks(centre, options),
        lambda: certificate(centre, options, now),
        lambda: web_certificate(options, now),
        lambda: tables(centre, options, now),
        lambda: backups(options, now),
        lambda: traces(centre),
    ]
    if found[0].level is not Level.ALARM:
        parts += [
            lambda: durable(centre),
            lambda: checkpoint(now),
            lambda: jobs(now),
            lambda: mail(options, now),
            lambda: register(centre),
            lambda: sessions(now),
        ]
    for part in parts:
        found += part()
    return [*found, *versions()]


def worst(checks: list[Check]) -> Level:
    """The level of the whole."""
    return max((one.level for one in checks), default=Level.ALARM)


def database() -> Check:
    """Whether it answers, and in how many milliseconds."""
    began = perf_counter()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return Check("database", Level.ALARM)
    spent = round(1000 * (perf_counter() - began))
    return Check("database", Level.OK if spent < _SLOW_MS else Level.WARN, figures={"ms": spent})


def disks(centre: Centre, options: Options) -> Iterator[Check]:
    """Room left on each disk that the centre writes on."""
    folders = {
        "home": centre.home,
        "archive": centre.archive_dir,
        "backup": Path(options.backup_dir) if options.backup_dir else None,
        "traces": Path(options.traces_dir) if options.traces_dir else None,
    }
    for name, folder in folders.items():
        if folder is None:
            continue
        room = machine.room_on(folder)
        if room is None:
            yield Check("disk_absent", Level.ALARM, name)
            continue
        level = _below(room.percent, options.warn_disk_percent, options.alarm_disk_percent)
        yield Check("disk", level, name, {"percent": room.percent, "room": room.words})


def certificate(centre: Centre, options: Options, now: datetime) -> Iterator[Check]:
    """Of the agents' address: tablets refuse another one."""
    yield _certificate("tls", centre.home / "keys" / "tls.pem", options, now)


def web_certificate(options: Options, now: datetime) -> Iterator[Check]:
    """Of the pages: the TLS proxy's, when the settings say where it lies; browsers refuse an old one."""
    if options.web_certificate:
        yield _certificate("web_tls", Path(options.web_certificate), options, now)


def _certificate(name: str, path: Path, options: Options, now: datetime) -> Check:
    end = machine.certificate_end(path)
    if end is None:
        return Check(f"{name}_absent", Level.ALARM)
    if end <= now:
        return Check(f"{name}_ended", Level.ALARM)
    days = machine.whole_days(end - now)
    return Check(name, _below(days, options.warn_tls_days, options.alarm_tls_days), figures={"days": days})


def tables(centre: Centre, options: Options, now: datetime) -> Iterator[Check]:
    """The signed lists of the repository, the list of keys, the calendar, the law."""
    for role, end in machine.signed_ends(centre.home / "tuf"):
        if end is None:
            yield Check("signed_absent", Level.ALARM, role)
            continue
        days = machine.whole_days(end - now)
        level = _below(days, options.warn_tables_days, options.alarm_tables_days)
        yield Check("signed", level, role, {"days": days})
    age = now - centre.tables.directory.issued
    level = Level.OK if age < DIRECTORY_WARNS else Level.WARN if age < DIRECTORY_STOPS else Level.ALARM
    yield Check("directory", level, figures={"days": machine.whole_days(age)})
    ends = [one.closes_at for held in centre.tables.calendar for one in held.rounds]
    left = machine.whole_days(max(ends, default=now) - now)
    yield Check(
        "calendar", Level.WARN if left < CALENDAR_WARNS.days else Level.OK, figures={"days": max(left, 0)}
    )
    yield law(centre, now)


def law(centre: Centre, now: datetime) -> Check:
    """Whether some parameter has no row in force any more, or soon."""
    today = now.date()
    silent = centre.tables.law.silent_on(today)
    if silent:
        return Check("law", Level.ALARM, figures={"count": silent})
    soon = centre.tables.law.silent_on(today + LAW_WARNS)
    return Check("law", Level.WARN if soon else Level.OK, figures={"count": soon})


def backups(options: Options, now: datetime) -> Iterator[Check]:
    """The age of the last whole one."""
    if not options.backup_dir:
        yield Check("backup_unset", Level.WARN)
        return
    newest = machine.newest_backup(Path(options.backup_dir))
    if newest is None:
        yield Check("backup_absent", Level.ALARM)
        return
    hours = max(0, (now - newest) // timedelta(hours=1))
    level = _above(hours, options.warn_backup_hours, options.alarm_backup_hours)
    yield Check("backup", level, figures={"hours": hours})


def traces(centre: Centre) -> Iterator[Check]:
    """Whether the audit trail can be opened, and where it ends."""
    try:
        head = trail_of(centre).head()
    except ProcurationError:
        yield Check("traces_absent", Level.ALARM)
        return
    yield Check("traces", Level.OK, figures={"count": 0 if head is None else head.n})


def durable(centre: Centre) -> Iterator[Check]:
    """Where events are a second time."""
    place = second_place(centre)
    yield Check("durable", Level.OK if place in SOUND else Level.WARN, place.value)


def checkpoint(now: datetime) -> Iterator[Check]:
    """The age of the newest signed one."""
    newest = Checkpoint.objects.order_by("-size").values_list("signed_at", flat=True).first()
    if newest is not None:
        yield Check("checkpoint", Level.INFO, figures={"hours": max(0, (now - newest) // timedelta(hours=1))})


def jobs(now: datetime) -> Iterator[Check]:
    """Each job that has run: late, failing, or well."""
    runs = {run.name: run for run in JobRun.objects.all()}
    if not runs:
        yield Check("jobs_absent", Level.WARN)
        return
    for name, after in LATE_AFTER.items():
        run = runs.get(name)
        if run is None:
            continue
        late = run.ended_at is None or now - run.ended_at > after
        if late or run.code:
            yield Check(
                "job_late" if late else "job_failing",
                Level.ALARM if late else Level.WARN,
                name,
                _of(run, now),
            )
        else:
            yield Check("job", Level.OK, name, _of(run, now))


def _of(run: JobRun, now: datetime) -> dict[str, object]:
    ended = run.ended_at
    return {
        "minutes": -1 if ended is None else max(0, (now - ended) // timedelta(minutes=1)),
        "code": run.code,
    }


def mail(options: Options, now: datetime) -> Iterator[Check]:
    """Messages that are owed, and for how long the oldest has waited."""
    owed = Notice.objects.filter(state__in=(NoticeState.WAITING, NoticeState.CLAIMED, NoticeState.HANDING))
    due = owed.filter(next_attempt_at__lte=now) | owed.exclude(code="")
    oldest = due.aggregate(at=Min("created_at"))["at"]
    minutes = 0 if oldest is None else max(0, (now - oldest) // timedelta(minutes=1))
    level = _above(minutes, options.warn_mail_minutes, options.alarm_mail_minutes)
    yield Check("mail", level, figures={"count": owed.count(), "minutes": minutes})


def register(centre: Centre) -> Iterator[Check]:
    """Whether the register that controls in regime B answers, and how many procurations wait for it."""
    seen = register_health(centre)
    calm = Level.OK if seen.configured else Level.INFO
    figures: dict[str, object] = {"count": seen.waiting}
    yield Check("register", Level.ALARM if seen.alarm else calm, figures=figures)


def sessions(now: datetime) -> Iterator[Check]:
    """How many are open."""
    yield Check(
        "sessions", Level.INFO, figures={"count": Session.objects.filter(expire_date__gt=now).count()}
    )


def versions() -> Iterator[Check]:
    """Of the programs underneath."""
    told = {
        "python": platform.python_version(),
        "django": django.get_version(),
        "database": connection.vendor,
    }
    yield Check("versions", Level.INFO, figures=dict(told))


def _below(value: int, warn: int, alarm: int) -> Level:
    return Level.ALARM if value < alarm else Level.WARN if value < warn else Level.OK


def _above(value: int, warn: int, alarm: int) -> Level:
    return Level.ALARM if value >= alarm else Level.WARN if value >= warn else Level.OK
