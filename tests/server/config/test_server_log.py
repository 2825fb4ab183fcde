"""What the web server says of a bad request: that there was one, in a line like all the others."""

import io
import json
import logging
import socket
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from gunicorn.config import Config
from gunicorn.http.errors import InvalidHeaderName, InvalidHTTPVersion, InvalidRequestLine
from gunicorn.workers.base import Worker

from server.config.log_lines import FieldFormatter
from server.config.serving import common_settings


@pytest.fixture
def said() -> Iterator[io.StringIO]:
    """The log of this process, as the settings write it."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(FieldFormatter())
    logging.getLogger().addHandler(handler)
    error_log = logging.getLogger("gunicorn.error")
    before = list(error_log.handlers), error_log.propagate, error_log.level
    yield text
    logging.getLogger().removeHandler(handler)
    error_log.handlers[:], error_log.propagate = before[:2]
    error_log.setLevel(before[2])


def server() -> SimpleNamespace:
    """A worker of gunicorn as far as its log goes, with the settings of the centre."""
    settings = Config()
    for name, value in common_settings().items():
        settings.set(name, value)
    return SimpleNamespace(cfg=settings, log=settings.logger_class(settings))


def fails(worker: SimpleNamespace, request: object, error: Exception) -> None:
    """The path of every request that gunicorn cannot read, or whose answer failed."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        try:
            raise error
        except type(error) as raised:
            Worker.handle_error(worker, request, ours, ("203.0.113.7", 1), raised)
        assert theirs.recv(12).startswith(b"HTTP/1.1 ")


@pytest.mark.parametrize(
    "error",
    [
        InvalidHTTPVersion("DUBOIS HTTP/1.1"),
        InvalidRequestLine("GET /mairie/?q=DUBOIS"),
        InvalidHeaderName("X-DUBOIS "),
    ],
)
def test_a_request_that_cannot_be_read_is_not_quoted(said, capfd, error):
    fails(server(), None, error)
    line = json.loads(said.getvalue())
    assert (line["event"], line["message"]) == ("gunicorn.error", "Invalid request")
    assert "DUBOIS" not in said.getvalue()
    assert "203.0.113.7" not in said.getvalue()
    assert capfd.readouterr() == ("", "")


def test_the_address_of_a_page_that_failed_is_not_written(said, capfd):
    asked = SimpleNamespace(method="GET", uri="/mairie/?q=DUBOIS")
    worker = server()
    worker.log.access = lambda *_: None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gunicorn.workers.base.default_environ", lambda *_: {})
        patch.setattr("gunicorn.workers.base.Response", lambda *_: SimpleNamespace())
        fails(worker, asked, RuntimeError("DUBOIS"))
    line = json.loads(said.getvalue())
    assert (line["message"], line["error"]) == ("Error handling request", "RuntimeError")
    assert "DUBOIS" not in said.getvalue() + "".join(capfd.readouterr())


def test_what_happens_to_the_workers_keeps_its_numbers(said):
    server().log.warning("Worker (pid:%s) was sent %s!", 12, "SIGTERM")
    assert json.loads(said.getvalue())["message"] == "Worker (pid:12) was sent SIGTERM!"
