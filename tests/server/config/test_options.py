"""Settings of a centre: a file, the environment, and nothing that is not in the table."""

from dataclasses import fields

import pytest

from procuration.errors import RuleViolated
from server.config.options import Options, read_options


@pytest.mark.parametrize("name", [option.name for option in fields(Options) if option.type is str])
def test_every_text_can_come_from_the_environment(tmp_path, name):
    options = read_options(tmp_path, {f"PROCURATION_{name.upper()}": "given"})
    assert getattr(options, name) == "given"


def test_the_environment_wins_over_the_file(tmp_path):
    (tmp_path / "server.toml").write_text('device_address = "127.0.0.1:1"\nworkers = 3\n')
    options = read_options(tmp_path, {"PROCURATION_DEVICE_ADDRESS": "127.0.0.1:2"})
    assert (options.device_address, options.workers) == ("127.0.0.1:2", 3)


def test_the_settings_of_the_agent_are_not_the_centre_s(tmp_path):
    options = read_options(tmp_path, {"PROCURATION_AGENT_ADDRESS": "x", "PROCURATION_AGENT_SPOOL": "y"})
    assert options == Options(home=tmp_path)


@pytest.mark.parametrize("name", ["agent_address", "misspelt"])
def test_a_setting_that_does_not_exist_is_refused(tmp_path, name):
    (tmp_path / "server.toml").write_text(f'{name} = "x"\n')
    with pytest.raises(RuleViolated, match="REGLAGE_INCONNU"):
        read_options(tmp_path, {})
