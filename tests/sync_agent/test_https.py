"""The line to the centre: what is an answer, what is a refusal, and what is nobody there."""

import ssl
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from procuration.adapters.spool import SEALED_BYTES_MAX
from procuration.errors import CarrierUnavailable, RecordRejected, RuleViolated
from sync_agent.carriers.https import HttpsCarrier, check_server
from tests.sync_agent.centre import (
    Authority,
    cuts_the_answer,
    gives_no_length,
    hangs_up,
    running_centre,
    says,
    sends_too_much,
)

OCTETS = "application/octet-stream"


def offline_with(code: str):
    return pytest.raises(CarrierUnavailable, match=f"^.*{code}.*$")


def test_a_bundle_gets_its_answer(centre, carrier):
    assert carrier.sync(b"sealed") == b"answer to sealed"
    assert centre.requests == [("/v1/sync", b"sealed")]


def test_a_bundle_of_four_mebibytes_gets_its_answer(centre, carrier):
    sealed = b"x" * (4 << 20)
    centre.behaviours = [says(200, b"answer", OCTETS)]
    assert carrier.sync(sealed) == b"answer"
    assert centre.bodies() == [sealed]


def test_an_enrolment_is_taken(centre, carrier):
    carrier.enrol(b"enrolment")
    assert centre.requests == [("/v1/enrol", b"enrolment")]


@pytest.mark.parametrize(
    ("behaviour", "code"),
    [
        (says(200, b"<html>Connexion au WiFi</html>", "text/html"), "NOT_THE_CENTRE"),
        (says(200, b"{}", "application/json"), "NOT_THE_CENTRE"),
        (says(302, b"", OCTETS, Location="https://127.0.0.1:1/portail"), "NOT_THE_CENTRE"),
        (says(307, b"", OCTETS, Location="https://127.0.0.1:1/portail"), "NOT_THE_CENTRE"),
        (says(204, b"", OCTETS), "NOT_THE_CENTRE"),
        (says(200, b"x", OCTETS, Content_Encoding="gzip"), "NOT_THE_CENTRE"),
        (says(403, b"<html>Bloque</html>", "text/html"), "NOT_THE_CENTRE"),
        (says(422, b"not json", "application/json"), "NOT_THE_CENTRE"),
        (says(422, b'{"code": "<b>"}', "application/json"), "NOT_THE_CENTRE"),
        (says(422, b"[" * 3000, "application/json"), "NOT_THE_CENTRE"),
        (says(500, b"", "text/html"), "SERVER_FAULT"),
        (says(502, b"", "text/html"), "SERVER_FAULT"),
        (says(503), "BUSY"),
        (hangs_up, "ANSWER_CUT"),
        (cuts_the_answer, "ANSWER_CUT"),
        (gives_no_length, "ANSWER_CUT"),
        (sends_too_much, "ANSWER_TOO_LARGE"),
    ],
)
def test_what_is_not_an_answer_means_off_line(centre, carrier, behaviour, code):
    centre.behaviours = [behaviour]
    with offline_with(code):
        carrier.sync(b"sealed")


def test_after_a_failure_the_next_try_gets_its_answer(centre, carrier):
    centre.behaviours = [cuts_the_answer]
    with offline_with("ANSWER_CUT"):
        carrier.sync(b"sealed")
    assert carrier.sync(b"sealed") == b"answer to sealed"


def test_the_largest_answer_is_taken(centre, carrier):
    centre.behaviours = [says(200, b"x" * SEALED_BYTES_MAX, OCTETS)]
    assert len(carrier.sync(b"sealed")) == SEALED_BYTES_MAX


@pytest.mark.parametrize("status", [400, 409, 413, 422])
def test_a_refusal_carries_the_code_of_the_centre(centre, carrier, status):
    centre.behaviours = [says(status, b'{"code": "SEAL_UNREADABLE"}', "application/json; charset=utf-8")]
    with pytest.raises(RecordRejected, match=r"^SEAL_UNREADABLE$"):
        carrier.sync(b"sealed")


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("30", 30),
        ("0", 0),
        ("86400", 600),
        ("9" * 400, 600),
        ("-5", 0),
        ("bientôt".encode().decode("latin-1"), 0),
    ],
)
def test_a_busy_centre_says_when_to_come_back(centre, carrier, status, header, seconds):
    centre.behaviours = [says(status, Retry_After=header)]
    with pytest.raises(CarrierUnavailable) as caught:
        carrier.sync(b"sealed")
    assert caught.value.ids == {"retry_after_seconds": seconds}


def test_a_date_to_come_back_is_read_on_the_clock_of_the_centre(centre, carrier):
    def in_a_minute(handler, _):
        handler.send_response_only(503)
        its_now = datetime(2030, 1, 1, tzinfo=UTC)
        handler.send_header("Date", format_datetime(its_now, usegmt=True))
        handler.send_header("Retry-After", format_datetime(its_now + timedelta(minutes=1), usegmt=True))
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    centre.behaviours = [in_a_minute]
    with pytest.raises(CarrierUnavailable) as caught:
        carrier.sync(b"sealed")
    assert caught.value.ids == {"retry_after_seconds": 60}


