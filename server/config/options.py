"""What a deployer may set: one file, `server.toml` in the home folder, and the environment, which wins.

Every setting has a name, a type, a default and a sentence; a name that is not in the table is refused,
because a misspelt setting that is ignored is a setting that was believed to be in force.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any

from procuration.errors import RuleViolated

HOME_VARIABLE = "PROCURATION_HOME"
_PREFIX = "PROCURATION_"
_OF_OTHER_PROGRAMS = ("TEST_", "SIMULATION_", "KIOSK_", "AGENT_", "DEMO_", "PROVISION_", "SERVER_FACE")
_TEXT_BYTES_MAX = 64 * 1024


def _option(default: Any, meaning: str, bounds: tuple[int, int] | None = None) -> Any:
    return field(default=default, metadata={"meaning": meaning, "bounds": bounds})


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The settings of one centre."""

    home: Path
    database_url: str = _option("", "postgresql://user@host:port/name; empty: db.sqlite3 in the home folder")
    archive_dir: str = _option(
        "",
        "folder on another disk where every accepted event is also written, sealed, before a receipt says "
        "« durable »; empty: none",
    )
    browser_address: str = _option(
        "127.0.0.1:8000", "where browsers are answered, in plain HTTP: put a TLS proxy before it"
    )
    device_address: str = _option("127.0.0.1:8443", "where the agents of tablets are answered, TLS 1.3")
    public_url: str = _option(
        "http://127.0.0.1:8000", "address of the web pages, as people type it; links in messages use it"
    )
    allowed_hosts: str = _option(
        "127.0.0.1,localhost", "host names by which browsers may ask for the pages, by commas"
    )
    workers: int = _option(2, "processes that answer agents; the same for browsers")
    threads: int = _option(8, "requests that each process answers at once")
    smtp_host: str = _option("127.0.0.1", "mail relay")
    smtp_port: int = _option(25, "port of the mail relay")
    smtp_user: str = _option("", "account at the mail relay; empty: none")
    smtp_password_file: str = _option("", "file that holds the password of that account")
    smtp_starttls: bool = _option(False, "whether to ask the relay for TLS")
    mail_from: str = _option("procuration@localhost", "sender of the messages to electors")
    trusted_proxies: str = _option(
        "",
        "addresses of the TLS proxy, by commas: only its word counts for the address and the scheme of a "
        "browser; empty: nobody's does",
    )
    https_only: bool = _option(False, "send browsers that came in plain HTTP to HTTPS; needs trusted_proxies")
    hsts_seconds: int = _option(
        0,
        "for how long browsers must remember to come by HTTPS only; 31536000 in production",
        (0, 63_072_000),
    )
    secure_cookies: bool = _option(False, "send cookies over HTTPS only; true behind a TLS proxy")
    state_branding: bool = _option(
        False, "show the State's emblem and design system; only for who is entitled to them"
    )
    identity_file: str = _option(
        "",
        "identity providers, in TOML: FranceConnect, NC Connect, ProConnect (docs/formats.md, Identity "
        "providers); empty: local accounts only, and no elector signs in",
    )
    register_file: str = _option(
        "",
        "list of electors that answers as the Répertoire électoral unique: the index that `register-file "
        "build` wrote, or a small CSV (docs/reference-data.md, 5); empty: nobody answers here",
    )
    backup_dir: str = _option(
        "",
        "folder of the database backups, each name beginning with its day; what is older than 35 days is "
        "deleted by prune-backups; empty: none",
    )
    publisher: str = _option("", "who publishes the pages (name, address); empty: the legal notice says so")
    publication_director: str = _option("", "who answers for what is published, for the legal notice")
    hosting: str = _option("", "who hosts the service (name, address, telephone), for the legal notice")
    legal_contact: str = _option("", "how to write to the publisher, for the legal notice")
    accessibility_contact: str = _option("", "whom to tell that a page cannot be used (address or telephone)")
    data_controller: str = _option("", "the « responsable du traitement », for the page on personal data")
    data_contact: str = _option("", "how to write to the data protection officer")
    traces_dir: str = _option(
        "",
        "folder, best on another disk, of the trail of who read whose data; empty: traces in the home folder",
    )
    metrics_token_file: str = _option(
        "",
        "file that holds the token by which Prometheus reads /metrics at the browsers' address; empty: no "
        "metrics",
    )
    warn_disk_percent: int = _option(15, "free room of a disk, in percent, below which to note it", (1, 99))
    alarm_disk_percent: int = _option(5, "the same for an alarm", (1, 99))
    web_certificate: str = _option(
        "",
        "certificate of the TLS proxy (PEM, the public part), so that the state of the service tells when it "
        "ends; empty: nobody watches it",
    )
    warn_tls_days: int = _option(
        30, "days before the end of a certificate (the agents' address, the pages)", (1, 365)
    )
    alarm_tls_days: int = _option(7, "the same for an alarm", (1, 365))
    warn_tables_days: int = _option(21, "days before the end of a signed list of the repository", (1, 365))
    alarm_tables_days: int = _option(7, "the same for an alarm", (1, 365))
    warn_backup_hours: int = _option(36, "age in hours of the last backup", (1, 840))
    alarm_backup_hours: int = _option(72, "the same for an alarm", (1, 840))
    warn_mail_minutes: int = _option(60, "minutes for which a message that is due may wait", (1, 10_000))
    alarm_mail_minutes: int = _option(240, "the same for an alarm", (1, 10_000))
    traces_months: int = _option(12, "months for which the audit trail is kept, 6 to 12", (6, 12))
    log_level: str = _option("INFO", "DEBUG, INFO, WARNING or ERROR")
    silent_hours_accueil: int = _option(
        24, "hours without a word after which the console calls a kiosk silent"
    )
    silent_hours_brigade: int = _option(48, "the same for the tablet of a brigade")
    silent_hours_mairie: int = _option(72, "the same for a town hall without network")
    alert_acts_per_day: int = _option(60, "acts of one officer in one day from which the console tells of it")
    alert_same_place: int = _option(
        15, "acts in one day away from the unit, in one commune or listed place, from which the console tells"
    )
    alert_same_mandataire: int = _option(4, "procurations that name one mandataire from which it tells of it")
    alert_night_from: int = _option(21, "hour of the place of the act from which an act is one of the night")
    alert_night_until: int = _option(6, "hour until which it is; the same hour as before: no act is")
    alert_night_acts: int = _option(3, "acts of the night of one officer from which the console tells of it")
    alert_home_alone: int = _option(
        5, "acts at home in one day by an officer whom no other was with, from which the console tells of it"
    )


