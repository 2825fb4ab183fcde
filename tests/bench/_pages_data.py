"""A million procurations for `pages`: one real story, copied by the database itself with changed columns.

Communes differ as they do in France: one as large as the 15th arrondissement of Paris, some of thousands,
most of a few. Names are spread as names are; one mandataire in five holds two procurations, one in a hundred
three. All is drawn from the number of the copy: two runs make the same rows.
"""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from procuration.domain.events import Kind

DEVICES: Final = 3_000
BIG_ONE_IN: Final = 25
"""Of a million: 40 000 in the town hall of Nouméa, of which 12 000 wait for its decision."""
TOWN_ONE_IN: Final = 400
"""2 500 in the town hall of Laon."""
VILLAGE_ONE_IN: Final = 50_000
"""20 in Lifou, whose town hall is asked about nobody."""
_LARGE: Final = 100_000
"""Tables of fewer rows are not worth a second connection."""

_DAY = "timestamptz '2027-04-01 06:00+00'"
_AT = f"{_DAY} + make_interval(secs => (n * 7 % 604800))"
"""Spread over the week before the clock of the bench."""


def _draw(seed: int, sides: int) -> str:
    """A number from 0 to below `sides`, the same for the same copy."""
    return f"(((hashint8extended(n, {seed}) % {sides}) + {sides}) % {sides})"


_BIG, _TOWN = f"n % {BIG_ONE_IN} = 0", f"n % {TOWN_ONE_IN} = 1"
_VILLAGE, _ASKED = f"n % {VILLAGE_ONE_IN} = 2", "n % 1000 = 3"
# The r-th commune has a share like 1 / (r + 20): the first thousands, the last a dozen.
_OTHER = f"lpad((1000 + floor(20 * (power(1701, {_draw(1, 100_000)} / 100000.0) - 1))::int)::text, 5, '0')"
_PLACE = (
    f"(CASE WHEN {_BIG} THEN '98818' WHEN {_TOWN} THEN '02408' WHEN {_VILLAGE} THEN '98814' "
    f"WHEN {_ASKED} THEN '98805' ELSE {_OTHER} END)"
)
# Seven of ten are decided. The town halls that are asked have received their own, so that asking writes
# nothing.
_STATUS = (
    f"(CASE WHEN {_draw(2, 1000)} = 9 THEN 11 WHEN {_draw(2, 1000)} < 640 THEN 5 "
    f"WHEN {_draw(2, 1000)} < 660 THEN 9 WHEN {_draw(2, 1000)} < 700 THEN 12 "
    f"WHEN {_draw(2, 1000)} < 800 AND NOT ({_BIG} OR {_TOWN} OR {_VILLAGE}) THEN 3 ELSE 4 END)"
)
_DECIDED = f"{_STATUS} IN (5, 9, 12)"
_PERIOD = f"{_draw(3, 5)} = 0"
_ROUNDS = f"(1 + {_draw(4, 3)})"  # the first, the second, both
_CLOSES = "timestamptz '2027-04-{} 08:00+00'"
_FIRST = (
    f"(CASE WHEN NOT {_PERIOD} AND {_ROUNDS} = 2 THEN {_CLOSES.format(25)} ELSE {_CLOSES.format(11)} END)"
)
_LAST = f"(CASE WHEN NOT {_PERIOD} AND {_ROUNDS} = 1 THEN {_CLOSES.format(11)} ELSE {_CLOSES.format(25)} END)"
_DAYS = (
    f'(CASE WHEN {_PERIOD} OR {_ROUNDS} = 3 THEN \'["2027-04-11", "2027-04-25"]\' '
    f"WHEN {_ROUNDS} = 1 THEN '[\"2027-04-11\"]' ELSE '[\"2027-04-25\"]' END)::jsonb"
)
_MARKS = f"(CASE {_STATUS} WHEN 5 THEN 'pe' WHEN 4 THEN 'p-' ELSE '--' END)"
_LISTS = (
    f"(CASE WHEN {_PERIOD} OR {_ROUNDS} = 3 THEN '2027-04-11' || {_MARKS} || '-- 2027-04-25--' || {_MARKS} "
    f"WHEN {_ROUNDS} = 1 THEN '2027-04-11' || {_MARKS} || '--' ELSE '2027-04-25--' || {_MARKS} END)"
)
_COMMON = (
    "martin bernard thomas petit robert richard durand dubois moreau laurent simon michel lefebvre leroy "
    "roux david bertrand morel fournier girard bonnet dupont lambert fontaine rousseau vincent muller "
    "lefevre faure andre mercier blanc guerin boyer garnier chevalier francois legrand gauthier garcia "
    "perrin robin clement morin nicolas henry roussel mathieu gautier masson"
).split()
_GIVEN = "marie jean pierre michel andre anne louise paul luc claire julie hugo emma leo".split()