def test_a_centre_that_is_down_means_off_line(authority):
    carrier = HttpsCarrier("https://127.0.0.1:1", authority.file)
    with offline_with("UNREACHABLE"):
        carrier.sync(b"sealed")


def test_a_name_that_nobody_knows_means_off_line(authority):
    carrier = HttpsCarrier("https://centre.invalid.localhost", authority.file)
    with offline_with("UNREACHABLE"):
        carrier.sync(b"sealed")


def test_a_silent_centre_means_off_line(centre, authority, tmp_path):
    centre.behaviours = [lambda handler, _: handler.rfile.read(1)]
    carrier = HttpsCarrier(centre.url, authority.file, silence_seconds=1)
    with offline_with("TIMED_OUT"):
        carrier.sync(b"sealed")


def test_a_centre_of_another_authority_means_off_line(centre, tmp_path):
    carrier = HttpsCarrier(centre.url, Authority(tmp_path / "other").file)
    with offline_with("TLS_FAILED"):
        carrier.sync(b"sealed")
    assert centre.requests == []


def test_a_centre_under_another_name_means_off_line(centre, authority):
    carrier = HttpsCarrier(centre.url.replace("127.0.0.1", "localhost"), authority.file)
    with offline_with("TLS_FAILED"):
        carrier.sync(b"sealed")


def test_tls_1_2_means_off_line(authority, tmp_path):
    context = authority.server_context()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with running_centre(context, tmp_path) as centre:
        with offline_with("TLS_FAILED"):
            HttpsCarrier(centre.url, authority.file).sync(b"sealed")
        assert centre.requests == []


def test_the_public_authorities_are_not_trusted(carrier):
    carrier_context = carrier._session.get_adapter("https://127.0.0.1").poolmanager.connection_pool_kw[
        "ssl_context"
    ]
    carrier.sync(b"sealed")
    assert [dict(entry[0] for entry in each["subject"]) for each in carrier_context.get_ca_certs()] == [
        {"commonName": "Autorité de test"}
    ]


def test_a_proxy_of_the_environment_is_not_used(centre, authority, monkeypatch):
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    carrier = HttpsCarrier(centre.url, authority.file)
    assert carrier.sync(b"sealed") == b"answer to sealed"
    carrier.close()


def test_an_authority_of_the_environment_is_not_used(centre, authority, tmp_path, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.file))
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    with offline_with("TLS_FAILED"):
        HttpsCarrier(centre.url, Authority(tmp_path / "other").file).sync(b"sealed")


def test_no_cookie_is_kept(centre, carrier):
    seen = []

    def sets_a_cookie(handler, body):
        seen.append(handler.headers.get("Cookie"))
        handler.answer(200, b"x", OCTETS, Set_Cookie="a=b")

    centre.behaviours = [sets_a_cookie, sets_a_cookie]
    carrier.sync(b"1")
    carrier.sync(b"2")
    assert seen == [None, None]


def test_the_tables_are_read_by_pieces(centre, carrier):
    (centre.files / "metadata").mkdir(parents=True)
    (centre.files / "metadata" / "timestamp.json").write_bytes(b"{}")
    assert b"".join(carrier.read("/tuf/metadata/timestamp.json", 100)) == b"{}"


def test_a_table_the_centre_lacks_is_missing(carrier):
    with pytest.raises(FileNotFoundError):
        list(carrier.read("/tuf/metadata/2.root.json", 100))


@pytest.mark.parametrize(
    "url",
    [
        "http://centre",
        "https://",
        "https://user@centre",
        "https://centre/path",
        "https://centre?x=1",
        "https://centre#x",
        "https://centre:99999",
        "https://[::1",
        "centre",
        "",
    ],
)
def test_an_address_that_is_not_that_of_a_centre_is_refused(url):
    with pytest.raises(RuleViolated, match=r"^SERVER_URL$"):
        check_server(url)


def test_an_address_may_end_with_a_slash():
    assert check_server("https://centre:8443/") == "https://centre:8443"


def test_an_unreadable_authority_is_refused(tmp_path):
    for content in (None, b"not a certificate"):
        file = tmp_path / "ca.pem"
        if content:
            file.write_bytes(content)
        with pytest.raises(RuleViolated, match=r"^CA_UNREADABLE$"):
            HttpsCarrier("https://centre", file)


@pytest.mark.parametrize(
    "far", ["Thu, 01 Apr 99999999999999999999 09:30:00 GMT", "Thu, 01 Apr 2027 09:30:00 +999999999999999999"]
)
def test_a_date_beyond_every_calendar_asks_for_nothing(centre, carrier, far):
    centre.behaviours = [says(503, Retry_After=far)]
    with pytest.raises(CarrierUnavailable) as caught:
        carrier.sync(b"sealed")
    assert caught.value.ids == {"retry_after_seconds": 0}
