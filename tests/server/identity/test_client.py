"""What a provider may say, and every way in which it may lie."""

import base64
import gzip
import hmac
import json
import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from joserfc import jwe
from joserfc.jwk import ECKey, RSAKey

from procuration.errors import CarrierUnavailable, RecordRejected
from server.identity import addresses
from server.identity.client import answer_of, end_address, new_question, sign_in_address
from server.identity.providers import UserInfo
from server.identity.transport import ANSWER_BYTES_MAX
from tests.server.identity.hostile import SECRET, Liar

NOW = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
RETURN = "https://procuration.example/connexion-usager/retour/franceconnect/"
QUESTION = new_question()
CODE = {"code": "a-code", "state": QUESTION.state}


def asks(fake: Liar, given=CODE, now=NOW, **changes):
    return answer_of(fake.provider(**changes), QUESTION, given, RETURN, now)


def refused_part(fake: Liar, **more) -> str:
    with pytest.raises(RecordRejected) as refusal:
        asks(fake, **more)
    assert refusal.value.code == "REPONSE_FOURNISSEUR"
    return refusal.value.ids["part"]


def tells(fake: Liar, **changes) -> None:
    """A right answer, but for these claims of the id token."""
    claims = fake.id_claims(**{"nonce": QUESTION.nonce, "now": NOW, **changes})
    fake.tells(fake.signs(claims), fake.signs(fake.user_claims()))


def test_a_right_answer_gives_the_identity(fake):
    tells(fake)
    answer = asks(fake)
    assert answer.claims["family_name"] == "DUBOIS"
    assert (answer.level, answer.subject) == ("eidas1", "a" * 64)
    form = fake.forms[0]
    assert form["redirect_uri"] == [RETURN]
    assert form["code_verifier"] == [QUESTION.verifier]
    assert form["client_secret"] == [SECRET]
    assert fake.asked == ["/token", "/jwks", "/userinfo"]


def test_the_address_of_the_sign_in_holds_what_a_provider_knows_and_nothing_else(fake):
    provider = fake.provider()
    asked = sign_in_address(provider, QUESTION, RETURN)
    names = {pair.split("=")[0] for pair in asked.partition("?")[2].split("&")}
    assert names == {
        "response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "acr_values",
        "code_challenge", "code_challenge_method",
    }  # fmt: skip
    assert QUESTION.verifier not in asked
    assert "code_challenge" not in sign_in_address(replace(provider, pkce=False), QUESTION, RETURN)
    assert min(len(QUESTION.state), len(QUESTION.nonce)) >= 32
    assert new_question() != QUESTION


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"iss": "http://127.0.0.1:1"}, "iss"),
        ({"iss": None}, "iss"),
        ({"aud": "another"}, "aud"),
        ({"aud": ["relais", "another"]}, "aud"),
        ({"aud": None}, "aud"),
        ({"azp": "another"}, "azp"),
        ({"nonce": "another"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"nonce": 12}, "nonce"),
        ({"exp": int(NOW.timestamp()) - 31}, "exp"),
        ({"exp": None}, "exp"),
        ({"exp": "2026"}, "exp"),
        ({"exp": True}, "exp"),
        ({"iat": int(NOW.timestamp()) + 31}, "iat"),
        ({"iat": None}, "iat"),
        ({"nbf": int(NOW.timestamp()) + 31}, "nbf"),
        ({"sub": None}, "sub"),
        ({"sub": ""}, "sub"),
        ({"sub": "x" * 256}, "sub"),
        ({"sub": 7}, "sub"),
        ({"acr": 7}, "acr"),
        ({"amr": "pwd"}, "amr"),
        ({"amr": [1]}, "amr"),
    ],
)
def test_a_claim_that_lies_is_refused(fake, changes, part):
    tells(fake, **changes)
    assert refused_part(fake) == part