def _one_of(words: list[str], seed: int) -> str:
    return f"('{{{','.join(words)}}}'::text[])[1 + {_draw(seed, len(words))}]"


_NAME = (
    f"(CASE WHEN {_draw(5, 10)} < 2 THEN {_one_of(_COMMON, 6)} "
    f"ELSE translate(substr(md5('n' || {_draw(7, 200_000)}), 1, 7), '0123456789', 'aeioulmnrs') END)"
)
_GIVEN_NAME = _one_of(_GIVEN, 8)
_MANDATAIRE = (
    f"(CASE WHEN {_draw(9, 100)} < 79 THEN md5('d' || n) WHEN {_draw(9, 100)} < 99 THEN md5('e' || n / 50) "
    "ELSE md5('f' || n / 75) END)"
)
_ANSWER = f"(CASE WHEN {_ASKED} THEN (CASE WHEN {_DECIDED} THEN 'DONNEE' ELSE 'ATTENDUE' END) ELSE '' END)"
_DEVICE = f"(SELECT min(id) FROM ledger_device) + 10 + n % {DEVICES}"


# The tree goes on growing while pages write: every complete subtree needs a hash, whichever.
_NODES = """
    INSERT INTO ledger_treenode SELECT 64 * i + level, decode(md5('a' || i) || md5('b' || level), 'hex')
    FROM generate_series(0, 40) level,
         LATERAL generate_series(0, ((SELECT max(index) + 1 FROM ledger_leaf) >> level) - 1) i
    ON CONFLICT DO NOTHING
"""


_NEXT_DEVICE = (
    "SELECT setval(pg_get_serial_sequence('ledger_device', 'id'), (SELECT max(id) FROM ledger_device))"
)
"""The copies were numbered here: each run of the bench adds a log, that of its officer."""


def fill(world: Any, rows: int, stories: int) -> list[str]:
    """Copies the first of some real stories.

    Args:
        stories: how many real procurations wait for the big town hall beside the copies: pages that judge
            events need true ones.

    Returns: their rids.
    """
    rids = _stories(world, stories)
    from django.db import connection

    with connection.cursor() as cursor:
        # Only to fill faster: the database that is asked afterwards is like any other.
        cursor.execute("SET maintenance_work_mem = '1GB'; SET synchronous_commit = off")
        tables = [table for table, *_ in _copies(rows)]
        cursor.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE conrelid::regclass::text = ANY(%s) ORDER BY contype <> 'p'",
            [tables],
        )
        rules = cursor.fetchall()
        for table, name, _ in reversed(rules):
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT IF EXISTS "{name}" CASCADE')
        cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s)", [tables])
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        for one in _copies(rows):
            _copy(*one)
        again = [f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {rule}' for table, name, rule in rules]
        keys = [one for one in again if " PRIMARY KEY " in one or " UNIQUE " in one]
        _both_at_once([*keys, *(definition for _, definition in indexes)])
        for one in again:
            if one not in keys:
                cursor.execute(f"{one} NOT VALID" if " FOREIGN KEY " in one else one)
        cursor.execute(_NODES)
        cursor.execute(_NEXT_DEVICE)
        cursor.execute("RESET maintenance_work_mem; RESET synchronous_commit")
        cursor.execute("VACUUM ANALYZE")
    return rids


def _stories(world: Any, stories: int) -> list[str]:
    from server.dossiers import services
    from tests import builders
    from tests.server.townhall import Story, account_of

    officer = builders.key("officer")
    brigade = world.brigade()
    brigade.enrols(officer)
    story = Story(world, world.kiosk(), brigade, officer)
    first = story.established(1)
    services.taken_in_by_town_hall(first, account_of())
    services.decide(first, account_of(), True, None)
    return [story.established(number) for number in range(2, 2 + stories)]


def _both_at_once(statements: list[str]) -> None:
    """On two connections, each statement on its own."""
    import psycopg
    from django.db import connection

    url = connection.get_connection_params()
    wanted = ("dbname", "user", "password", "host", "port")
    words = {name: url[name] for name in wanted if url.get(name)}

    def run(statement: str) -> None:
        with psycopg.connect(**words, autocommit=True) as one:
            one.execute("SET maintenance_work_mem = '1GB'")
            one.execute("SET max_parallel_maintenance_workers = 0")
            one.execute("SET session_replication_role = replica")
            one.execute(statement)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, statements))


def _copy(table: str, count: int, statement: str) -> None:
    """A statement over the numbers {numbers}, in two halves when they are many."""
    middle = count // 2
    halves = [(1, middle), (middle + 1, count)] if count >= _LARGE else [(1, count)]
    _both_at_once([statement.replace("{numbers}", f"generate_series({a}, {b}) n") for a, b in halves])


