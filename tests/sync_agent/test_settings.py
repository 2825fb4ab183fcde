"""Settings: what is not known is refused."""

from pathlib import Path

import pytest

from procuration.errors import RuleViolated
from sync_agent.settings import Settings, needed, read_settings


def test_the_command_line_wins_over_the_environment_and_it_over_the_file(tmp_path):
    file = tmp_path / "agent.toml"
    file.write_text('spool = "from file"\nserver = "from file"\nca = "from file"\n', encoding="utf-8")
    environ = {"PROCURATION_AGENT_SPOOL": "from environment", "PROCURATION_AGENT_SERVER": "from environment"}
    settings = read_settings({"spool": "from line", "config": str(file), "server": None}, environ)
    assert settings == Settings(spool=Path("from line"), server="from environment", ca=Path("from file"))


def test_the_file_may_be_named_by_the_environment(tmp_path):
    file = tmp_path / "agent.toml"
    file.write_text('spool = "s"', encoding="utf-8")
    assert read_settings({}, {"PROCURATION_AGENT_CONFIG": str(file)}) == Settings(spool=Path("s"))


@pytest.mark.parametrize(
    ("content", "environ", "code"),
    [
        ('spool = "s"\nspol = "t"', {}, "SETTING_UNKNOWN"),
        ('spool = "s"', {"PROCURATION_AGENT_SPOL": "t"}, "SETTING_UNKNOWN"),
        ("spool = 3", {}, "SETTING_TYPE"),
        ("spool =", {}, "CONFIG_UNREADABLE"),
        ("", {}, "SETTING_MISSING"),
        ("#" * 100_000, {}, "CONFIG_UNREADABLE"),
    ],
)
def test_wrong_settings_are_refused(tmp_path, content, environ, code):
    file = tmp_path / "agent.toml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(RuleViolated) as caught:
        read_settings({"config": str(file)}, environ)
    assert caught.value.code == code


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(RuleViolated, match=r"^CONFIG_UNREADABLE$"):
        read_settings({"config": str(tmp_path / "none")}, {})


def test_settings_of_other_programs_are_left_alone():
    assert read_settings({"spool": "s"}, {"PROCURATION_HOME": "x"}) == Settings(spool=Path("s"))


def test_a_command_says_which_setting_it_lacks():
    with pytest.raises(RuleViolated) as caught:
        needed(Settings(spool=Path("s")), "server")
    assert (caught.value.code, caught.value.ids) == ("SETTING_MISSING", {"name": "server"})
