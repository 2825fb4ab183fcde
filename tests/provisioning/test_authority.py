"""An authority is created once, proves that its keys open, survives the loss of one holder, and publishes."""

import shutil
from datetime import UTC, datetime, timedelta

import pytest

from procuration.adapters.key_file import Cost
from procuration.errors import ProcurationError, RecordRejected, RuleViolated
from procuration.record.directory import Role
from provisioning import authority, publication, server_home
from provisioning.folder import AuthorityFolder
from provisioning.pass_phrases import PassPhrases

NOW = datetime.now(UTC)
LIGHT = Cost(memory_kib=32, passes=1, lanes=1)
HOLDERS = ("1", "2", "3", "superviseur")


def no_keyboard(prompt):
    raise AssertionError(f"asked for {prompt!r}")


def phrase_files(folder, *holders):
    folder.mkdir(exist_ok=True)
    files = {}
    for holder in holders:
        files[holder] = folder / f"phrase-{holder}.txt"
        files[holder].write_text(f"phrase de passe de {holder}\n")
        files[holder].chmod(0o600)
    return PassPhrases(files, no_keyboard)


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """One authority, created once; each test works on its own copy."""
    base = tmp_path_factory.mktemp("authority")
    plan = authority.Plan(holders=3, supervisor="988", server_names=["localhost"], tables={}, cost=LIGHT)
    authority.create(base / "a", plan, phrase_files(base / "phrases", *HOLDERS), NOW)
    return base


@pytest.fixture
def folder(template, tmp_path):
    shutil.copytree(template / "a", tmp_path / "a")
    return AuthorityFolder.existing(tmp_path / "a")


@pytest.fixture
def everybody(template):
    return phrase_files(template / "phrases", *HOLDERS)


def refused(error, call, *arguments, **named):
    with pytest.raises(error) as caught:
        call(*arguments, **named)
    return caught.value.code


def test_every_key_and_both_backups_open_and_a_tablet_believes_the_server(folder, everybody):
    checked = authority.check(folder, everybody)
    assert len(checked.keys) == 7
    assert checked.copies == 21
    assert checked.served == checked.directory.version == 1


def test_the_first_directory_names_server_checkpoint_supervisor_two_epochs_and_a_sealing_key(folder):
    directory = publication.seen_by_a_tablet(folder, folder.server)
    assert [entry.role for entry in directory.entries] == [Role.SERVER, Role.CHECKPOINT, Role.SUPERVISOR]
    assert [epoch.number for epoch in directory.epochs] == [1, 2]
    assert directory.centre(NOW) is directory.server_sealing_keys[0].key
    assert dict(directory.min_suite) == {
        "up": 2,
        "down": 2,
        "qr": 1,
        "enrol": 2,
        "body": 2,
        "archive": 2,
    }


def test_private_keys_are_readable_by_their_owner_only(folder):
    secret = [*folder.path.glob("**/*.key"), *folder.path.glob("**/keys/*.pem")]
    public = {folder.server / "keys" / "tls.pem"}
    assert len(secret) > 25
    assert {oct(path.stat().st_mode & 0o777) for path in set(secret) - public} == {"0o400"}


def test_an_authority_is_never_created_over_another(folder, everybody):
    plan = authority.Plan(holders=3, supervisor="988", server_names=["localhost"], tables={}, cost=LIGHT)
    assert refused(RuleViolated, authority.create, folder.path, plan, everybody, NOW) == "AUTHORITY_EXISTS"


@pytest.mark.parametrize("copy", [0, 1, 2])
def test_a_damaged_copy_of_a_key_is_found(folder, everybody, copy):
    path = folder.copies_of("racine-2")[copy]
    data = bytearray(path.read_bytes())
    data[-40] ^= 1
    path.chmod(0o600)
    path.write_bytes(data)
    assert refused(ProcurationError, authority.check, folder, everybody)


def test_a_missing_backup_is_found(folder, everybody):
    folder.copies_of("annuaire-1")[2].unlink()
    assert refused(RuleViolated, authority.check, folder, everybody) == "KEY_MISSING"


def test_a_backup_that_holds_another_key_is_found(folder, everybody):
    private = folder.copies_of("annuaire-1")
    other = folder.copies_of("racine-1")[0].read_bytes()
    private[1].chmod(0o600)
    private[1].write_bytes(other)
    assert refused(RuleViolated, authority.check, folder, everybody) == "KEY_DIFFERS"


def test_two_holders_of_three_publish(folder, template):
    two = phrase_files(template / "phrases", "2", "3")
    published = publication.publish(folder, two, NOW, home=folder.server)
    assert published.directory.version == 2
    assert publication.seen_by_a_tablet(folder, folder.server).version == 2


