# ruff: noqa: E501  # the table of changes has one statement in each line
"""`verify` names the table and the row of whatever somebody changed in the database behind our back."""

import re
from contextlib import contextmanager
from datetime import date, datetime, timedelta

import pytest
from django.db import connection, transaction

from procuration.domain.people import PlaceType
from procuration.domain.refusal import RefusalCode
from server.config.centre import install_centre
from server.dossiers.fold import COLUMNS
from server.dossiers.models import Procuration, Withdrawal
from server.dossiers.services import Account, decide, taken_in_by_town_hall
from server.ledger.models import Event
from server.ledger.verifying import verify_everything
from tests import builders
from tests.builders import NOW, rid
from tests.server.centre import Tablet, World, centre_of
from tests.server.dossiers.test_forks import revokes_the_first

TOWN_HALL = Account(
    pseudonym="agent-1", role="agent", place_code="98818", place_type=PlaceType.COMMUNE, place_cog_year=2026
)


def a_day(world, kiosk, brigade, officer):
    """A row in nearly every table: validated, refused, waiting, set aside, held, carried."""
    kiosk.starts_hiding_bodies()
    world.hears(kiosk)
    kiosk.reference = next(iter(kiosk.inbox)).references[0]
    requests = [kiosk.files(1, reference=kiosk.reference), *(kiosk.files(number) for number in range(2, 6))]
    world.hears(kiosk)
    for number in (1, 2):
        brigade.acts(requests[number - 1], officer, number)
    brigade.refuses(requests[2], officer, RefusalCode.MANDANT_ABSENT, 3)
    brigade.acts(requests[3], builders.key("nobody"), 4)
    world.hears(brigade)
    decide(rid(1).hex(), TOWN_HALL, accepted=True, code=None)
    taken_in_by_town_hall(rid(2).hex(), TOWN_HALL)
    unheard = world.kiosk("unheard")
    brigade.acts(unheard.files(8), officer, 8)
    world.hears(brigade)
    late = world.kiosk("late")
    late.files(21)
    late.files(22)
    world.hears(late, first=1)  # held: its first event has not come
    return world


pytestmark = pytest.mark.django_db  # the database is made also when this module runs alone


@pytest.fixture
def _django_db_helper():
    """No transaction for each test: that of the module holds the day, and each change is undone in it."""


@pytest.fixture(scope="module")
def shared(django_db_setup, django_db_blocker, tmp_path_factory):
    """One day for all changes of this module, each undone; and one with a résiliation."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = World(centre_of(tmp_path_factory.mktemp("home")))
        install_centre(world.centre)
        kiosk, brigade, officer = world.kiosk(), world.brigade(), builders.key("officer")
        brigade.enrols(officer)
        day = a_day(world, kiosk, brigade, officer)
        revokes_the_first(brigade, officer, by_rid=False)
        day.hears(brigade)
        install_centre(None)
        yield day
        transaction.set_rollback(True)


@pytest.fixture
def day(shared, django_db_blocker):
    install_centre(shared.centre)
    with django_db_blocker.unblock():
        yield shared
    install_centre(None)


def faults(centre, **options):
    return verify_everything(centre, lambda _: None, **options).faults


@contextmanager
def superuser():
    """SQL that no constraint stops."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET session_replication_role = replica")
            yield cursor
            cursor.execute("SET session_replication_role = DEFAULT")
        else:
            yield cursor


def faults_after(day, change):
    """What `verify` says of a database that somebody changed; the change is undone."""
    with transaction.atomic():
        change()
        found = faults(day.centre)
        transaction.set_rollback(True)
    return found


def execute(statement):
    """The same SQL for both databases."""
    statement = re.sub(r"\bindex\b", '"index"', statement)
    if connection.vendor == "postgresql":
        statement = statement.replace("X'", "'\\x")
    with superuser() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount == 1, "one row, as the test says"


def test_a_whole_day_verifies(day):
    assert faults(day.centre) == []


KIOSK_LOG = builders.log_id("kiosk").hex()
BRIGADE_LOG = builders.log_id("brigade").hex()
OF_KIOSK = f"device_id = (SELECT id FROM ledger_device WHERE log_id = '{KIOSK_LOG}')"
OF_BRIGADE = f"device_id = (SELECT id FROM ledger_device WHERE log_id = '{BRIGADE_LOG}')"
FIRST_RID = rid(1).hex()
EVENT = f"table=ledger_event log={KIOSK_LOG} seq=2"
ZEROS = "X'" + "00" * 32 + "'"