def _copies(rows: int) -> Iterator[tuple[str, int, str]]:
    """The copies, table by table; columns that are not named are those of the row that is copied."""
    from server.ledger.models import Device

    yield _of(
        Device,
        DEVICES + 20,
        "role = 1",
        {
            "id": "(SELECT min(id) FROM ledger_device) + 9 + n",
            "log_id": "substr(md5('log' || n), 1, 16)",
            "kid": "substr(md5('kid' || n), 1, 16)",
            "role": "1 + n % 2",
            "unit": "'unit-' || n / 3",
            "unit_name": "'Poste ' || n",
            "departement": "lpad((1 + n % 95)::text, 2, '0')",
            "head_seq": "1000",
            "announced_length": "CASE WHEN n % 40 = 0 THEN 1030 ELSE 1001 END",
            "announced_oldest": f"CASE WHEN n % 40 = 0 THEN {_DAY} + make_interval(hours => 9) END",
            "last_contact": f"{_DAY} + make_interval(hours => n % 190)",
        },
    )
    yield _procurations(rows)
    yield from _events(rows)
    yield from _around(rows)


def _procurations(rows: int) -> tuple[str, int, str]:
    from server.dossiers.models import Procuration

    changed = {
        "rid": "md5('rid' || n)",
        "reference": "translate(substr(upper(md5('ref' || n)), 1, 6), '01', 'GH')",
        "status": _STATUS,
        "code": f"CASE {_STATUS} WHEN 11 THEN 'ORDRE_INCERTAIN' WHEN 9 THEN 'MANDANT_NON_INSCRIT' "
        "ELSE '' END",
        "regime": f"CASE WHEN {_BIG} OR {_TOWN} OR {_VILLAGE} OR {_ASKED} OR n % 2 = 0 THEN t.regime "
        "ELSE 'REU' END",
        "place_code": _PLACE,
        "channel": f"1 + {_draw(10, 4)}",
        "scrutin_id": f"CASE WHEN {_PERIOD} THEN '' ELSE t.scrutin_id END",
        "rounds": f"CASE WHEN {_PERIOD} THEN NULL ELSE {_ROUNDS} END",
        "period_first": f"CASE WHEN {_PERIOD} THEN date '2027-04-01' END",
        "period_last": f"CASE WHEN {_PERIOD} THEN date '2028-03-31' END",
        "polling_days": _DAYS,
        "first_closing": _FIRST,
        "last_closing": _LAST,
        "filed_at": _AT,
        "established_at": f"CASE WHEN {_draw(11, 20)} = 0 AND {_STATUS} = 3 THEN NULL ELSE {_AT} END",
        "decided_at": f"CASE WHEN {_DECIDED} THEN {_AT} + make_interval(hours => 3) END",
        "decided_by": f"CASE WHEN {_DECIDED} THEN t.decided_by ELSE '' END",
        "act_hash": "md5('a' || n) || md5('b' || n)",
        "act_log": "substr(md5('log' || n), 1, 16)",
        "mandant_birth_date": f"to_char(date '1935-01-01' + {_draw(12, 25_000)}::int, 'YYYY-MM-DD')",
        "mandant_birth_name": f"upper({_NAME})",
        "mandant_given_names": f"initcap({_GIVEN_NAME})",
        "mandant_folded": f"{_NAME} || ' ' || {_GIVEN_NAME}",
        "register_lists": _LISTS,
        "register_order": f"convert_to({_NAME} || chr(1) || {_GIVEN_NAME}, 'UTF8')",
        "mandant_key": "md5('m' || n)",
        "mandataire_key": _MANDATAIRE,
        "mandataire_held": f"1 + ({_draw(9, 100)} >= 79)::int + ({_draw(9, 100)} >= 99)::int",
        "moment_key": "md5('t' || n)",
        "mandataire_place_code": "CASE WHEN n % 1000 = 3 THEN '98818' ELSE t.mandataire_place_code END",
        "answer": _ANSWER,
        "history": f"CASE WHEN {_ASKED} AND {_DECIDED} THEN t.history || jsonb_set(jsonb_set(t.history->0, "
        f"'{{kind}}', '{int(Kind.MANDATAIRE_TOWN_HALL)}'), '{{code}}', '\"\"') ELSE t.history END",
        "own": f"jsonb_set(t.own, '{{officer}}', to_jsonb(md5('o' || n % {2 * DEVICES})))",
    }
    return _of(Procuration, rows, "reference IS NOT NULL AND status = 5", changed)