def test_clocks_may_differ_by_the_tolerance_and_no_more(fake):
    tells(fake)
    asks(fake, now=NOW + timedelta(seconds=89))
    asks(fake, now=NOW - timedelta(seconds=30))
    for wrong in (timedelta(seconds=90), -timedelta(seconds=31)):
        with pytest.raises(RecordRejected):
            asks(fake, now=NOW + wrong)


@pytest.mark.parametrize(("asked", "reached"), [("eidas2", "eidas1"), ("eidas1", None), ("urn:x", "eidas3")])
def test_a_level_below_the_one_asked_for_is_refused(fake, asked, reached):
    tells(fake, acr=reached)
    with pytest.raises(RecordRejected, match="NIVEAU_INSUFFISANT"):
        asks(fake, acr=asked)


def test_a_level_above_the_one_asked_for_is_welcome(fake):
    tells(fake, acr="eidas3")
    assert asks(fake, acr="eidas2").level == "eidas3"


def unsigned(claims: dict[str, object], algorithm: str = "none") -> str:
    parts = [{"alg": algorithm, "typ": "JWT"}, claims]
    texts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
    return f"{texts[0]}.{texts[1]}."


def test_a_token_that_nobody_signed_is_refused(fake):
    claims = fake.id_claims(QUESTION.nonce, NOW)
    good = fake.signs(fake.user_claims())
    fake.tells(unsigned(claims), good)
    assert refused_part(fake) == "alg"
    fake.tells(fake.signs(claims), unsigned(fake.user_claims()))
    assert refused_part(fake) == "alg"
    fake.tells(unsigned(claims, "ES256"), good)
    assert refused_part(fake) == "signature"


def test_a_public_key_is_no_shared_secret(fake):
    """A provider of ES256 whose public key is used as the secret of HS256: the old confusion."""
    signed = unsigned(fake.id_claims(QUESTION.nonce, NOW), "HS256").removesuffix(".")
    mac = hmac.new(fake.key.as_pem(private=False), signed.encode(), "sha256").digest()
    fake.tells(f"{signed}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}", "")
    assert refused_part(fake) == "alg"
    assert refused_part(fake, id_token_algorithms=("ES256", "HS256")) == "signature"


def test_another_algorithm_than_the_configured_ones_is_refused(fake):
    rsa = RSAKey.generate_key(2048, {"kid": "rsa"})
    fake.serves_keys(fake.key, rsa)
    fake.tells(fake.signs(fake.id_claims(QUESTION.nonce, NOW), rsa, alg="RS256", kid="rsa"), "")
    assert refused_part(fake) == "alg"
    fake.tells(
        fake.signs(fake.id_claims(QUESTION.nonce, NOW), rsa, alg="RS256", kid="rsa"),
        fake.signs(fake.user_claims()),
    )
    assert asks(fake, id_token_algorithms=("RS256",)).subject


def test_a_shared_secret_signs_when_the_deployer_says_so(fake):
    fake.tells(fake.keyed(fake.id_claims(QUESTION.nonce, NOW)), fake.keyed(fake.user_claims()))
    hs256 = {"id_token_algorithms": ("HS256",), "userinfo_algorithms": ("HS256",)}
    assert asks(fake, **hs256).claims["family_name"] == "DUBOIS"
    assert refused_part(fake, **hs256, secret="another secret of more than thirty characters") == "signature"


def test_a_token_signed_by_another_key_is_refused(fake):
    other = ECKey.generate_key("P-256", {"kid": "one"})
    fake.tells(fake.signs(fake.id_claims(QUESTION.nonce, NOW), other), "")
    assert refused_part(fake) == "signature"


