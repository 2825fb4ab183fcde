"""Whether a synchronous standby has on its disk what this database committed (PostgreSQL only).

The setting alone proves nothing: a standby that is named but away makes commits wait, and a wait that an
administrator cancels ends as if it had succeeded. So the position that a connected standby has flushed is
compared with our own.
"""

from time import sleep
from typing import Final

from django.db import connection

_CONFIGURED: Final = """
    SELECT current_setting('synchronous_standby_names') <> ''
           AND current_setting('synchronous_commit') IN ('on', 'remote_apply')
"""
_OWN_POSITION: Final = "SELECT pg_current_wal_flush_lsn()"
_FLUSHED: Final = """
    SELECT EXISTS (SELECT 1 FROM pg_stat_replication
                   WHERE sync_state IN ('sync', 'quorum') AND state = 'streaming' AND flush_lsn >= %s::pg_lsn)
"""
_TRIES: Final = 10
_PAUSE_SECONDS: Final = 0.01


def standby_is_configured() -> bool:
    """Whether this database waits for a standby before it says that something is committed."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute(_CONFIGURED)
        return bool(cursor.fetchone()[0])


def standby_has() -> bool:
    """Whether a synchronous standby has flushed all that was committed here before this call.

    Our own commit waited for it; what others write meanwhile may be a few milliseconds ahead, so we look a
    few times. A role that may not see `pg_stat_replication` (it needs `pg_monitor`) gets False.
    """
    if not standby_is_configured():
        return False
    with connection.cursor() as cursor:
        cursor.execute(_OWN_POSITION)
        position = cursor.fetchone()[0]
        for _ in range(_TRIES):
            cursor.execute(_FLUSHED, [position])
            if cursor.fetchone()[0]:
                return True
            sleep(_PAUSE_SECONDS)
    return False