def _events(rows: int) -> Iterator[tuple[str, int, str]]:
    from server.ledger.models import Event

    # The acts last: those are the events that the console has still to count.
    for kind, only, hash_ in (
        (1, "true", "decode(md5('f' || n) || md5('g' || n), 'hex')"),
        (4, _DECIDED, "decode(md5('x' || n) || md5('y' || n), 'hex')"),
        (2, "true", "decode(md5('a' || n) || md5('b' || n), 'hex')"),
    ):
        changed = {
            "device_id": _DEVICE,
            "seq": f"10 * (n / {DEVICES}) + {kind}",
            "hash": hash_,
            "rid": "md5('rid' || n)",
            "wall": f"extract(epoch FROM {_AT})::bigint + {kind} * 600",
            "received_at": f"{_AT} + make_interval(mins => {kind} * 40)",
            "bundle_id": "NULL",
        }
        yield _of(Event, rows, f"kind = {kind}", changed, only)


def _around(rows: int) -> Iterator[tuple[str, int, str]]:
    """Bundles, leaves and checkpoints, copies for brigades, messages, what is set aside."""
    from server.ledger.models import Bundle, Checkpoint, Leaf, SetAside
    from server.notices.models import Notice

    first_leaf = "(SELECT max(index) FROM ledger_leaf)"
    bundle = {
        "device_id": _DEVICE,
        "received_at": f"{_DAY} + make_interval(secs => n * 70 % 604800)",
        "first_seq": f"10 * (n / {DEVICES})",
        "count": "10",
        "added": "10",
        "outcome": "CASE WHEN n % 50 = 0 THEN 'REFUSE' WHEN n % 51 = 0 THEN 'EN_ATTENTE' ELSE 'ACCEPTE' END",
        "code": "CASE WHEN n % 50 = 0 THEN 'EVENEMENTS_INVALIDES' ELSE '' END",
    }
    yield _of(Bundle, rows // 5, "true", bundle)
    leaf = {
        "index": f"{first_leaf} + n",
        "device_id": _DEVICE,
        "seq": f"10 * (n / {DEVICES}) + 9",
        "hash": "decode(md5('leaf' || n) || md5('fael' || n), 'hex')",
    }
    yield _of(Leaf, rows // 5, "true", leaf)
    checkpoint = {"size": "t.size + 4 * n", "signed_at": f"{_DAY} + make_interval(secs => n * 12 % 604800)"}
    yield _of(Checkpoint, rows // 20, "size = (SELECT max(size) FROM ledger_checkpoint)", checkpoint)
    for number, kind in enumerate((1, 2)):
        notice = {
            "kind": str(kind),
            "cause": "md5('c' || n) || md5('d' || n)",
            "rid": "md5('rid' || n)",
            "created_at": _AT,
            "state": f"CASE WHEN n % 2000 = {number} THEN 'failed' WHEN n % 300 = 7 THEN 'waiting' "
            f"WHEN {number} = 1 AND {_draw(13, 50)} = 0 THEN 'to_tell' ELSE 'sent' END",
            "code": f"CASE WHEN n % 2000 = {number} THEN 'ADRESSE_REFUSEE' ELSE '' END",
        }
        yield _of(Notice, rows, "true", notice)
    aside = {
        "device_id": _DEVICE,
        "seq": f"10 * (n / {DEVICES}) + 2",
        "rid": "md5('rid' || n)",
        "code": "'HORLOGE_DOUTEUSE'",
    }
    yield _made(SetAside, rows // 200, aside)


def _of(
    model: Any, count: int, which: str, changed: Mapping[str, str], only: str = "true"
) -> tuple[str, int, str]:
    """INSERT of `count` copies, numbered n, of the row t that `which` names; those that `only` leaves. A key
    that the database gives is left out."""
    columns = _columns(model, changed)
    values = ", ".join(changed.get(column, f't."{column}"') for column in columns)
    table = model._meta.db_table
    copied = f"(SELECT * FROM {table} WHERE {which} ORDER BY 1 LIMIT 1) t"
    return table, count, f"{_into(table, columns)} SELECT {values} FROM {copied}, {{numbers}} WHERE {only}"


def _made(model: Any, count: int, values: Mapping[str, str]) -> tuple[str, int, str]:
    """INSERT of rows that nothing is copied from: every column has its value."""
    columns = _columns(model, values)
    listed = ", ".join(values[column] for column in columns)
    table = model._meta.db_table
    return table, count, f"{_into(table, columns)} SELECT {listed} FROM {{numbers}}"


def _columns(model: Any, changed: Mapping[str, str]) -> list[str]:
    columns = [
        field.column
        for field in model._meta.concrete_fields
        if field.column in changed or not (field.primary_key and field.get_internal_type() == "BigAutoField")
    ]
    assert not set(changed) - set(columns)
    return columns


def _into(table: str, columns: list[str]) -> str:
    names = ", ".join(f'"{column}"' for column in columns)
    return f"INSERT INTO {table} ({names})"
