"""One centre on PostgreSQL, in a process of its own, while a standby comes and goes; prints what was said.

Run by `test_standby.py`, with the database in the environment.
"""

import json
import os
import tempfile
from pathlib import Path
from time import monotonic, sleep

NAME = "second"
WAIT_SECONDS = 30


def main() -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from server.ledger import standby
    from server.ledger.durability import second_place
    from server.ledger.standby import standby_has, standby_is_configured
    from tests.postgres import throw_away_standby
    from tests.server.centre import World, centre_of

    def execute(statement: str) -> object:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone()[0] if cursor.description else None

    def setting(name: str, value: str) -> None:
        execute(f"ALTER SYSTEM SET {name} = '{value}'")
        execute("SELECT pg_reload_conf()")
        until(lambda: execute(f"SELECT current_setting('{name}')") == value)

    own_position = standby._OWN_POSITION
    call_command("migrate", verbosity=0, skip_checks=True)
    world = World(centre_of(Path(tempfile.mkdtemp(dir=os.environ["PROCURATION_HOME"]))))
    kiosk = world.kiosk()
    said = {}

    def tell(moment: str, number: int) -> None:
        kiosk.files(number)
        world.hears(kiosk)
        said[moment] = [kiosk.receipts[-1].level.name, second_place(world.centre).value]

    tell("no standby", 1)
    with throw_away_standby(os.environ["PROCURATION_DATABASE_URL"], NAME):
        until(lambda: execute("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'") == 1)
        tell("connected, not waited for", 2)
        setting("synchronous_standby_names", NAME)
        until(lambda: execute("SELECT sync_state FROM pg_stat_replication") == "sync")
        tell("waited for", 3)
        standby._OWN_POSITION = "SELECT 'FFFFFFFF/0'::pg_lsn"  # as if we had written much more than it has
        said["behind"] = standby_has()
        standby._OWN_POSITION = own_position
        setting("synchronous_commit", "remote_write")
        tell("waited for, but not on its disk", 4)
        setting("synchronous_commit", "remote_apply")
        tell("waited for until applied", 5)
    # A commit would wait for ever now: only what is asked without one.
    said["away"] = [standby_is_configured(), standby_has(), second_place(world.centre).value]
    print(json.dumps(said))


def until(holds) -> None:
    """Wait for another process."""
    end = monotonic() + WAIT_SECONDS
    while not holds():
        if monotonic() > end:
            raise TimeoutError
        sleep(0.05)


if __name__ == "__main__":
    main()