def test_new_keys_of_a_provider_are_asked_for_but_not_at_the_pace_of_a_liar(fake, monkeypatch):
    tells(fake)
    asks(fake)
    asks(fake)
    assert fake.asked.count("/jwks") == 1
    fresh = ECKey.generate_key("P-256", {"kid": "two"})
    fake.serves_keys(fake.key, fresh)
    claims = fake.id_claims(QUESTION.nonce, NOW)
    fake.tells(fake.signs(claims, fresh, kid="two"), fake.signs(fake.user_claims(), fresh, kid="two"))
    assert refused_part(fake) == "kid"  # asked for a moment ago
    monkeypatch.setattr(addresses, "ASKED_AGAIN_SECONDS", 0.0)
    assert asks(fake).subject
    assert fake.asked.count("/jwks") == 2
    monkeypatch.setattr(addresses, "ASKED_AGAIN_SECONDS", 30.0)
    fake.tells(fake.signs(claims, ECKey.generate_key("P-256"), kid="three"), "")
    for _ in range(5):
        assert refused_part(fake) == "kid"
    assert fake.asked.count("/jwks") == 2


def test_the_identity_of_somebody_else_is_refused(fake):
    id_token = fake.signs(fake.id_claims(QUESTION.nonce, NOW))
    fake.tells(id_token, fake.signs(fake.user_claims(sub="b" * 64)))
    assert refused_part(fake) == "sub"
    fake.tells(id_token, json.dumps(fake.user_claims(sub="b" * 64)))
    assert refused_part(fake, userinfo=UserInfo.JSON) == "sub"
    fake.tells(id_token, json.dumps(fake.user_claims()))
    assert refused_part(fake) in ("token", "encryption")  # a signature was promised
    assert asks(fake, userinfo=UserInfo.JSON).claims["email"] == "angela@example.fr"


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"iss": "https://x.example"}, "iss"),
        ({"aud": "x"}, "aud"),
        ({"exp": 1}, "exp"),
        ({"sub": None}, "sub"),
    ],
)
def test_a_userinfo_answer_of_elsewhere_is_refused(fake, changes, part):
    fake.tells(fake.signs(fake.id_claims(QUESTION.nonce, NOW)), fake.signs(fake.user_claims(**changes)))
    assert refused_part(fake) == part


@pytest.mark.parametrize(
    "id_token", [None, "", "a.b", "a.b.c", "é.b.c", 12, ["x"], "x" * 60_000, "....", "e30.e30.e30"]
)
def test_what_is_no_token_is_refused(fake, id_token):
    fake.tells(id_token, "")
    assert refused_part(fake) in ("token", "header", "encryption", "alg")


@pytest.mark.parametrize("bearer", [None, "", 12, "two words", "a\r\nX: y", "é"])
def test_an_access_token_that_no_header_can_hold_is_refused(fake, bearer):
    fake.tells(fake.signs(fake.id_claims(QUESTION.nonce, NOW)), "", bearer)
    assert refused_part(fake) == "access_token"


@pytest.mark.parametrize("path", ["/token", "/jwks", "/userinfo"])
def test_a_huge_answer_is_read_no_further_than_the_limit(fake, path):
    tells(fake)
    fake.answers[path] = b" " * (ANSWER_BYTES_MAX + 1)
    assert refused_part(fake) == "size"


def test_a_small_answer_that_swells_is_refused(fake):
    tells(fake)
    fake.answers["/userinfo"] = gzip.compress(b" " * 5_000_000)
    fake.headers["/userinfo"] = {"Content-Encoding": "gzip"}
    assert refused_part(fake) == "size"
    fake.answers["/userinfo"] = b"no gzip"
    assert refused_part(fake) == "encoding"


@pytest.mark.parametrize(
    ("path", "content"),
    [("/token", b"<html>"), ("/token", b"[]"), ("/jwks", b"[" * 60_000), ("/jwks", b'{"keys": 1}'),
     ("/jwks", b'{"keys": [{"kty": "EC", "crv": "P-256", "x": "A", "y": "A"}]}'), ("/userinfo", b"\xff\xfe")],
)  # fmt: skip
def test_an_answer_of_another_shape_is_refused(fake, path, content):
    tells(fake)
    fake.answers[path] = content
    assert refused_part(fake)


def test_a_redirect_is_not_followed(fake):
    tells(fake)
    fake.status["/userinfo"] = 302
    fake.headers["/userinfo"] = {"Location": f"{fake.issuer}/elsewhere"}
    assert refused_part(fake) == "status"
    assert "/elsewhere" not in fake.asked


