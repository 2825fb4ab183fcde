"""What is too large is refused before a byte of it is read."""

import pytest
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.test import Client

from server.pages.sizes import REQUEST_BYTES_MAX

FORM = "multipart/form-data; boundary=b"
PART = b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'


@pytest.fixture
def written(monkeypatch) -> list[int]:
    """Bytes of each piece of a file that goes to the disk."""
    pieces: list[int] = []

    def receive(self: object, piece: bytes, start: int) -> None:
        pieces.append(len(piece))

    monkeypatch.setattr(TemporaryFileUploadHandler, "receive_data_chunk", receive)
    return pieces


def sent(size: int):
    """A form with its token, and a file of this many bytes."""
    browser = Client(enforce_csrf_checks=True)
    browser.get("/connexion/")
    token = browser.cookies["csrftoken"].value.encode()
    file = b'--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n' + bytes(size) + b"\r\n"
    body = PART % (b"csrfmiddlewaretoken", token) + file + b"--b--\r\n"
    return browser.generic("POST", "/connexion/", body, FORM)


def test_a_large_file_is_refused_before_it_is_written(world, written):
    answer = sent(REQUEST_BYTES_MAX)
    assert (answer.status_code, written) == (413, [])
    assert "Choisissez un fichier plus petit." in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_what_forms_need_passes(world, written):
    assert sent(100_000).status_code == 422
    assert sum(written) == 100_000


@pytest.mark.parametrize("announced", ["-1", "1e3", "²", "9" * 5000])
def test_a_length_that_is_none_is_refused(world, announced: str):
    assert Client().get("/connexion/", CONTENT_LENGTH=announced).status_code == 413