def test_one_holder_alone_publishes_nothing(folder, template):
    one = phrase_files(template / "phrases", "2")
    assert refused(RuleViolated, publication.publish, folder, one, NOW) == "HOLDERS_FEW"
    assert publication.signed_directory(folder).version == 1


def test_a_publication_for_another_authority_s_server_is_refused(folder, everybody, tmp_path):
    plan = authority.Plan(holders=3, supervisor="x", server_names=["localhost"], tables={}, cost=LIGHT)
    authority.create(tmp_path / "other", plan, everybody, NOW)
    other = tmp_path / "other" / "server"
    assert refused(RuleViolated, publication.publish, folder, everybody, NOW, home=other) == "REALM_DIFFERS"


def test_a_replaced_holder_signs_and_the_lost_key_no_longer_does(folder, template, everybody):
    lost = folder.copies_of("annuaire-3")[0].read_bytes()
    others = phrase_files(template / "phrases", "1", "2", "3")
    authority.replace_holder(folder, "3", others, LIGHT, NOW)
    publication.publish(folder, phrase_files(template / "phrases", "1", "3"), NOW, home=folder.server)
    assert authority.check(folder, everybody).served == 3
    path = folder.copies_of("annuaire-3")[0]
    path.chmod(0o600)
    path.write_bytes(lost)
    publication.publish(folder, phrase_files(template / "phrases", "1", "3"), NOW)
    assert refused(RecordRejected, publication.serve, folder, folder.server, NOW) == "TUF_TARGETS"


def test_the_next_epoch_is_published_when_the_present_one_begins(folder, everybody):
    later = NOW + timedelta(days=28)
    numbers = [
        e.number for e in server_home.renew(folder.server, publication.read_registry(folder), later).epochs
    ]
    assert numbers == [1, 2, 3]


def test_keys_drawn_twice_before_a_publication_are_the_same(folder):
    later = NOW + timedelta(days=70)
    first, second = (
        server_home.renew(folder.server, publication.read_registry(folder), later) for _ in range(2)
    )
    assert first == second
    assert len(first.server_sealing_keys) == 2


def test_a_server_key_whose_reading_time_is_over_is_deleted_and_never_comes_back(folder):
    directory = server_home.published_directory(folder.server)
    names = {path.name for path in (folder.server / "keys").iterdir()}
    seen = []
    for days in range(60, 800, 60):
        directory = server_home.renew(folder.server, directory, NOW + timedelta(days=days))
        seen.append(directory.server_sealing_keys[-1].key.kid)
        files = {path.name for path in (folder.server / "keys").iterdir()} - names
        published = {f"sealing-{key.key.kid.hex()}.key" for key in directory.server_sealing_keys}
        assert {name for name in files if name.startswith("sealing-")} <= published
        assert len([name for name in files if name.startswith("epoch-")]) <= 4
    assert sorted(seen, key=seen.index) == seen
    assert not (folder.server / "keys" / "epoch-1.key").exists()


def test_a_server_s_new_keys_reach_the_directory_without_their_private_parts(folder, everybody):
    later = NOW + timedelta(days=70)
    directory = server_home.published_directory(folder.server)
    parts = server_home.public_parts(server_home.renew(folder.server, directory, later))
    published = publication.publish(folder, everybody, later, server_keys=parts)
    assert published.directory.server_sealing_keys == parts.server_sealing_keys
    assert published.directory.entries == directory.entries


def test_a_law_is_not_accepted_as_a_calendar(folder, tmp_path):
    code = refused(RecordRejected, publication.replace_table, folder, "calendar", folder.table("law"), NOW)
    assert code == "TABLE_FORMAT"


def test_a_list_of_public_places_must_be_one(folder, tmp_path):
    code = refused(RecordRejected, publication.replace_table, folder, "sites", folder.table("law"), NOW)
    assert code == "TABLE_FORMAT"


def test_a_new_calendar_waits_for_the_next_publication(folder, everybody, tmp_path):
    calendar = tmp_path / "calendar.cbor"
    calendar.write_bytes(folder.table("calendar").read_bytes())
    version = publication.replace_table(folder, "calendar", calendar, NOW)
    assert version > 1
    publication.publish(folder, everybody, NOW, home=folder.server)
    assert publication.seen_by_a_tablet(folder, folder.server).version == 2


def test_two_different_typings_of_a_new_pass_phrase_are_refused():
    typed = iter(["une phrase de passe", "une autre phrase"])
    assert refused(RuleViolated, PassPhrases({}, lambda _: next(typed)).new, "1") == "PASS_PHRASE_DIFFERS"


def test_a_pass_phrase_file_that_others_can_read_is_refused(tmp_path):
    path = tmp_path / "phrase"
    path.write_text("phrase de passe\n")
    path.chmod(0o644)
    assert refused(RuleViolated, PassPhrases({"1": path}, no_keyboard).of, "1") == "SECRET_FILE_READABLE"
