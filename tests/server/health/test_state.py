"""The page « État du service », the command and the figures: each trouble shows, in words and in a status."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from procuration.errors import RuleViolated
from server.config import jobs
from server.config.settings import OPTIONS
from server.health import job_runs, machine, metrics, state, views
from server.health.models import JobRun
from server.health.sentences import name_of, sentence_of
from server.health.state import Check, Level, look, worst
from server.notices.models import Notice
from server.texts_fr import TEXTS
from tests.builders import NOW
from tests.server.mairie.test_pages import plain
from tests.server.townhall import Story, administrator, agent_of

TOKEN = "un-secret-de-trente-caracteres"


@pytest.fixture(autouse=True)
def nothing_noted(monkeypatch):
    job_runs._noted.clear()
    monkeypatch.setattr(jobs, "close_old_connections", lambda: None)  # the test's own


@pytest.fixture
def set_to(monkeypatch):
    def change(**settings: object) -> None:
        options = replace(OPTIONS, **settings)
        for module in (views, metrics):
            monkeypatch.setattr(module, "OPTIONS", options)

    return change


def found(checks: list[Check], name: str, about: str = "") -> Check:
    (one,) = [check for check in checks if (check.name, check.about) == (name, about)]
    return one


def test_only_administrators_see_the_state(story: Story):
    assert agent_of().get("/console/etat/").status_code == 403
    assert Client().get("/console/etat/").status_code == 302
    page = plain(administrator().get("/console/etat/"))
    assert "État du service" in page
    assert "Aucun certificat ne se lit" in page
    assert "À traiter" in page
    assert page.index("À traiter") < page.index("À surveiller") < page.index("La base répond en")


def test_a_full_disk_is_seen_on_each_of_its_folders(world, monkeypatch, tmp_path):
    options = replace(OPTIONS, backup_dir=str(tmp_path / "absent"), traces_dir=str(tmp_path))
    monkeypatch.setattr(machine.shutil, "disk_usage", _usage(3))
    checks = list(state.disks(world.centre, options))
    assert [(one.about, one.level) for one in checks] == [
        ("home", Level.ALARM),
        ("backup", Level.ALARM),
        ("traces", Level.ALARM),
    ]
    monkeypatch.setattr(machine.shutil, "disk_usage", _usage(10))
    assert found(list(state.disks(world.centre, options)), "disk", "home").level is Level.WARN


def _usage(percent: int):
    def usage(folder: Path):
        folder.stat()
        return type("Usage", (), {"free": percent << 20, "total": 100 << 20})

    return usage


def test_the_end_of_the_certificate_is_counted_in_days(world, tmp_path):
    (world.centre.home / "keys").mkdir(exist_ok=True)
    _write_certificate(world.centre.home / "keys" / "tls.pem", world.clock.at + timedelta(days=20, hours=1))
    (check,) = state.certificate(world.centre, OPTIONS, world.clock.at)
    assert (check.level, check.figures) == (Level.WARN, {"days": 20})
    world.clock.at += timedelta(days=21)
    (check,) = state.certificate(world.centre, OPTIONS, world.clock.at)
    assert check.level is Level.ALARM
    assert "Il est fini" in sentence_of(check)


def test_the_certificate_of_the_pages_is_watched_when_it_is_named(world, tmp_path):
    assert [check for check in look(world.centre, OPTIONS) if check.name.startswith("web_tls")] == []
    named = replace(OPTIONS, web_certificate=str(tmp_path / "fullchain.pem"))
    check = found(look(world.centre, named), "web_tls_absent")
    assert (check.level, sentence_of(check)[:12]) == (Level.ALARM, "Aucun certif")
    for days, level in ((40, Level.OK), (20, Level.WARN), (3, Level.ALARM)):
        _write_certificate(tmp_path / "fullchain.pem", world.clock.at + timedelta(days=days, hours=1))
        check = found(look(world.centre, named), "web_tls")
        assert (check.level, check.figures, name_of(check)) == (
            level,
            {"days": days},
            "Certificat des pages web",
        )
        assert f"{days} j." in sentence_of(check)


def _write_certificate(path: Path, end: datetime) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

    key = generate_private_key(SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "centre")])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(end - timedelta(days=90)).not_valid_after(end)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))


def test_an_old_list_of_keys_stops_the_brigades_and_the_page_says_so(world):
    world.clock.at = world.centre.tables.directory.issued + timedelta(days=8)
    assert found(look(world.centre, OPTIONS), "directory").level is Level.WARN
    world.clock.at += timedelta(days=7)
    check = found(look(world.centre, OPTIONS), "directory")
    assert check.level is Level.ALARM
    assert "Les brigades ne valident plus" in sentence_of(check)


def test_the_age_of_the_last_whole_backup_is_read_from_its_folder(tmp_path):
    options = replace(OPTIONS, backup_dir=str(tmp_path))
    assert [one.name for one in state.backups(OPTIONS, NOW)] == ["backup_unset"]
    (tmp_path / "20270401T0200.dump.part").write_bytes(b"x")
    assert [one.name for one in state.backups(options, NOW)] == ["backup_absent"]
    (tmp_path / "20270331T0200.dump").write_bytes(b"x")
    now = datetime.now(UTC) + timedelta(hours=40, minutes=1)
    (check,) = state.backups(options, now)
    assert (check.level, check.figures) == (Level.WARN, {"hours": 40})


def test_a_job_that_fails_and_one_that_stopped_are_told_apart(world):
    def refused() -> None:
        raise RuleViolated("HORLOGE_DOUTEUSE")

    jobs.guarded("notices", lambda: None)()
    jobs.guarded("purge", lambda: None)()
    jobs.guarded("purge", refused)()
    now = datetime.now(UTC)
    checks = list(state.jobs(now))
    assert found(checks, "job", "notices").level is Level.OK
    failing = found(checks, "job_failing", "purge")
    assert (failing.level, failing.figures["code"]) == (Level.WARN, "HORLOGE_DOUTEUSE")
    assert "HORLOGE_DOUTEUSE" in sentence_of(failing)
    late = found(list(state.jobs(now + timedelta(hours=1))), "job_late", "notices")
    assert late.level is Level.ALARM


def test_a_job_of_each_second_is_noted_once_a_minute(world, django_assert_num_queries):
    job_runs.note_run("notices", NOW)
    with django_assert_num_queries(0):
        job_runs.note_run("notices", NOW + timedelta(seconds=59))
    job_runs.note_run("notices", NOW + timedelta(seconds=60))
    assert JobRun.objects.get().ended_at == NOW + timedelta(seconds=60)


def test_messages_that_wait_too_long_are_an_alarm(story: Story, world):
    story.established(1)
    Notice.objects.update(state="waiting", created_at=world.clock.at, next_attempt_at=world.clock.at)
    (check,) = state.mail(OPTIONS, world.clock.at + timedelta(hours=5))
    assert check.level is Level.ALARM
    assert check.figures["minutes"] == 300


def test_every_check_has_a_name_and_a_sentence_at_each_of_its_levels(story: Story, world):
    jobs.guarded("purge", lambda: None)()
    for check in look(
        world.centre,
        replace(OPTIONS, backup_dir="/nulle/part", traces_dir="/nulle/part", web_certificate="/nulle/part"),
    ):
        assert name_of(check) != check.name
        assert sentence_of(check).endswith(".")
    for name in state.LATE_AFTER:
        assert f"health.job.about.{name}" in TEXTS


def test_the_signed_lists_of_a_real_repository_are_read(tmp_path):
    assert dict(machine.signed_ends(tmp_path)) == dict.fromkeys(("root", "targets", "snapshot", "timestamp"))
    assert machine._newest(tmp_path, "root") == "root.json"
    (tmp_path / "2.root.json").touch()
    (tmp_path / "10.root.json").touch()
    assert machine._newest(tmp_path, "root") == "10.root.json"


def test_the_command_says_the_same_and_its_status_counts(story: Story, world, capsys):
    with pytest.raises(SystemExit) as ended:
        call_command("health", "--json")
    told = json.loads(capsys.readouterr().out)
    assert (ended.value.code, told["level"]) == (3, "ALARM")
    assert {one["name"] for one in told["checks"]} == {one.name for one in look(world.centre, OPTIONS)}
    with pytest.raises(SystemExit):
        call_command("health")
    assert "Base de données" in capsys.readouterr().out
    assert worst([]) is Level.ALARM
    assert worst([Check("x", Level.OK), Check("y", Level.WARN)]) is Level.WARN


def test_the_page_asks_as_many_questions_whatever_the_centre_holds(
    story: Story, django_assert_max_num_queries
):
    browser = administrator()
    with django_assert_max_num_queries(30) as few:
        browser.get("/console/etat/")
    for number in range(1, 6):
        story.established(number)
    with django_assert_max_num_queries(len(few)):
        browser.get("/console/etat/")


def asked(token: str | None = TOKEN):
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    return Client(headers=headers).get("/metrics")


def test_metrics_are_off_by_default_and_need_their_token(world, set_to, tmp_path):
    assert asked().status_code == 404
    file = tmp_path / "token"
    file.write_text(TOKEN + "\n")
    set_to(metrics_token_file=str(file))
    assert asked().status_code == 200
    for wrong in (None, "", "un-autre"):
        assert asked(wrong).status_code == 404
    file.write_text("")
    assert asked("").status_code == 404


def test_the_figures_are_those_of_the_database_and_name_nobody(story: Story, world, set_to, tmp_path):
    file = tmp_path / "token"
    file.write_text(TOKEN)
    set_to(metrics_token_file=str(file))
    rid = story.established(1)
    jobs.guarded("purge", lambda: None)()
    answer = asked().content.decode()
    for name in (rid, "DUBOIS", "DUPONT", "TAHUA", "angela"):
        assert name not in answer
    families = {family.name: family for family in text_string_to_metric_families(answer)}
    values = {
        (sample.name, *sample.labels.values()): sample.value
        for family in families.values()
        for sample in family.samples
    }
    assert values["procuration_events",] >= 4
    assert values["procuration_devices",] == 2
    assert any(value >= 2 for key, value in values.items() if key[0] == "procuration_bundles")
    assert values["procuration_receipts",] >= 2
    assert values["procuration_forked_logs",] == 0
    assert ("procuration_job_age_seconds", "purge") in values
    assert values["procuration_health_level", "", "database"] >= 1  # labels in their alphabetical order
    assert sum(len(family.samples) for family in families.values()) < 100
