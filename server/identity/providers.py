"""The identity providers of this centre: one TOML file that the deployer writes (docs/formats.md, « Identity
providers »).

A name that is not in the table is refused, because a misspelt check that is ignored is a check that was
believed to be in force.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from procuration.errors import RuleViolated

_FILE_BYTES_MAX: Final = 64 * 1024
_SECRET_BYTES_MAX: Final = 64 * 1024
_NAME_CHARACTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")
ALGORITHMS: Final = frozenset({"HS256", "RS256", "PS256", "ES256", "ES384"})
_ENDPOINTS: Final = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")


class Kind(StrEnum):
    """Whom a provider knows, and by which habits (DOMAIN 5.1, 5.2)."""

    FRANCE_CONNECT = "franceconnect"
    FRANCE_CONNECT_PLUS = "franceconnect_plus"
    NC_CONNECT = "nc_connect"
    PRO_CONNECT = "proconnect"


class UserInfo(StrEnum):
    """How a provider answers at its UserInfo address."""

    JWT = "jwt"
    JSON = "json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One provider as the file describes it.

    Attributes:
        name: part of our own addresses; small letters, digits and low lines.
        label: the words of its button.
        issuer: `iss` of its tokens; its addresses are asked at `/.well-known/openid-configuration` when the
            file gives none.
        client_secret_file: also the key of HS256 signatures.
        decryption_key_file: PEM of our private key, when the provider encrypts its tokens to us.
        scopes, acr: what is asked for. `acr` is the lowest level accepted.
        certified_acr: level from which the identity is a certified one (Code électoral, R. 72); empty: none.
        claims: value of the `claims` parameter, JSON; ProConnect says `amr` only when asked so.
        first_day_is_unknown: a birth date of the first of a month, of January, stands for an unknown day, an
            unknown month (DOMAIN 5.1).
        clock_skew_seconds: by how much its clock may differ from ours.
    """

    name: str
    label: str
    kind: Kind
    issuer: str
    client_id: str
    client_secret_file: str
    scopes: str
    acr: str = ""
    certified_acr: str = ""
    claims: str = ""
    prompt: str = ""
    client_authentication: str = "client_secret_post"
    id_token_algorithms: tuple[str, ...] = ("ES256",)
    userinfo: UserInfo = UserInfo.JWT
    userinfo_algorithms: tuple[str, ...] = ("ES256",)
    decryption_key_file: str = ""
    pkce: bool = True
    first_day_is_unknown: bool = False
    clock_skew_seconds: int = 30
    authorization_endpoint: str = ""
    token_endpoint: str = ""
    userinfo_endpoint: str = ""
    jwks_uri: str = ""
    end_session_endpoint: str = ""
    secret: str = field(default="", repr=False)
    decryption_key: str = field(default="", repr=False)

    @property
    def for_agents(self) -> bool:
        """Whether town halls and administrators sign in with it; electors otherwise."""
        return self.kind is Kind.PRO_CONNECT

    @property
    def is_explicit(self) -> bool:
        """Whether the file gives the addresses, so that nothing is asked at the issuer."""
        return bool(self.token_endpoint)


def read_providers(path: Path) -> dict[str, Provider]:
    """The providers of a file, by name, in its order.

    Raises: RuleViolated FOURNISSEURS_ILLISIBLES, FOURNISSEUR_INVALIDE (ids: provider, setting).
    """
    try:
        if path.stat().st_size > _FILE_BYTES_MAX:
            raise RuleViolated("FOURNISSEURS_ILLISIBLES")
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RuleViolated("FOURNISSEURS_ILLISIBLES") from error
    rows = given.pop("provider", [])
    if given or not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise RuleViolated("FOURNISSEURS_ILLISIBLES")
    providers = [_provider(row, path.parent) for row in rows]
    named = {provider.name: provider for provider in providers}
    if len(named) != len(providers):
        raise RuleViolated("FOURNISSEURS_ILLISIBLES")
    return named


@cache
def _known() -> dict[str, Provider]:
    from server.config.settings import OPTIONS  # read when first asked: tests set their own

    return read_providers(Path(OPTIONS.identity_file)) if OPTIONS.identity_file else {}


_installed: dict[str, Provider] | None = None


