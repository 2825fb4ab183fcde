"""The settings of the agent: command line, then environment, then file; what is not known is refused.

    spool     folder shared with the app (PROCURATION_AGENT_SPOOL)
    server    https://name:port of the centre (PROCURATION_AGENT_SERVER)
    ca        certificate authority of the centre, PEM (PROCURATION_AGENT_CA)
    root      first root metadata (PROCURATION_AGENT_ROOT); by default the one the app leaves in the spool
    usb       folder where the machine mounts USB keys (PROCURATION_AGENT_USB); without it, no copy by touch

The file is TOML with these names, given by --config or PROCURATION_AGENT_CONFIG.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from procuration.errors import RuleViolated

NAMES = ("spool", "server", "ca", "root", "usb")
_PREFIX = "PROCURATION_AGENT_"
_FILE_BYTES_MAX = 64 << 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where the agent works; `None` where nothing says it."""

    spool: Path
    server: str | None = None
    ca: Path | None = None
    root: Path | None = None
    usb: Path | None = None


def read_settings(given: Mapping[str, str | None], environ: Mapping[str, str]) -> Settings:
    """The settings of one run.

    Args:
        given: what the command line says, `config` included.
    Raises: RuleViolated SETTING_UNKNOWN, SETTING_MISSING, SETTING_TYPE or CONFIG_UNREADABLE, with the name.
    """
    from_environment = {
        name.removeprefix(_PREFIX).lower(): value
        for name, value in environ.items()
        if name.startswith(_PREFIX)
    }
    config = given.get("config") or from_environment.pop("config", None)
    from_environment.pop("config", None)
    said = {name: value for name, value in given.items() if value is not None and name != "config"}
    merged = (_read_file(Path(config)) if config else {}) | from_environment | said
    if unknown := sorted(set(merged) - set(NAMES)):
        raise RuleViolated("SETTING_UNKNOWN", name=unknown[0])
    if "spool" not in merged:
        raise RuleViolated("SETTING_MISSING", name="spool")
    paths = {name: Path(merged[name]) for name in ("ca", "root", "usb") if name in merged}
    return Settings(spool=Path(merged["spool"]), server=merged.get("server"), **paths)


def _read_file(path: Path) -> dict[str, str]:
    try:
        if path.stat().st_size > _FILE_BYTES_MAX:
            raise RuleViolated("CONFIG_UNREADABLE")
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RuleViolated("CONFIG_UNREADABLE") from error
    for name, value in table.items():
        if not isinstance(value, str):
            raise RuleViolated("SETTING_TYPE", name=name)
    return table


def needed(settings: Settings, name: str) -> str:
    """A setting this command cannot do without. Raises: RuleViolated SETTING_MISSING."""
    value = getattr(settings, name)
    if value is None:
        raise RuleViolated("SETTING_MISSING", name=name)
    return str(value)
