"""`procuration-server serve` as it is installed: real processes, TLS 1.3 for agents, plain HTTP for
browsers.
"""

import json
import ssl
from http.client import HTTPSConnection

import pytest

from procuration.record.bundle import bundle_digest, read_down
from procuration.record.cose_key import VerifyingKey
from procuration.record.directory import Role
from procuration.record.limits import SEALED_BUNDLE_BYTES_MAX
from procuration.record.receipt import Receipt, verify_receipt
from procuration.record.sealed import Purpose, open_seal, seal
from tests.server.api.served import Served, served_centre

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Served:
    with served_centre(tmp_path_factory.mktemp("served")) as running:
        yield running


def test_a_tablet_enrols_sends_a_request_and_gets_a_proof_over_tls(served):
    tablet, enrolment = served.tablet()
    centre = served.directory.server_sealing_keys[0].key
    assert (
        served.asks("POST", "/v1/enrol", seal(enrolment, centre, Purpose.ENROL, served.realm)).status == 204
    )
    tablet.files()
    sealed = seal(tablet.bundle(), centre, Purpose.UP, served.realm)
    answer = served.asks("POST", "/v1/sync", sealed)
    assert answer.status == 200, answer.body
    plaintext = open_seal(
        answer.body,
        {tablet.sealing_key.kid: tablet.sealing_key},
        Purpose.DOWN,
        served.realm,
        max_bytes=SEALED_BUNDLE_BYTES_MAX,
    )
    server = next(entry for entry in served.directory.entries if entry.role is Role.SERVER)
    down = read_down(plaintext, VerifyingKey(server.cose_key), served.realm)
    assert down.answered == bundle_digest(sealed)
    (receipt,) = (entry.content for entry in down.entries if isinstance(entry.content, Receipt))
    (checkpoint,) = served.directory.keys(Role.CHECKPOINT)
    proved = verify_receipt(receipt, checkpoint.cose_key, served.realm)
    assert (proved.log_id, proved.seq, proved.hash) == (tablet.log_id, 0, tablet.pairs[0].hash)


def test_agents_are_refused_anything_below_tls_1_3(served):
    connection = HTTPSConnection("127.0.0.1", served.agent_port, context=served.tls(ssl.TLSVersion.TLSv1_2))
    with pytest.raises(ssl.SSLError):
        connection.request("GET", "/v1/health")


def test_a_body_announced_too_large_is_refused_before_it_is_read(served):
    answer = served.asks("POST", "/v1/sync", b"", {"Content-Length": str(SEALED_BUNDLE_BYTES_MAX + 1)})
    assert (answer.status, json.loads(answer.body)) == (413, {"code": "LOT_TROP_GRAND"})


def test_a_body_of_unknown_length_is_refused(served):
    answer = served.asks("POST", "/v1/sync", None, {"Transfer-Encoding": "chunked"})
    assert (answer.status, json.loads(answer.body)) == (411, {"code": "LONGUEUR_ABSENTE"})


def test_noise_is_refused_with_a_code_and_nothing_of_it_comes_back(served):
    answer = served.asks("POST", "/v1/sync", b"noise")
    assert (answer.status, json.loads(answer.body)) == (422, {"code": "SCELLE_ILLISIBLE"})


def test_the_agents_address_has_no_pages_and_sets_no_cookie(served):
    for path in ("/", "/mairie/", "/console/", "/static/"):
        answer = served.asks("GET", path)
        assert answer.status == 404
        assert "Set-Cookie" not in answer.headers


def test_the_browsers_address_takes_no_bundle(served):
    assert served.browses("/v1/sync").status == 404


def test_signed_tables_are_served_and_nothing_else_of_the_home(served):
    assert served.asks("GET", "/tuf/metadata/timestamp.json").body.startswith(b"{")
    for path in (
        "/tuf/metadata/..%2f..%2fkeys%2fsigning.pem",
        "/tuf/keys/signing.pem",
        "/tuf/metadata/absent.json",
    ):
        assert served.asks("GET", path).status == 404


def test_pages_tell_browsers_to_load_nothing_foreign_and_keep_nothing(served):
    headers = served.browses("/v1/health").headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Frame-Options"] == "DENY"
