"""What runs beside the screen: the ticker and the log."""

import json
import logging
import threading

import pytest

from kiosk_app.logs import AllowedFields
from kiosk_app.ticker import Ticker
from procuration.errors import RuleViolated

PATIENCE_SECONDS = 10


def runs(act, times):
    """A ticker that has called `act` that many times, and whether it reported a bug."""
    enough, bugs, count = threading.Event(), [], []

    def counted():
        count.append(1)
        if len(count) >= times:
            enough.set()
        act()

    ticker = Ticker("test", 0.001, counted, lambda: bugs.append(1))
    ticker.start()
    assert enough.wait(PATIENCE_SECONDS)
    ticker.stop()
    return bugs


def test_a_job_goes_on_after_a_refusal():
    def refuses():
        raise RuleViolated("ESPACE_INSUFFISANT")

    assert runs(refuses, 3) == []


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_bug_is_not_swallowed():
    def breaks():
        raise ZeroDivisionError

    assert runs(breaks, 1) == [1]


def written(**extra):
    record = logging.makeLogRecord(
        {"msg": "bundle_sealed", "levelno": logging.INFO, "levelname": "INFO", **extra}
    )
    return json.loads(AllowedFields().format(record))


def test_a_line_of_the_log_has_the_event_and_the_allowed_fields_only():
    line = written(bytes=512, code="QR", name_of_person="DUBOIS", birth_date="1962-08-24")
    assert (line["event"], line["bytes"], line["code"]) == ("bundle_sealed", 512, "QR")
    assert "DUBOIS" not in json.dumps(line)
    assert "1962" not in json.dumps(line)


def test_the_text_of_an_exception_is_dropped():
    try:
        raise ValueError("DUBOIS")
    except ValueError as error:
        line = written(exc_info=(ValueError, error, error.__traceback__))
    assert line["exception"] == "ValueError"
    assert "DUBOIS" not in json.dumps(line)