CHANGES = [
    # events, column by column
    (f"UPDATE ledger_event SET hash = {ZEROS} WHERE {OF_KIOSK} AND seq = 2", f"{EVENT}", "COLONNE_FAUSSE column=hash"),
    (f"UPDATE ledger_event SET kind = 12 WHERE {OF_KIOSK} AND seq = 2", EVENT, "COLONNE_FAUSSE column=kind"),
    (f"UPDATE ledger_event SET rid = '{'ab' * 16}' WHERE {OF_KIOSK} AND seq = 2", EVENT, "COLONNE_FAUSSE column=rid"),
    (f"UPDATE ledger_event SET wall = wall + 1 WHERE {OF_KIOSK} AND seq = 2", EVENT, "COLONNE_FAUSSE column=wall"),
    (f"UPDATE ledger_event SET received_at = '2027-01-01 00:00:00' WHERE {OF_KIOSK} AND seq = 2", EVENT, "COLONNE_FAUSSE column=received_at"),
    (f"UPDATE ledger_event SET bundle_id = NULL WHERE {OF_KIOSK} AND seq = 2", EVENT, "COLONNE_FAUSSE column=bundle_id"),
    (f"UPDATE ledger_event SET body = NULL WHERE {OF_KIOSK} AND seq = 2", EVENT, "CORPS_ABSENT"),
    (f"UPDATE ledger_event SET body = X'8140' WHERE {OF_KIOSK} AND seq = 2", EVENT, "CORPS_DIFFERENT"),
    (f"UPDATE ledger_event SET sign1 = X'8140' WHERE {OF_KIOSK} AND seq = 2", EVENT, "SIGN1_FORM"),
    (f"UPDATE ledger_event SET sign1 = (SELECT sign1 FROM ledger_event WHERE {OF_KIOSK} AND seq = 3) WHERE {OF_KIOSK} AND seq = 2", EVENT, "CHAIN_GAP"),
    (f"UPDATE ledger_event SET seq = 99 WHERE {OF_KIOSK} AND seq = 2", EVENT, "LIGNE_ABSENTE"),
    (f"UPDATE ledger_event SET device_id = (SELECT id FROM ledger_device WHERE log_id = '{BRIGADE_LOG}'), seq = 99 WHERE {OF_KIOSK} AND seq = 2", EVENT, "LIGNE_ABSENTE"),
    (f"DELETE FROM ledger_event WHERE {OF_KIOSK} AND seq = 2", EVENT, "LIGNE_ABSENTE"),
    (f"DELETE FROM ledger_event WHERE {OF_KIOSK} AND seq = 5", "table=ledger_device", "COLONNE_FAUSSE"),
    (f"INSERT INTO ledger_event (device_id, seq, kind, hash, rid, wall, received_at, bundle_id, sign1, body) SELECT device_id, 6, kind, hash, rid, wall, received_at, bundle_id, sign1, body FROM ledger_event WHERE {OF_KIOSK} AND seq = 5", f"table=ledger_event log={KIOSK_LOG} seq=6", "CHAIN_GAP"),
    # devices
    *((f"UPDATE ledger_device SET {column} = {value} WHERE log_id = '{KIOSK_LOG}'", f"table=ledger_device log={KIOSK_LOG}", f"column={column}")
      for column, value in (
        ("kid", "'0011223344556677'"), ("role", "2"), ("unit", "'x'"), ("unit_name", "'x'"), ("departement", "'01'"),
        ("place", "'01001'"), ("not_before", "'2000-01-01 00:00:00'"), ("not_after", "'2099-01-01 00:00:00'"),
        ("sealing_key", "X'00'"), ("enrolment", "X'00'"), ("head_seq", "4"), ("head_hash", ZEROS),
        ("archived_seq", "77"), ("durable_seq", "77"), ("inbox_applied", "77"), ("lots", "0"),
      )),
    (f"UPDATE ledger_device SET cose_key = (SELECT cose_key FROM ledger_device WHERE log_id = '{BRIGADE_LOG}') WHERE log_id = '{KIOSK_LOG}'", f"table=ledger_device log={KIOSK_LOG}", "column=cose_key"),
    (f"UPDATE ledger_device SET log_id = '{'ee' * 8}' WHERE log_id = '{KIOSK_LOG}'", f"table=ledger_device log={'ee' * 8}", "column=log_id"),
    (f"INSERT INTO ledger_device (log_id, kid, cose_key, role, unit, unit_name, departement, place, not_before, not_after, enrolled_at, head_seq, inbox_number, inbox_applied, epoch_sent, lots, archived_seq, durable_seq, tree_known) SELECT '{'dd' * 8}', kid, cose_key, role, unit, '', '', '', not_before, not_after, enrolled_at, -1, 0, 0, -1, 0, -1, -1, 0 FROM ledger_device WHERE log_id = '{KIOSK_LOG}'", f"table=ledger_device log={'dd' * 8}", "column=log_id"),
    # the tree
    ("UPDATE ledger_leaf SET seq = seq - 1 WHERE index = 1", "table=ledger_leaf index=1", "FEUILLE_FAUSSE"),
    (f"UPDATE ledger_leaf SET hash = {ZEROS} WHERE index = 1", "table=ledger_leaf index=1", "FEUILLE_FAUSSE"),
    (f"UPDATE ledger_leaf SET device_id = (SELECT id FROM ledger_device WHERE log_id = '{builders.log_id('late').hex()}') WHERE index = 1", "table=ledger_leaf index=1", "FEUILLE_FAUSSE"),
    ("UPDATE ledger_leaf SET index = 99 WHERE index = 1", "table=ledger_leaf index=1", "LIGNE_ABSENTE"),
    ("DELETE FROM ledger_leaf WHERE index = 1", "table=ledger_leaf index=1", "LIGNE_ABSENTE"),
    ("DELETE FROM ledger_leaf WHERE index = (SELECT max(index) FROM ledger_leaf)", "table=ledger_checkpoint", "POINT_SANS_FEUILLES"),
    ("INSERT INTO ledger_leaf (index, device_id, seq, hash) SELECT 1 + (SELECT max(index) FROM ledger_leaf), device_id, seq, hash FROM ledger_leaf WHERE index = 1", "table=ledger_checkpoint", "LIGNE_ABSENTE"),
    (f"UPDATE ledger_treenode SET hash = {ZEROS} WHERE place = 65", "table=ledger_treenode place=65", "NOEUD_FAUX"),
    ("UPDATE ledger_treenode SET place = 6400 WHERE place = 65", "table=ledger_treenode place=65", "LIGNE_ABSENTE"),
    ("DELETE FROM ledger_treenode WHERE place = 1", "table=ledger_treenode place=1", "LIGNE_ABSENTE"),
    (f"INSERT INTO ledger_treenode (place, hash) VALUES (6400, {ZEROS})", "table=ledger_treenode place=6400", "NOEUD_FAUX"),
    (f"UPDATE ledger_checkpoint SET root = {ZEROS} WHERE size = 1", "table=ledger_checkpoint size=1", "RACINE_FAUSSE"),
    ("UPDATE ledger_checkpoint SET note = (SELECT note FROM ledger_checkpoint WHERE size = 2) WHERE size = 1", "table=ledger_checkpoint size=1", "RACINE_FAUSSE"),
    ("UPDATE ledger_checkpoint SET note = X'00' WHERE size = 1", "table=ledger_checkpoint size=1", "CHECKPOINT_"),
    ("UPDATE ledger_checkpoint SET size = 99 WHERE size = 1", "table=ledger_checkpoint size=99", "POINT_SANS_FEUILLES"),
    ("DELETE FROM ledger_checkpoint WHERE size = (SELECT max(size) FROM ledger_checkpoint)", "table=ledger_checkpoint", "LIGNE_ABSENTE"),
    ("INSERT INTO ledger_checkpoint (size, root, note, signed_at) SELECT 99, root, note, signed_at FROM ledger_checkpoint WHERE size = 1", "table=ledger_checkpoint size=99", "POINT_SANS_FEUILLES"),
    (f"INSERT INTO ledger_leafdue (device_id, seq) SELECT id, 999 FROM ledger_device WHERE log_id = '{KIOSK_LOG}'", "table=ledger_leafdue", "seq=999"),
    # around the log
    *((f"UPDATE ledger_heldevent SET {column} = {value}", "table=ledger_heldevent", code)
      for column, value, code in (("hash", ZEROS, "column=hash"), ("seq", "7", "column=seq"), ("sign1", "X'00'", "SIGN1_FORM"))),
    (f"UPDATE ledger_carriedpair SET hash = {ZEROS}", "table=ledger_carriedpair", "LIGNE_FAUSSE"),
    ("UPDATE ledger_carriedpair SET seq = 7", "table=ledger_carriedpair", "LIGNE_FAUSSE"),
    ("UPDATE ledger_carriedpair SET carrier_seq = 0", "table=ledger_carriedpair", "LIGNE_FAUSSE"),
    (f"INSERT INTO ledger_forkevidence (device_id, seq, hash, sign1, body, found_at) SELECT device_id, seq, hash, X'00', body, received_at FROM ledger_event WHERE {OF_KIOSK} AND seq = 2", f"table=ledger_forkevidence log={KIOSK_LOG} seq=2", "SIGN1_FORM"),
    (f"INSERT INTO ledger_strandedevent (device_id, seq, kind, hash, rid, wall, received_at, sign1, body) SELECT device_id, seq, 5, hash, rid, wall, received_at, sign1, body FROM ledger_event WHERE {OF_KIOSK} AND seq = 2", f"table=ledger_strandedevent log={KIOSK_LOG} seq=2", "column=kind"),
    (f"UPDATE ledger_bundle SET added = 1 WHERE {OF_KIOSK} AND added = 5", "table=ledger_bundle", "column=added"),
    (f"DELETE FROM ledger_bundle WHERE {OF_KIOSK} AND added = 5", "table=ledger_bundle", "LIGNE_ABSENTE"),
    (f"UPDATE ledger_referencelease SET rid = NULL WHERE {OF_KIOSK} AND rid = '{FIRST_RID}'", "table=ledger_referencelease", "column=rid"),
    (f"UPDATE ledger_referencelease SET rid = '{FIRST_RID}' WHERE reference = (SELECT max(reference) FROM ledger_referencelease WHERE {OF_KIOSK} AND rid IS NULL)", "table=ledger_referencelease", "column=rid"),
    (f"DELETE FROM ledger_inboxentry WHERE id = (SELECT max(id) FROM ledger_inboxentry WHERE {OF_BRIGADE} AND number IS NOT NULL)", f"table=ledger_inboxentry log={BRIGADE_LOG}", "NUMERO_FAUX"),
    (f"UPDATE ledger_inboxentry SET value = X'ff' WHERE id = (SELECT max(id) FROM ledger_inboxentry WHERE {OF_BRIGADE})", "table=ledger_inboxentry", "column=value"),
    # habilitations, what is set aside, dossiers
    *((f"UPDATE ledger_officerenrolment SET {column} = {value}", f"table=ledger_officerenrolment log={BRIGADE_LOG} seq=0", f"column={column}")
      for column, value in (("kid", "'0011223344556677'"), ("named_log", "'0011223344556677'"), ("not_after", "'2099-01-01 00:00:00'"),
                            ("not_before", "'2000-01-01 00:00:00'"), ("nom", "'x'"), ("prenoms", "'x'"), ("qualite", "'x'"),
                            ("designation", "'x'"), ("supervisor", "'0011223344556677'"))),
    ("UPDATE ledger_officerenrolment SET seq = 9", f"table=ledger_officerenrolment log={BRIGADE_LOG} seq=0", "LIGNE_ABSENTE"),
    ("DELETE FROM ledger_officerenrolment", f"table=ledger_officerenrolment log={BRIGADE_LOG} seq=0", "LIGNE_ABSENTE"),
    (f"UPDATE ledger_setaside SET code = 'APPAREIL_REVOQUE' WHERE {OF_BRIGADE}", f"table=ledger_setaside log={BRIGADE_LOG}", "LIGNE_ABSENTE"),
    (f"UPDATE ledger_setaside SET seq = 1 WHERE {OF_BRIGADE}", f"table=ledger_setaside log={BRIGADE_LOG} seq=1", "LIGNE_EN_TROP"),
    (f"DELETE FROM ledger_setaside WHERE {OF_BRIGADE}", f"table=ledger_setaside log={BRIGADE_LOG}", "LIGNE_ABSENTE"),
    (f"INSERT INTO ledger_setaside (device_id, seq, rid, code) SELECT id, 0, NULL, 'CORPS_NON_OUVERT' FROM ledger_device WHERE log_id = '{KIOSK_LOG}'", f"table=ledger_setaside log={KIOSK_LOG} seq=0", "LIGNE_EN_TROP"),
    (f"UPDATE dossiers_procuration SET rid = '{'ab' * 16}' WHERE rid = '{FIRST_RID}'", f"rid={FIRST_RID}", "LIGNE_ABSENTE"),
    (f"DELETE FROM dossiers_procuration WHERE rid = '{FIRST_RID}'", f"table=dossiers_procuration rid={FIRST_RID}", "LIGNE_ABSENTE"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("statement", "row", "said"), CHANGES, ids=[f"{n}: {one[0][:60]}" for n, one in enumerate(CHANGES)]
)
def test_what_a_superuser_does_is_named_with_its_table_and_row(day, statement, row, said):
    found = faults_after(day, lambda: execute(statement))
    assert [fault for fault in found if row in fault and said in fault], found


def other(value):
    """Another value of the same kind."""
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case str():
            return value[:-1] + ("0" if value[-1:] != "0" else "1") if value else "x"
        case datetime():
            return value + timedelta(seconds=1)
        case date():
            return value + timedelta(days=1)
        case list():
            return [*value, {"at": "x"}]
        case dict():
            return {**value, "x": 1}
        case bytes() | memoryview():
            return bytes(len(value))
    return None


def given(field):
    """A value for a column that was empty."""
    by_kind = {"JSONField": {"x": 1}, "DateField": date(2027, 1, 1), "DateTimeField": NOW}
    text = "0" * (field.max_length or 1)
    return by_kind.get(field.get_internal_type(), 1 if "Integer" in field.get_internal_type() else text)


def changed_column(model, which, name):
    """Every column of a row that the fold writes, through the ORM: values of all kinds."""
    row = model.objects.get(**which)
    value = getattr(row, name)
    field = model._meta.get_field(name)
    new = given(field) if value is None else other(value)
    assert new != value
    assert model.objects.filter(pk=row.pk).update(**{field.name: new}) == 1


@pytest.mark.parametrize("name", [name for name in COLUMNS if name != "rid"])
def test_each_column_of_a_dossier_is_compared_with_a_fresh_fold(day, name):
    found = faults_after(day, lambda: changed_column(Procuration, {"rid": FIRST_RID}, name))
    assert f"ETAT_DIFFERENT table=dossiers_procuration rid={FIRST_RID} column={name}" in found


@pytest.mark.parametrize(
    "name", [one.name for one in Withdrawal._meta.fields if one.name not in ("id", "device", "seq")]
)
def test_each_column_of_a_resiliation_is_compared_with_a_fresh_fold(day, name):
    found = faults_after(day, lambda: changed_column(Withdrawal, {}, name))
    assert [one for one in found if "table=dossiers_withdrawal" in one and f"column={name}" in one], found


def test_a_resiliation_added_or_removed_is_named(day):
    found = faults_after(day, lambda: Withdrawal.objects.all().delete())
    assert [one for one in found if one.startswith("LIGNE_ABSENTE table=dossiers_withdrawal")]
    row = Withdrawal.objects.get()

    def added():
        row.pk, row.seq, row.hash = None, 1, "0" * 64
        row.save()

    found = faults_after(day, added)
    assert [one for one in found if one.startswith("LIGNE_EN_TROP table=dossiers_withdrawal")]


def test_a_dossier_that_nobody_filed_is_named(day):
    for made_up in ("0" * 32, "f" * 32):

        def added(made_up=made_up):
            row = Procuration.objects.get(rid=FIRST_RID)
            row.pk = made_up
            row.save(force_insert=True)

        found = faults_after(day, added)
        assert f"LIGNE_EN_TROP table=dossiers_procuration rid={made_up}" in found


def test_an_event_of_another_history_of_the_same_tablet_is_named(day):
    """Signed with the right key, at the right place: only the chain tells."""
    copy = Tablet("kiosk")
    for number in range(3):
        copy.files(70 + number)
    event = Event.objects.filter(device__log_id=KIOSK_LOG, seq=2)
    found = faults_after(day, lambda: event.update(sign1=copy.pairs[2].sign1))
    assert f"CHAIN_FORK {EVENT}" in found
    assert f"CHAIN_FORK table=ledger_event log={KIOSK_LOG} seq=3" in found