def test_a_code_that_was_used_before_is_refused_by_name(fake):
    fake.answers["/token"] = b'{"error": "invalid_grant", "error_description": "<b>no</b>"}'
    fake.status["/token"] = 400
    with pytest.raises(RecordRejected, match="CODE_REFUSE"):
        asks(fake)


@pytest.mark.parametrize("path", ["/token", "/userinfo", "/jwks"])
def test_a_provider_in_trouble_is_no_fault_of_anybody(fake, path):
    tells(fake)
    fake.status[path] = 503
    with pytest.raises(CarrierUnavailable, match="FOURNISSEUR_ABSENT"):
        asks(fake)


def test_a_provider_that_is_away(fresh_providers):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    with pytest.raises(CarrierUnavailable, match="FOURNISSEUR_ABSENT"):
        asks(Liar(port=port))


@pytest.mark.parametrize("code", ["", "x" * 2049, "a\nb", "é"])
def test_a_code_of_another_shape_is_not_sent(fake, code):
    assert refused_part(fake, given={"code": code}) == "code"
    assert fake.asked == []


def test_the_answer_of_another_provider_is_not_traded(fake):
    assert refused_part(fake, given={**CODE, "iss": "https://other.example"}) == "iss"
    assert fake.asked == []


def test_an_encrypted_token_is_opened_by_our_key_only(fake):
    ours = ECKey.generate_key("P-256")
    claims = fake.signs(fake.id_claims(QUESTION.nonce, NOW))

    def locked(text: str, key: ECKey) -> str:
        header = {"alg": "ECDH-ES", "enc": "A256GCM", "cty": "JWT"}
        return jwe.encrypt_compact(header, text, key, algorithms=["ECDH-ES", "A256GCM"])

    pem = ours.as_pem(private=True).decode()
    fake.tells(locked(claims, ours), locked(fake.signs(fake.user_claims()), ours))
    assert asks(fake, decryption_key=pem).subject
    assert refused_part(fake) == "encryption"
    fake.tells(locked(claims, ECKey.generate_key("P-256")), "")
    assert refused_part(fake, decryption_key=pem) == "encryption"
    fake.tells(locked(unsigned(fake.id_claims(QUESTION.nonce, NOW)), ours), "")
    assert refused_part(fake, decryption_key=pem) == "alg"


DISCOVERED = {"authorization_endpoint": "", "token_endpoint": "", "userinfo_endpoint": "", "jwks_uri": ""}


def test_addresses_may_be_asked_at_the_issuer(fake):
    tells(fake)
    names = {
        "authorization_endpoint": "authorize",
        "token_endpoint": "token",
        "userinfo_endpoint": "userinfo",
        "jwks_uri": "jwks",
        "end_session_endpoint": "session/end",
    }
    document = {"issuer": fake.issuer} | {name: f"{fake.issuer}/{path}" for name, path in names.items()}
    well_known = "/.well-known/openid-configuration"
    fake.answers[well_known] = json.dumps(document | {"issuer": "https://other.example"}).encode()
    assert refused_part(fake, **DISCOVERED) == "issuer"
    fake.answers[well_known] = json.dumps(document | {"token_endpoint": "http://far.example/token"}).encode()
    assert refused_part(fake, **DISCOVERED) == "token_endpoint"
    fake.answers[well_known] = json.dumps(document).encode()
    assert asks(fake, **DISCOVERED).subject
    assert asks(fake, **DISCOVERED).subject
    assert fake.asked.count(well_known) == 3


def test_the_log_out_names_the_session_to_end(fake):
    ended = end_address(fake.provider(), "header.claims.signature", "a state", "https://x.example/fin/")
    assert ended == (
        f"{fake.issuer}/session/end?id_token_hint=header.claims.signature&state=a+state"
        "&post_logout_redirect_uri=https%3A%2F%2Fx.example%2Ffin%2F"
    )
    assert end_address(fake.provider(end_session_endpoint=""), "x", "y", "z") is None
