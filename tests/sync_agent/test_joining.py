"""The request of a new tablet, brought to a centre over real TLS, and the answer brought back."""

import errno
import json

import pytest

from procuration.adapters import spool_request
from procuration.adapters.spool_request import AgentRequests, AppRequest, Sending, Step
from procuration.errors import RecordRejected
from procuration.record.limits import ENROLMENT_BYTES_MAX, ENROLMENT_REQUEST_BYTES_MAX
from sync_agent.carriers.https import HttpsCarrier
from sync_agent.joining import POLL_FIRST_MS, POLL_MAX_MS, Joining, poll_ms
from tests.sync_agent.centre import cuts_the_answer, gives_no_length, hangs_up, says, sends_too_much

REQUEST = b"public keys of a new tablet"
ANSWER = b"signed by a supervisor"
OCTETS = "application/octet-stream"
waits = says(202, b'{"code": "EN_ATTENTE"}', "application/json")
answers = says(200, ANSWER, OCTETS)


def refuses(code, status=422):
    return says(status, json.dumps({"code": code}).encode(), "application/json")


@pytest.fixture
def request_(app):
    return AppRequest(app, REQUEST)


@pytest.fixture
def asks(agent, clock, centre, authority):
    """One turn; the draws are the smallest."""
    joining = Joining(agent, clock, lambda _: 0)
    return lambda: joining.run(lambda: HttpsCarrier(centre.url, authority.file, silence_seconds=5))


def test_without_a_request_nobody_is_called(asks, centre):
    assert not asks()
    assert centre.requests == []


def test_the_request_goes_as_it_is_waits_and_its_answer_is_filed(asks, centre, clock, request_):
    centre.behaviours = [waits, answers]
    request_.send()
    assert request_.sending() == Sending(Step.LEAVING)
    assert not asks()
    assert centre.requests == [("/v1/enrolment", REQUEST)]
    assert request_.sending() == Sending(Step.WAITING)
    clock.pass_seconds(POLL_FIRST_MS / 1000)
    assert asks()
    assert request_.sending() == Sending(Step.ANSWERED)
    assert request_.answer() == ANSWER
    clock.pass_seconds(7 * 86_400)
    assert not asks()
    assert len(centre.requests) == 2


def test_it_asks_once_a_minute_then_more_rarely(asks, centre, clock, request_):
    centre.usually = waits
    request_.send()
    asks()
    for seconds in (59, 0.5):
        clock.pass_seconds(seconds)
        asks()
        assert len(centre.requests) == 1
    clock.pass_seconds(0.5)
    asks()
    assert len(centre.requests) == 2
    assert [poll_ms(polls) // 1000 for polls in (0, 14, 15, 30, 45, 60, 10**9)] == [
        60, 60, 120, 240, 480, 600, 600
    ]  # fmt: skip
    assert POLL_MAX_MS == 600_000