def install_providers(providers: Mapping[str, Provider] | None) -> None:
    """Make these the providers of this process, instead of those of the file; None gives it back its own."""
    global _installed  # noqa: PLW0603  the providers belong to the process, like its settings
    _installed = None if providers is None else dict(providers)


def providers() -> dict[str, Provider]:
    """The providers of this process. Raises: RuleViolated, as `read_providers` does."""
    return _known() if _installed is None else _installed


def elector_providers() -> list[Provider]:
    """Those that electors sign in with."""
    return [provider for provider in providers().values() if not provider.for_agents]


def agent_providers() -> list[Provider]:
    """Those that agents and administrators sign in with."""
    return [provider for provider in providers().values() if provider.for_agents]


def _provider(row: Mapping[str, object], folder: Path) -> Provider:
    name = row.get("name")
    if not isinstance(name, str) or not 0 < len(name) <= 30 or not _NAME_CHARACTERS.issuperset(name):
        raise RuleViolated("FOURNISSEUR_INVALIDE", setting="name")
    known = {f.name: f for f in fields(Provider) if f.name not in ("secret", "decryption_key")}
    for setting in row:
        if setting not in known:
            raise RuleViolated("FOURNISSEUR_INVALIDE", provider=name, setting=setting)
    values: dict[str, Any] = {setting: _value(name, known[setting], row) for setting in known}
    _check(name, values)
    values["secret"] = _secret(name, "client_secret_file", folder, values["client_secret_file"])
    if values["decryption_key_file"]:
        values["decryption_key"] = _secret(name, "decryption_key_file", folder, values["decryption_key_file"])
    return Provider(**values)


def _value(name: str, option: "Field[Any]", row: Mapping[str, object]) -> object:
    """One setting, as its type."""
    if option.name not in row:
        if option.default is MISSING:
            raise RuleViolated("FOURNISSEUR_INVALIDE", provider=name, setting=option.name)
        return option.default
    value, kind = row[option.name], option.type
    refused = RuleViolated("FOURNISSEUR_INVALIDE", provider=name, setting=option.name)
    if kind in (Kind, UserInfo):
        try:
            return kind(value)
        except ValueError as error:
            raise refused from error
    if kind == tuple[str, ...]:
        if not isinstance(value, list) or not value or not ALGORITHMS.issuperset(map(str, value)):
            raise refused
        return tuple(value)
    if type(value) is not kind or (isinstance(value, str) and (len(value) > 2000 or not value.isprintable())):
        raise refused
    return value


def _check(name: str, values: Mapping[str, Any]) -> None:
    """What one setting alone can not say."""

    def must(holds: bool, setting: str) -> None:
        if not holds:
            raise RuleViolated("FOURNISSEUR_INVALIDE", provider=name, setting=setting)

    must(is_safe_address(values["issuer"]), "issuer")
    given = [endpoint for endpoint in _ENDPOINTS if values[endpoint]]
    for endpoint in (*given, *(["end_session_endpoint"] if values["end_session_endpoint"] else [])):
        must(is_safe_address(values[endpoint]), endpoint)
    if given:
        for endpoint in _ENDPOINTS:
            must(endpoint in given, endpoint)
    must("openid" in values["scopes"].split(), "scopes")
    must(
        values["client_authentication"] in ("client_secret_post", "client_secret_basic"),
        "client_authentication",
    )
    must(0 <= values["clock_skew_seconds"] <= 300, "clock_skew_seconds")
    must(all((values["label"], values["client_id"])), "client_id")


def is_safe_address(address: str) -> bool:
    """HTTPS anywhere, HTTP on this machine only; no password, query or fragment in it."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return False
    local = host in ("127.0.0.1", "localhost", "::1")
    plain = not parts.username and not parts.query and not parts.fragment
    return bool(host) and plain and (parts.scheme == "https" or (parts.scheme == "http" and local))


def _secret(name: str, setting: str, folder: Path, file: str) -> str:
    path = folder / file  # an absolute name stays what it is
    try:
        if not 0 < path.stat().st_size <= _SECRET_BYTES_MAX:
            raise RuleViolated("FOURNISSEUR_INVALIDE", provider=name, setting=setting)
        return path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise RuleViolated("FOURNISSEUR_INVALIDE", provider=name, setting=setting) from error