def _typed(name: str, kind: object, value: object) -> object:
    """The value of a setting, as its type; the environment only has text."""
    if kind is bool and isinstance(value, str) and value.lower() in ("0", "1", "true", "false"):
        return value.lower() in ("1", "true")
    if kind is int and isinstance(value, str) and value.isdigit():
        return int(value)
    if type(value) is not kind:
        raise RuleViolated("REGLAGE_INVALIDE", setting=name)
    return value


def _of_file(path: Path) -> dict[str, object]:
    if not path.exists():
        return {}
    if path.stat().st_size > _TEXT_BYTES_MAX:
        raise RuleViolated("REGLAGES_ILLISIBLES")
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise RuleViolated("REGLAGES_ILLISIBLES") from error


def _of_environment(environment: Mapping[str, str]) -> dict[str, object]:
    named = {
        name.removeprefix(_PREFIX): value for name, value in environment.items() if name.startswith(_PREFIX)
    }
    named.pop("HOME", None)
    return {name.lower(): value for name, value in named.items() if not name.startswith(_OF_OTHER_PROGRAMS)}


def read_options(home: Path, environment: Mapping[str, str] = os.environ) -> Options:
    """The settings of a home folder.

    Raises: RuleViolated REGLAGE_INCONNU, REGLAGE_INVALIDE (ids: setting), REGLAGES_ILLISIBLES.
    """
    known = {option.name: option for option in fields(Options) if option.name != "home"}
    given = {**_of_file(home / "server.toml"), **_of_environment(environment)}
    for name in given:
        if name not in known:
            raise RuleViolated("REGLAGE_INCONNU", setting=name)
    return Options(home=home, **{name: _checked(known[name], value) for name, value in given.items()})


def _checked(option: Field[Any], value: object) -> Any:
    """The value as its type, inside its bounds."""
    typed = _typed(option.name, option.type, value)
    bounds = option.metadata["bounds"]
    if bounds is not None and not bounds[0] <= int(str(typed)) <= bounds[1]:
        raise RuleViolated("REGLAGE_INVALIDE", setting=option.name)
    return typed


def describe_options() -> str:
    """The table of settings, for `procuration-server settings` and the documentation."""
    rows = (o for o in fields(Options) if o.name != "home")
    return "\n".join(f"{o.name:20} {o.metadata['meaning']} (default: {o.default!r})" for o in rows)