def test_the_wait_has_jitter(agent, clock, centre, authority, request_):
    asked = []
    joining = Joining(agent, clock, lambda below: asked.append(below) or below - 1)
    centre.usually = waits
    request_.send()
    line = lambda: HttpsCarrier(centre.url, authority.file)  # noqa: E731
    joining.run(line)
    assert asked == [POLL_FIRST_MS // 4 + 1]
    clock.pass_seconds(74)
    joining.run(line)
    assert len(centre.requests) == 1
    clock.pass_seconds(1)
    joining.run(line)
    assert len(centre.requests) == 2


@pytest.mark.parametrize(
    "behaviour",
    [
        hangs_up,
        cuts_the_answer,
        gives_no_length,
        sends_too_much,
        says(200, b"x" * (ENROLMENT_BYTES_MAX + 1), OCTETS),
        says(200, b"<html>Connectez-vous</html>", "text/html"),
        says(202, b"<html>Connectez-vous</html>", "text/html"),
        says(302, b"", Location="https://example.org/"),
        says(404, b"not here"),
        says(500),
        says(204),
    ],
    ids=["hang up", "cut", "no length", "endless", "huge", "portal", "portal 202", "redirect", "404", "500",
         "204"],
)  # fmt: skip
def test_what_the_centre_would_not_say_means_off_line_and_is_tried_again(
    asks, centre, clock, request_, behaviour
):
    centre.behaviours = [behaviour, answers]
    request_.send()
    assert not asks()
    assert request_.sending() == Sending(Step.LEAVING)
    clock.pass_seconds(40)
    assert asks()
    assert request_.answer() == ANSWER


def test_retry_after_is_obeyed_even_when_the_app_sends_again(asks, centre, clock, request_):
    centre.behaviours = [
        says(429, b'{"code": "TROP_DE_DEMANDES"}', "application/json", Retry_After="300"), answers
    ]  # fmt: skip
    request_.send()
    asks()
    assert request_.sending() == Sending(Step.LEAVING)
    clock.pass_seconds(299)
    request_.send()
    asks()
    assert len(centre.requests) == 1
    clock.pass_seconds(1)
    assert asks()


def test_a_refusal_is_filed_with_its_code_and_only_the_person_sends_again_soon(asks, centre, clock, request_):
    centre.behaviours = [refuses("DEMANDE_AUTRE", 409), answers]
    request_.send()
    asks()
    assert request_.sending() == Sending(Step.REFUSED, "DEMANDE_AUTRE")
    clock.pass_seconds(3_599)
    asks()
    assert len(centre.requests) == 1
    request_.send()
    assert request_.sending() == Sending(Step.LEAVING)
    assert asks()


def test_a_refused_request_is_tried_again_after_an_hour_by_itself(asks, centre, clock, request_):
    centre.behaviours = [refuses("APPAREIL_RETIRE"), waits]
    request_.send()
    asks()
    clock.pass_seconds(3_600)
    asks()
    assert request_.sending() == Sending(Step.WAITING)


def test_a_request_taken_back_travels_no_more(asks, centre, clock, request_):
    centre.usually = waits
    request_.send()
    asks()
    request_.take_back()
    assert request_.sending() == Sending(Step.NOT_SENT)
    clock.pass_seconds(3_600)
    asks()
    assert len(centre.requests) == 1


def test_an_answer_worth_nothing_is_forgotten_when_the_request_goes_again(asks, centre, request_):
    centre.behaviours = [says(200, b"of somebody else", OCTETS), answers]
    request_.send()
    asks()
    request_.send()
    with pytest.raises(FileNotFoundError):
        request_.answer()
    assert asks()
    assert request_.answer() == ANSWER


def test_a_damaged_request_never_leaves(asks, centre, app, request_):
    request_.send()
    (path,) = (app.folder / "out").glob("*.request")
    path.write_bytes(b"something else")
    asks()
    assert centre.requests == []
    assert request_.sending() == Sending(Step.REFUSED, "SPOOL_DAMAGED")


@pytest.mark.parametrize("content", [b"", b"x" * (ENROLMENT_REQUEST_BYTES_MAX + 1)], ids=["empty", "huge"])
def test_a_file_of_another_size_is_passed_over(asks, centre, app, request_, content):
    request_.send()
    (path,) = (app.folder / "out").glob("*.request")
    path.write_bytes(content)
    asks()
    assert centre.requests == []


def test_a_link_in_the_place_of_the_answer_is_not_followed(app, request_, tmp_path):
    request_.send()
    secret = tmp_path / "secret"
    secret.write_bytes(b"x")
    (path,) = (app.folder / "out").glob("*.request")
    (app.folder / "in" / path.name.replace(".request", ".enrolment")).symlink_to(secret)
    with pytest.raises(RecordRejected, match="FILE_NOT_REGULAR"):
        request_.answer()


@pytest.mark.parametrize("notice", [b"", b"[]", b'{"code": "<b>"}', b"[" * 3_000, b"x" * 5_000])
def test_a_damaged_refusal_still_says_that_it_did_not_pass(app, request_, notice):
    request_.send()
    (path,) = (app.folder / "out").glob("*.request")
    (app.folder / "in" / path.name.replace(".request", ".refused")).write_bytes(notice)
    assert request_.sending() == Sending(Step.REFUSED, "REFUSED")


def test_a_full_disk_stops_nothing(asks, centre, clock, request_, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    centre.usually = answers
    request_.send()
    with monkeypatch.context() as patch:
        patch.setattr(spool_request, "write_durably", full)
        assert not asks()
    clock.pass_seconds(40)
    assert asks()


def test_the_usual_cycle_never_sees_a_request(agent, request_):
    request_.send()
    assert agent.out_files() == []
    assert AgentRequests(agent).waiting() is not None
