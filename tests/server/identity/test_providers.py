"""The file that names the identity providers."""

from pathlib import Path

import pytest

from procuration.errors import RuleViolated
from server.identity.providers import Kind, UserInfo, read_providers

GOOD = """
[[provider]]
name = "franceconnect"
label = "FranceConnect"
kind = "franceconnect"
issuer = "https://oidc.example/api/v2"
client_id = "relais"
client_secret_file = "franceconnect.secret"
scopes = "openid given_name family_name gender birthdate email"
acr = "eidas1"
id_token_algorithms = ["ES256", "HS256"]

[[provider]]
name = "agents"
label = "ProConnect"
kind = "proconnect"
issuer = "https://agents.example/api/v2"
client_id = "relais"
client_secret_file = "franceconnect.secret"
scopes = "openid siret email"
userinfo = "json"
"""


@pytest.fixture
def write(tmp_path: Path):
    (tmp_path / "franceconnect.secret").write_text("not to be told\n", "utf-8")

    def written(content: str | bytes) -> Path:
        file = tmp_path / "identity.toml"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return file

    return written


def test_a_file_names_providers_in_its_order(write):
    read = read_providers(write(GOOD))
    assert list(read) == ["franceconnect", "agents"]
    first, second = read.values()
    assert (first.kind, first.userinfo, first.pkce) == (Kind.FRANCE_CONNECT, UserInfo.JWT, True)
    assert first.secret == "not to be told"
    assert first.id_token_algorithms == ("ES256", "HS256")
    assert (second.for_agents, first.for_agents) == (True, False)
    assert "not to be told" not in repr(first)


@pytest.mark.parametrize(
    ("old", "new", "setting"),
    [
        ('acr = "eidas1"', 'acr_value = "eidas1"', "acr_value"),
        ('acr = "eidas1"', 'secret = "x"', "secret"),
        ('acr = "eidas1"', "acr = 1", "acr"),
        ('acr = "eidas1"', 'acr = "a\\nb"', "acr"),
        ('acr = "eidas1"', 'pkce = "yes"', "pkce"),
        ('acr = "eidas1"', "clock_skew_seconds = 301", "clock_skew_seconds"),
        ('acr = "eidas1"', 'client_authentication = "none"', "client_authentication"),
        ('acr = "eidas1"', 'token_endpoint = "https://oidc.example/t"', "authorization_endpoint"),
        ('acr = "eidas1"', 'end_session_endpoint = "http://oidc.example/end"', "end_session_endpoint"),
        ('acr = "eidas1"', 'decryption_key_file = "nowhere.pem"', "decryption_key_file"),
        ('["ES256", "HS256"]', '["none"]', "id_token_algorithms"),
        ('["ES256", "HS256"]', "[]", "id_token_algorithms"),
        ('["ES256", "HS256"]', '"ES256"', "id_token_algorithms"),
        ('kind = "franceconnect"', 'kind = "facebook"', "kind"),
        ('name = "franceconnect"', 'name = "../x"', "name"),
        ('name = "franceconnect"', "name = 1", "name"),
        ("https://oidc.example", "http://oidc.example", "issuer"),
        ("https://oidc.example", "https://me:secret@oidc.example", "issuer"),
        ("https://oidc.example/api/v2", "https://oidc.example/?a=b", "issuer"),
        ("https://oidc.example/api/v2", "https://[", "issuer"),
        ('client_secret_file = "franceconnect.secret"', "", "client_secret_file"),
        ("franceconnect.secret", "nowhere", "client_secret_file"),
        ("openid given_name", "given_name", "scopes"),
    ],
)
def test_a_setting_that_cannot_be_in_force_is_refused_by_name(write, old, new, setting):
    assert old in GOOD
    with pytest.raises(RuleViolated, match="FOURNISSEUR_INVALIDE") as refusal:
        read_providers(write(GOOD.replace(old, new, 1)))
    assert refusal.value.ids["setting"] == setting


@pytest.mark.parametrize(
    "content",
    ["[", b"\xff", GOOD + GOOD, "x = 1\n" + GOOD, "provider = 1", "provider = [1]", "#" * 70_000],
    ids=["cut", "bytes", "twice", "unknown", "number", "numbers", "huge"],
)
def test_a_file_of_another_shape_is_refused(write, content):
    with pytest.raises(RuleViolated, match="FOURNISSEURS_ILLISIBLES"):
        read_providers(write(content))


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(RuleViolated, match="FOURNISSEURS_ILLISIBLES"):
        read_providers(tmp_path / "nowhere.toml")


def test_an_empty_file_names_nobody(write):
    assert read_providers(write("")) == {}
